"""Whether to retrain, how soon, how, and what must hold before the new model replaces the old one.

Triggers set a floor under the urgency that nothing later can lower: high drift or a high decline means immediate, a
model at risk or a medium decline means at least soon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tasks.rules.cross_section import check_claims_stand
from tasks.rules.evidence import Evidence, NotRead
from tasks.rules.health import HealthJudgement, live_drift
from tasks.rules.performance import Decline
from tasks.rules.project import STATED
from tasks.rules.rule import Failed

Urgency = Literal["immediate", "soon", "monitor", "none"]
Strategy = Literal["fine_tune", "full_retrain", "data_augmentation", "architecture_change", "ensemble", "none"]
URGENCIES: tuple[Urgency, ...] = ("immediate", "soon", "monitor", "none")
"""Most urgent first."""
FINE_TUNABLE = frozenset(
    [
        "torch",
        "tensorflow",
        "keras",
        "transformers",
        "lightning",
        "pytorch_lightning",
        "fastai",
        "jax",
        "flax",
        "timm",
        "sentence_transformers",
    ]
)
BROAD_DRIFT_SHARE = 0.5
"""From this share of drifted features on, the world changed rather than a feature: our policy."""
CONFIDENCE: dict[str, float] = {"performance": 0.9, "drift": 0.8, "health": 0.5, "nothing_measured": 0.3}
"""How much a recommendation can be relied on, by the strongest evidence behind it: our policy."""


class Trigger(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["drift", "performance", "health"]
    level: Literal["medium", "high"]
    evidence: str


class RetrainingPlan(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    data: tuple[str, ...] = ()
    """Files or sources to train on."""
    features_to_review: tuple[str, ...] = ()
    evaluation_required: tuple[str, ...] = ()
    promotion_criteria: tuple[str, ...] = ()


class RetrainingJudgement(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    urgency: Urgency
    floor: Urgency
    """What the triggers alone demand; the urgency is never below it."""
    confidence: float
    """0 to 1."""
    strategy: Strategy
    strategy_reason: str
    triggers: tuple[Trigger, ...]
    plan: RetrainingPlan


def decide_retraining(
    evidence: Evidence, drift: Sequence[dict[str, Any]], health: HealthJudgement, declines: Sequence[Decline]
) -> RetrainingJudgement:
    """The recommendation for a repository; urgency `none` with an empty plan when nothing is trained here."""
    if evidence.project_facts is None:
        return _nothing_to_do("monitor", 0.0, "what this project is could not be read")
    if not evidence.project.has_training:
        return _nothing_to_do("none", 1.0, "nothing is trained here")
    triggers = find_triggers(drift, health, declines)
    floor = urgency_floor(triggers, health)
    strategy, reason = choose_strategy(evidence, drift, declines, floor)
    return RetrainingJudgement(
        urgency=floor,
        floor=floor,
        confidence=_confidence(triggers, health),
        strategy=strategy,
        strategy_reason=reason,
        triggers=triggers,
        plan=draw_plan(evidence, drift, declines) if strategy != "none" else RetrainingPlan(),
    )


def _nothing_to_do(urgency: Urgency, confidence: float, reason: str) -> RetrainingJudgement:
    return RetrainingJudgement(
        urgency=urgency, floor=urgency, confidence=confidence, strategy="none", strategy_reason=reason, triggers=(), plan=RetrainingPlan()
    )


def find_triggers(drift: Sequence[dict[str, Any]], health: HealthJudgement, declines: Sequence[Decline]) -> tuple[Trigger, ...]:
    """Drift per feature, performance declines, and a health that is not healthy for another reason; strongest first."""
    found = [
        Trigger(kind="drift", level="high" if f["level"] == "high" else "medium",
                evidence=f"{f['name']}: PSI {f['psi']:.3f} between {f['pair']}" if f["psi"] is not None else f"{f['name']} between {f['pair']}")
        for f in live_drift(drift)
    ]  # fmt: skip
    found += [
        Trigger(
            kind="performance", level=d.level, evidence=f"{d.metric} went from {d.earlier:g} to {d.latest:g}, {100 * d.decline:.1f} % worse"
        )
        for d in declines
    ]
    if not found and health.health in ("at_risk", "critical"):
        found.append(Trigger(kind="health", level="medium", evidence=health.reasons[0]))
    return tuple(sorted(found, key=lambda t: t.level != "high"))


def urgency_floor(triggers: Sequence[Trigger], health: HealthJudgement) -> Urgency:
    """Immediate for anything high, soon for anything medium or a model at risk; monitor while the health is unknown."""
    if health.health == "critical" or any(t.level == "high" for t in triggers):
        return "immediate"
    if triggers or health.health == "at_risk":
        return "soon"
    return "monitor" if health.health == "unknown" else "none"


def choose_strategy(
    evidence: Evidence, drift: Sequence[dict[str, Any]], declines: Sequence[Decline], floor: Urgency
) -> tuple[Strategy, str]:
    """How to retrain, and why in half a sentence."""
    if floor in ("none", "monitor"):
        return "none", "nothing measured asks for a new model"
    targets = _targets(evidence)
    drifted = {f["name"] for f in live_drift(drift)} - targets
    compared = {f["name"] for pair in drift for f in pair["features"] if f["level"]} - targets
    if declines and not drifted and compared:
        return "architecture_change", "quality fell although the data did not move"
    if drifted and len(drifted) >= BROAD_DRIFT_SHARE * len(compared):
        return "full_retrain", f"{len(drifted)} of {len(compared)} features that can be compared drifted"
    if FINE_TUNABLE & set(evidence.project.frameworks):
        return "fine_tune", "a neural network can go on from its weights on recent data"
    return "full_retrain", "models of this kind are refitted as a whole"


def draw_plan(evidence: Evidence, drift: Sequence[dict[str, Any]], declines: Sequence[Decline]) -> RetrainingPlan:
    """What to train on, look at and demand, from what was measured in this repository."""
    pairs = [p for p in drift if live_drift([p])]
    data = [f"{p['reference']} together with {p['current']}" for p in pairs] or [
        "the training data named in the dataset section, brought up to date"
    ]
    features = tuple(dict.fromkeys(f["name"] for f in live_drift(drift) if f["name"] not in _targets(evidence)))[:10]
    metrics = [f"{d.metric} at least back at {d.earlier:g}" for d in declines] + _claims_to_meet(evidence)
    return RetrainingPlan(
        data=tuple(data[:5]),
        features_to_review=features,
        evaluation_required=("a held-out set that neither training nor selection has seen", "the old and the new model on the same recent rows"),
        promotion_criteria=(*metrics[:5], "no open critical finding in training or evaluation", "better than the current model beyond the uncertainty of the test set"),
    )  # fmt: skip


def _targets(evidence: Evidence) -> set[str]:
    """Columns that are predicted, which are no features."""
    return {d.target for d in evidence.dataset_facts.datasets if d.target} if evidence.dataset_facts else set()


def _claims_to_meet(evidence: Evidence) -> list[str]:
    """What the repository states of its model is the bar, unless the number itself is in doubt: then it is measured first."""
    claims = {c.name: c for c in reversed(evidence.project.claimed_metrics) if c.source in STATED}
    in_doubt = _claims_in_doubt(evidence)
    bars = []
    for name, claim in sorted(claims.items())[:3]:
        claimed = f"the claimed {claim.value:g}{claim.unit} ({claim.file}{f':{claim.line}' if claim.line else ''})"
        bars.append(f"{name} is measured anew: {claimed} rests on a leak" if in_doubt else f"{name} not worse than {claimed}")
    return bars


def _claims_in_doubt(evidence: Evidence) -> bool:
    try:
        return isinstance(check_claims_stand(evidence), Failed)
    except NotRead:
        return False


def _confidence(triggers: Sequence[Trigger], health: HealthJudgement) -> float:
    kinds = {t.kind for t in triggers}
    if not kinds:
        return CONFIDENCE["drift"] if health.health == "healthy" else CONFIDENCE["nothing_measured"]
    return max(CONFIDENCE[kind] for kind in kinds)
