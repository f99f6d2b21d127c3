"""Paired tests of two models on the same rows: is the first one better beyond noise?

ROC AUC: DeLong, DeLong & Clarke-Pearson 1988. Losses that are means over rows (log loss, Brier, accuracy, MAE, MAPE) or roots of
means (RMSE, RMSLE): permutation test, the two models' losses change sides at random, row by row or, where rows depend, by whole groups
or blocks of time (Fisher 1935; Pesarin & Salmaso 2010). Other metrics: t test of the difference of influences. Rows are the same, so
the difference is far less noisy than either score.
"""

from __future__ import annotations

import math
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.scores.facts import Fact
from tasks.evidence.scores.influence import influences
from tasks.evidence.scores.metrics import METRICS, gain, log_errors, prepare, score
from tasks.evidence.scores.spread import INDEPENDENT, Dependence, measure_spread, unit_sums

ALPHA = 0.05
"""One-sided level: a better model is claimed wrongly once in twenty times."""
PERMUTATIONS = 1999
MOST_UNITS = 5_000
"""With more rows or groups the mean is normal, and a t test gives the same answer at once."""
CELLS = 4_000_000
"""Signs drawn at a time."""
MEANS = frozenset({"log_loss", "brier", "accuracy", "mae", "mape", "rmse", "rmsle"})


class PairedGain(Fact):
    """How much better the first model is."""

    metric: str
    gain: float
    """In units of the metric, positive when the first is better."""
    low: float
    high: float
    """95 % confidence interval."""
    standard_error: float
    p_value: float
    """One-sided: so large a gain when the first is no better."""
    method: Literal["delong", "permutation", "influence"]
    rows: int

    @property
    def is_better(self) -> bool:
        """The first is better beyond noise."""
        return self.gain > 0 and self.p_value < ALPHA


def compare_models(
    metric: str, y: NDArray, first: NDArray, second: NDArray, *, thresholds: tuple[float | None, float | None] = (None, None),
    positive: int = 1, dependence: Dependence = INDEPENDENT, seed: int = 0,
) -> PairedGain:  # fmt: skip
    """Gain of the first model over the second, with its noise and a one-sided p-value; 1 when they predict alike."""
    from scipy.stats import t

    a = score(metric, y, first, threshold=thresholds[0], positive=positive)
    b = score(metric, y, second, threshold=thresholds[1], positive=positive)
    better = gain(metric, a, b)
    moved = _difference(metric, y, first, second, thresholds, positive)
    spread = measure_spread(moved, dependence)
    error = math.sqrt(spread.variance)
    reach = float(t.ppf(0.975, spread.freedom)) * error
    if metric in MEANS:
        method: Literal["delong", "permutation", "influence"] = "permutation"
        p = _permute(_gains(metric, y, first, second, moved, better), dependence, seed)
    else:
        method = "delong" if metric == "roc_auc" else "influence"
        p = None
    if p is None:
        p = float(t.sf(better / error, spread.freedom)) if error > 0 else (0.0 if better > 0 else 1.0)
    return PairedGain(
        metric=metric, gain=better, low=better - reach, high=better + reach, standard_error=error, p_value=p, method=method, rows=len(y)
    )


def _difference(
    metric: str, y: NDArray, first: NDArray, second: NDArray, thresholds: tuple[float | None, float | None], positive: int
) -> NDArray[np.float64]:
    """Influence of each row on the gain, `(n,)`, with mean 0."""
    sign = 1.0 if METRICS[metric].direction == "higher" else -1.0
    a = influences(metric, y, first, threshold=thresholds[0], positive=positive)
    b = influences(metric, y, second, threshold=thresholds[1], positive=positive)
    return sign * (a - b)


def _gains(metric: str, y: NDArray, first: NDArray, second: NDArray, moved: NDArray, better: float) -> NDArray[np.float64]:
    """What each row adds to the gain; for roots the squares, which the two models may exchange."""
    if metric not in ("rmse", "rmsle"):
        return moved + better
    a, b = (prepare(y, p, needs="value") for p in (first, second))
    if metric == "rmsle":
        return cast("NDArray[np.float64]", log_errors(b) ** 2 - log_errors(a) ** 2)
    return cast("NDArray[np.float64]", (b.value - b.y) ** 2 - (a.value - a.y) ** 2)


def _permute(gains: NDArray, dependence: Dependence, seed: int) -> float | None:
    """p-value of the sum of gains under random signs; None where there are so many that a t test will do."""
    sums = unit_sums(gains, dependence)
    if len(sums) > MOST_UNITS:
        return None
    total = float(sums.sum())
    if not np.any(sums):
        return 1.0
    random, reached, left = np.random.default_rng(seed), 0, PERMUTATIONS
    size = max(1, CELLS // len(sums))
    while left:
        draws = min(left, size)
        signs = random.integers(0, 2, (draws, len(sums)), dtype=np.int8) * 2 - 1
        # Sums that differ by rounding alone count as reached.
        reached += int(np.sum(signs @ sums >= total - 1e-12 * np.abs(sums).sum()))
        left -= draws
    return (reached + 1) / (PERMUTATIONS + 1)
