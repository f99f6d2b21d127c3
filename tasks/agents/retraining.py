"""Whether to retrain, how soon and how."""

from __future__ import annotations

from typing import Any

from tasks.agents import asking
from tasks.agents.asking import Choice, render_question, settle
from tasks.agents.wording import summarise, text_at, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "retraining"


class StrategyAdvice(Choice):
    """What the adviser would do."""

    FINE_TUNE = "fine_tune", "train the present model further on recent data"
    FULL_RETRAIN = "full_retrain", "train again from scratch on data brought up to date"
    DATA_AUGMENTATION = "data_augmentation", "get or make more of what is rare, then train"
    ARCHITECTURE_CHANGE = "architecture_change", "another kind of model is called for"
    ENSEMBLE = "ensemble", "keep the present model and add one beside it"
    NONE = "none", "do not retrain"


class UrgencyAdvice(Choice):
    """How soon, never later than decided by rule."""

    IMMEDIATE = "immediate", "before the model is used again"
    SOON = "soon", "within the present planning period"
    MONITOR = "monitor", "not yet: watch"
    NONE = "none", "nothing calls for it"


class Opinion(asking.Opinion):
    """What a model may say here."""

    strategy: StrategyAdvice
    urgency: UrgencyAdvice
    risk: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    urgency: str | None
    """By rule; what an opinion says about it stands in the opinion."""
    strategy: str | None
    triggers: tuple[str, ...]
    plan: dict[str, Any]


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("retraining", evidence, Opinion)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    facts = evidence.facts
    plan = facts.get("plan")
    return Assessment(
        **settle(evidence, opinion, _summary(evidence)),
        urgency=evidence.levels.get("urgency"),
        strategy=evidence.levels.get("strategy"),
        triggers=texts_at(facts, "triggers", "evidence"),
        plan=plan if isinstance(plan, dict) else {},
    )


WHEN = {
    "immediate": "Retrain immediately",
    "soon": "Retrain soon",
    "monitor": "There is no ground to retrain yet: keep watching",
    "none": "Nothing calls for retraining",
}
HOW = {
    "fine_tune": "by fine-tuning the present model on recent data",
    "full_retrain": "from scratch on data brought up to date",
    "data_augmentation": "with more data for what is rare",
    "architecture_change": "with another kind of model",
    "ensemble": "as an ensemble with the present model",
}


def _summary(evidence: SectionEvidence) -> str:
    urgency, strategy = evidence.levels.get("urgency"), evidence.levels.get("strategy")
    if urgency is None:
        return summarise(evidence, "Retraining")
    reason = text_at(evidence.facts, "strategy_reason")
    triggers = texts_at(evidence.facts, "triggers", "evidence")
    advice = WHEN.get(urgency, f"Urgency of retraining: {urgency}") + (f" {HOW[strategy]}" if strategy in HOW else "")
    if triggers and texts_at(evidence.facts, "triggers", "kind") == ("health",):
        return f"{advice}: {triggers[0]}, so how well it does is not known."
    sentences = [f"{advice}{f', since {reason}' if reason else ''}."]
    if triggers:
        sentences.append(f"What triggers it: {'; '.join(triggers[:3])}.")
    return " ".join(sentences)


def claims(opinion: Opinion) -> dict[str, str]:
    """The urgency may only be raised; "none" is no strategy where one was decided."""
    said = {"urgency": opinion.urgency.value}
    return said | {"strategy": "none"} if opinion.strategy is StrategyAdvice.NONE else said
