"""Whether the reported result says something about new data."""

from __future__ import annotations

from typing import Literal

from tasks.agents import asking
from tasks.agents.asking import closed_choices, free_texts, render_question, settle
from tasks.agents.wording import listed, summarise, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "evaluation"


class Opinion(asking.Opinion):
    """What a model may say here."""

    main_concern: Literal["contamination", "wrong_metric", "no_held_out_data", "no_uncertainty", "no_baseline", "no_evaluation", "none"]
    first_step: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    metrics: tuple[str, ...]
    judged_on: tuple[str, ...]
    """`held_out`, `training` or `unknown`, as seen in the code."""


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("evaluation_analysis", evidence)


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


texts = free_texts
claims = closed_choices
