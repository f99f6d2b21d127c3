"""What a feature looked like in training, small enough to keep beside the model: later rows are compared with it, not with rows.

Numbers are kept as 121 quantiles (every 1/120) and the counts between them: the type-7 quantile edges of 10, 8, 6, 5, 4, 3 and 2
bins are among them, so PSI and Jensen-Shannon come out as from the rows themselves; the KS statistic within 1/120. Levels
are kept with their counts, at most `LEVELS_LIMIT`, the rest lumped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from tasks.evidence.drift.binning import as_numbers
from tasks.evidence.drift.profile import FEATURES_LIMIT, column_kind

if TYPE_CHECKING:
    import pandas as pd

STEPS = 120
"""Least common multiple of the numbers of bins that `psi.BIN_CHOICES` tries."""
LEVELS_LIMIT = 200
LEVEL_LENGTH = 200
SCHEMA_VERSION = "1.0"


class FeatureReference(BaseModel):
    """One column of the reference."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: str
    """`numeric`, `date` (microseconds since 1970), `categorical` or `identifier`; of the last nothing but nulls is kept."""
    rows: int
    nulls: int
    quantiles: tuple[float, ...] = ()
    """Type 7, at 0, 1/120, ..., 1 of the finite values."""
    counts: tuple[int, ...] = ()
    """Values in (-inf, q], (q, q'], ... up to the largest, over the distinct quantiles."""
    levels: tuple[tuple[str, int], ...] = ()
    """Commonest first."""
    other_levels: int = 0
    """Rows whose level is not listed."""


class ReferenceProfile(BaseModel):
    """Features and predictions of the rows a model was made from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: str = SCHEMA_VERSION
    rows: int
    sampled_from: int
    """Rows the profile is a sample of; equal to `rows` when all were taken."""
    features: tuple[FeatureReference, ...]
    predictions: tuple[FeatureReference, ...] = ()
    """`pred`, or one probability a class and the labels."""
    predictions_are: str = ""
    """How the predicted rows relate to the rows the model was fitted on."""


def profile_reference(frame: pd.DataFrame) -> tuple[FeatureReference, ...]:
    """One reference a column, at most `FEATURES_LIMIT`; columns without a type that drift is measured on are left out."""
    return tuple(feature_reference(str(name), frame[name]) for name in frame.columns[:FEATURES_LIMIT])


def feature_reference(name: str, values: pd.Series) -> FeatureReference:
    """The reference of one column."""
    kind = column_kind(values)
    nulls = int(values.isna().sum())
    base = FeatureReference(name=name, type=kind, rows=len(values), nulls=nulls)
    if kind in ("numeric", "date"):
        numbers = as_numbers(values.to_numpy())
        return base.model_copy(update=_of_numbers(numbers[np.isfinite(numbers)]))
    if kind == "categorical":
        return base.model_copy(update=_of_levels(values))
    return base


def _of_numbers(finite: np.ndarray) -> dict:
    if not finite.size:
        return {}
    quantiles = np.quantile(finite, np.arange(STEPS + 1) / STEPS)
    edges = np.unique(quantiles)
    counts = np.bincount(np.searchsorted(edges, finite, side="left"), minlength=edges.size)
    return {"quantiles": tuple(quantiles.tolist()), "counts": tuple(int(c) for c in counts)}


def _of_levels(values: pd.Series) -> dict:
    counted = values.dropna().astype(str).value_counts()
    kept = counted.iloc[:LEVELS_LIMIT]
    return {
        "levels": tuple((str(level)[:LEVEL_LENGTH], int(n)) for level, n in kept.items()),
        "other_levels": int(counted.iloc[LEVELS_LIMIT:].sum()),
    }
