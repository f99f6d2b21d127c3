"""Models that compare rows: neighbours, support vectors, Gaussian processes. For small data; on the scaled view."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.svm import SVC, SVR

from tasks.modelling.runtime.estimators import AllClasses, MarginClassifier
from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.families.family import Family, Fit, Params, Size, class_weights
from tasks.modelling.training.families.linear import fit_target

INNER_FOLDS = 3


def _neighbours(fit: Fit) -> Any:
    count = min(fit.params["neighbours"], max(1, len(fit.y) - 1))
    settings = {"n_neighbors": count, "weights": fit.params.get("weights", "distance"), "p": fit.params.get("p", 2)}
    if fit.problem.n_classes:
        return AllClasses(KNeighborsClassifier(**settings), fit.problem.n_classes).fit(fit.X, fit.y)
    return KNeighborsRegressor(**settings).fit(fit.X, fit.y)


def _support_vectors(fit: Fit) -> Any:
    gamma = fit.params["gamma"] / max(1.0, float(np.square(fit.X.std(axis=0)).sum()))
    settings: dict[str, Any] = {"C": fit.params["C"], "gamma": gamma, "cache_size": 300}
    if not fit.problem.n_classes:
        return fit_target(fit, SVR(epsilon=fit.params.get("epsilon", 0.1), max_iter=200_000, **settings))
    machine = SVC(class_weight=class_weights(fit), max_iter=200_000, random_state=fit.seed, **settings)
    return _with_probabilities(machine, fit)


def _with_probabilities(machine: SVC, fit: Fit) -> MarginClassifier:
    """The scale of the margins is found on three inner folds, so that it is not fooled by margins of training rows.

    A class of fewer than three rows cannot be in every fold; then the margins are taken as they are.
    """
    from scipy.optimize import minimize
    from sklearn.base import clone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        machine.fit(fit.X, fit.y)
        if np.unique(fit.y, return_counts=True)[1].min() < INNER_FOLDS:
            return MarginClassifier(machine, fit.problem.n_classes)
        inner = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=fit.seed)
        parts = [(clone(machine).fit(fit.X[a], fit.y[a]), b) for a, b in inner.split(fit.X, fit.y)]

    def loss(theta: np.ndarray) -> float:
        total = 0.0
        for model, rows in parts:
            chance = MarginClassifier(model, fit.problem.n_classes, float(np.exp(theta[0])), float(theta[1])).predict_proba(fit.X[rows])
            total -= float(np.log(np.clip(chance[np.arange(len(rows)), fit.y[rows]], 1e-9, 1)).sum())
        return total

    found = minimize(loss, np.array([0.5, 0.0]), method="Nelder-Mead", options={"maxiter": 60, "xatol": 0.01, "fatol": 0.01}).x
    return MarginClassifier(machine, fit.problem.n_classes, float(np.exp(found[0])), float(found[1]))


def _gaussian_process(fit: Fit) -> Any:
    kernel = ConstantKernel(1.0) * RBF(np.sqrt(fit.X.shape[1]) * fit.params.get("length", 1.0)) + WhiteKernel(0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return fit_target(fit, GaussianProcessRegressor(kernel, normalize_y=False, n_restarts_optimizer=0, random_state=fit.seed))


def _neighbours_space(trial: Any, size: Size, problem: Problem) -> Params:
    return {"neighbours": trial.suggest_int("neighbours", 3, 60, log=True), "p": trial.suggest_categorical("p", [1, 2])}


def _support_space(trial: Any, size: Size, problem: Problem) -> Params:
    params: Params = {"C": trial.suggest_float("C", 0.1, 100, log=True), "gamma": trial.suggest_float("gamma", 0.05, 3, log=True)}
    if not problem.n_classes:
        params["epsilon"] = trial.suggest_float("epsilon", 0.01, 0.3, log=True)
    if problem.skewed:
        params["target"] = trial.suggest_categorical("target", ["standard", "log"])
    return params


NEIGHBOURS = Family(
    "neighbours",
    "linear",
    _neighbours,
    lambda params, size: 0.02 + 3e-10 * size.rows**2 * size.columns,
    _neighbours_space,
    most_rows=20_000,
)
SUPPORT_VECTORS = Family(
    "support_vectors",
    "linear",
    _support_vectors,
    lambda params, size: 0.05 + 5e-9 * size.rows**2 * size.columns * (1 if size.outputs == 1 else 2),
    _support_space,
    most_rows=8_000,
)
GAUSSIAN_PROCESS = Family(
    "gaussian_process",
    "linear",
    _gaussian_process,
    lambda params, size: 0.1 + 2e-9 * float(size.rows) ** 3 + 2e-7 * size.rows**2,
    most_rows=1_200,
)
