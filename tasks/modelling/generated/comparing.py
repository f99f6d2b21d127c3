"""Do columns pay? One LightGBM with and one without them, on the same folds, by a paired test: what is within the noise is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tasks.evidence.scores.metrics import METRICS
from tasks.evidence.scores.paired import PairedGain, compare_models
from tasks.evidence.scores.spread import INDEPENDENT, Dependence
from tasks.modelling.training.data import TrainingData

MOST_ROWS = 20_000
"""Larger tables are compared on a random sample."""
ROUNDS = 120
MOST_LEVELS = 200
LEAST_FOLD_ROWS = 5
RANKED = {"precision": "average_precision", "recall": "average_precision"}
SMOOTH = {"binary": "log_loss", "multiclass": "log_loss", "regression": "rmse"}
"""Where the contract's metric needs a threshold, which has not been chosen yet."""


def compare_columns(data: TrainingData, by_fold: Mapping[int, pd.DataFrame], *, jobs: int = 1) -> PairedGain:
    """Gain of the columns, each fold's made with the state of its training rows. `by_fold`: `(n,)` rows each, as in `data`."""
    chosen = _sample(data)
    known = _numbers(data.frame)
    without, with_them = [], []
    held_rows = []
    for fold in data.fold_numbers:
        train, held = np.intersect1d(data.training_rows(fold), chosen), np.intersect1d(data.held_rows(fold), chosen)
        if len(held) < LEAST_FOLD_ROWS or len(np.unique(data.y[train])) < 2:
            continue
        new = _numbers(by_fold[fold])
        without.append(_fit_and_predict(data, known, train, held, jobs))
        with_them.append(_fit_and_predict(data, pd.concat([known, new], axis=1), train, held, jobs))
        held_rows.append(held)
    rows = np.concatenate(held_rows)
    return compare_models(
        _metric(data), data.y[rows], np.concatenate(with_them), np.concatenate(without), positive=_positive(data),
        dependence=_dependence(data, rows), seed=data.seed,
    )  # fmt: skip


def _metric(data: TrainingData) -> str:
    metric = RANKED.get(data.contract.metric, data.contract.metric)
    return metric if METRICS[metric].needs in ("proba", "value") else SMOOTH[data.contract.task]


def _positive(data: TrainingData) -> int:
    contract = data.contract
    return contract.classes.index(contract.positive) if contract.positive in contract.classes else 1


def _dependence(data: TrainingData, rows: np.ndarray) -> Dependence:
    if data.groups is not None:
        return Dependence(groups=data.groups[rows])
    return Dependence(time=rows) if data.in_time else INDEPENDENT


def _sample(data: TrainingData) -> np.ndarray:
    n = len(data.y)
    return np.arange(n) if n <= MOST_ROWS else np.sort(np.random.default_rng(data.seed).choice(n, MOST_ROWS, replace=False))


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Everything as numbers: levels as codes by frequency, moments as days."""
    made = {}
    for name in frame.columns:
        column = frame[name]
        if column.dtype.kind == "M":
            days = column.to_numpy().astype("datetime64[us]").astype("int64") / 86_400e6
            made[name] = np.where(column.isna(), np.nan, days)
        elif column.dtype == object:
            order = {level: code for code, level in enumerate(column.value_counts().index[:MOST_LEVELS])}
            made[name] = column.map(order).to_numpy(dtype=float)
        else:
            made[name] = column.to_numpy(dtype=float)
    return pd.DataFrame(made, index=frame.index)


def _fit_and_predict(data: TrainingData, table: pd.DataFrame, train: np.ndarray, held: np.ndarray, jobs: int) -> np.ndarray:
    """Values `(n,)`, or probabilities `(n, k)` with every class of the contract."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    common: dict[str, Any] = {
        "n_estimators": ROUNDS, "learning_rate": 0.08, "num_leaves": 24, "min_child_samples": 10, "random_state": data.seed,
        "n_jobs": jobs, "verbosity": -1, "deterministic": True,
    }  # fmt: skip
    x = table.to_numpy(dtype=np.float32)
    if not data.n_classes:
        return np.asarray(LGBMRegressor(**common).fit(x[train], data.y[train]).predict(x[held]), dtype=float)
    model = LGBMClassifier(**common).fit(x[train], data.y[train])
    chances = np.full((len(held), data.n_classes), 1e-9)
    chances[:, model.classes_.astype(int)] = model.predict_proba(x[held])
    return chances / chances.sum(axis=1, keepdims=True)
