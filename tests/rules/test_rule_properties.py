"""What holds for every readiness rule, whatever it asks: parametrised over the whole catalogue."""

import random
import re
from pathlib import Path

import pytest

from tasks.evidence.place import Place
from tasks.evidence.project.facts import Language
from tasks.rules.catalogue import RULES
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Passed, Undetermined
from tasks.rules.scoring import SECTION_WEIGHTS, ask, judge_section, overall_score, with_gains
from tests.readiness import NOT_ML, USES_A_MODEL, entry, evidence

PREFIXES = {
    "project": "PRJ",
    "dataset": "DAT",
    "training": "TRN",
    "evaluation": "EVL",
    "mlops": "OPS",
    "monitoring": "MON",
    "deployment": "DEP",
}
ROUNDING = 0.016
"""Scores and points are rounded to two places, each on its own."""
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@pytest.fixture(scope="module")
def tested_codes():
    tests = (path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
    return {code for text in tests for code in re.findall(r"\b[A-Z]{3}\d{3}\b", text)}


def test_codes_and_names_are_unique():
    assert len({r.code for r in RULES}) == len({r.name for r in RULES}) == len(RULES)


@each_rule
def test_the_code_says_the_section(rule):
    prefix, number = rule.code[:3], rule.code[3:]
    assert (prefix, len(number), number.isdigit()) == (PREFIXES[rule.section], 3, True)


@each_rule
def test_every_word_a_reader_needs_is_there(rule):
    for text in (rule.detected, rule.why, rule.remedy):
        assert len(text) >= 20 and text.rstrip().endswith(".")
    assert rule.title[:1].isupper() and not rule.title.endswith(".")
    assert rule.name == rule.name.lower() and " " not in rule.name


@each_rule
def test_every_code_has_a_test_that_names_it(rule, tested_codes):
    assert rule.code in tested_codes


def answering(outcomes):
    """The catalogue with every rule's answer given."""
    return tuple(r.model_copy(update={"check": lambda _, answer=outcomes[r.code]: answer}) for r in RULES)


def answers_around(rule):
    """Some answer of every other rule, the same in each run."""
    draw = random.Random(rule.code)
    kinds = [Passed(), Failed(places=(Place(file="a.py", line=1),)), NotApplicable(reason="r"), Undetermined(reason="r")]
    return {r.code: draw.choice(kinds) for r in RULES}


def judge(outcomes):
    rules = answering(outcomes)
    return {s: judge_section(s, rules, Evidence()) for s in SECTION_WEIGHTS}


@each_rule
def test_fixing_a_finding_gives_back_what_it_said(rule):
    outcomes = answers_around(rule) | {rule.code: Failed()}
    before, after = judge(outcomes), judge(outcomes | {rule.code: Passed()})
    finding = next(f for f in with_gains(before) if f.code == rule.code)
    assert finding.points > 0
    assert after[rule.section].score - before[rule.section].score == pytest.approx(finding.points, abs=ROUNDING)
    assert overall_score(after) - overall_score(before) == pytest.approx(finding.score_gain, abs=ROUNDING)
    assert all(after[s].score == before[s].score for s in before if s != rule.section)


@each_rule
def test_what_could_not_be_determined_or_does_not_apply_costs_nothing(rule):
    outcomes = answers_around(rule)
    unknown, inapplicable = (
        judge(outcomes | {rule.code: Undetermined(reason="r")}),
        judge(outcomes | {rule.code: NotApplicable(reason="r")}),
    )
    without = judge_section(rule.section, tuple(r for r in answering(outcomes) if r.code != rule.code), Evidence())
    assert unknown[rule.section].score == inapplicable[rule.section].score == without.score


@each_rule
def test_more_places_of_the_same_fault_cost_no_more(rule):
    outcomes = answers_around(rule)
    one, many = Failed(places=(Place(file="a.py"),)), Failed(places=(Place(file="a.py"), Place(file="b.py")))
    assert overall_score(judge(outcomes | {rule.code: one})) == overall_score(judge(outcomes | {rule.code: many}))


@each_rule
def test_facts_that_were_not_read_are_neither_praised_nor_blamed(rule):
    assert isinstance(ask(rule, Evidence()), Undetermined)


@each_rule
@pytest.mark.parametrize("facts", [NOT_ML, USES_A_MODEL], ids=["not ml", "uses a model"])
def test_a_repository_that_trains_and_serves_nothing_fails_nothing(rule, facts):
    assert not isinstance(ask(rule, facts), Failed)


@each_rule
def test_an_unrelated_edit_changes_no_answer(rule):
    project = {"serve_entrypoints": (entry("app.py"),), "frameworks": ("sklearn",)}
    before = evidence(project=project)
    after = evidence(
        project=project | {"kind_reasons": ("a comment was added",), "languages": (Language(name="python", lines=9, share=1.0),)}
    )
    assert ask(rule, after) == ask(rule, before)
