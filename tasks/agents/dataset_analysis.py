"""Whether a model trained on these data can be believed."""

from __future__ import annotations

from typing import Literal

from tasks.agents import asking
from tasks.agents.asking import closed_choices, free_texts, render_question, settle
from tasks.agents.wording import codes_of, listed, summarise, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "dataset"


class Opinion(asking.Opinion):
    """What a model may say here."""

    main_concern: Literal["quality", "leakage", "drift", "provenance", "size", "privacy", "none"]
    first_step: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    drifted: tuple[str, ...]
    """Features that differ between files that belong together, by rule."""
    decisive: tuple[str, ...]
    """Critical and high findings: the data should not be trained on before these are closed."""


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("dataset_analysis", evidence)


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


texts = free_texts
claims = closed_choices
