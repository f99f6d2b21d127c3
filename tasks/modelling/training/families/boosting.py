"""Boosted trees: scikit-learn's histogram boosting, LightGBM, CatBoost.

Rounds: with at least `STOPPING_ROWS` held rows boosting stops on them (the bias is that of picking one of a few hundred highly
correlated scores on that many rows: far below the score's own noise); on smaller data the held rows decide nothing and the rounds
are part of the configuration. The sealed test sees neither.
"""

from __future__ import annotations

from typing import Any

from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from tasks.modelling.runtime.boosted import CatBoostModel, LightGBMModel
from tasks.modelling.runtime.estimators import AllClasses, Hurdle, TransformedTarget
from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.families.family import Family, Fit, Params, Size, class_weights, row_weights

STOPPING_ROWS = 400


def _target(fit: Fit, model: Any, **options: Any) -> Any:
    """Trees need no scaling, so the target stays as it is unless another scale is wanted."""
    kind = fit.params.get("target", "standard")
    if fit.problem.n_classes or kind == "standard":
        return model.fit(fit.X, fit.y, **options)
    return TransformedTarget(model, kind, smear=not fit.problem.absolute).fit(fit.X, fit.y, **options)


def _lightgbm(fit: Fit) -> Any:
    params = {name: value for name, value in fit.params.items() if name not in _OURS}
    params |= {"seed": fit.seed, "deterministic": True}
    if fit.problem.absolute:
        params["objective"] = "mape" if fit.problem.metric == "mape" else "regression_l1"
    model = LightGBMModel(params, fit.problem.n_classes, fit.params["rounds"], fit.params.get("patience", 40), fit.until)
    return _target(fit, model, validation=fit.validation, categorical=fit.categorical, **_weights(fit))


def _catboost(fit: Fit) -> Any:
    params = {name: value for name, value in fit.params.items() if name not in _OURS}
    params["random_seed"] = fit.seed
    if fit.problem.absolute:
        params["loss_function"] = "MAPE" if fit.problem.metric == "mape" else "MAE"
    model = CatBoostModel(params, fit.problem.n_classes, fit.params["rounds"], fit.params.get("patience", 40), fit.until)
    return _target(fit, model, validation=fit.validation, categorical=fit.categorical, **_weights(fit))


def _weights(fit: Fit) -> dict[str, Any]:
    """Of the rows, and of those that stop boosting, which would else stop a weighted model for not being the other."""
    held = None if fit.validation is None else row_weights(fit, fit.validation[1])
    return {"sample_weight": row_weights(fit, fit.y), "validation_weight": held} if fit.problem.n_classes else {}


_OURS = {"rounds", "patience", "target", "class_weight", "view"}


def _histogram(fit: Fit) -> Any:
    loss = "absolute_error" if fit.problem.absolute else "squared_error"
    settings: dict[str, Any] = {
        "max_iter": fit.params["rounds"],
        "learning_rate": fit.params["learning_rate"],
        "max_leaf_nodes": fit.params["leaves"],
        "min_samples_leaf": fit.params["min_leaf"],
        "l2_regularization": fit.params["l2"],
        "max_features": fit.params["max_features"],
        "categorical_features": [i for i in fit.categorical if fit.X[:, i].max(initial=0) < 255] or None,
        "random_state": fit.seed,
        "early_stopping": fit.validation is not None,
        "n_iter_no_change": 25,
        "tol": 0.0,
    }
    held = {} if fit.validation is None else {"X_val": fit.validation[0], "y_val": fit.validation[1]}
    if fit.problem.n_classes:
        model = HistGradientBoostingClassifier(class_weight=class_weights(fit), **settings).fit(fit.X, fit.y, **held)
        return AllClasses(model, fit.problem.n_classes)
    return HistGradientBoostingRegressor(loss=loss, **settings).fit(fit.X, fit.y, **held)


def _hurdle(fit: Fit) -> Any:
    """Whether the target is zero, and how much it is when not, each by LightGBM."""
    params = {name: value for name, value in fit.params.items() if name not in _OURS} | {"seed": fit.seed, "deterministic": True}
    rounds, patience = fit.params["rounds"], fit.params.get("patience", 40)
    first, second = rounds if isinstance(rounds, list) else (rounds, rounds)
    held = fit.validation
    some = fit.y > 0
    occurs = LightGBMModel(params, 2, first, patience, fit.until).fit(
        fit.X, some.astype(int), validation=None if held is None else (held[0], (held[1] > 0).astype(int)), categorical=fit.categorical
    )
    amount = LightGBMModel(params, 0, second, patience, fit.until).fit(
        fit.X[some],
        fit.y[some],
        validation=None if held is None or not (held[1] > 0).any() else (held[0][held[1] > 0], held[1][held[1] > 0]),
        categorical=fit.categorical,
    )
    return Hurdle(occurs, amount)


def _expected_rounds(params: Params) -> float:
    return min(params["rounds"], 12 / params.get("learning_rate", 0.05))


def _lightgbm_seconds(params: Params, size: Size) -> float:
    leaves = params.get("num_leaves", 31) / 31
    per_round = 2e-4 * leaves + 1.5e-9 * size.rows * size.columns * 8 * (0.4 + 0.6 * leaves**0.5) * params.get("feature_fraction", 1.0)
    return 0.05 + _expected_rounds(params) * size.outputs * per_round


def _catboost_seconds(params: Params, size: Size) -> float:
    detail = 1.0 if "border_count" in params else 3.0
    per_round = detail * 2.0 ** (params.get("depth", 6) - 6) * (5e-4 + 2e-8 * size.rows * size.columns)
    return 0.1 + _expected_rounds(params) * size.outputs**0.8 * per_round


def _lightgbm_space(trial: Any, size: Size, problem: Problem) -> Params:
    params: Params = {
        "learning_rate": trial.suggest_float("learning_rate", 0.015, 0.15, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 4, 128 if size.rows > 2000 else 32, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 2, 50, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.25, 1.0),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 1.0),
        "bagging_freq": 1,
        "lambda_l2": trial.suggest_float("lambda_l2", 0.01, 20, log=True),
        "extra_trees": trial.suggest_categorical("extra_trees", [False, True]),
        "max_cat_to_onehot": 8,
        "cat_smooth": trial.suggest_float("cat_smooth", 3, 60, log=True),
        "view": trial.suggest_categorical("view", ["native", "tree"]),
    }
    return params | _tuned_rounds(trial, size, problem, 12)


def _catboost_space(trial: Any, size: Size, problem: Problem) -> Params:
    params: Params = {
        "learning_rate": trial.suggest_float("learning_rate", 0.03, 0.15, log=True),
        "depth": trial.suggest_int("depth", 3, 8),
        "l2_leaf_reg": trial.suggest_float("l2_leaf_reg", 0.5, 20, log=True),
        "random_strength": trial.suggest_float("random_strength", 0.3, 5, log=True),
        "rsm": trial.suggest_float("rsm", 0.4, 1.0),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "bootstrap_type": "Bernoulli",
        "boosting_type": "Plain",
        "border_count": 64,
        "max_ctr_complexity": 1,
        "one_hot_max_size": 8,
    }
    return params | _tuned_rounds(trial, size, problem, 16)


def _tuned_rounds(trial: Any, size: Size, problem: Problem, per_rate: float) -> Params:
    """Small data: the rounds are tuned as a multiple of those the learning rate suggests."""
    extra: Params = {"rounds": 1500}
    if size.rows < STOPPING_ROWS * 5:
        factor = trial.suggest_float("rounds_by_rate", 0.2, 2.0, log=True)
        extra["rounds"] = max(10, int(per_rate * factor / trial.params["learning_rate"]))
    if problem.skewed:
        extra["target"] = trial.suggest_categorical("target", ["standard", "log", "root"])
    return extra


LIGHTGBM = Family("lightgbm", "native", _lightgbm, _lightgbm_seconds, _lightgbm_space, uses_rounds=True, ends_early=True, is_random=True)
CATBOOST = Family("catboost", "native", _catboost, _catboost_seconds, _catboost_space, uses_rounds=True, ends_early=True, is_random=True)
HISTOGRAM = Family(
    "histogram_boosting",
    "native",
    _histogram,
    lambda params, size: 0.1 + 1.5 * _lightgbm_seconds({"learning_rate": 0.1} | params, size),
    uses_rounds=True,
    is_random=True,
)
HURDLE = Family("hurdle", "native", _hurdle, lambda params, size: 2 * _lightgbm_seconds(params, size), uses_rounds=True, is_random=True)
