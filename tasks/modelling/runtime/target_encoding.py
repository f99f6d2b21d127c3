"""The mean of the target within a level, shrunk towards the overall mean, and cross-fitted on the training rows.

A training row is encoded by the rows of the other inner folds, so its own target is never in its feature; new rows are encoded by
all training rows. Shrinkage is the empirical Bayes estimate of a random-effects model: a level of n rows weighs n / (n + m) with
m = variance within levels / variance between levels, by the method of moments (Searle, Casella, McCulloch, Variance Components, 1992).
"""

from __future__ import annotations

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.levels import Levels
from tasks.modelling.runtime.step import INNER_FOLDS, Step, TrainingRows

LEAST_SHRINKAGE = 2.0
MOST_SHRINKAGE = 500.0
REPEATED = 1.2
"""Rows per level below which there is nothing to encode."""


class TargetMean(Step):
    """One feature per target; missing is a level of its own, an unseen level gets the overall mean."""

    doubtful = True

    def __init__(self, column: str, more_than: int = 0) -> None:
        self.column = column
        self.more_than = more_than
        """Levels up to which nothing is encoded."""

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        codes, levels = columns.levels(self.column)
        if len(levels) <= max(1, self.more_than) or not repeats(codes, len(levels)):
            self.levels, self.means = Levels([]), np.zeros((2, 0))
            self._tell([], self.column)
            return self.means[np.zeros(columns.rows, dtype=np.int64)]
        self.levels = Levels(levels)
        self._tell([f"{self.column} target mean {name}".rstrip() for name in training.target_names], self.column)
        made, self.means = encode_out_of_fold(np.where(codes < 0, len(levels), codes), len(levels) + 1, training)
        return made

    def transform(self, columns: Columns) -> np.ndarray:
        found = self.levels.find(*columns.levels(self.column))
        # The last but one row is for missing, the last for unseen levels.
        return self.means[np.where(found == -1, self.levels.size, np.where(found < -1, self.levels.size + 1, found))]


def repeats(codes: np.ndarray, n_levels: int) -> bool:
    """Whether levels come back often enough to learn from: a fifth more rows than levels."""
    return int((codes >= 0).sum()) > REPEATED * n_levels


def encode_out_of_fold(groups: np.ndarray, n_groups: int, training: TrainingRows) -> tuple[np.ndarray, np.ndarray]:
    """Out-of-fold features (n_rows, n_targets), and the means (n_groups + 1, n_targets) for new rows, the overall mean last.

    All folds shrink to the one overall mean: with a mean of their own, the feature would tell the folds apart.
    """
    targets, folds = training.targets, training.folds
    made = np.empty(targets.shape, dtype=np.float64)
    means = np.empty((n_groups + 1, targets.shape[1]), dtype=np.float64)
    cell = folds * n_groups + groups
    counts = np.bincount(cell, minlength=INNER_FOLDS * n_groups).reshape(INNER_FOLDS, n_groups).astype(np.float64)
    for k in range(targets.shape[1]):
        values = targets[:, k]
        sums = np.bincount(cell, weights=values, minlength=INNER_FOLDS * n_groups).reshape(INNER_FOLDS, n_groups)
        squares = np.bincount(folds, weights=values**2, minlength=INNER_FOLDS)
        overall = float(values.mean()) if values.size else 0.0
        means[:-1, k] = _shrunk(sums.sum(axis=0), counts.sum(axis=0), float(squares.sum()), overall)
        means[-1, k] = overall
        outside = [
            _shrunk(sums.sum(axis=0) - sums[f], counts.sum(axis=0) - counts[f], float(squares.sum() - squares[f]), overall)
            for f in range(INNER_FOLDS)
        ]
        made[:, k] = np.array(outside)[folds, groups]
    return made, means


def _shrunk(sums: np.ndarray, counts: np.ndarray, squares: float, overall: float) -> np.ndarray:
    weight = shrinkage(sums, counts, squares)
    return (sums + weight * overall) / (counts + weight)


def shrinkage(sums: np.ndarray, counts: np.ndarray, squares: float) -> float:
    """Rows the overall mean weighs, m, from sums and counts per group and the sum of squares of all."""
    seen = counts > 0
    groups, total = int(seen.sum()), float(counts.sum())
    if groups < 2 or total <= groups:
        return MOST_SHRINKAGE if groups > 1 else LEAST_SHRINKAGE
    between = float((sums[seen] ** 2 / counts[seen]).sum())
    within = max((squares - between) / (total - groups), 0.0)
    size = (total - float((counts[seen] ** 2).sum()) / total) / (groups - 1)
    spread = ((between - sums.sum() ** 2 / total) / (groups - 1) - within) / size
    if spread <= 0:
        return MOST_SHRINKAGE
    return float(np.clip(within / spread, LEAST_SHRINKAGE, MOST_SHRINKAGE))
