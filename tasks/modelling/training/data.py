"""What a search is given and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from tasks.evidence.scores.facts import Candidate, Member
from tasks.rules.building.contract import Contract

FIRST_BLOCK = -1
OPENED = -2
"""Fold of rows that were sealed and are now added to every fit."""
Executor = Literal["processes", "dask", "ray"]


@dataclass(frozen=True)
class TrainingData:
    """The development rows; nothing of the sealed test."""

    frame: pd.DataFrame
    """Canonical (`apply_schema`), without the target and the dropped columns."""
    y: np.ndarray
    """`(n,)`: float for a regression, codes of `contract.classes` otherwise."""
    folds: np.ndarray
    """`(n,)` int: the fold that holds the row out; -1 for rows that are only ever trained on (the first block of a split by time)."""
    contract: Contract
    groups: np.ndarray | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not len(self.frame) == len(self.y) == len(self.folds):
            raise ValueError(f"frame, y and folds must be as long: got {len(self.frame)}, {len(self.y)}, {len(self.folds)}")

    @property
    def n_classes(self) -> int:
        """0 for a regression."""
        return 0 if self.contract.task == "regression" else max(2, len(self.contract.classes))

    @property
    def in_time(self) -> bool:
        """Later folds are trained on earlier rows only."""
        return bool((self.folds == FIRST_BLOCK).any())

    def training_rows(self, fold: int) -> np.ndarray:
        """Positions of the rows a fold's models are fitted on; sealed rows, once opened, are in all."""
        return np.flatnonzero(self.folds < fold) if self.in_time else np.flatnonzero(self.folds != fold)

    def held_rows(self, fold: int) -> np.ndarray:
        """Positions of the rows a fold's models are scored on."""
        return np.flatnonzero(self.folds == fold)

    @property
    def fold_numbers(self) -> tuple[int, ...]:
        return tuple(int(number) for number in np.unique(self.folds) if number >= 0)

    @property
    def model_folds(self) -> tuple[int, ...]:
        """Folds whose models predict in the end: all, but only the last of a split by time, which saw the most and latest rows."""
        return self.fold_numbers[-1:] if self.in_time else self.fold_numbers


@dataclass(frozen=True)
class SearchOptions:
    """How a search may use the machine, and what the critic asked of it."""

    jobs: int = 2
    executor: Executor = "processes"
    address: str = ""
    """Of the Dask scheduler or the Ray cluster; empty: a local one, started and ended here. Its workers must see the build's folder."""
    optuna_storage: str = ""
    """URL of a database several builds share; empty: a journal file in the folder."""
    max_candidates: int | None = None
    """With it no deadline presses (unless it passes), and the result is exactly reproducible."""
    families: tuple[str, ...] | None = None
    """Only these, with the baselines; None: all."""
    first: tuple[tuple[str, dict[str, object]], ...] = ()
    """Family and parameters of configurations to try before all others: those of a template."""
    simplify: bool = False
    """Leave out the most flexible configurations."""
    regularise: bool = False
    """Try candidates first that fit the training rows less closely."""
    class_weight: float | None = None
    """Try candidates first that count the positive class so many times; those of several classes weigh every class alike."""
    bags: int = 1
    """Fit the best candidates of earlier loops again, each the average over so many seeds."""


@dataclass(frozen=True)
class SearchOutcome:
    """The champion of all loops so far; the same for the same finished candidates."""

    candidates: tuple[Candidate, ...]
    members: tuple[Member, ...]
    oof: np.ndarray
    """`(n,)` or `(n, n_classes)`: predictions of the champion for rows it was not fitted on; NaN for rows that were never held out."""
    score: float
    """By the contract's metric over all rows with a prediction."""
    baselines: tuple[Candidate, ...]
    notes: tuple[str, ...] = field(default=())
    """What the search decided and a reader should know: too little time for some folds, families left out."""

    def candidate(self, id: str) -> Candidate:
        return next(c for c in self.candidates if c.id == id)
