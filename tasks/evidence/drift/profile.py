"""Feature by feature drift between two frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from tasks.evidence.drift.binning import category_counts, numeric_counts, unseen_share
from tasks.evidence.drift.jensen_shannon import js_of_counts
from tasks.evidence.drift.ks import kolmogorov_smirnov
from tasks.evidence.drift.psi import bins_for, expected_psi, psi_noise_limit, psi_of_counts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

IDENTIFIER_SHARE = 0.5
"""A text column with more distinct values than this share of its rows is an identifier or free text: not scored."""
FEATURES_LIMIT = 200


class FeatureDrift(BaseModel):
    """What moved in one column. A statistic that could not be computed is None and `reason` says why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: str = "numeric"
    """`numeric`, `date`, `categorical` or `identifier`."""
    n_reference: int = 0
    n_current: int = 0
    n_bins: int = 0
    """Bins used, the null bin included."""
    psi: float | None = None
    ks: float | None = None
    js: float | None = None
    """Divergence in bits."""
    null_share_reference: float = 0.0
    null_share_current: float = 0.0
    unseen_share: float = 0.0
    """Proportion of current rows with a category the reference never has."""
    expected_psi: float | None = None
    """Mean PSI without drift at these sizes."""
    noise_limit: float | None = None
    """PSI that chance alone almost never exceeds at these sizes."""
    reason: str = ""


def drift_between(reference: pd.DataFrame, current: pd.DataFrame, n_bins: int | None = None) -> tuple[FeatureDrift, ...]:
    """Drift of the columns both frames have, in the reference's order; `n_bins` None lets the rows decide."""
    shared = [c for c in reference.columns if c in set(current.columns)][:FEATURES_LIMIT]
    bins = n_bins or bins_for(len(reference), len(current), max(1, len(shared)))
    return tuple(feature_drift(str(c), reference[c], current[c], bins, len(shared)) for c in shared)


def feature_drift(name: str, reference: pd.Series, current: pd.Series, n_bins: int | None, n_features: int = 1) -> FeatureDrift:
    """Drift of one column; `n_bins` None means that there are too few rows for any."""
    kind = _kind(reference, current)
    base = FeatureDrift(
        name=name,
        type=kind,
        n_reference=len(reference),
        n_current=len(current),
        null_share_reference=float(reference.isna().mean()) if len(reference) else 0.0,
        null_share_current=float(current.isna().mean()) if len(current) else 0.0,
    )
    if not len(reference) or not len(current):
        return base.model_copy(update={"reason": "one side has no rows"})
    ordered = kind in ("numeric", "date")
    left, right = _values(reference, kind), _values(current, kind)
    found = {"ks": kolmogorov_smirnov(left, right)} if ordered else {"unseen_share": unseen_share(left, right)}
    if kind == "identifier":
        return base.model_copy(update={**found, "reason": "identifier-like or free text"})
    if n_bins is None:
        return base.model_copy(update={**found, "reason": "insufficient rows"})
    counts = numeric_counts(left, right, n_bins) if ordered else category_counts(left, right, lump_rare=True)
    return base.model_copy(update={**found, **_statistics(*counts, len(left), len(right), n_features)})


def _statistics(reference: np.ndarray, current: np.ndarray, n: int, m: int, n_features: int) -> dict:
    size = len(reference)
    return {
        "psi": psi_of_counts(reference, current),
        "js": js_of_counts(reference, current),
        "n_bins": size,
        "expected_psi": expected_psi(n, m, size),
        "noise_limit": psi_noise_limit(n, m, size, n_features),
    }


def column_kind(reference: pd.Series) -> str:
    """The type of one column by itself: `numeric`, `date`, `categorical` or `identifier`."""
    return _kind(reference, reference)


def _kind(reference: pd.Series, current: pd.Series) -> str:
    from pandas.api import types

    if any(types.is_bool_dtype(s) for s in (reference, current)):
        return "categorical"
    if all(types.is_numeric_dtype(s) and not types.is_complex_dtype(s) for s in (reference, current)):
        return "numeric"
    if all(types.is_datetime64_any_dtype(s) for s in (reference, current)):
        return "date"
    present = reference.dropna()
    return "identifier" if len(present) > 20 and present.astype(str).nunique() > IDENTIFIER_SHARE * len(present) else "categorical"


def _values(series: pd.Series, kind: str) -> np.ndarray:
    if kind == "numeric":
        return series.to_numpy(dtype="float64", na_value=float("nan"))
    if kind == "date":
        return series.dt.tz_localize(None).to_numpy() if series.dt.tz is not None else series.to_numpy()
    return series.astype(object).to_numpy()
