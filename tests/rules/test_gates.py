"""What a user asks of a report before continuous integration goes on."""

from __future__ import annotations

import pytest

from tasks.errors import SettingError
from tasks.rules.catalogue import RULES
from tasks.rules.contract import Finding, Report
from tasks.rules.gates import Gates, missed_gates, read_gates
from tasks.rules.rule import Rule

SEVERE = next(rule for rule in RULES if rule.severity == "high")
MILD = next(rule for rule in RULES if rule.severity == "low")


def report(score: float | None, *rules: Rule) -> Report:
    found = [Finding.model_construct(code=rule.code, severity=rule.severity, title=rule.title) for rule in rules]
    return Report.model_construct(score=score, findings=found)


def test_a_severity_stands_for_itself_and_everything_worse() -> None:
    assert read_gates(None, ("high",)).severities == {"critical", "high"}
    assert read_gates(None, ("LOW",)).severities == {"critical", "high", "medium", "low"}


def test_a_rule_may_be_named_by_code_in_any_case_or_by_its_slug() -> None:
    for word in (SEVERE.code, SEVERE.code.lower(), SEVERE.name):
        assert read_gates(None, (word,)).codes == {SEVERE.code}


def test_an_unknown_word_is_the_users_mistake() -> None:
    with pytest.raises(SettingError, match=r"docs/findings\.md"):
        read_gates(None, ("TRN9999",))


@pytest.mark.parametrize(("score", "missed"), [(6.49, 1), (6.5, 0), (10.0, 0), (None, 0)])
def test_a_score_must_reach_the_bar_and_none_where_nothing_is_scored(score: float | None, missed: int) -> None:
    assert len(missed_gates(Gates(fail_under=6.5), report(score))) == missed


def test_an_open_finding_misses_its_gate_by_severity_or_by_code() -> None:
    here = report(9.0, SEVERE, MILD)
    assert [s.split()[0] for s in missed_gates(read_gates(None, ("high",)), here)] == [SEVERE.code]
    assert [s.split()[0] for s in missed_gates(read_gates(None, (MILD.name,)), here)] == [MILD.code]
    assert missed_gates(read_gates(None, ("critical",)), here) == []
    assert missed_gates(Gates(), here) == []
