"""The report arranged as a reader goes through it; shared by the HTML page and the Markdown file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.rendering.key_facts import FactLines, key_facts
from tasks.rendering.wording import SECTION_QUESTIONS, TEST_GROUPS, count, in_words, kind_words, listed
from tasks.rules.catalogue import RULES
from tasks.rules.contract import Finding, MLTestScore, ModelUse, Report, SectionReport, TestScoreItem, UndeterminedItem
from tasks.rules.rule import SECTION_TITLES, SEVERITIES

RULE_NAMES = {rule.code: rule.name.replace("-", " ") for rule in RULES}
ACTIONS_SHOWN = 10
PLACES_SHOWN = 25
"""Of one finding; `report.json` has them all."""
CLAIMS_SHOWN = 50
GROUPS_SHOWN = 60
POLICY_WORDS = {
    "severity_points": "points a finding costs, of the section's ten",
    "full_points": "points of rules that apply; with fewer, each costs more",
    "fewest_points": "and with fewer than these, no more still",
    "steady_loss": "points lost beyond which a score flattens out towards zero",
    "section_weights": "weights of the sections, in percent",
    "effort_hours": "hours of effort",
}
NAMES_SHOWN = 12
"""Of what could not be determined for the same reason."""


@dataclass(frozen=True)
class SectionView:
    """One section with what belongs to it."""

    key: str
    title: str
    question: str
    report: SectionReport
    facts: FactLines
    findings: tuple[Finding, ...]

    @property
    def is_told(self) -> bool:
        """Whether there is anything to say of it when there is no model: what this is, its data, what was found."""
        return bool(self.findings or self.key == "project" or self.report.facts.get("datasets"))

    @property
    def share(self) -> str:
        """What the section counts in the overall score."""
        if not self.report.weight:
            return "told, not weighed in the score"
        return f"{self.report.weight:g} % of the score" if self.report.score is not None else "left out of the score"

    @property
    def checks(self) -> str:
        """How many rules stand behind the score."""
        words = [f"{count(self.report.checked, 'rule')} judged"] if self.report.checked else []
        words += [f"{self.report.not_applicable} not applicable"] if self.report.not_applicable else []
        words += [f"{self.report.undetermined} could not be determined"] if self.report.undetermined else []
        return ", ".join(words)


@dataclass(frozen=True)
class TestGroup:
    """Seven items of the ML Test Score."""

    __test__ = False

    title: str
    points: float
    items: tuple[TestScoreItem, ...]


def section_views(report: Report) -> list[SectionView]:
    """The sections in their order, findings worst first."""
    return [
        SectionView(
            key=key,
            title=SECTION_TITLES.get(key, in_words(key).capitalize()),
            question=SECTION_QUESTIONS.get(key, ""),
            report=section,
            facts=key_facts(key, report),
            findings=tuple(f for f in report.findings if f.section == key),
        )
        for key, section in report.sections.items()
    ]


def severity_counts(report: Report) -> dict[str, int]:
    """Findings by severity, worst first, zeros kept."""
    return {severity: sum(f.severity == severity for f in report.findings) for severity in SEVERITIES}


def what_it_is(report: Report) -> str:
    """Kind and main libraries, in half a sentence."""
    frameworks = report.facts.get("frameworks")
    kind = kind_words(report.facts.get("kind"))
    return f"{kind}, with {listed(frameworks, 4)}" if isinstance(frameworks, list) and frameworks else kind


def summary_words(report: Report) -> str:
    """The summary without the verdict's sentence, which stands above it already."""
    return report.summary.removeprefix(report.verdict.sentence).strip()


def retraining_words(report: Report) -> str | None:
    """That a new model is due now, for the head of the report; None where it is not."""
    section = report.sections.get("retraining")
    said = section.assessment if section else {}
    if said.get("urgency") != "immediate":
        return None
    strategy = said.get("strategy")
    return "due immediately" + (f", {in_words(strategy)}" if strategy not in (None, "none") else "")


def test_groups(score: MLTestScore) -> list[TestGroup]:
    """The items under their four headings."""
    return [
        TestGroup(title, getattr(score, field), tuple(i for i in score.items if i.id.startswith(letter)))
        for letter, (field, title) in TEST_GROUPS.items()
    ]


def undetermined_groups(items: Sequence[UndeterminedItem]) -> list[tuple[str, str]]:
    """Reason and what it kept from being known; a thousand unreadable files are one line."""
    grouped: dict[str, list[str]] = {}
    for item in items:
        name = RULE_NAMES.get(item.what)
        grouped.setdefault(item.reason, []).append(f"{name} ({item.what})" if name else item.what)
    lines = [(reason, listed(names, NAMES_SHOWN)) for reason, names in grouped.items()]
    left = lines[GROUPS_SHOWN:]
    return lines[:GROUPS_SHOWN] + ([(f"{count(len(left), 'further reason')}", "see report.json")] if left else [])


def claims(report: Report) -> list[Mapping[str, Any]]:
    """Metrics the repository says it reached."""
    found = report.facts.get("claimed_metrics")
    return [c for c in found if isinstance(c, dict)] if isinstance(found, list) else []


def model_notes(use: ModelUse) -> list[str]:
    """Why assessments stand without an opinion; what several agents met is one line."""
    agents: dict[str, list[str]] = {}
    for note in use.notes:
        agent, _, reason = note.partition(": ")
        agents.setdefault(reason or agent, []).append(agent if reason else "")
    return [f"{', '.join(n for n in names if n)}: {reason}".removeprefix(": ") for reason, names in agents.items()]


def policy_lines(policy: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Every threshold in force: one line for each group of values that belong together."""
    lines: list[tuple[str, str]] = []
    for key, value in policy.items():
        name = f"{prefix}, {in_words(key)}" if prefix else POLICY_WORDS.get(key, in_words(key))
        if not isinstance(value, Mapping):
            lines.append((name, _policy_value(value)))
        elif any(isinstance(v, Mapping) for v in value.values()):
            lines += policy_lines(value, name)
        else:
            lines.append((name, ", ".join(f"{in_words(k)} {_policy_value(v)}" for k, v in value.items())))
    return lines


def _policy_value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def model_words(use: ModelUse) -> str:
    """What a language model had to do with this report, in a sentence or two."""
    if use.name is None:
        return "No language model was asked: every sentence here follows from facts and rules."
    cost = "cost not known" if use.cost_usd is None else f"{use.cost_usd:.4f} USD"
    spent = f"{use.name} was asked in {count(use.calls, 'call')}: {count(use.tokens, 'token')}, {cost}."
    critic = (
        f" Its answers were corrected {count(use.corrections, 'time')}; the critic refused {use.rejected} in the end, "
        f"and {count(use.fallbacks, 'assessment stands', 'assessments stand')} without an opinion."
    )
    return spent + critic + " It decided no number, level or score."
