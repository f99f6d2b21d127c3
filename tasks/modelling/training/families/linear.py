"""Linear models on the scaled view: ridge with its penalty by leave-one-out, logistic, elastic net."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import ElasticNet, HuberRegressor, LogisticRegression, Ridge, RidgeCV

from tasks.modelling.runtime.estimators import AllClasses, TransformedTarget
from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.families.family import Family, Fit, Params, Size, class_weights


def fit_target(fit: Fit, estimator: Any, **options: Any) -> Any:
    """A regression of the target as the parameters want it: standardised, or the logarithm or root of it."""
    kind = fit.params.get("target", "standard")
    return TransformedTarget(estimator, kind, smear=not fit.problem.absolute).fit(fit.X, fit.y, **options)


def _ridge(fit: Fit) -> Any:
    if len(fit.y) * fit.X.shape[1] ** 2 > 4e9:
        return fit_target(fit, Ridge(alpha=float(len(fit.y)) / 1000, solver="lsqr"))
    return fit_target(fit, RidgeCV(alphas=np.logspace(-2, 4, 19)))


def _logistic(fit: Fit) -> Any:
    settings: dict[str, Any] = {"C": fit.params["C"], "max_iter": 200, "tol": 1e-3, "class_weight": class_weights(fit)}
    if fit.params.get("l1") and fit.problem.n_classes == 2:
        settings |= {"l1_ratio": 1.0, "solver": "liblinear", "random_state": fit.seed}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return AllClasses(LogisticRegression(**settings), fit.problem.n_classes).fit(fit.X, fit.y)


def _elastic_net(fit: Fit) -> Any:
    model = ElasticNet(alpha=fit.params["alpha"], l1_ratio=fit.params["l1_ratio"], max_iter=300, tol=1e-3, random_state=fit.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return fit_target(fit, model)


def _huber(fit: Fit) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return fit_target(fit, HuberRegressor(alpha=fit.params["alpha"], max_iter=200))


def _logistic_seconds(params: Params, size: Size) -> float:
    return 0.02 + 1.2e-7 * size.rows * size.columns * max(1, size.outputs) * min(1.0, params["C"] ** 0.3 + 0.3)


def _logistic_space(trial: Any, size: Size, problem: Problem) -> Params:
    params: Params = {"C": trial.suggest_float("C", 1e-3, 30, log=True)}
    if problem.n_classes == 2 and size.rows <= 20_000 and trial.suggest_categorical("l1", [False, True]):
        params["l1"] = True
    return params


def _elastic_space(trial: Any, size: Size, problem: Problem) -> Params:
    params: Params = {"alpha": trial.suggest_float("alpha", 1e-4, 1, log=True), "l1_ratio": trial.suggest_float("l1_ratio", 0.05, 1)}
    if problem.skewed:
        params["target"] = trial.suggest_categorical("target", ["standard", "log"])
    return params


LOGISTIC = Family("logistic", "linear", _logistic, _logistic_seconds, _logistic_space)
RIDGE = Family("ridge", "linear", _ridge, lambda params, size: 0.03 + 3e-9 * size.rows * size.columns * min(size.columns, 2000))
ELASTIC_NET = Family("elastic_net", "linear", _elastic_net, lambda params, size: 0.03 + 1e-7 * size.rows * size.columns, _elastic_space)
HUBER = Family("huber", "linear", _huber, lambda params, size: 0.03 + 5e-7 * size.rows * size.columns)
