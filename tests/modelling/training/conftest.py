"""A small table with signal, split into three folds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tasks.modelling.runtime.recipe import ColumnRecipe, FeatureRecipe
from tasks.modelling.training.data import TrainingData
from tasks.rules.building.contract import Contract

METRIC = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}


@pytest.fixture
def make_data() -> Callable[..., TrainingData]:
    def make(task: str = "binary", rows: int = 150, metric: str = "", folds: np.ndarray | None = None) -> TrainingData:
        generator = np.random.default_rng(1)
        frame = pd.DataFrame({"a": generator.normal(size=rows), "b": generator.normal(size=rows), "noise": generator.normal(size=rows)})
        signal = 2 * frame["a"].to_numpy() + frame["b"].to_numpy() ** 2 + 0.5 * generator.normal(size=rows)
        classes: tuple[str, ...] = ()
        y = signal
        if task != "regression":
            cuts = [0.8] if task == "binary" else [-0.5, 2.0]
            y, classes = np.digitize(signal, cuts), tuple("abc"[: len(cuts) + 1])
        metric = metric or METRIC[task]
        contract = Contract(
            objective="", target="y", task=task, classes=classes, positive="b" if task == "binary" else None, metric=metric,
            direction="lower" if metric in {"log_loss", "rmse", "mae"} else "higher",
        )  # fmt: skip
        return TrainingData(frame, y, np.arange(rows) % 3 if folds is None else folds, contract, None, 0)

    return make


@pytest.fixture
def recipe() -> FeatureRecipe:
    return FeatureRecipe(
        task="binary", columns=tuple(ColumnRecipe(column=name, made="number", steps=("number",)) for name in ("a", "b", "noise"))
    )
