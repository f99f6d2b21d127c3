"""Drift per feature as the report's charts and tables show it, read from the assessments of the dataset and monitoring agents."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tasks.rules.contract import Report

FEATURES_SHOWN = 30
"""Of each pair, worst first."""
PAIRS_SHOWN = 12
LEVELS = ("high", "moderate", "low", "none")
PSI_MODERATE, PSI_HIGH = 0.10, 0.25
"""Where the chart draws its two marks when the policy in force names none."""
CHART_END = 0.5
"""PSI at the right end of a bar; what is beyond fills it."""


@dataclass(frozen=True)
class DriftedFeature:
    """One row; a statistic that was not computed is None."""

    name: str
    psi: float | None
    ks: float | None
    js: float | None
    level: str | None
    """None for a key, a date and the like, where the statistics say nothing; `reason` says why."""
    within_noise: bool
    """It looks moved, but chance alone gives as much at this number of rows."""
    reason: str = ""

    @property
    def bar(self) -> float:
        """Length of the bar in percent of its track."""
        return 0.0 if self.psi is None else round(100.0 * min(self.psi, CHART_END) / CHART_END, 1)

    @property
    def colour(self) -> str:
        """The class of its bar: grey for what says nothing about the world."""
        if self.level is None or self.within_noise:
            return "noise"
        return self.level if self.level in ("high", "moderate") else "bar"

    @property
    def words(self) -> str:
        """The level, or why there is none."""
        if self.level is None:
            return f"not judged: {self.reason or 'no level'}"
        return f"{self.level}, within noise" if self.within_noise else self.level


@dataclass(frozen=True)
class DriftPair:
    """Two files that belong together, and what moved between them."""

    reference: str
    current: str
    features: tuple[DriftedFeature, ...]
    left_out: int


def drift_pairs(report: Report) -> list[DriftPair]:
    """Every compared pair with at least one feature that could be compared; none where nothing was."""
    for section in ("monitoring", "dataset"):
        found = report.sections.get(section)
        pairs = [_pair(p) for p in _dicts(found.assessment.get("drift"))] if found else []
        shown = [p for p in pairs if p.features]
        if shown:
            return shown[:PAIRS_SHOWN]
    return []


def psi_marks(report: Report) -> tuple[float, float]:
    """The two PSI thresholds in force."""
    policy = report.policy.get("drift")
    psi = policy.get("psi") if isinstance(policy, dict) else None
    values = list(psi.values()) if isinstance(psi, dict) else list(psi) if isinstance(psi, (list, tuple)) else []
    numbers = sorted(v for v in (_number(v) for v in values) if v is not None)
    return (numbers[0], numbers[-1]) if len(numbers) >= 2 else (PSI_MODERATE, PSI_HIGH)


def _pair(pair: dict[str, Any]) -> DriftPair:
    features = [_feature(f) for f in _dicts(pair.get("features"))]
    measured = [f for f in features if f.psi is not None or f.level not in ("none", None)]
    ranked = sorted(measured, key=lambda f: (_rank(f), -(f.psi or 0.0), f.name))
    return DriftPair(
        reference=str(pair.get("reference", "")),
        current=str(pair.get("current", "")),
        features=tuple(ranked[:FEATURES_SHOWN]),
        left_out=max(0, len(ranked) - FEATURES_SHOWN),
    )


def _feature(feature: dict[str, Any]) -> DriftedFeature:
    level = str(feature["level"]) if feature.get("level") else None
    return DriftedFeature(
        name=str(feature.get("name", "")),
        psi=_number(feature.get("psi")),
        ks=_number(feature.get("ks")),
        js=_number(feature.get("js")),
        level=level,
        within_noise=level not in ("none", None) and feature.get("beyond_noise") is False,
        reason=str(feature.get("reason") or ""),
    )


def _rank(feature: DriftedFeature) -> int:
    if feature.level is None or feature.within_noise:
        return len(LEVELS) + (feature.level is None)
    return LEVELS.index(feature.level) if feature.level in LEVELS else len(LEVELS) - 1


def _dicts(value: Any) -> Iterable[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, (list, tuple)) else []


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) else None
