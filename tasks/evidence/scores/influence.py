"""How much each row moves a score: the empirical influence function of every metric, `(n,)` with mean 0.

The score of n rows is to first order its limit plus the mean of the influences, so their variance gives its standard error, sums
over groups or blocks give it for dependent rows, and differences on the same rows give paired tests. Source: Hampel 1974; for ROC AUC
this is DeLong et al. 1988; for ratios (F1, R2) the delta method; for the median its density by the spacing of order statistics.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.scores.metrics import (
    METRICS,
    Prepared,
    brier_losses,
    confusion_matrix,
    log_errors,
    log_losses,
    matthews,
    prepare,
    relative_errors,
)
from tasks.evidence.scores.ranking import average_precision_influence, placements

Floats = NDArray[np.float64]
STEP = 1e-6
"""Relative step of the numeric derivative of Matthews correlation."""


def influences(metric: str, y: NDArray, prediction: NDArray, *, threshold: float | None = None, positive: int = 1) -> Floats:
    """Influence of every row on the score, in units of the metric, `(n,)`; zeros where the score cannot move.

    >>> influences("mae", np.array([0.0, 0.0]), np.array([1.0, 3.0])).tolist()
    [-1.0, 1.0]
    """
    found = METRICS[metric]
    return _INFLUENCES[metric](prepare(y, prediction, needs=found.needs, threshold=threshold, positive=positive))


def _mean(values: NDArray) -> Floats:
    v = np.asarray(values, dtype=np.float64)
    return cast(Floats, v - v.mean())


def _root_mean(squares: NDArray) -> Floats:
    root = np.sqrt(np.mean(squares))
    return _mean(squares) / (2 * root) if root > 0 else np.zeros(len(squares))


def _ratio(over: NDArray, under: NDArray) -> Floats:
    """Of sum(over) / sum(under)."""
    o, u = np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    base = u.mean()
    return cast(Floats, (o - o.mean() / base * u) / base) if base > 0 else np.zeros(len(o))


def _over(classes: NDArray | list[int], of: Callable[[int], Floats]) -> Floats:
    return cast(Floats, np.mean([of(int(c)) for c in classes], axis=0))


def _roc_auc(p: Prepared) -> Floats:
    def one(code: int) -> Floats:
        true = p.y == code
        n1 = int(true.sum())
        if n1 in (0, len(true)):
            return np.zeros(len(true))
        placed, n = placements(true, p.proba[:, code]), len(true)
        moved = placed - placed[true].mean()
        return cast(Floats, moved * np.where(true, _share_weight(n, n1), _share_weight(n, n - n1)))

    return _over(p.classes, one)


def _share_weight(n: int, of_class: int) -> float:
    """n / n_c, with n_c - 1 in the variance as DeLong has it, which matters for few positives."""
    return n / of_class * float(np.sqrt(of_class / max(of_class - 1, 1) * (n - 1) / n))


def _f1_of(p: Prepared, code: int) -> Floats:
    true, called = p.y == code, p.label == code
    return _ratio(2.0 * (true & called), true.astype(np.float64) + called)


def _f1_macro(p: Prepared) -> Floats:
    return _over(np.union1d(p.y, p.label), lambda c: _f1_of(p, c))


def _recall_of(p: Prepared, code: int) -> Floats:
    return _ratio((p.y == code) & (p.label == code), p.y == code)


def _precision_of(p: Prepared, code: int) -> Floats:
    return _ratio((p.y == code) & (p.label == code), p.label == code)


def _matthews(p: Prepared) -> Floats:
    k, n = p.proba.shape[1], len(p.y)
    shares = confusion_matrix(p.y, p.label, k) / n
    value, moved = matthews(shares), np.zeros((k, k))
    for i, j in np.argwhere(shares > 0):
        more = shares.copy()
        more[i, j] += STEP
        moved[i, j] = (matthews(more / (1 + STEP)) - value) / STEP
    return _mean(moved[p.y.astype(np.int64), p.label])


def _r2(p: Prepared) -> Floats:
    left, total = (p.y - p.value) ** 2, (p.y - p.y.mean()) ** 2
    return -_ratio(left, total)


def _median(p: Prepared) -> Floats:
    error = np.abs(p.y - p.value)
    middle, reach = np.median(error), min(0.25, 0.5 * len(error) ** (-1 / 5))
    width = float(np.diff(np.quantile(error, [0.5 - reach, 0.5 + reach]))[0])
    return _mean(np.sign(error - middle)) * width / (4 * reach)


_INFLUENCES: dict[str, Callable[[Prepared], Floats]] = {
    "roc_auc": _roc_auc,
    "average_precision": lambda p: _over(p.classes, lambda c: average_precision_influence(p.y == c, p.proba[:, c])),
    "log_loss": lambda p: _mean(log_losses(p)),
    "brier": lambda p: _mean(brier_losses(p)),
    "accuracy": lambda p: _mean(p.label == p.y),
    "balanced_accuracy": lambda p: _over(np.unique(p.y), lambda c: _recall_of(p, c)),
    "f1": lambda p: _f1_of(p, p.positive) if p.positive >= 0 else _f1_macro(p),
    "f1_macro": _f1_macro,
    "precision": lambda p: _over(p.classes, lambda c: _precision_of(p, c)),
    "recall": lambda p: _over(p.classes, lambda c: _recall_of(p, c)),
    "mcc": _matthews,
    "rmse": lambda p: _root_mean((p.y - p.value) ** 2),
    "mae": lambda p: _mean(np.abs(p.y - p.value)),
    "mape": lambda p: _mean(relative_errors(p)),
    "median_absolute_error": _median,
    "r2": _r2,
    "rmsle": lambda p: _root_mean(log_errors(p) ** 2),
}
