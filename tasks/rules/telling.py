"""What each section tells beyond its rules: drift, health, the retraining decision. Decided here, softened nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.rules.drift_levels import drift_assessment
from tasks.rules.evidence import Evidence
from tasks.rules.health import decide_health
from tasks.rules.performance import find_declines
from tasks.rules.retraining import decide_retraining
from tasks.rules.rule import Section


def tell_section(section: Section, evidence: Evidence, series: Mapping[str, Sequence[float]]) -> tuple[dict[str, Any], dict[str, str]]:
    """A section's facts with what follows from them, and its levels.

    `series` holds metric values of earlier runs, oldest first, by name.
    """
    own = getattr(evidence, f"{section}_facts", None)
    facts = own.model_dump(mode="json") if own is not None else {}
    if section not in ("dataset", "monitoring", "retraining"):
        return facts, {}
    drift = drift_assessment(evidence.dataset_facts) if evidence.dataset_facts else []
    if section == "dataset":
        return facts | {"drift": drift}, {}
    health = decide_health(evidence, drift)
    if section == "monitoring":
        return facts | health.model_dump(mode="json"), {"health": health.health}
    decision = decide_retraining(evidence, drift, health, find_declines(series))
    return decision.model_dump(mode="json"), {"urgency": decision.urgency, "floor": decision.floor, "strategy": decision.strategy}


def claimed_values(evidence: Evidence) -> dict[str, float]:
    """The first claim of each metric, under the name it has in MLflow."""
    claims = evidence.project_facts.claimed_metrics if evidence.project_facts else ()
    return {f"claimed/{c.name}": c.value for c in reversed(claims)}
