"""What is usual within a level: the mean of a number there, and how far a row is from it."""

from __future__ import annotations

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.levels import Levels
from tasks.modelling.runtime.step import Step, TrainingRows

PRIOR_ROWS = 5.0


class GroupStatistics(Step):
    """For one column of levels and several numbers: shrunken mean within the level, and the row's difference from it in deviations.

    The target is not used. Missing and unseen levels stand for all rows; a missing number is at the mean.
    """

    def __init__(self, column: str, numbers: list[str]) -> None:
        self.column = column
        self.numbers = numbers

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        codes, levels = columns.levels(self.column)
        self.levels = Levels(levels)
        self.means = np.empty((len(levels) + 1, len(self.numbers)))
        self.deviations = np.ones(len(self.numbers))
        for position, name in enumerate(self.numbers):
            self.means[:, position], self.deviations[position] = _level_means(codes, len(levels), columns.numbers(name))
        names = [f"{text} of {c} in {self.column}" for c in self.numbers for text in ("mean", "place")]
        self._tell(names, self.column)
        return self._make(codes, columns)

    def transform(self, columns: Columns) -> np.ndarray:
        return self._make(np.maximum(self.levels.find(*columns.levels(self.column)), -1), columns)

    def _make(self, codes: np.ndarray, columns: Columns) -> np.ndarray:
        made = np.empty((columns.rows, 2 * len(self.numbers)), dtype=np.float64)
        for position, name in enumerate(self.numbers):
            usual = self.means[codes, position]
            made[:, 2 * position] = usual
            made[:, 2 * position + 1] = np.nan_to_num((columns.numbers(name) - usual) / self.deviations[position])
        return made


def _level_means(codes: np.ndarray, n_levels: int, values: np.ndarray) -> tuple[np.ndarray, float]:
    """Means per level (n_levels + 1,), the overall one last, and the overall standard deviation."""
    known = ~np.isnan(values)
    if not known.any():
        return np.zeros(n_levels + 1), 1.0
    overall, deviation = float(values[known].mean()), float(values[known].std())
    place = codes[known] + 1
    counts = np.bincount(place, minlength=n_levels + 1)[1:]
    sums = np.bincount(place, weights=values[known], minlength=n_levels + 1)[1:]
    means = (sums + PRIOR_ROWS * overall) / (counts + PRIOR_ROWS)
    return np.append(means, overall), deviation if deviation > 0 else 1.0
