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

    from tasks.evidence.table.schema import ColumnSchema

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


class KeyColumns:
    """The columns of a table that may be part of a key; their texts are made when they are first asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._schemas = {str(n): infer_column(str(n), frame[n]) for n in list(frame.columns)[:COLUMNS_LOOKED_AT]}
        self._texts: dict[str, NDArray[Any]] = {}
        self._levels: dict[tuple[str, ...], tuple[NDArray[np.intp], pd.Index]] = {}
        self.names = [name for name, column in self._schemas.items() if self._may_be_part(name, column)]
        """Columns of levels, whole numbers and dates; no measures and no prose."""

    def _may_be_part(self, name: str, column: ColumnSchema) -> bool:
        if column.kind in ("constant", "empty", "boolean"):
            return False
        return _is_whole(self._frame[name]) if column.kind == "numeric" else column.kind == "datetime" or not _is_prose(self._frame[name])

    def names_things(self, name: str) -> bool:
        """Whether equal values mean the same thing: levels, keys and dates; of whole numbers, those with the name of a key."""
        return self._schemas[name].kind != "numeric" or names.names_entity(name)

    def texts(self, wanted: tuple[str, ...]) -> NDArray[Any]:
        """One text per row for a key of one or several columns, shape (n_rows,); None where a part is missing."""
        parts = [self._texts_of(name) for name in wanted]
        if len(parts) == 1:
            return parts[0]
        return np.array(["\x1f".join(row) if None not in row else None for row in zip(*parts)], dtype=object)

    def _texts_of(self, name: str) -> NDArray[Any]:
        if name not in self._texts:
            column = self._schemas[name]
            self._texts[name] = (_days if column.kind == "datetime" else _level_texts)(self._frame[name], column)
        return self._texts[name]

    def levels(self, wanted: tuple[str, ...]) -> tuple[NDArray[np.intp], pd.Index]:
        """Code of each row's key (-1 for missing) and the distinct keys; looked up once."""
        if wanted not in self._levels:
            codes, values = pd.factorize(self.texts(wanted))
            self._levels[wanted] = codes, pd.Index(values, dtype=object)
        return self._levels[wanted]


def _days(series: pd.Series, column: ColumnSchema) -> NDArray[Any]:
    """Moments as texts of one format."""
    moments = to_moments(series, column)
    texts = moments.astype(str).astype(object)
    texts[np.isnat(moments)] = None
    return texts


def _level_texts(series: pd.Series, column: ColumnSchema) -> NDArray[Any]:
    return to_texts(series, column.missing)


def _is_whole(series: pd.Series) -> bool:
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu":
        return True
    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64)
    finite = values[np.isfinite(values)]
    return len(finite) > 0 and bool((finite == np.floor(finite)).all())


def _is_prose(series: pd.Series) -> bool:
    some = [text for text in series.iloc[:: max(1, len(series) // 200)] if isinstance(text, str)]
    return bool(some) and float(np.mean([len(text.split()) for text in some])) > WORDS_OF_PROSE


def find_key(left: KeyColumns, right: KeyColumns, right_name: str) -> Key | None:
    """The best key: unique in the right table before repeated, then by coverage, fewer columns and likeness; None without one.

    Columns of unlike names are compared only when no pair of like names is a key.
    """
    pairs = [(a, b, likeness(a, b, right_name)) for a in left.names for b in right.names]
    singles = _measured(left, right, [pair for pair in pairs if pair[2] >= LIKE])
    if not any(key.is_unique for key in singles):
        singles += _of_several(left, right, singles)
    usable = [key for key in singles if key.is_unique or all(left.names_things(a) for a, _ in key.columns)]
    if not usable:
        usable = _measured(left, right, [pair for pair in pairs if pair[2] < LIKE])
    return max(usable, key=_worth, default=None)


def _measured(left: KeyColumns, right: KeyColumns, pairs: list[tuple[str, str, float]]) -> list[Key]:
    return [key for a, b, alike in pairs if (key := _measure(left, right, ((a, b),), alike)) is not None]


def _of_several(left: KeyColumns, right: KeyColumns, singles: list[Key]) -> list[Key]:
    """Keys of two or three columns of the same name that are unique together in the right table, as few columns as do."""
    shared = [key.columns[0][0] for key in singles if key.columns[0][0] == key.columns[0][1]][:SHARED_MOST]
    for size in range(2, COLUMNS_IN_A_KEY + 1):
        keys = [_measure(left, right, tuple((name, name) for name in chosen), 1.0) for chosen in combinations(shared, size)]
        if unique := [key for key in keys if key is not None and key.is_unique]:
            return unique
    return []


def _worth(key: Key) -> tuple[float, ...]:
    """Worth of a key; a repeated one by how close it is to naming a thing."""
    named = max(float(names.names_entity(left)) for left, _ in key.columns)
    return (float(key.is_unique), round(key.left_coverage, 1), -len(key.columns), key.likeness, named, key.right_uniqueness)


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
    left_codes, left_values = left.levels(tuple(pair[0] for pair in columns))
    right_codes, right_values = right.levels(tuple(pair[1] for pair in columns))
    if alike < LIKE and not _may_agree(left_values, right_values):
        return None
    left_rows, right_rows = int((left_codes >= 0).sum()), int((right_codes >= 0).sum())
    if not left_rows or not right_rows or (alike < LIKE and len(right_values) < DISTINCT_UNLIKE_NAMES):
        return None
    known = np.append(right_values.get_indexer(left_values) >= 0, False)
    left_coverage = float(known[left_codes].sum() / left_rows)
    right_coverage = float(known.sum() / len(right_values))
    least = COVERAGE_LEAST if alike >= LIKE else COVERAGE_UNLIKE_NAMES
    unique = len(right_values) / right_rows
    if left_coverage < least or (alike < LIKE and (unique < 1 or right_coverage < COVERAGE_LEAST)):
        return None
    return Key(columns, left_coverage, right_coverage, len(left_values) / left_rows, unique, alike)


def _may_agree(left: pd.Index, right: pd.Index) -> bool:
    """Whether a few of the left values are in the right table: most pairs of columns have nothing to do with each other."""
    some = left[:: max(1, len(left) // 50)]
    return len(some) > 0 and float((right.get_indexer(some) >= 0).mean()) > 0.5
