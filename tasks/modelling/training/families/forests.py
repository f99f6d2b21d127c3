"""Random forests and extremely randomised trees, kept small enough to travel."""

from __future__ import annotations

from typing import Any

from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

from tasks.modelling.runtime.estimators import AllClasses
from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.families.family import Family, Fit, Params, Size, class_weights
from tasks.modelling.training.families.linear import fit_target

MOST_BYTES = 12e6
"""Of one fold's forest in memory: five folds of two forests stay near 100 MB."""


def trees_of(params: Params, size: Size) -> int:
    """As many trees as wanted, fewer where they would be too large: a node is 64 bytes and 8 more for each output."""
    nodes = 2.0 * size.rows / max(1, params["min_leaf"]) * 0.7
    return int(max(20, min(params["trees"], MOST_BYTES / (nodes * (64 + 8 * size.outputs)))))


def _forest(fit: Fit, classifier: type, regressor: type) -> Any:
    size = Size(len(fit.y), fit.X.shape[1], max(1, fit.problem.n_classes))
    settings: dict[str, Any] = {
        "n_estimators": trees_of(fit.params, size),
        "min_samples_leaf": fit.params["min_leaf"],
        "max_features": fit.params["max_features"],
        "random_state": fit.seed,
        "n_jobs": 1,
    }
    if not fit.problem.n_classes:
        return fit_target(fit, regressor(**settings))
    settings |= {"criterion": fit.params.get("criterion", "gini"), "class_weight": class_weights(fit)}
    return AllClasses(classifier(**settings), fit.problem.n_classes).fit(fit.X, fit.y)


def _seconds(factor: float) -> Any:
    def seconds(params: Params, size: Size) -> float:
        share = params["max_features"] if isinstance(params["max_features"], float) else max(1.0, size.columns**0.5) / size.columns
        work = size.rows * (8 + 1.3 * size.columns * share) * max(1.0, (size.outputs / 4))
        return 0.05 + factor * trees_of(params, size) * work

    return seconds


def _space(trial: Any, size: Size, problem: Problem) -> Params:
    params: Params = {
        "trees": 200,
        "min_leaf": trial.suggest_int("min_leaf", 1, 20, log=True),
        "max_features": trial.suggest_float("max_features", 0.15, 1.0),
    }
    if problem.n_classes:
        params["criterion"] = trial.suggest_categorical("criterion", ["gini", "entropy"])
    if problem.skewed:
        params["target"] = trial.suggest_categorical("target", ["standard", "log"])
    return params


RANDOM_FOREST = Family(
    "random_forest",
    "tree",
    lambda fit: _forest(fit, RandomForestClassifier, RandomForestRegressor),
    _seconds(2e-7),
    _space,
    is_random=True,
)
EXTRA_TREES = Family(
    "extra_trees", "tree", lambda fit: _forest(fit, ExtraTreesClassifier, ExtraTreesRegressor), _seconds(1e-7), _space, is_random=True
)
