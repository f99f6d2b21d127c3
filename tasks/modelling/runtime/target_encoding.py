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


class TargetMean(Step):
    """One feature per target; missing is a level of its own, an unseen level gets the overall mean."""

    def __init__(self, column: str) -> None:
        self.column = column

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        codes, levels = columns.levels(self.column)
        self.levels = Levels(levels)
        self._tell([f"{self.column} target mean {name}".rstrip() for name in training.target_names], self.column)
        made, self.means = encode_out_of_fold(np.where(codes < 0, len(levels), codes), len(levels) + 1, training)
        return made

    def transform(self, columns: Columns) -> np.ndarray:
        found = self.levels.find(*columns.levels(self.column))
        # The last but one row is for missing, the last for unseen levels.
        return self.means[np.where(found == -1, self.levels.size, np.where(found < -1, self.levels.size + 1, found))]


def encode_out_of_fold(groups: np.ndarray, n_groups: int, training: TrainingRows) -> tuple[np.ndarray, np.ndarray]:
    """Out-of-fold features (n_rows, n_targets), and the means (n_groups + 1, n_targets) for new rows, the overall mean last."""
    targets = training.targets
    made = np.empty(targets.shape, dtype=np.float64)
    means = np.empty((n_groups + 1, targets.shape[1]), dtype=np.float64)
    cell = training.folds * n_groups + groups
    counts = np.bincount(cell, minlength=INNER_FOLDS * n_groups).reshape(INNER_FOLDS, n_groups).astype(np.float64)
    for k in range(targets.shape[1]):
        sums = np.bincount(cell, weights=targets[:, k], minlength=INNER_FOLDS * n_groups).reshape(INNER_FOLDS, n_groups)
        squares = float(targets[:, k] @ targets[:, k])
        means[:, k] = _shrunk(sums.sum(axis=0), counts.sum(axis=0), squares)
        for fold in range(INNER_FOLDS):
            rows = training.folds == fold
            outside = targets[~rows, k]
            made[rows, k] = _shrunk(sums.sum(axis=0) - sums[fold], counts.sum(axis=0) - counts[fold], float(outside @ outside))[
                groups[rows]
            ]
    return made, means


def _shrunk(sums: np.ndarray, counts: np.ndarray, squares: float) -> np.ndarray:
    """Shrunken means per group, and the overall mean at the end."""
    total = counts.sum()
    overall = sums.sum() / total if total else 0.0
    weight = shrinkage(sums, counts, squares)
    return np.append((sums + weight * overall) / (counts + weight), overall)


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
