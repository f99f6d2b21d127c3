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
