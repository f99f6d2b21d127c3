"""Categories as one-hot columns, ordered codes, integer codes for LightGBM and CatBoost, and counts; rare and unseen levels folded."""

from __future__ import annotations

import re

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.levels import MISSING, UNSEEN, Levels
from tasks.modelling.runtime.step import Step, TrainingRows

NATIVE_LEVELS = 250
"""LightGBM bins a category into at most 255 by default."""


class OneHot(Step):
    """A column per common level, one for the rare levels together and one for missing; an unseen level counts as rare.

    Of two columns that say the same, the first is kept.
    """

    keep_scale = True

    def __init__(self, column: str, at_most: int, rare_rows: int) -> None:
        self.column = column
        self.at_most = at_most
        self.rare_rows = rare_rows

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        common, has_rare, has_missing = common_levels(columns, self.column, self.at_most, self.rare_rows)
        self.levels = Levels(common)
        names = [f"{self.column} = {level}" for level in common]
        self._tell([*names, *([f"{self.column} is rare"] * has_rare), *([f"{self.column} is missing"] * has_missing)], self.column)
        self.has_rare = has_rare
        self.has_missing = has_missing
        if len(self.names) == 2:
            self._tell(self.names[:1], self.column)
        return self.transform(columns)

    def transform(self, columns: Columns) -> np.ndarray:
        found = self.levels.find(*columns.levels(self.column))
        size = self.levels.size
        place = np.where(found == MISSING, size + self.has_rare if self.has_missing else -1, found)
        place = np.where(found == UNSEEN, size if self.has_rare else -1, place)
        made = np.zeros((columns.rows, len(self.names)), dtype=np.float64)
        rows = np.flatnonzero((place >= 0) & (place < len(self.names)))
        made[rows, place[rows]] = 1.0
        return made


class OrderedCodes(Step):
    """The place of the level in natural order (`A2` before `A10`): many categories are grades. Missing and unseen are -1."""

    def __init__(self, column: str) -> None:
        self.column = column

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        self.levels = Levels(sorted(columns.levels(self.column)[1], key=natural_order))
        self._tell([f"{self.column} in order"], self.column)
        return self.transform(columns)

    def transform(self, columns: Columns) -> np.ndarray:
        found = self.levels.find(*columns.levels(self.column))
        return np.maximum(found, -1).astype(np.float64).reshape(-1, 1)


class NativeCodes(Step):
    """Integer codes as floats, NaN for missing; rare levels share a code, and an unseen level takes it."""

    def __init__(self, column: str, rare_rows: int) -> None:
        self.column = column
        self.rare_rows = rare_rows

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        common, self.has_rare, _ = common_levels(columns, self.column, NATIVE_LEVELS, self.rare_rows)
        self.levels = Levels(common)
        self._tell([self.column], self.column, [0])
        return self.transform(columns)

    def transform(self, columns: Columns) -> np.ndarray:
        found = self.levels.find(*columns.levels(self.column))
        codes = np.where(found == MISSING, np.nan, found)
        codes = np.where(found == UNSEEN, self.levels.size if self.has_rare else np.nan, codes)
        return codes.reshape(-1, 1)


class Counts(Step):
    """log(1 + how many *other* training rows have the level), so that a training row and a new row with it look alike."""

    doubtful = True

    def __init__(self, column: str) -> None:
        self.column = column

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        codes, levels = columns.levels(self.column)
        self.levels = Levels(levels)
        self.counts = np.bincount(codes + 1, minlength=len(levels) + 1)[1:].astype(np.float64)
        self._tell([f"{self.column} count"], self.column)
        return self._make(codes, 1.0)

    def transform(self, columns: Columns) -> np.ndarray:
        return self._make(self.levels.find(*columns.levels(self.column)), 0.0)

    def _make(self, found: np.ndarray, itself: float) -> np.ndarray:
        counts = np.append(self.counts, 0.0)[np.where(found >= 0, found, -1)]
        return np.log1p(np.maximum(counts - itself, 0.0)).reshape(-1, 1)


def common_levels(columns: Columns, column: str, at_most: int, rare_rows: int) -> tuple[list[str], bool, bool]:
    """Levels of at least `rare_rows` rows, commonest first, whether others were left out, and whether rows miss a level.

    A table of a few dozen rows keeps levels of two rows.
    """
    codes, levels = columns.levels(column)
    counts = np.bincount(codes + 1, minlength=len(levels) + 1)
    least = max(2, min(rare_rows, columns.rows // 50))
    order = sorted(range(len(levels)), key=lambda i: (-counts[i + 1], levels[i]))
    common = [levels[i] for i in order if counts[i + 1] >= least][:at_most]
    return common, len(common) < len(levels), bool(counts[0])


def natural_order(level: str) -> tuple[tuple[int, float, str], ...]:
    """Sorting key in which the numbers inside a text count as numbers."""
    parts = re.findall(r"\d+|\D+", level)
    return tuple((0, float(p), "") if p.isdigit() and p.isascii() else (1, 0.0, p) for p in parts)
