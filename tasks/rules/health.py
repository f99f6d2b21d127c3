"""How a model is, as far as its repository shows: healthy, at risk, critical, or not to be seen.

Measured drift decides first; without a pair of files to compare, a served model that nothing watches is at risk, since
nobody would notice. Without either, the honest answer is `unknown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tasks.rules.evidence import Evidence, NotRead

Health = Literal["healthy", "at_risk", "critical", "unknown", "not_applicable"]
LIVE_ROLES = frozenset({"current", "reference", "production", "prod", "new", "live", "recent", "latest", "serving", "inference"})
"""File roles that mean a pair is compared over time; train against test is a split and says nothing about the world."""


class HealthJudgement(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    health: Health
    reasons: tuple[str, ...]


def live_drift(drift: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drifted features of pairs compared over time: level above `none` and beyond sampling noise, worst first."""
    features = [
        {**feature, "pair": f"{pair['reference']} and {pair['current']}"}
        for pair in drift
        if LIVE_ROLES & set(pair.get("roles") or ())
        for feature in pair["features"]
        if feature["level"] in ("moderate", "high") and feature.get("beyond_noise", True)
    ]
    return sorted(features, key=lambda f: (f["level"] != "high", -(f["psi"] or 0.0), f["name"]))


def decide_health(evidence: Evidence, drift: Sequence[dict[str, Any]]) -> HealthJudgement:
    """Critical: a feature drifted highly; at risk: moderate drift, or a served model that nothing watches."""
    if evidence.project_facts is None:
        return HealthJudgement(health="unknown", reasons=("what this project is could not be read",))
    if not evidence.project.has_training and not evidence.project.serve_entrypoints:
        return HealthJudgement(health="not_applicable", reasons=("no model of its own is trained or served here",))
    drifted = live_drift(drift)
    high = [f["name"] for f in drifted if f["level"] == "high"]
    if high:
        return HealthJudgement(health="critical", reasons=(f"high drift beyond sampling noise in {_listed(high)}",))
    if drifted:
        names = [f["name"] for f in drifted]
        return HealthJudgement(health="at_risk", reasons=(f"moderate drift beyond sampling noise in {_listed(names)}",))
    if any(LIVE_ROLES & set(pair.get("roles") or ()) for pair in drift):
        return HealthJudgement(health="healthy", reasons=("no drift beyond sampling noise between the reference and the current data",))
    if evidence.project.serve_entrypoints and not _watched(evidence):
        return HealthJudgement(health="at_risk", reasons=("the model is served and nothing here watches it",))
    return HealthJudgement(health="unknown", reasons=("no reference and current data to compare, so drift could not be measured",))


def _watched(evidence: Evidence) -> bool:
    try:
        return bool(evidence.monitoring.monitoring)
    except NotRead:
        return True


def _listed(names: list[str], limit: int = 4) -> str:
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown
