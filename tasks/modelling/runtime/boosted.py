"""Boosted trees of LightGBM and CatBoost behind the contract of `estimators`: early stopping, a last moment, levels as codes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator

Array = np.ndarray
Validation = tuple[Array, Array]


class LightGBMModel(BaseEstimator):
    """LightGBM; `n_classes` 0 is a regression. With a validation pair it stops early, and always soon after `until` (Unix seconds)."""

    def __init__(
        self, params: dict[str, Any] | None = None, n_classes: int = 0, rounds: int = 200, patience: int = 40, until: float = float("inf")
    ) -> None:
        self.params = params
        self.n_classes = n_classes
        self.rounds = rounds
        self.patience = patience
        self.until = until

    def fit(
        self,
        X: Array,
        y: Array,
        validation: Validation | None = None,
        categorical: Sequence[int] = (),
        sample_weight: Array | None = None,
        validation_weight: Array | None = None,
    ) -> Self:
        import lightgbm

        settings = {"verbosity": -1, "num_threads": 1, "force_col_wise": True} | _lightgbm_loss(self.n_classes) | dict(self.params or {})
        data = lightgbm.Dataset(X, y, weight=sample_weight, categorical_feature=list(categorical), params=settings)
        callbacks: list[Callable[..., Any]] = [_LightGBMClock(self.until)]
        valid = []
        if validation is not None:
            valid = [data.create_valid(validation[0], validation[1], weight=validation_weight)]
            callbacks.append(lightgbm.early_stopping(self.patience, verbose=False))
        booster = lightgbm.train(settings, data, self.rounds, valid_sets=valid, callbacks=callbacks)
        self.rounds_ = int(booster.best_iteration if booster.best_iteration > 0 else booster.current_iteration())
        self.booster_ = lightgbm.Booster(model_str=booster.model_to_string(num_iteration=self.rounds_))
        return self

    def predict(self, X: Array) -> Array:
        """Values `(n,)`, or class codes."""
        return self._raw(X) if self.n_classes == 0 else np.argmax(self.predict_proba(X), axis=1)

    def predict_proba(self, X: Array) -> Array:
        """Probabilities `(n, n_classes)`."""
        raw = self._raw(X)
        return np.column_stack([1 - raw, raw]) if raw.ndim == 1 else raw

    def _raw(self, X: Array) -> Array:
        return np.asarray(self.booster_.predict(np.asarray(X), num_threads=1))


def _lightgbm_loss(n_classes: int) -> dict[str, Any]:
    if n_classes == 0:
        return {"objective": "regression"}
    return {"objective": "binary"} if n_classes == 2 else {"objective": "multiclass", "num_class": n_classes}


class _LightGBMClock:
    """Ends training in good order; the trees so far are the model."""

    order = 25
    """Before early stopping (30)."""
    before_iteration = False

    def __init__(self, until: float) -> None:
        self.until = until

    def __call__(self, env: Any) -> None:
        if env.iteration >= 5 and time.time() > self.until:
            from lightgbm.callback import EarlyStopException

            raise EarlyStopException(env.iteration, env.evaluation_result_list or [])


class CatBoostModel(BaseEstimator):
    """CatBoost on codes of levels; `n_classes` 0 is a regression. Stops early like `LightGBMModel`."""

    def __init__(
        self, params: dict[str, Any] | None = None, n_classes: int = 0, rounds: int = 500, patience: int = 40, until: float = float("inf")
    ) -> None:
        self.params = params
        self.n_classes = n_classes
        self.rounds = rounds
        self.patience = patience
        self.until = until

    def fit(
        self,
        X: Array,
        y: Array,
        validation: Validation | None = None,
        categorical: Sequence[int] = (),
        sample_weight: Array | None = None,
        validation_weight: Array | None = None,
    ) -> Self:
        import catboost

        self.categorical_ = sorted(int(column) for column in categorical)
        settings: dict[str, Any] = {"iterations": self.rounds, "thread_count": 1, "allow_writing_files": False, "logging_level": "Silent"}
        settings |= _catboost_loss(self.n_classes)
        held = None
        if validation is not None:
            settings |= {"use_best_model": True, "od_type": "Iter", "od_wait": self.patience}
            held = catboost_pool(validation[0], self.categorical_, validation[1], validation_weight)
        clock = [_CatBoostClock(self.until)] if np.isfinite(self.until) else None
        model = catboost.CatBoost(settings | dict(self.params or {}))
        model.fit(catboost_pool(X, self.categorical_, y, sample_weight), eval_set=held, callbacks=clock)
        self.model_, self.rounds_ = model, int(model.tree_count_)
        return self

    def predict(self, X: Array) -> Array:
        """Values `(n,)`, or class codes."""
        return self._raw(X, "RawFormulaVal") if self.n_classes == 0 else np.argmax(self.predict_proba(X), axis=1)

    def predict_proba(self, X: Array) -> Array:
        """Probabilities `(n, n_classes)`."""
        return self._raw(X, "Probability")

    def _raw(self, X: Array, kind: str) -> Array:
        return np.asarray(self.model_.predict(catboost_pool(X, self.categorical_), prediction_type=kind, thread_count=1))


class _CatBoostClock:
    def __init__(self, until: float) -> None:
        self.until = until

    def after_iteration(self, info: Any) -> bool:
        return bool(info.iteration < 5 or time.time() <= self.until)


def _catboost_loss(n_classes: int) -> dict[str, Any]:
    if n_classes == 0:
        return {"loss_function": "RMSE"}
    if n_classes == 2:
        return {"loss_function": "Logloss"}
    return {"loss_function": "MultiClass", "classes_count": n_classes}


def catboost_pool(X: Array, categorical: Sequence[int], y: Array | None = None, weight: Array | None = None) -> Any:
    """Numbers first, then levels as bytes: the order `FeaturesData` fixes. A missing level is a level of its own."""
    import catboost

    X = np.asarray(X, dtype=np.float32)
    if not categorical:
        return catboost.Pool(X, y, weight=weight)
    numbers = np.setdiff1d(np.arange(X.shape[1]), categorical)
    codes = np.maximum(np.nan_to_num(X[:, list(categorical)], nan=-1.0).astype(np.int64), -1)
    names = np.array([str(code).encode() for code in range(-1, int(codes.max(initial=-1)) + 1)], dtype=object)
    data = catboost.FeaturesData(
        num_feature_data=np.ascontiguousarray(X[:, numbers]) if len(numbers) else None,
        cat_feature_data=names[codes + 1],
    )
    return catboost.Pool(data, y, weight=weight)
