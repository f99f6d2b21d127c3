"""Numbers as the views need them: as they are, with the median for missing, or squeezed where one tail is long."""

from __future__ import annotations

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.step import Step, TrainingRows


class Numbers(Step):
    """Several columns at once. A column without any value is 0 where missing is filled, NaN where it is not."""

    def __init__(self, columns: list[str], fill: bool, squeeze: list[str], doubtful: bool = False) -> None:
        self.columns = columns
        self.fill = fill
        self.squeeze = squeeze
        """Through asinh((x - median) / interquartile range): linear near the middle, logarithmic in the tails."""
        self.doubtful = doubtful

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        values = self._stack(columns)
        self.medians, self.spreads = _quartiles(values)
        self.squeezed = np.array([c in self.squeeze for c in self.columns], dtype=bool)
        self._tell(list(self.columns), list(self.columns))
        return self._make(values)

    def transform(self, columns: Columns) -> np.ndarray:
        return self._make(self._stack(columns))

    def _stack(self, columns: Columns) -> np.ndarray:
        values = np.empty((columns.rows, len(self.columns)), dtype=np.float64)
        for position, name in enumerate(self.columns):
            values[:, position] = columns.numbers(name)
        return values

    def _make(self, values: np.ndarray) -> np.ndarray:
        if self.fill:
            gaps = np.isnan(values)
            if gaps.any():
                values = np.where(gaps, self.medians, values)
        if self.squeezed.any():
            which = self.squeezed
            values[:, which] = np.arcsinh((values[:, which] - self.medians[which]) / self.spreads[which])
        return values


class MissingIndicators(Step):
    """1 where a value is missing, for the columns that miss some in training but not nearly all."""

    LEAST = 0.005
    """Smallest share 0-1 of missing, and of present, rows that makes a column worth an indicator."""

    def __init__(self, numbers: list[str]) -> None:
        self.numbers = numbers

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        shares = {c: float(np.isnan(columns.numbers(c)).mean()) if columns.rows else 0.0 for c in self.numbers}
        self.columns = [c for c, share in shares.items() if self.LEAST <= share <= 1 - self.LEAST]
        self._tell([f"{c} is missing" for c in self.columns], list(self.columns))
        return self.transform(columns)

    def transform(self, columns: Columns) -> np.ndarray:
        made = np.empty((columns.rows, len(self.columns)), dtype=np.float64)
        for position, name in enumerate(self.columns):
            made[:, position] = np.isnan(columns.numbers(name))
        return made


def _quartiles(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Medians and interquartile ranges of columns, without their missing values; 0 and 1 of an empty one."""
    if not values.size:
        return np.zeros(values.shape[1]), np.ones(values.shape[1])
    ordered = np.sort(values, axis=0)
    present = values.shape[0] - np.isnan(ordered).sum(axis=0)
    q25, q50, q75 = (_at(ordered, present, share) for share in (0.25, 0.5, 0.75))
    spread = q75 - q25
    deviations = np.nan_to_num(np.nanstd(np.where(present > 0, values, 0.0), axis=0))
    spread = np.where(spread > 0, spread, deviations)
    return q50, np.where(spread > 0, spread, 1.0)


def _at(ordered: np.ndarray, present: np.ndarray, share: float) -> np.ndarray:
    last = np.maximum(present - 1, 0)
    place = share * last
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, last)
    below, above = (np.take_along_axis(ordered, rank[None, :], axis=0)[0] for rank in (low, high))
    return np.where(present > 0, below + (place - low) * (above - below), 0.0)
