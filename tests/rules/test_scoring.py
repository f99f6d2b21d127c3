from itertools import pairwise

import pytest

from tasks.evidence.place import Place
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Passed, Rule, Undetermined
from tasks.rules.scoring import decide_verdict, judge_section, overall_score, rank_actions, section_score, with_gains
from tasks.rules.suppression import Suppression

WHERE = Failed(places=(Place(file="train.py", line=3),))


def rule(code, outcome, severity="medium", effort="low", section="training"):
    return Rule(code=code, name=code.lower(), title=f"Title of {code}", section=section, severity=severity, effort=effort,
                detected="x", why="x", remedy="x", check=lambda evidence: outcome)  # fmt: skip


def judge(*rules, section="training", suppressions=()):
    return judge_section(section, rules, Evidence(), suppressions)


@pytest.mark.parametrize("passed", [5, 50])
def test_a_finding_costs_its_points_however_many_other_rules_pass(passed):
    judgement = judge(rule("A", WHERE, "critical"), *(rule(f"B{i}", Passed(), "high") for i in range(passed)))
    assert (judgement.score, judgement.findings[0].points) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("lost", "applicable", "score"),
    [(0, 10, 10), (6, 10, 4), (6, 60, 4), (4, 8, 5), (1, 5, 8), (1, 1, 8), (24, 60, 0.5)],
    ids=["nothing", "steady", "many rules", "few rules", "fewest", "fewer than fewest", "flattened: 4 * (6/24)^1.5"],
)
def test_the_score_of_a_section(lost, applicable, score):
    assert section_score(lost, applicable) == pytest.approx(score)


def test_even_in_the_worst_section_a_fix_raises_the_score():
    scores = [section_score(lost, 100.0) for lost in range(100)]
    assert all(better > worse > 0 for better, worse in pairwise(scores))


def test_points_are_brought_to_the_ten_of_the_applicable_rules():
    # 1.5 of (1.5 + 3 + 3) points lost: 10 - 10 * 1.5/7.5 = 8.
    judgement = judge(rule("A", WHERE), rule("B", Passed(), "high"), rule("C", Passed(), "high"))
    assert judgement.score == 8.0
    assert judgement.findings[0].points == 2.0


def test_what_does_not_apply_or_is_not_known_leaves_the_denominator():
    judgement = judge(rule("A", WHERE), rule("B", NotApplicable(reason="r"), "high"), rule("C", Undetermined(reason="r"), "critical"))
    assert judgement.score == 7.0
    assert (judgement.checked, judgement.not_applicable, len(judgement.undetermined)) == (1, 1, 1)


def test_a_section_that_nothing_could_judge_has_no_score():
    assert judge(rule("A", Undetermined(reason="r"))).score is None


def test_facts_that_were_not_read_make_a_rule_undetermined():
    def check(evidence):
        return Passed() if evidence.training else WHERE

    judgement = judge(rule("A", Passed()).model_copy(update={"check": check}))
    assert judgement.undetermined[0].reason == "the training facts could not be read"


def test_fixing_a_finding_gives_back_what_it_cost():
    broken = judge(rule("A", WHERE, "critical"), rule("B", WHERE), rule("C", Passed(), "low"))
    fixed = judge(rule("A", Passed(), "critical"), rule("B", WHERE), rule("C", Passed(), "low"))
    cost = next(f.points for f in broken.findings if f.code == "A")
    assert fixed.score == pytest.approx(broken.score + cost, abs=0.011)


def test_a_suppressed_finding_costs_nothing_and_is_told():
    judgement = judge(rule("A", WHERE), suppressions=(Suppression(code="A", reason="we know"),))
    assert judgement.score == 10.0
    assert [(s.code, s.reason) for s in judgement.suppressed] == [("A", "we know")]


def test_a_suppression_for_another_file_has_no_effect():
    judgement = judge(rule("A", WHERE), suppressions=(Suppression(code="A", reason="we know", path="notebooks/*"),))
    assert judgement.score == 7.0


def test_the_overall_score_is_the_weighted_mean_of_sections_that_have_one():
    # project weighs 10, training 20: (10 * 10 + 20 * 7) / 30.
    judgements = {
        "project": judge(rule("A", Passed(), section="project"), section="project"),
        "training": judge(rule("B", WHERE)),
        "evaluation": judge(section="evaluation"),
    }
    assert overall_score(judgements) == pytest.approx(8.0)


def test_the_gain_of_a_finding_is_what_the_overall_score_gets_back():
    judgements = {
        "project": judge(rule("A", Passed(), section="project"), section="project"),
        "training": judge(rule("B", WHERE), rule("C", Passed())),
    }
    (finding,) = with_gains(judgements)
    assert finding.score_gain == pytest.approx(3.0 * 20 / 30, abs=1e-3)


def test_actions_come_critical_first_then_by_gain_per_hour():
    judgements = {
        "training": judge(rule("CHEAP", WHERE), rule("DEAR", WHERE, "high", "high"), rule("WORST", WHERE, "critical", "high")),
    }
    assert [a.code for a in rank_actions(with_gains(judgements))] == ["WORST", "CHEAP", "DEAR"]


def test_anything_critical_open_means_not_ready_whatever_the_score():
    judgement = judge(rule("A", WHERE, "critical"))
    assert decide_verdict(9.9, list(judgement.findings), None).level == "not_ready"


@pytest.mark.parametrize(("score", "level"), [(8.0, "ready"), (7.99, "nearly_ready"), (6.0, "nearly_ready"), (5.99, "not_ready")])
def test_verdict_thresholds_from_both_sides(score, level):
    assert decide_verdict(score, [], None).level == level


def test_what_nobody_operates_gets_no_praise():
    verdict = decide_verdict(9.5, [], None, "this is a course, which nobody operates, and 31 of 88 rules apply")
    assert verdict.level == "partial"
    assert (
        verdict.sentence
        == "No verdict: this is a course, which nobody operates, and 31 of 88 rules apply. 9.5 of 10 for what could be judged."
    )
    assert decide_verdict(9.5, list(judge(rule("A", WHERE, "high")).findings), None, "a course").level == "nearly_ready"


def test_the_verdict_names_the_high_finding_that_stands_far_down_the_actions():
    one, two = judge(rule("A", WHERE, "high")).findings, judge(rule("A", WHERE, "high"), rule("B", WHERE, "high")).findings
    assert decide_verdict(8.5, list(one), None).sentence == "Nearly ready: 8.5 of 10, 1 high finding open: title of A."
    assert decide_verdict(5.0, list(two), None).sentence == "Not ready: 5.0 of 10, 2 high findings open, first of all: title of A."


def test_nothing_to_train_is_said_with_its_reason():
    assert decide_verdict(None, [], "it is empty").sentence == "Nothing to train here, because it is empty."
