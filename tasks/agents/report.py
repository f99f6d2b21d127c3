"""The whole report in one paragraph."""

from __future__ import annotations

from tasks.agents import asking
from tasks.agents.asking import Choice, ThreeSentences, render_question, settle
from tasks.agents.wording import lower_first, of_ten, summarise, text_at, texts_at
from tasks.rules.rule import SECTION_TITLES, Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "project"
"""The report has no section of its own: its evidence is the whole."""
WEAK = 6.0
"""Below this a section is named in the summary; the bound of "nearly ready"."""


class Theme(Choice):
    """What the open findings come down to."""

    TRUST_IN_RESULTS = "trust_in_results", "the reported results may not hold"
    REPRODUCIBILITY = "reproducibility", "the work cannot be repeated"
    OPERATIONS = "operations", "it cannot be run, released or rolled back with confidence"
    DATA = "data", "the data are not fit for what is learned from them"
    SECURITY = "security", "credentials or unsafe files are in the repository"
    MAINTENANCE = "maintenance", "it works today and nothing keeps it working"
    NONE = "none", "nothing is open"


class Opinion(asking.Opinion):
    """What a model may say here."""

    theme: Theme
    next_week: ThreeSentences


class Assessment(asking.Assessment):
    """What leaves this agent."""

    verdict: str | None
    """By rule."""
    first_actions: tuple[str, ...]


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("report", evidence, Opinion)


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
    where = (
        f" The weakest section is {lower_first(SECTION_TITLES[weakest[0]])} with {of_ten(weakest[1])}."
        if weakest and weakest[1] < WEAK
        else ""
    )
    first = f" To do first: {'; '.join(lower_first(a.rstrip('.')) for a in actions[:3])}." if actions else ""
    return f"{said}{where}{first}"
