"""Whether the reported result says something about new data."""

from __future__ import annotations

from tasks.agents import asking
from tasks.agents.asking import Choice, render_question, settle
from tasks.agents.wording import listed, summarise, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "evaluation"


class EvaluationConcern(Choice):
    """What weighs most in evaluation."""

    CONTAMINATION = "contamination", "what is measured was seen in training or used for choosing"
    WRONG_METRIC = "wrong_metric", "the metric does not fit the task or the balance of classes"
    NO_HELD_OUT_DATA = "no_held_out_data", "the model is judged on what it was trained on, or that cannot be told"
    NO_UNCERTAINTY = "no_uncertainty", "one number without folds, repeats or an interval"
    NO_BASELINE = "no_baseline", "nothing simple to compare with"
    NO_EVALUATION = "no_evaluation", "results are not computed by code at all"
    NONE = "none", "nothing is open"


class Opinion(asking.Opinion):
    """What a model may say here."""

    main_concern: EvaluationConcern
    first_step: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    metrics: tuple[str, ...]
    judged_on: tuple[str, ...]
    """`held_out`, `training` or `unknown`, as seen in the code."""


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("evaluation_analysis", evidence, Opinion)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    return Assessment(
        **settle(evidence, opinion, summarise(evidence, "Evaluation", _setting(evidence))),
        metrics=texts_at(evidence.facts, "metrics", "name"),
        judged_on=texts_at(evidence.facts, "evaluations", "on"),
    )


def _setting(evidence: SectionEvidence) -> str:
    metrics = listed(m.replace("_", " ") for m in texts_at(evidence.facts, "metrics", "name"))
    return f"It is measured by {metrics}." if metrics else ""
