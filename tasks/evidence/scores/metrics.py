"""The metrics a contract may name: direction, what they need, and their value, which is never NaN.

Definitions follow scikit-learn 1.9, against which they are tested. Where a metric is undefined it takes the value of a model that
knows nothing, or the worst one: ROC AUC with one class is 0.5, average precision, recall, precision and F1 without positives 0,
R2 of a constant target 0 (1 when met exactly). In multiclass tasks one-class metrics are unweighted means over the classes that occur.
Classes are codes 0..k-1. Probabilities are `(n, k)`, or `(n,)` of class 1 in binary tasks; values are `(n,)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.scores.ranking import area_under_roc, average_precision

Floats = NDArray[np.float64]
Needs = Literal["proba", "label", "value"]
Scale = Literal["positive", "unit", "correlation", "at_most_one"]
"""Where values lie: >= 0, [0, 1], [-1, 1], (-inf, 1]."""
CLASSIFICATION = ("binary", "multiclass")
SMALLEST = float(np.finfo(np.float64).eps)
"""Probabilities are clipped by so much before a logarithm, as scikit-learn does."""


@dataclass(frozen=True)
class Metric:
    """A metric by its standard word."""

    name: str
    direction: Literal["higher", "lower"]
    needs: Needs
    tasks: tuple[str, ...]
    scale: Scale
    title: str
    compute: Callable[[Prepared], float]


@dataclass(frozen=True)
class Prepared:
    """Truth and prediction in the shapes metrics read."""

    y: NDArray[np.float64] | NDArray[np.int64]
    """Target values, or class codes."""
    proba: Floats
    """`(n, k)`; empty for regression."""
    value: Floats
    """`(n,)` predicted values; empty for classification."""
    label: NDArray[np.int64]
    """`(n,)` predicted codes; empty for regression."""
    positive: int
    """Code of the positive class; -1 where every class counts alike."""

    @property
    def classes(self) -> list[int]:
        """Codes a one-class metric is averaged over: the positive one, or all that occur in the truth."""
        return [self.positive] if self.positive >= 0 else [int(c) for c in np.unique(self.y)]


def prepare(y: NDArray, prediction: NDArray, *, needs: Needs, threshold: float | None = None, positive: int = 1) -> Prepared:
    """Check and shape the input; ValueError for no rows, other lengths, and values that are not finite."""
    prediction = np.asarray(prediction, dtype=np.float64)
    if len(y) == 0 or len(y) != len(prediction):
        raise ValueError(f"a score needs as many predictions as rows, and at least one: got {len(prediction)} for {len(y)}")
    if not np.isfinite(prediction).all():
        raise ValueError("predictions hold NaN or infinite values: treat this candidate as failed")
    nothing, no_label = np.empty(0), np.empty(0, dtype=np.int64)
    if needs == "value":
        value = prediction[:, 0] if prediction.ndim == 2 else prediction
        return Prepared(np.asarray(y, dtype=np.float64), nothing, value, no_label, -1)
    proba = as_matrix(prediction)
    codes = np.asarray(y).astype(np.int64)
    binary = proba.shape[1] == 2
    return Prepared(codes, proba, nothing, choose_labels(proba, threshold, positive), positive if binary else -1)


def as_matrix(prediction: NDArray) -> Floats:
    """Probabilities as `(n, k)`; a vector is of class 1."""
    p = np.asarray(prediction, dtype=np.float64)
    return np.column_stack([1 - p, p]) if p.ndim == 1 else p


def choose_labels(proba: NDArray, threshold: float | None = None, positive: int = 1) -> NDArray[np.int64]:
    """The likeliest class; in a binary task the positive one from `threshold` on (0.5 when None)."""
    if proba.shape[1] != 2:
        return proba.argmax(axis=1).astype(np.int64)
    alarm = proba[:, positive] >= (0.5 if threshold is None else threshold)
    return np.where(alarm, positive, 1 - positive).astype(np.int64)


def log_losses(p: Prepared) -> Floats:
    """Negative log probability of what happened, `(n,)`; rows of probabilities are normalised to 1."""
    proba = np.clip(p.proba, SMALLEST, 1 - SMALLEST)
    proba = proba / proba.sum(axis=1, keepdims=True)
    return cast(Floats, -np.log(proba[np.arange(len(p.y)), p.y.astype(np.int64)]))


def brier_losses(p: Prepared) -> Floats:
    """Squared error of the positive class's probability; in multiclass tasks half the sum over classes, in 0-1 too."""
    if p.positive >= 0:
        return cast(Floats, (p.proba[:, p.positive] - (p.y == p.positive)) ** 2)
    hit = np.zeros_like(p.proba)
    hit[np.arange(len(p.y)), p.y.astype(np.int64)] = 1
    return cast(Floats, ((p.proba - hit) ** 2).sum(axis=1) / 2)


def log_errors(p: Prepared) -> Floats:
    """Difference of log(1 + x); predictions below 0 count as 0. ValueError for a target below 0."""
    if (p.y < 0).any():
        raise ValueError("rmsle needs a target that is never negative: choose rmse or mae")
    return cast(Floats, np.log1p(np.maximum(p.value, 0)) - np.log1p(p.y))


def relative_errors(p: Prepared) -> Floats:
    """|error| / |target|; a target of 0 counts as the smallest positive number, as in scikit-learn."""
    return cast(Floats, np.abs(p.value - p.y) / np.maximum(np.abs(p.y), SMALLEST))


def _ratio(over: float, under: float) -> float:
    return over / under if under else 0.0


def counts(p: Prepared, code: int) -> tuple[int, int, int]:
    """True positives, false positives, false negatives of one class."""
    true, called = p.y == code, p.label == code
    hits = int(np.sum(true & called))
    return hits, int(called.sum()) - hits, int(true.sum()) - hits


def _over_classes(p: Prepared, of: Callable[[int, int, int], float]) -> float:
    return float(np.mean([of(*counts(p, c)) for c in p.classes]))


def _f1(hits: int, false: int, missed: int) -> float:
    return _ratio(2 * hits, 2 * hits + false + missed)


def _f1_macro(p: Prepared) -> float:
    return float(np.mean([_f1(*counts(p, int(c))) for c in np.union1d(p.y, p.label)]))


def _balanced_accuracy(p: Prepared) -> float:
    return float(np.mean([np.mean(p.label[p.y == c] == c) for c in np.unique(p.y)]))


def matthews(confusion: NDArray) -> float:
    """Matthews correlation of a `(k, k)` table of truth by prediction (Gorodkin 2004); 0 where one side is constant."""
    c, n = confusion.astype(np.float64), float(confusion.sum())
    truth, called = c.sum(axis=1), c.sum(axis=0)
    under = math.sqrt(max(n * n - called @ called, 0.0)) * math.sqrt(max(n * n - truth @ truth, 0.0))
    return _ratio(float(np.trace(c) * n - truth @ called), under)


def confusion_matrix(y: NDArray, label: NDArray, classes: int) -> NDArray[np.int64]:
    """Truth by prediction, `(classes, classes)`."""
    return np.bincount(y.astype(np.int64) * classes + label, minlength=classes * classes).reshape(classes, classes)


def _r2(p: Prepared) -> float:
    total, left = float(np.sum((p.y - p.y.mean()) ** 2)), float(np.sum((p.y - p.value) ** 2))
    return (1.0 if left == 0 else 0.0) if total == 0 else 1 - left / total


def _mean_over(p: Prepared, of: Callable[[NDArray[np.bool_], Floats], float]) -> float:
    return float(np.mean([of(p.y == c, p.proba[:, c]) for c in p.classes]))


def _metrics() -> tuple[Metric, ...]:
    both, real = CLASSIFICATION, ("regression",)
    return (
        Metric("roc_auc", "higher", "proba", both, "unit", "ROC AUC", lambda p: _mean_over(p, area_under_roc)),
        Metric("average_precision", "higher", "proba", both, "unit", "average precision", lambda p: _mean_over(p, average_precision)),
        Metric("log_loss", "lower", "proba", both, "positive", "log loss", lambda p: float(log_losses(p).mean())),
        Metric("brier", "lower", "proba", both, "positive", "Brier score", lambda p: float(brier_losses(p).mean())),
        Metric("accuracy", "higher", "label", both, "unit", "accuracy", lambda p: float(np.mean(p.label == p.y))),
        Metric("balanced_accuracy", "higher", "label", both, "unit", "balanced accuracy", _balanced_accuracy),
        Metric("f1", "higher", "label", both, "unit", "F1", lambda p: _over_classes(p, _f1) if p.positive >= 0 else _f1_macro(p)),
        Metric("f1_macro", "higher", "label", both, "unit", "macro F1", _f1_macro),
        Metric("precision", "higher", "label", both, "unit", "precision", lambda p: _over_classes(p, lambda h, f, m: _ratio(h, h + f))),
        Metric("recall", "higher", "label", both, "unit", "recall", lambda p: _over_classes(p, lambda h, f, m: _ratio(h, h + m))),
        Metric("mcc", "higher", "label", both, "correlation", "Matthews correlation",
               lambda p: matthews(confusion_matrix(p.y, p.label, p.proba.shape[1]))),
        Metric("rmse", "lower", "value", real, "positive", "RMSE", lambda p: math.sqrt(float(np.mean((p.y - p.value) ** 2)))),
        Metric("mae", "lower", "value", real, "positive", "mean absolute error", lambda p: float(np.mean(np.abs(p.y - p.value)))),
        Metric("mape", "lower", "value", real, "positive", "mean absolute percentage error", lambda p: float(relative_errors(p).mean())),
        Metric("median_absolute_error", "lower", "value", real, "positive", "median absolute error",
               lambda p: float(np.median(np.abs(p.y - p.value)))),
        Metric("r2", "higher", "value", real, "at_most_one", "R2", _r2),
        Metric("rmsle", "lower", "value", real, "positive", "RMSLE", lambda p: math.sqrt(float(np.mean(log_errors(p) ** 2)))),
    )  # fmt: skip


METRICS: dict[str, Metric] = {m.name: m for m in _metrics()}


def score(metric: str, y: NDArray, prediction: NDArray, *, threshold: float | None = None, positive: int = 1) -> float:
    """The value of a metric, never NaN; ValueError for no rows or predictions that are not finite.

    >>> score("roc_auc", np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    found = METRICS[metric]
    return found.compute(prepare(y, prediction, needs=found.needs, threshold=threshold, positive=positive))


def better(metric: str, a: float | None, b: float | None) -> bool:
    """Whether `a` is strictly better than `b`; None, a failed candidate, is worse than any value and not better than None."""
    if a is None or b is None:
        return a is not None
    return gain(metric, a, b) > 0


def gain(metric: str, a: float, b: float) -> float:
    """How much better `a` is than `b`, in units of the metric; negative when worse.

    >>> gain("rmse", 2.0, 3.0), gain("roc_auc", 0.5, 0.75)
    (1.0, -0.25)
    """
    return a - b if METRICS[metric].direction == "higher" else b - a


def normalise(metric: str, value: float, dummy: float, best: float) -> float:
    """0 for the dummy, 1 for the best, linear between and beyond; 0 when the two are the same."""
    span = gain(metric, best, dummy)
    return gain(metric, value, dummy) / span if span else 0.0
