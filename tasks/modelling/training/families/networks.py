"""Multilayer perceptrons on the scaled view: a few seeds averaged, each stopped on held or inner rows."""

from __future__ import annotations

import time
import warnings
from copy import deepcopy
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from tasks.modelling.runtime.estimators import AllClasses, BoundedInput, Mean
from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.families.family import Family, Fit, Params, Size
from tasks.modelling.training.families.linear import fit_target

BOUND = 8.0
"""Standard deviations: inputs beyond are clipped."""


def _network(fit: Fit) -> Any:
    return Mean([_one(fit, number) for number in range(fit.params.get("seeds", 2))])


def _one(fit: Fit, number: int) -> Any:
    settings: dict[str, Any] = {
        "hidden_layer_sizes": tuple(fit.params["layers"]),
        "alpha": fit.params["alpha"],
        "learning_rate_init": fit.params.get("rate", 0.003),
        "batch_size": int(min(256, max(32, len(fit.y) // 40), len(fit.y))),
        "random_state": fit.seed * 100 + number,
    }
    if fit.problem.n_classes:
        return AllClasses(_Epochs(MLPClassifier(**settings), fit).fit(fit.X, fit.y).network, fit.problem.n_classes)
    model = fit_target(fit, _Epochs(MLPRegressor(**settings), fit))
    model.estimator = model.estimator.network
    return model


class _Epochs:
    """Trains epoch by epoch with a rate that falls along a cosine; their number is fixed, so no row has to be kept aside."""

    def __init__(self, network: Any, fit: Fit) -> None:
        self.network = BoundedInput(network, BOUND)
        self.epochs, self.until = _epochs(fit.params, len(fit.y)), fit.until
        self.options = {"classes": np.unique(fit.y)} if fit.problem.n_classes else {}

    def fit(self, X: np.ndarray, y: np.ndarray) -> _Epochs:
        network, bounded = self.network.estimator, np.clip(X, -BOUND, BOUND)
        first = network.learning_rate_init
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for epoch in range(self.epochs):
                if epoch:
                    network._optimizer.learning_rate_init = first * 0.5 * (1 + np.cos(np.pi * epoch / self.epochs))
                network.partial_fit(bounded, y, **self.options)
                if epoch >= 3 and time.time() > self.until:
                    break
        self.network.estimator = _lean(network)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.network.predict(X)


def _lean(network: Any) -> Any:
    """Without the optimiser's moments, which triple its size."""
    lean = deepcopy(network)
    for name in ("_optimizer", "_random_state", "loss_curve_"):
        lean.__dict__.pop(name, None)
    return lean


def _epochs(params: Params, rows: int) -> int:
    return int(params.get("epochs", np.clip(2e5 / max(rows, 1), 12, 80)))


def _seconds(params: Params, size: Size) -> float:
    layers = [size.columns, *params["layers"]]
    weights = sum(a * b for a, b in pairwise(layers))
    return 0.1 + params.get("seeds", 2) * _epochs(params, size.rows) * size.rows * (8e-6 + 1.2e-9 * weights)


def _space(trial: Any, size: Size, problem: Problem) -> Params:
    width = trial.suggest_categorical("width", [32, 64, 128])
    params: Params = {
        "layers": [width] * trial.suggest_int("depth", 1, 2),
        "alpha": trial.suggest_float("alpha", 1e-4, 3, log=True),
        "rate": trial.suggest_float("rate", 5e-4, 0.01, log=True),
        "seeds": 2,
    }
    if problem.skewed:
        params["target"] = trial.suggest_categorical("target", ["standard", "log"])
    return params


NETWORK = Family("network", "linear", _network, _seconds, _space, is_random=True)
