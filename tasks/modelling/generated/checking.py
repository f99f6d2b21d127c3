"""What is believed of columns that generated code made: judged outside the container, on values alone."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from tasks.modelling.runtime.generated import PREFIX

MOST_COLUMNS = 20
MOST_LEVELS = 1000
LONGEST_TEXT = 200
MOST_MISSING = 0.95
"""Proportion 0-1 of rows."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")
LARGEST = 1e30
"""Beyond it squares overflow in single precision."""


def check_columns(frame: pd.DataFrame, rows: int, taken: Collection[str], target: str) -> str:
    """Why the columns are refused, in one sentence; empty when they may be tried."""
    if len(frame) != rows:
        return f"{len(frame):,} rows came back of {rows:,}"
    if not 1 <= frame.shape[1] <= MOST_COLUMNS:
        return f"it made {frame.shape[1]} columns, and 1 to {MOST_COLUMNS} are allowed"
    known = {name.casefold() for name in (*taken, target)}
    for name in frame.columns:
        why = _refuse_name(str(name), known, target) or _refuse_values(frame[name])
        if why:
            return f"column {str(name)[:50]!r} {why}"
    return ""


def _refuse_name(name: str, known: set[str], target: str) -> str:
    if not NAME.fullmatch(name):
        return "is not named with letters, digits and _"
    if name.casefold() == target.casefold():
        return "is named like the target"
    return "stands in the data already" if name.casefold() in known or (PREFIX + name).casefold() in known else ""


def _refuse_values(column: pd.Series) -> str:
    if column.dtype == object:
        return _refuse_texts(column)
    if column.dtype.kind != "f":
        return "is neither a number nor a text"
    values = column.to_numpy()
    present = values[~np.isnan(values)]
    if np.isinf(present).any() or (np.abs(present) > LARGEST).any():
        return "holds infinite or huge numbers"
    return _refuse_spread(len(present), len(values), len(np.unique(present)))


def _refuse_texts(column: pd.Series) -> str:
    present = [v for v in column if v is not None]
    levels = set(present)
    if any(len(v) > LONGEST_TEXT for v in levels):
        return f"holds texts of more than {LONGEST_TEXT} characters"
    if len(levels) > MOST_LEVELS:
        return f"has {len(levels):,} levels, more than {MOST_LEVELS:,}"
    return _refuse_spread(len(present), len(column), len(levels))


def _refuse_spread(present: int, rows: int, distinct: int) -> str:
    if present < (1 - MOST_MISSING) * rows or not present:
        return f"is missing in {1 - present / max(rows, 1):.0%} of the rows"
    return "is constant" if distinct < 2 else ""


def differ(first: pd.DataFrame, second: pd.DataFrame) -> str:
    """Name of a column in which two tables that should be the same are not; empty when they are."""
    if list(first.columns) != list(second.columns) or len(first) != len(second):
        return "the columns or the rows"
    for name in first.columns:
        a, b = first[name], second[name]
        if a.dtype != b.dtype or not (_same_texts(a, b) if a.dtype == object else _same_numbers(a, b)):
            return str(name)
    return ""


def _same_texts(a: pd.Series, b: pd.Series) -> bool:
    return bool(list(a) == list(b))


def _same_numbers(a: Any, b: Any) -> bool:
    """Up to rounding: sums in another order differ in the last digits."""
    x, y = a.to_numpy(), b.to_numpy()
    if x.dtype.kind != "f":
        return bool(np.array_equal(x, y))
    scale = float(np.nanmax(np.abs(x), initial=0.0)) if np.isfinite(x).any() else 0.0
    return bool(np.allclose(x, y, rtol=1e-11, atol=1e-13 * min(scale, LARGEST), equal_nan=True))
