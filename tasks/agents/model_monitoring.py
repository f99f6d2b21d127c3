"""Whether anybody would notice if the model got worse."""

from __future__ import annotations

from tasks.agents import asking
from tasks.agents.asking import Choice, render_question, settle
from tasks.agents.wording import summarise, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "monitoring"


class LikelyCause(Choice):
    """What most likely lies behind the health that was decided."""

    DATA_DRIFT = "data_drift", "the inputs changed"
    CONCEPT_DRIFT = "concept_drift", "what the inputs mean for the target changed"
    DATA_QUALITY = "data_quality", "the inputs arrive broken or incomplete"
    MISSING_MONITORING = "missing_monitoring", "nothing watches, so nothing would be noticed"
    SEASONALITY = "seasonality", "the change comes back with the calendar"
    UNKNOWN = "unknown", "the facts do not tell"


class Opinion(asking.Opinion):
    """What a model may say here."""

    likely_cause: LikelyCause
    watch_first: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    health: str | None
    """By rule."""
    reasons: tuple[str, ...]


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("model_monitoring", evidence, Opinion)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    return Assessment(
        **settle(evidence, opinion, summarise(evidence, "Monitoring", _setting(evidence))),
        health=evidence.levels.get("health"),
        reasons=texts_at(evidence.facts, "reasons"),
    )


HEALTH_WORDS = {"healthy": "healthy", "at_risk": "at risk", "critical": "in a critical state"}


def _setting(evidence: SectionEvidence) -> str:
    health, reasons = evidence.levels.get("health"), texts_at(evidence.facts, "reasons")
    why = f": {reasons[0].rstrip('.')}" if reasons else ""
    if health in HEALTH_WORDS:
        return f"The model is {HEALTH_WORDS[health]}{why}."
    return f"How the model is doing cannot be told from files{why}." if health == "unknown" else ""
