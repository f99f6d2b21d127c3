"""The whole report in one paragraph."""

from __future__ import annotations

from typing import Literal

from tasks.agents import asking
from tasks.agents.asking import closed_choices, free_texts, render_question, settle
from tasks.agents.wording import lower_first, of_ten, summarise, text_at, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "project"
"""The report has no section of its own: its evidence is the whole."""
WEAK = 6.0
"""Below this a section is named in the summary; the bound of "nearly ready"."""


class Opinion(asking.Opinion):
    """What a model may say here."""

    theme: Literal["trust_in_results", "reproducibility", "operations", "data", "security", "maintenance", "none"]
    next_week: list[str]


class Assessment(asking.Assessment):
    """What leaves this agent."""

    verdict: str | None
    """By rule."""
    first_actions: tuple[str, ...]


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("report", evidence)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    return Assessment(
        **settle(evidence, opinion, _summary(evidence)),
        verdict=evidence.levels.get("verdict"),
        first_actions=texts_at(evidence.facts, "priority_actions", "title")[:3],
    )


def _summary(evidence: SectionEvidence) -> str:
    verdict = text_at(evidence.facts, "verdict")
    actions = texts_at(evidence.facts, "priority_actions", "title")
    said = verdict or summarise(evidence, "The repository")
    scores = evidence.facts.get("section_scores")
    weakest = min(scores.items(), key=lambda s: (s[1], s[0])) if isinstance(scores, dict) and len(scores) > 1 else None
    where = f" The weakest section is {weakest[0]} with {of_ten(weakest[1])}." if weakest and weakest[1] < WEAK else ""
    first = f" To do first: {'; '.join(lower_first(a.rstrip('.')) for a in actions[:3])}." if actions else ""
    return f"{said}{where}{first}"


texts = free_texts
claims = closed_choices
