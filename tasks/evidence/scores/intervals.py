"""The 95 % interval of the sealed score: where the score of the same model on fresh data of about this size falls 95 times in 100.

`low` and `high` are a *prediction* interval: they hold the noise of the sealed sample and that of a fresh sample of FRESH_SHARE times
as many rows, whoever draws it. `confidence_low` and `confidence_high` are the plain *confidence* interval for the score on unlimited
data, narrower by about the square root of 2. Both assume fresh data from where the sealed rows came; neither covers drift.

Method: standard error by influence functions (`influence.py`), over groups or along time where rows depend (`spread.py`), with a t
quantile whose degrees of freedom fall with heavy tails; on the scale where the score is nearest to normal:
- values >= 0 (RMSE, MAE, log loss ...): logarithm, since losses are skewed and a sample without the rare large ones looks too good;
- proportions (ROC AUC, F1, accuracy ...): a beta distribution with the effective number of rows s (1 - s) / variance, as Korn &
  Graubard 1998 for surveys, so that a perfect score still has a lower end; correlation likewise after (x + 1) / 2;
- R2: logarithm of 1 - R2.
Simulated coverage stands in tests/evidence/scores/test_intervals.py.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.scores.facts import Estimate
from tasks.evidence.scores.influence import influences
from tasks.evidence.scores.metrics import METRICS, Scale, as_matrix, choose_labels, score
from tasks.evidence.scores.spread import INDEPENDENT, Dependence, Spread, measure_spread

LEVEL = 0.95
FRESH_SHARE = 0.7
"""Fewest rows of the fresh sample per sealed row that `about this size` means. Larger ones vary less and are covered more often."""
PSEUDO_COUNT = 0.5
"""Jeffreys' prior: half a success and half a failure."""


def estimate_score(
    metric: str, y: NDArray, prediction: NDArray, *, threshold: float | None = None, positive: int = 1,
    dependence: Dependence = INDEPENDENT, fresh_share: float = FRESH_SHARE,
) -> Estimate:  # fmt: skip
    """A score with its intervals and standard error; never NaN."""
    value = score(metric, y, prediction, threshold=threshold, positive=positive)
    influence = influences(metric, y, prediction, threshold=threshold, positive=positive)
    spread = measure_spread(influence, dependence)
    scale = METRICS[metric].scale
    most = _most_rows(metric, y, prediction, threshold, positive)
    if dependence.groups is not None and spread.variance == 0:
        most = min(most, len(np.unique(dependence.groups)))
    low, high = _interval(value, spread, scale, most, 1 + 1 / fresh_share)
    inner_low, inner_high = _interval(value, spread, scale, most, 1.0)
    return Estimate(
        metric=metric, value=value, low=low, high=high, confidence_low=inner_low, confidence_high=inner_high,
        standard_error=math.sqrt(spread.variance), rows=len(y),
    )  # fmt: skip


def _most_rows(metric: str, y: NDArray, prediction: NDArray, threshold: float | None, positive: int) -> float:
    """Most rows a proportion can be worth: those it is a proportion of, of the rarest class where several count."""
    if METRICS[metric].scale not in ("unit", "correlation"):
        return float(len(y))
    binary = as_matrix(prediction).shape[1] == 2
    if metric == "accuracy":
        rows = len(y)
    elif metric == "precision" and binary:
        rows = int(np.sum(choose_labels(as_matrix(prediction), threshold, positive) == positive))
    elif metric in ("recall", "f1", "average_precision") and binary:
        rows = int(np.sum(np.asarray(y) == positive))
    else:
        sizes = np.unique(y, return_counts=True)[1]
        rows = int(sizes.min()) * (1 if binary else len(sizes))
    return float(max(1, rows))


def _interval(value: float, spread: Spread, scale: Scale, most: float, inflation: float) -> tuple[float, float]:
    """Ends on the metric's scale; `inflation` multiplies the variance, 1 for a confidence interval."""
    if scale == "unit":
        return _beta(value, spread, most, inflation)
    if scale == "correlation":
        low, high = _beta((value + 1) / 2, Spread(spread.variance / 4, spread.freedom), most, inflation)
        return 2 * low - 1, 2 * high - 1
    quantile = _quantile(spread.freedom)
    error = math.sqrt(spread.variance)
    down, up = quantile * math.sqrt(inflation) * error, (quantile * math.sqrt(inflation) + _skew_shift(spread, quantile)) * error
    if scale == "at_most_one":
        low, high = _log(1 - value, down, up)
        return 1 - high, 1 - low
    return _log(value, down, up)


def _skew_shift(spread: Spread, quantile: float) -> float:
    """How many standard errors further the upper end lies because large losses are rare: Johnson 1978, with the skewness of a mean."""
    return max(spread.skew, 0.0) / 6 * (1 + 2 * quantile**2)


def _log(value: float, down: float, up: float) -> tuple[float, float]:
    if value <= 0:
        return max(value, 0.0), max(value, 0.0)
    return value / math.exp(min(down / value, 50.0)), value * math.exp(min(up / value, 50.0))


def _beta(value: float, spread: Spread, most: float, inflation: float) -> tuple[float, float]:
    from scipy.stats import beta

    inside = min(max(value, PSEUDO_COUNT / (most + 1)), 1 - PSEUDO_COUNT / (most + 1))
    rows = min(most * 2, inside * (1 - inside) / spread.variance) if spread.variance > 0 else most
    rows /= inflation * (_quantile(spread.freedom) / _quantile(math.inf)) ** 2
    a, b = value * rows + PSEUDO_COUNT, (1 - value) * rows + PSEUDO_COUNT
    low, high = beta.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], a, b)
    # A fresh sample has steps of one row, so it may be exactly 0 or 1.
    step = PSEUDO_COUNT / most if inflation > 1 else 0.0
    return max(0.0, min(float(low), value) - step), min(1.0, max(float(high), value) + step)


def _quantile(freedom: float) -> float:
    from scipy.stats import norm, t

    return float(norm.ppf((1 + LEVEL) / 2) if math.isinf(freedom) else t.ppf((1 + LEVEL) / 2, freedom))
