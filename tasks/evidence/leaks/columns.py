"""The columns of a table as arrays that every leak probe reads: numbers, or codes of levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_ROWS, MOST_CELLS, FEWEST_ROWS = 8000, 6_000_000, 600
"""Rows looked at; fewer of wide tables."""
MOST_COLUMNS = 3000


@dataclass(frozen=True)
class Column:
    """One of the two is there."""

    name: str
    values: Floats | None
    """Numbers, moments in seconds; NaN for missing."""
    codes: Ints | None
    """Codes of levels; -1 for missing."""

    @property
    def missing(self) -> NDArray[np.bool_]:
        return np.isnan(self.values) if self.values is not None else np.asarray(self.codes == -1)

    def take(self, rows: Ints) -> Column:
        """The same column of some rows."""
        return Column(self.name, None if self.values is None else self.values[rows], None if self.codes is None else self.codes[rows])


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    y: NDArray
    """Values of a regression, codes 0..k-1 of classes."""
    task: str
    moments: frozenset[str] = frozenset()
    """Columns that hold dates."""

    @property
    def rows(self) -> int:
        return len(self.y)

    @property
    def classes(self) -> int:
        """1 for a regression."""
        return 1 if self.task == "regression" else int(self.y.max()) + 1

    @property
    def numeric(self) -> list[Column]:
        return [c for c in self.columns if c.values is not None]

    def take(self, rows: Ints) -> Table:
        return Table(tuple(c.take(rows) for c in self.columns), self.y[rows], self.task, self.moments)

    def without(self, names: set[str]) -> Table:
        return Table(tuple(c for c in self.columns if c.name not in names), self.y, self.task, self.moments)


def read_columns(frame: pd.DataFrame, y: NDArray, task: str, *, skip: frozenset[str] = frozenset(), seed: int = 0) -> tuple[Table, Table]:
    """All rows, and a chance sample of them in their order; constant columns are left out."""
    names = [c for c in frame.columns if c not in skip][:MOST_COLUMNS]
    n, rows = len(frame), _sample(len(frame), len(names), seed)
    columns = [c for name in names if (c := _read(str(name), frame[name])) is not None]
    moments = frozenset(c.name for c in columns if pd.api.types.is_datetime64_any_dtype(frame[c.name]))
    target = np.asarray(y, dtype=np.float64 if task == "regression" else np.int64)
    table = Table(tuple(columns), target, task, moments)
    return table, (table if len(rows) == n else table.take(rows))


def _sample(n: int, columns: int, seed: int) -> Ints:
    most = min(MOST_ROWS, max(FEWEST_ROWS, MOST_CELLS // max(columns, 1)))
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


def _read(name: str, series: pd.Series) -> Column | None:
    if pd.api.types.is_datetime64_any_dtype(series):
        values = series.to_numpy(dtype="datetime64[us]").astype(np.float64) / 1e6
        values[series.isna().to_numpy()] = np.nan
    elif pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        codes = pd.factorize(series)[0].astype(np.int64)
        return Column(name, None, codes) if codes.size and codes.min() != codes.max() else None
    known = values[np.isfinite(values)]
    if known.size == 0 or (known.min() == known.max() and known.size == values.size):
        return None
    return Column(name, np.where(np.isinf(values), np.nan, values), None)
