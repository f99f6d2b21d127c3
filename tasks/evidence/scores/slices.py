"""Parts of the rows where the model is worse than on the rest beyond noise: levels of categories, ranges of numbers, missing values.

Each part is compared with all other rows by a one-sided test of the two scores' difference; Benjamini & Hochberg (1995) keep the false
discovery rate over all parts at 5 %. Parts of fewer than MIN_ROWS rows, or with fewer than MIN_CLASS_ROWS of a class where the metric
needs both, are too small to judge and left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.drift.multiple_testing import adjusted_p_values
from tasks.evidence.scores.facts import Estimate, SliceScore
from tasks.evidence.scores.intervals import estimate_score
from tasks.evidence.scores.metrics import METRICS, gain

MIN_ROWS = 30
MIN_CLASS_ROWS = 8
FALSE_DISCOVERY_RATE = 0.05
MOST_LEVELS = 12
"""Commonest levels of a category that are looked at."""
MOST_SLICES = 120
BINS = 4
LEVEL_CHARACTERS = 60


def score_slices(
    metric: str, columns: Mapping[str, NDArray], y: NDArray, prediction: NDArray, *, threshold: float | None = None, positive: int = 1
) -> tuple[SliceScore, ...]:
    """The first `MOST_SLICES` parts by column in the order given, worst first; columns hold floats with NaN, or text with None."""
    found = []
    for column, level, rows in islice(find_slices(columns), MOST_SLICES):
        pair = [_estimate(metric, y[r], prediction[r], threshold, positive) for r in (rows, ~rows)]
        if pair[0] is not None and pair[1] is not None:
            found.append((column, level, pair[0], _worse(metric, pair[0], pair[1])))
    adjusted = adjusted_p_values([p for *_, p in found])
    slices = [
        SliceScore(column=c, level=level, rows=e.rows, estimate=e, beyond_noise=q <= FALSE_DISCOVERY_RATE)
        for (c, level, e, _), q in zip(found, adjusted)
    ]
    return tuple(sorted(slices, key=lambda s: (not s.beyond_noise, gain(metric, s.estimate.value, 0.0))))


def find_slices(columns: Mapping[str, NDArray]) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Column, level and rows `(n,)` of every part that is large enough, and whose rest is."""
    for name, values in columns.items():
        parts = _of_numbers(values) if values.dtype.kind in "fiub" else _of_levels(values)
        for level, rows in parts:
            if MIN_ROWS <= rows.sum() <= len(rows) - MIN_ROWS:
                yield name, level[:LEVEL_CHARACTERS], rows


def _of_numbers(values: NDArray) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    v = np.asarray(values, dtype=np.float64)
    missing = np.isnan(v)
    yield "missing", missing
    distinct = np.unique(v[~missing])
    if len(distinct) <= BINS + 1:
        for value in distinct:
            yield f"{value:g}", v == value
        return
    edges = np.unique(np.quantile(v[~missing], np.linspace(0, 1, BINS + 1)))
    for i, (low, high) in enumerate(pairwise(edges)):
        last = i == len(edges) - 2
        yield f"{low:.4g} to {high:.4g}", (v >= low) & ((v <= high) if last else (v < high))


def _of_levels(values: NDArray) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    missing = np.array([v is None or v != v for v in values], dtype=bool)
    yield "missing", missing
    text = np.where(missing, "", values).astype(str)
    levels, counts = np.unique(text[~missing], return_counts=True)
    for i in np.argsort(-counts, kind="stable")[:MOST_LEVELS]:
        if counts[i] >= MIN_ROWS:
            yield str(levels[i]), (text == levels[i]) & ~missing


def _estimate(metric: str, y: NDArray, prediction: NDArray, threshold: float | None, positive: int) -> Estimate | None:
    if METRICS[metric].needs != "value" and metric not in ("log_loss", "brier", "accuracy"):
        counts = np.bincount(y.astype(np.int64), minlength=2)
        if counts[counts > 0].min() < MIN_CLASS_ROWS or np.sum(counts > 0) < 2:
            return None
    return estimate_score(metric, y, prediction, threshold=threshold, positive=positive)


def _worse(metric: str, part: Estimate, rest: Estimate) -> float:
    """One-sided p-value that the part is no worse than the rest."""
    from scipy.stats import t

    error = math.hypot(part.standard_error or 0.0, rest.standard_error or 0.0)
    lost = gain(metric, rest.value, part.value)
    if error == 0:
        return 0.0 if lost > 0 else 1.0
    return float(t.sf(lost / error, min(part.rows, rest.rows) - 1))
