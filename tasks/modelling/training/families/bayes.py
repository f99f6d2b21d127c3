"""Classifiers from class densities: Gaussian naive Bayes, linear and quadratic discriminants."""

from __future__ import annotations

import warnings
from typing import Any

from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.naive_bayes import GaussianNB

from tasks.modelling.runtime.estimators import AllClasses
from tasks.modelling.training.families.family import Family, Fit


def _fit(fit: Fit, model: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return AllClasses(model, fit.problem.n_classes).fit(fit.X, fit.y)


NAIVE_BAYES = Family(
    "naive_bayes",
    "linear",
    lambda fit: _fit(fit, GaussianNB(var_smoothing=fit.params.get("smoothing", 1e-3))),
    lambda params, size: 0.01 + 2e-8 * size.rows * size.columns,
)
LINEAR_DISCRIMINANT = Family(
    "linear_discriminant",
    "linear",
    lambda fit: _fit(fit, LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")),
    lambda params, size: 0.02 + 4e-9 * size.rows * size.columns**2,
    most_rows=50_000,
)
QUADRATIC_DISCRIMINANT = Family(
    "quadratic_discriminant",
    "linear",
    lambda fit: _fit(fit, QuadraticDiscriminantAnalysis(solver="eigen", shrinkage=fit.params.get("shrinkage", 0.3))),
    lambda params, size: 0.02 + 4e-9 * size.rows * size.columns**2,
    most_rows=50_000,
)
