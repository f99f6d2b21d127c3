"""Whether a model trained on these data can be believed."""

from __future__ import annotations

from tasks.agents import asking
from tasks.agents.asking import Choice, render_question, settle
from tasks.agents.wording import codes_of, listed, summarise, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "dataset"


class DataConcern(Choice):
    """What weighs most in the data."""

    QUALITY = "quality", "missing, duplicate, constant or broken values"
    LEAKAGE = "leakage", "the target, or rows of the test data, stand where a model trains"
    DRIFT = "drift", "files that belong together differ beyond sampling noise"
    PROVENANCE = "provenance", "where the data come from, or which version they are, cannot be told"
    SIZE = "size", "too few rows, or classes too rare, for what is learned"
    PRIVACY = "privacy", "columns that look like data about persons"
    NONE = "none", "nothing is open"


class Opinion(asking.Opinion):
    """What a model may say here."""

    main_concern: DataConcern
    first_step: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    drifted: tuple[str, ...]
    """Features that differ between files that belong together, by rule."""
    decisive: tuple[str, ...]
    """Critical and high findings: the data should not be trained on before these are closed."""


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("dataset_analysis", evidence, Opinion)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    return Assessment(
        **settle(evidence, opinion, summarise(evidence, "Data", _setting(evidence))),
        drifted=_drifted(evidence),
        decisive=codes_of(evidence, "critical", "high"),
    )


def _drifted(evidence: SectionEvidence) -> tuple[str, ...]:
    pairs = evidence.facts.get("drift")
    features = (
        [f for p in pairs if isinstance(p, dict) for f in p.get("features") or () if isinstance(f, dict)] if isinstance(pairs, list) else []
    )
    moved = [f for f in features if f.get("level") in ("moderate", "high") and f.get("beyond_noise", True)]
    return texts_at({"moved": moved}, "moved", "name")


def _setting(evidence: SectionEvidence) -> str:
    drifted = _drifted(evidence)
    if not drifted:
        return ""
    return f"Between files that belong together, {listed(drifted)} {'differs' if len(drifted) == 1 else 'differ'} beyond sampling noise."
