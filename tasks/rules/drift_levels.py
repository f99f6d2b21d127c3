"""How far a feature drifted, as a level: from PSI, KS and Jensen-Shannon, beside whether chance could have done it.

The level is the worst of the three; it speaks of size. `beyond_noise` speaks of certainty. A key, a date and a column with
too few rows have no level, because there the statistics say nothing about the world.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from tasks.evidence.dataset.facts import DatasetFacts, DatasetPair
from tasks.evidence.drift.jensen_shannon import jensen_shannon_distance
from tasks.evidence.drift.ks import kolmogorov_limit, ks_p_value
from tasks.evidence.drift.multiple_testing import adjusted_p_values
from tasks.evidence.drift.profile import FeatureDrift
from tasks.evidence.drift.psi import psi_p_value

Level = Literal["none", "moderate", "high"]

PSI_MODERATE, PSI_HIGH = 0.10, 0.25
"""Lewis, An Introduction to Credit Scoring (1994), carried on by Siddiqi (2017)."""
KS_MODERATE, KS_HIGH = 0.15, 0.30
"""Product policy (design, section 7): shifts of about 0.4 and 0.8 standard deviations of a normal feature."""
JS_MODERATE, JS_HIGH = 0.10, 0.20
"""Product policy, on the divergence in bits; on quantile bins PSI passes its thresholds first."""
FALSE_DISCOVERY_RATE = 0.05
"""Of the features called beyond noise, the accepted share that chance made (Benjamini & Hochberg, 1995)."""
EXACT_CELLS = 20_000
"""Largest product of both sample sizes for the exact KS p-value here; beyond it Kolmogorov's limit."""

THRESHOLDS: dict[str, Any] = {
    "psi": {"moderate": PSI_MODERATE, "high": PSI_HIGH, "source": "Lewis 1994; Siddiqi 2017"},
    "ks": {"moderate": KS_MODERATE, "high": KS_HIGH, "source": "product policy: about 0.4 and 0.8 standard deviations"},
    "js_divergence_bits": {"moderate": JS_MODERATE, "high": JS_HIGH, "source": "product policy, divergence and not distance"},
    "false_discovery_rate": FALSE_DISCOVERY_RATE,
    "conventions": "PSI with the natural logarithm, JS in bits; bins from reference quantiles, right-closed, frozen; a zero count is half a row; nulls are a bin",
}
"""In force for every report, printed in it. A value at a threshold has reached it."""
_ORDER: tuple[Level, ...] = ("none", "moderate", "high")
DATE_REASON = "time itself moves"


def psi_level(value: float) -> Level:
    """`high` from 0.25 on, `moderate` from 0.10 on."""
    return _level(value, PSI_MODERATE, PSI_HIGH)


def ks_level(value: float) -> Level:
    return _level(value, KS_MODERATE, KS_HIGH)


def js_level(value: float) -> Level:
    return _level(value, JS_MODERATE, JS_HIGH)


def _level(value: float, moderate: float, high: float) -> Level:
    return "high" if value >= high else "moderate" if value >= moderate else "none"


def worst_level(psi: float | None, ks: float | None, js: float | None) -> Level | None:
    """The worst of the levels that can be told; None when there is no statistic at all."""
    told = [judge(v) for judge, v in ((psi_level, psi), (ks_level, ks), (js_level, js)) if v is not None]
    return max(told, key=_ORDER.index) if told else None


def drift_assessment(facts: DatasetFacts) -> list[dict[str, Any]]:
    """Every compared pair of files with its features, most drifted first; JSON values."""
    keys = {d.path: frozenset(d.id_columns) for d in facts.datasets}
    return [assess_pair(pair, keys.get(pair.reference, frozenset()) | keys.get(pair.current, frozenset())) for pair in facts.pairs]


def assess_pair(pair: DatasetPair, keys: frozenset[str] = frozenset()) -> dict[str, Any]:
    """One pair; `keys` are columns that name a row and have no level."""
    return {
        "reference": pair.reference,
        "current": pair.current,
        "roles": list(pair.roles),
        "n_reference": pair.n_reference,
        "n_current": pair.n_current,
        "sampled": pair.sampled,
        "features": assess_features(pair.features, keys),
    }


def assess_features(features: tuple[FeatureDrift, ...], keys: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Levels of features measured together, most drifted first."""
    reasons = [_no_level(f, keys) for f in features]
    judged = [i for i, reason in enumerate(reasons) if not reason]
    p_values = {i: p_value_of(features[i]) for i in judged}
    adjusted = dict(zip(judged, adjusted_p_values([p_values[i] for i in judged]), strict=True))
    told = [_feature(f, reasons[i], p_values.get(i), adjusted.get(i)) for i, f in enumerate(features)]
    return sorted(told, key=lambda f: (-_ORDER.index(f["level"]) if f["level"] else 1, -(f["psi"] or 0.0), f["name"]))


def _no_level(feature: FeatureDrift, keys: frozenset[str]) -> str:
    """Why a feature has no level; empty when it has one."""
    if feature.name in keys or feature.type == "identifier":
        return feature.reason or "identifies a row"
    if feature.type == "date":
        return DATE_REASON
    if feature.psi is None:
        return feature.reason or "insufficient rows"
    if feature.noise_limit is not None and PSI_HIGH <= feature.psi <= feature.noise_limit:
        return "insufficient rows: chance alone gives a PSI as high at these sizes"
    return ""


def _feature(feature: FeatureDrift, reason: str, p_value: float | None, adjusted: float | None) -> dict[str, Any]:
    level = None if reason else worst_level(feature.psi, feature.ks, feature.js)
    significant = adjusted is not None and adjusted <= FALSE_DISCOVERY_RATE
    return {
        "name": feature.name,
        "type": feature.type,
        "psi": feature.psi,
        "ks": feature.ks,
        "js": feature.js,
        "js_distance": None if feature.js is None else jensen_shannon_distance(feature.js),
        "level": level,
        "beyond_noise": level is not None and (significant or (feature.psi or 0.0) >= PSI_HIGH),
        "p_value": p_value,
        "adjusted_p_value": adjusted,
        "expected_psi": feature.expected_psi,
        "n_bins": feature.n_bins,
        "missing": [feature.null_share_reference, feature.null_share_current],
        "unseen": feature.unseen_share,
        "reason": reason,
    }


def p_value_of(feature: FeatureDrift) -> float:
    """Chance of statistics at least this large without drift: the smaller of both tests, doubled for having two."""
    found = []
    if feature.psi is not None and feature.n_bins > 1:
        found.append(psi_p_value(feature.psi, feature.n_reference, feature.n_current, feature.n_bins))
    n = round(feature.n_reference * (1 - feature.null_share_reference))
    m = round(feature.n_current * (1 - feature.null_share_current))
    if feature.ks is not None and n and m:
        exact = n * m <= EXACT_CELLS
        found.append(ks_p_value(feature.ks, n, m) if exact else kolmogorov_limit(math.sqrt(n * m / (n + m)) * feature.ks))
    return min(1.0, len(found) * min(found)) if found else 1.0
