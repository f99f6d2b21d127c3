"""Whether training can be repeated, and whether its result can be believed."""

from __future__ import annotations

from tasks.agents import asking
from tasks.agents.asking import Choice, render_question, settle
from tasks.agents.wording import listed, summarise, text_at, texts_at, truth_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "training"


class TrainingConcern(Choice):
    """What weighs most in training."""

    LEAKAGE = "leakage", "training sees what it must predict or is judged on"
    REPRODUCIBILITY = "reproducibility", "the same code would not give the same model again"
    OVERFITTING = "overfitting", "nothing stops a model from learning its training data by heart"
    CONFIGURATION = "configuration", "settings are buried in code where nobody can compare or change them"
    ROBUSTNESS = "robustness", "a crash or a missing file loses the work"
    NONE = "none", "nothing is open"


class Opinion(asking.Opinion):
    """What a model may say here."""

    main_concern: TrainingConcern
    first_step: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    seeded: str | None
    """`yes`, `partial` or `no`."""
    split_present: bool | None
    leaks: tuple[str, ...]
    """Kinds of leaks found."""


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("training_analysis", evidence, Opinion)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    return Assessment(
        **settle(evidence, opinion, summarise(evidence, "Training", _setting(evidence))),
        seeded=text_at(evidence.facts, "seeded"),
        split_present=truth_at(evidence.facts, "split_present"),
        leaks=texts_at(evidence.facts, "leaks", "kind"),
    )


def _setting(evidence: SectionEvidence) -> str:
    facts = evidence.facts
    if not texts_at(facts, "fits", "file"):
        return ""
    split = {True: "data are split", False: "no split of the data is seen"}.get(truth_at(facts, "split_present"))  # type: ignore[arg-type]
    seed = {"yes": "randomness is seeded", "partial": "randomness is seeded in part", "no": "no seed is set"}.get(
        text_at(facts, "seeded") or ""
    )
    said = listed(s for s in (split, seed) if s)
    return f"In the training code {said}." if said else ""
