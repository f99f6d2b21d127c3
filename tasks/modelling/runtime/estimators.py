"""Wrappers of fitted estimators that travel with a model: missing classes, transformed targets, clipping, averages, hurdles.

All follow one contract: `predict(X)` gives values `(n,)` for a regression, `predict_proba(X)` gives `(n, n_classes)` in the order
of the class codes for a classification. Boosted trees are in `boosted`. Imports nothing else of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator

Array = np.ndarray


class AllClasses(BaseEstimator):
    """A classifier whose training rows lacked a class: its probability is zero, the column is there."""

    def __init__(self, estimator: Any, n_classes: int = 2) -> None:
        self.estimator = estimator
        self.n_classes = n_classes

    def fit(self, X: Array, y: Array, sample_weight: Array | None = None) -> Self:
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        self.estimator.fit(X, y, **weights)
        return self

    def predict_proba(self, X: Array) -> Array:
        known = np.asarray(self.estimator.predict_proba(X), dtype=float)
        full = np.zeros((len(known), self.n_classes))
        full[:, np.asarray(self.estimator.classes_, dtype=int)] = known
        return full


class MarginClassifier(BaseEstimator):
    """A classifier with margins only (support vectors), made into probabilities by the softmax of `scale` times its margins.

    `scale` is fitted on margins of rows it was not trained on (temperature scaling, Guo et al. 2017, arXiv:1706.04599).
    """

    def __init__(self, estimator: Any, n_classes: int = 2, scale: float = 1.0, offset: float = 0.0) -> None:
        self.estimator = estimator
        self.n_classes = n_classes
        self.scale = scale
        self.offset = offset

    def predict_proba(self, X: Array) -> Array:
        margin = np.asarray(self.estimator.decision_function(X), dtype=float)
        if margin.ndim == 1:
            positive = 1 / (1 + np.exp(-np.clip(self.scale * margin + self.offset, -30, 30)))
            known = np.column_stack([1 - positive, positive])
        else:
            raised = np.exp(self.scale * (margin - margin.max(axis=1, keepdims=True)))
            known = raised / raised.sum(axis=1, keepdims=True)
        full = np.zeros((len(known), self.n_classes))
        full[:, np.asarray(self.estimator.classes_, dtype=int)] = known
        return full


class TransformedTarget(BaseEstimator):
    """A regression of a transformed target: `standard`, `log` (of 1 + y - least), or `root`; predictions are of y again.

    A log or root model predicts the middle, not the mean: `smearing` is the ratio of the means on the training rows
    (after Duan 1983), 1 where the metric asks for the middle.
    """

    def __init__(self, estimator: Any, kind: str = "standard", smear: bool = True) -> None:
        self.estimator = estimator
        self.kind = kind
        self.smear = smear

    def fit(self, X: Array, y: Array, validation: tuple[Array, Array] | None = None, **options: Any) -> Self:
        y = np.asarray(y, dtype=float)
        self.least_ = min(0.0, float(y.min()))
        self.center_, self.spread_ = 0.0, 1.0
        raw = self._forward(y)
        self.center_, self.spread_ = float(raw.mean()), float(raw.std()) or 1.0
        self.low_, self.high_ = float(raw.min()), float(raw.max())
        self.smearing_ = 1.0
        if validation is not None:
            options["validation"] = (validation[0], self._forward(np.maximum(validation[1], self.least_)))
        self.estimator.fit(X, self._forward(y), **options)
        if self.smear and self.kind != "standard":
            fitted = self.predict(X)
            self.smearing_ = float(np.clip(y.mean() / fitted.mean(), 0.5, 2.0)) if fitted.mean() > 0 else 1.0
        return self

    def predict(self, X: Array) -> Array:
        raw = np.asarray(self.estimator.predict(X), dtype=float) * self.spread_ + self.center_
        if self.kind == "standard":
            return raw
        margin = 0.1 * (self.high_ - self.low_)
        raw = np.clip(raw, self.low_ - margin, self.high_ + margin)
        back = np.expm1(raw) if self.kind == "log" else np.square(np.maximum(raw, 0.0))
        return self.smearing_ * back + self.least_

    def _forward(self, y: Array) -> Array:
        if self.kind == "log":
            y = np.log1p(y - self.least_)
        elif self.kind == "root":
            y = np.sqrt(y - self.least_)
        return (y - self.center_) / self.spread_


class Clipped(BaseEstimator):
    """A regression whose predictions stay within the range of the targets it has seen."""

    def __init__(self, estimator: Any, low: float = 0.0, high: float = 1.0) -> None:
        self.estimator = estimator
        self.low = low
        self.high = high

    def predict(self, X: Array) -> Array:
        return np.clip(np.asarray(self.estimator.predict(X), dtype=float), self.low, self.high)


class Mean(BaseEstimator):
    """The average of the predictions of several fitted estimators."""

    def __init__(self, estimators: Sequence[Any]) -> None:
        self.estimators = estimators

    def predict(self, X: Array) -> Array:
        return np.mean([np.asarray(one.predict(X), dtype=float) for one in self.estimators], axis=0)

    def predict_proba(self, X: Array) -> Array:
        return np.mean([one.predict_proba(X) for one in self.estimators], axis=0)


class Hurdle(BaseEstimator):
    """For a target that is often exactly zero: probability of more than zero times the amount when it is."""

    def __init__(self, occurrence: Any, amount: Any) -> None:
        self.occurrence = occurrence
        self.amount = amount

    def predict(self, X: Array) -> Array:
        return np.asarray(self.occurrence.predict_proba(X))[:, 1] * np.maximum(np.asarray(self.amount.predict(X), dtype=float), 0.0)


class BoundedInput(BaseEstimator):
    """A model that extrapolates wildly, kept within `bound` standard deviations of what it was trained on."""

    def __init__(self, estimator: Any, bound: float = 8.0) -> None:
        self.estimator = estimator
        self.bound = bound

    @property
    def classes_(self) -> Array:
        return np.asarray(self.estimator.classes_)

    def predict(self, X: Array) -> Array:
        return np.asarray(self.estimator.predict(np.clip(X, -self.bound, self.bound)))

    def predict_proba(self, X: Array) -> Array:
        return np.asarray(self.estimator.predict_proba(np.clip(X, -self.bound, self.bound)))
