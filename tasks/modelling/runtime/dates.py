"""Moments as parts of the calendar, as a place on the circle of day and year, and as days gone by."""

from __future__ import annotations

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.derive import MICROSECONDS_A_DAY
from tasks.modelling.runtime.step import Step, TrainingRows

PARTS = ("year", "month", "day", "weekday", "day of year", "hour", "minute of day", "is weekend", "is month start", "days")
CYCLES = (("month", 12.0), ("weekday", 7.0), ("day of year", 365.25), ("minute of day", 1440.0))


class Calendar(Step):
    """Parts that vary in training; with `cycles` the periodic ones also as sine and cosine. Missing is NaN, or the middle with `fill`."""

    def __init__(self, column: str, cycles: bool, fill: bool) -> None:
        self.column = column
        self.cycles = cycles
        self.fill = fill

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        self.kept = list(range(len(PARTS) + 2 * len(CYCLES) * self.cycles))
        self.middles = np.zeros(len(self.kept))
        made = self.transform(columns)
        if columns.rows:
            _, missing = columns.moments(self.column)
            if not missing.all():
                self.middles = np.median(made[~missing], axis=0)
                varies = made[~missing].min(axis=0) < made[~missing].max(axis=0)
                self.kept = np.flatnonzero(varies).tolist()
                self.middles = self.middles[self.kept]
            made = self.transform(columns)
        names = [*PARTS, *(f"{wave} of {part}" for part, _ in CYCLES for wave in ("sine", "cosine"))]
        self._tell([f"{self.column} {names[i]}" for i in self.kept], self.column)
        return made

    def transform(self, columns: Columns) -> np.ndarray:
        values, missing = columns.moments(self.column)
        made = calendar_parts(np.where(missing, 0, values))
        if self.cycles:
            made = np.hstack([made, _circles(made)])
        made = made[:, self.kept]
        made[missing] = self.middles if self.fill else np.nan
        return made


def calendar_parts(moments: np.ndarray) -> np.ndarray:
    """(n_rows, 10) in the order of PARTS, of microseconds since 1970; Monday is 0, `days` since 1970 with its fraction."""
    times = moments.astype("datetime64[us]")
    days = times.astype("datetime64[D]")
    months, years = days.astype("datetime64[M]"), days.astype("datetime64[Y]")
    day_number = days.astype(np.int64)
    minutes = (moments - day_number * MICROSECONDS_A_DAY) / 60_000_000
    weekday = (day_number + 3) % 7
    day = (days - months.astype("datetime64[D]")).astype(np.int64)
    return np.column_stack(
        [
            years.astype(np.int64) + 1970,
            months.astype(np.int64) % 12 + 1,
            day + 1,
            weekday,
            (days - years.astype("datetime64[D]")).astype(np.int64) + 1,
            np.floor(minutes / 60),
            np.floor(minutes),
            weekday >= 5,
            day == 0,
            day_number + minutes / 1440,
        ]
    ).astype(np.float64)


def _circles(parts: np.ndarray) -> np.ndarray:
    waves = []
    for part, period in CYCLES:
        angle = parts[:, PARTS.index(part)] * (2 * np.pi / period)
        waves += [np.sin(angle), np.cos(angle)]
    return np.column_stack(waves)
