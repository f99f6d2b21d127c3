"""What every family of models offers: a fit, a guess of its cost, a space to tune in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasks.modelling.training.configuration import Problem, ViewName

Params = dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """One fit: rows, what to hold against them, and when to stop."""

    params: Params
    problem: Problem
    X: np.ndarray
    y: np.ndarray
    categorical: tuple[int, ...]
    validation: tuple[np.ndarray, np.ndarray] | None
    """Rows that decide when boosting stops; None: all its rounds."""
    seed: int
    until: float = float("inf")
    """Unix seconds after which a fit that can end early does."""


@dataclass(frozen=True)
class Size:
    """Of a training matrix."""

    rows: int
    columns: int
    outputs: int
    """Trees per round: classes of a multiclass task, else 1."""


@dataclass(frozen=True)
class Family:
    """How one kind of model is fitted."""

    name: str
    view: ViewName
    fit: Callable[[Fit], Any]
    seconds: Callable[[Params, Size], float]
    """Rough cost of a fit on one quiet core; corrected by what is measured."""
    space: Callable[[Any, Size, Problem], Params] | None = None
    """Parameters suggested by an Optuna trial."""
    most_rows: int = 10**9
    """More training rows than this are not tried."""
    uses_rounds: bool = False
    """Its number of rounds is found by early stopping."""
    ends_early: bool = False
    """A fit that is told when to end has a model by then."""
    is_random: bool = False
    """Another seed gives another model, so averaging over seeds helps."""


def class_weights(fit: Fit) -> dict[int, float] | None:
    """Weight of each class among the rows, by its code; their mean over the rows is 1. None: nothing is weighted.

    `class_weight` is `balanced`, every class alike, or a number: how many times the positive class of a binary task counts.
    """
    wanted = fit.params.get("class_weight")
    if wanted is None or not fit.problem.n_classes:
        return None
    codes, counts = np.unique(np.asarray(fit.y, dtype=int), return_counts=True)
    raw = len(fit.y) / counts if wanted == "balanced" else np.where(codes == fit.problem.positive, float(wanted), 1.0)
    return {int(code): float(weight) for code, weight in zip(codes, raw * len(fit.y) / (raw * counts).sum(), strict=True)}


def row_weights(fit: Fit, y: np.ndarray) -> np.ndarray | None:
    """The same for each of these rows, `(n,)`; a class that was not trained on counts once."""
    weights = class_weights(fit)
    return None if weights is None else np.array([weights.get(int(code), 1.0) for code in y])
