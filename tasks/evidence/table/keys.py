"""Which columns of two tables name the same things, by their names, types and values."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from tasks.evidence.table import names
from tasks.evidence.table.inference import infer_column
from tasks.evidence.table.parsing import to_moments, to_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

COVERAGE_LEAST = 0.5
"""Proportion of left rows that must find their key in the right table."""
COVERAGE_UNLIKE_NAMES = 0.95
DISTINCT_UNLIKE_NAMES = 20
"""Columns of other names need many values that agree: small whole numbers agree by chance."""
LIKE = 0.7
COLUMNS_LOOKED_AT = 80
COLUMNS_IN_A_KEY = 3
SHARED_MOST = 8
WORDS_OF_PROSE = 6


class Key(NamedTuple):
    """Columns to join on, with the evidence."""

    columns: tuple[tuple[str, str], ...]
    left_coverage: float
    right_coverage: float
    left_uniqueness: float
    right_uniqueness: float
    likeness: float

    @property
    def is_unique(self) -> bool:
        """Each key stands once in the right table."""
        return self.right_uniqueness == 1.0


class KeyColumns(dict[str, "NDArray[Any]"]):
    """The columns of a table that may be part of a key, as texts, shape (n_rows,) each; None for missing."""


def key_columns(frame: pd.DataFrame) -> KeyColumns:
    """Columns of levels, whole numbers and dates, no measures and no prose."""
    found = KeyColumns()
    for name in list(frame.columns)[:COLUMNS_LOOKED_AT]:
        series = frame[name]
        column = infer_column(str(name), series)
        if column.kind in ("constant", "empty", "boolean"):
            continue
        if column.kind == "datetime":
            moments = to_moments(series, column)
            texts = moments.astype(str).astype(object)
            texts[np.isnat(moments)] = None
            found[str(name)] = texts
        elif column.kind != "numeric" or _is_whole(series):
            texts = to_texts(series, column.missing)
            if not _is_prose(texts):
                found[str(name)] = texts
    return found


def _is_whole(series: pd.Series) -> bool:
    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64)
    finite = values[np.isfinite(values)]
    return len(finite) > 0 and bool((finite == np.floor(finite)).all())


def _is_prose(texts: NDArray[Any]) -> bool:
    some = [text for text in texts[:: max(1, len(texts) // 200)] if text]
    return bool(some) and float(np.mean([len(text.split()) for text in some])) > WORDS_OF_PROSE


def joined_texts(columns: KeyColumns, wanted: tuple[str, ...]) -> NDArray[Any]:
    """One text per row for a key of one or several columns; None where a part is missing."""
    if len(wanted) == 1:
        return columns[wanted[0]]
    parts = [columns[name] for name in wanted]
    whole = np.array(["\x1f".join(row) if None not in row else None for row in zip(*parts)], dtype=object)
    return whole


def find_key(left: KeyColumns, right: KeyColumns, right_name: str) -> Key | None:
    """The best key: unique in the right table before repeated, then by coverage, fewer columns and likeness; None without one."""
    singles = [key for pair in _pairs(left, right, right_name) if (key := _measure(left, right, (pair[:2],), pair[2])) is not None]
    shared = [name for name in right if name in left and name in {k.columns[0][1] for k in singles}][:SHARED_MOST]
    several: list[Key] = []
    if not any(key.is_unique for key in singles):
        for size in range(2, COLUMNS_IN_A_KEY + 1):
            for chosen in combinations(shared, size):
                key = _measure(left, right, tuple((name, name) for name in chosen), 1.0)
                if key is not None and key.is_unique:
                    several.append(key)
            if several:
                break
    usable = [key for key in (*singles, *several) if key.is_unique or key.likeness >= LIKE]
    return max(usable, key=_worth, default=None)


def _worth(key: Key) -> tuple[float, ...]:
    """Worth of a key; a repeated one by how close it is to naming a thing."""
    named = max(float(names.names_entity(left)) for left, _ in key.columns)
    return (float(key.is_unique), round(key.left_coverage, 1), -len(key.columns), key.likeness, named, key.right_uniqueness)


def _pairs(left: KeyColumns, right: KeyColumns, right_name: str) -> list[tuple[str, str, float]]:
    return [(a, b, likeness(a, b, right_name)) for a in left for b in right]


def likeness(left: str, right: str, right_name: str) -> float:
    """How alike two names are, 0-1: equal words 1, `customer_id` and `id` of customers 0.9, else by their letters."""
    a, b = names.words(left), names.words(right)
    if a == b:
        return 1.0
    stems = {word.rstrip("s") for word in names.words(right_name)}
    if b in (("id",), ("key",), ("code",), ("name",), ("no",)) and len(a) > 1 and a[-1] == b[0] and a[-2].rstrip("s") in stems:
        return 0.9
    if len(a) == 1 and b in (("id",), ("name",), ("code",)) and a[0].rstrip("s") in stems:
        return 0.8
    if {*a} - {"id", "key", "code"} == {*b} - {"id", "key", "code"} and {*a} - {"id", "key", "code"}:
        return 0.85
    ratio = SequenceMatcher(None, "".join(a), "".join(b)).ratio()
    return ratio if ratio > 0.8 and names.names_identifier(left) == names.names_identifier(right) else 0.5 * ratio


def _measure(left: KeyColumns, right: KeyColumns, columns: tuple[tuple[str, str], ...], alike: float) -> Key | None:
    """The key's coverage and uniqueness; None when it cannot be one."""
    a = joined_texts(left, tuple(pair[0] for pair in columns))
    b = joined_texts(right, tuple(pair[1] for pair in columns))
    left_codes, left_values = pd.factorize(a)
    right_codes, right_values = pd.factorize(b)
    left_rows, right_rows = int((left_codes >= 0).sum()), int((right_codes >= 0).sum())
    if not left_rows or not right_rows or (alike < LIKE and len(right_values) < DISTINCT_UNLIKE_NAMES):
        return None
    known = np.append(pd.Index(right_values).get_indexer(pd.Index(left_values)) >= 0, False)
    left_coverage = float(known[left_codes].sum() / left_rows)
    right_coverage = float(known.sum() / len(right_values))
    least = COVERAGE_LEAST if alike >= LIKE else COVERAGE_UNLIKE_NAMES
    unique = len(right_values) / right_rows
    if left_coverage < least or (alike < LIKE and (unique < 1 or right_coverage < COVERAGE_LEAST)):
        return None
    return Key(columns, left_coverage, right_coverage, len(left_values) / left_rows, unique, alike)
