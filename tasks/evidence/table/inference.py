"""The schema of a raw table: each column's kind and how its cells are read, by evidence from its values and its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from tasks.evidence.table import names
from tasks.evidence.table.date_formats import date_style
from tasks.evidence.table.number_texts import number_style
from tasks.evidence.table.parsing import levels, parse_moments, text_of, to_numbers
from tasks.evidence.table.schema import ColumnSchema, Kind, TableSchema

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS_LOOKED_AT = 200_000
"""More rows are judged by a uniform sample of so many; every cell is read by the result all the same."""
TEXTS_LOOKED_AT = 400
MOSTLY = 0.9
"""Proportion of cells that must be read for a column of texts to be numbers or moments."""
NEAR_UNIQUE = 0.9
COUNTER_ROWS = 20
"""In fewer rows 1, 2, 3 … may be anything."""
TEXT_DISTINCT = 0.5
"""More distinct texts per row are no levels: too few rows each to learn from."""
WORDS_OF_PROSE = 4.0
_NEVER_VALUES = frozenset({"", "nan", "null", "n/a", "#n/a", "<na>", "?", "nat", "nil", "--", "(null)"})
"""Missing in every column."""
_MAYBE_MISSING = frozenset({"na", "-", "none", "missing", "unknown", "n.a.", "not available", "."})
"""Missing among numbers and moments; among levels only `na` and `-`, and `NA` not among codes of two letters."""
LONGEST_MISSING = max(map(len, _NEVER_VALUES | _MAYBE_MISSING)) + 1
_BOOLEANS = (("yes", "no"), ("true", "false"), ("t", "f"), ("y", "n"), ("on", "off"))
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,64}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[A-Za-z]+")
_LEADING_ZERO = re.compile(r"0\d+")
_TOKENS = re.compile(r"[^\W\d_]{2,}|\d+")


class _Texts(NamedTuple):
    """A column's distinct texts and how often each occurs, missing ones left out."""

    values: list[str]
    counts: NDArray[np.int64]
    rows: int

    @property
    def distinct_share(self) -> float:
        return len(self.values) / self.rows


def infer_schema(frame: pd.DataFrame) -> TableSchema:
    """How each column is read. Deterministic; later rows never fail, whatever they hold."""
    if len(frame) > ROWS_LOOKED_AT:
        picked = np.sort(np.random.default_rng(0).choice(len(frame), ROWS_LOOKED_AT, replace=False))
        frame = frame.iloc[picked]
    return TableSchema(columns=tuple(infer_column(str(name), series) for name, series in frame.items()))


def infer_column(name: str, series: pd.Series) -> ColumnSchema:
    """One column's schema."""
    dtype = series.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return _of_moments(name, series)
    if pd.api.types.is_bool_dtype(dtype) or (pd.api.types.is_numeric_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype)):
        return _of_numbers(name, to_numbers(series), "number", is_flag=pd.api.types.is_bool_dtype(dtype))
    return _of_objects(name, series)


def _of_moments(name: str, series: pd.Series) -> ColumnSchema:
    found = series.dropna()
    if not len(found):
        return ColumnSchema(name=name, kind="empty", parse="text")
    constant = found.iloc[0] == found.min() == found.max() and len(found) == len(series)
    return ColumnSchema(name=name, kind="constant" if constant else "datetime", parse="datetime")


def _of_numbers(name: str, numbers: NDArray[np.float64], parse: Any, *, is_flag: bool = False, **how: Any) -> ColumnSchema:
    """Numbers of any origin: a flag, a key, a code, a moment in disguise, or a measure."""
    finite = numbers[np.isfinite(numbers)]
    column = ColumnSchema(name=name, kind="numeric", parse=parse, **how)
    if not len(finite):
        return column.model_copy(update={"kind": "empty", "parse": "text"})
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return column.model_copy(update={"kind": "numeric" if len(finite) < len(numbers) else "constant"})
    whole = np.abs(low) < 2**53 and np.abs(high) < 2**62 and bool((finite == np.floor(finite)).all())
    if is_flag or (whole and low == 0 and high == 1):
        return column.model_copy(update={"kind": "boolean"})
    if parse != "number":
        return column
    return (_of_whole_numbers(name, finite, numbers, column) if whole else _epoch(name, low, high)) or column


def _of_whole_numbers(name: str, finite: NDArray[np.float64], numbers: NDArray[np.float64], column: ColumnSchema) -> ColumnSchema | None:
    if moment := _moment_in_digits(name, finite):
        return moment
    keyed, coded = names.names_identifier(name), names.names_code(name)
    counted = names.names_counter(name)
    span = finite.max() - finite.min() + 1
    consecutive = span == len(numbers) == len(finite) and len(finite) >= COUNTER_ROWS and not names.names_measure(name)
    if not (keyed or coded or counted or consecutive):
        return None
    distinct = len(np.unique(finite))
    if (keyed or coded or counted) and distinct >= NEAR_UNIQUE * len(finite):
        return column.model_copy(update={"kind": "identifier", "parse": "text"})
    if consecutive and distinct == len(finite):
        return column.model_copy(
            update={"kind": "identifier", "parse": "text", "notes": ("every whole number of a range once: a row number",)}
        )
    if (keyed or coded) and distinct > 2:
        return column.model_copy(update={"kind": "category", "parse": "text", "notes": ("numbers that name, by the column's name",)})
    return None


def _moment_in_digits(name: str, finite: NDArray[np.float64]) -> ColumnSchema | None:
    """Seconds since 1970 when the name says so; 20240131 and 202401 when every value is such a day or month."""
    low, high = float(finite.min()), float(finite.max())
    if epoch := _epoch(name, low, high):
        return epoch
    for wanted, least, most in (("%Y%m%d", 15000101, 22991231), ("%Y%m", 150001, 229912)):
        if least <= low and high <= most and (names.names_date(name) or wanted == "%Y%m%d"):
            some = np.unique(finite)[:: max(1, len(np.unique(finite)) // 1000)]
            texts = np.array([str(int(value)) for value in some], dtype=object)
            if (names.names_date(name) or len(texts) >= 20) and not np.isnat(parse_moments(texts, (wanted,))).any():
                return ColumnSchema(name=name, kind="datetime", parse="datetime_text", formats=(wanted,))
    return None


def _epoch(name: str, low: float, high: float) -> ColumnSchema | None:
    """Seconds or milliseconds between 1979 and 2103, when the name speaks of time."""
    units: tuple[tuple[Literal["s", "ms"], str, float], ...] = (("s", "seconds", 1.0), ("ms", "milliseconds", 1e3))
    for unit, words, scale in units:
        if names.names_time(name) and 3e8 * scale < low and high < 4.2e9 * scale:
            note = f"{words} since 1970, by the column's name"
            return ColumnSchema(name=name, kind="datetime", parse="datetime", epoch=unit, notes=(note,))
    return None


def _of_objects(name: str, series: pd.Series) -> ColumnSchema:
    """Texts, or a mix of types."""
    codes, distinct = levels(series)
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
    texts = _texts(distinct, counts, _NEVER_VALUES | _MAYBE_MISSING)
    notes = _mixed_note(distinct)
    found = _readable(name, series, texts) if texts.rows else None
    if found is not None:
        return found.model_copy(update={"notes": (*notes, *found.notes)})
    return _of_levels(name, len(series), distinct, counts, notes)


def _texts(distinct: NDArray[Any], counts: NDArray[np.int64], missing: frozenset[str]) -> _Texts:
    merged: dict[str, int] = {}
    for value, count in zip(distinct.tolist(), counts.tolist()):
        text = value.strip() if type(value) is str else text_of(value)
        merged[text] = merged.get(text, 0) + count
    for text in [text for text in merged if len(text) < LONGEST_MISSING and text.lower() in missing]:
        del merged[text]
    numbers = np.fromiter(merged.values(), dtype=np.int64, count=len(merged))
    return _Texts(list(merged), numbers, int(numbers.sum()))


def _mixed_note(distinct: NDArray[Any]) -> tuple[str, ...]:
    kinds = {"text" if isinstance(v, str) else "numbers" if isinstance(v, (int, float)) else type(v).__name__ for v in distinct[:5000]}
    return (f"mixed types: {' and '.join(sorted(kinds))}",) if len(kinds) > 1 else ()


def _readable(name: str, series: pd.Series, texts: _Texts) -> ColumnSchema | None:
    """A boolean, a number or a moment written as text; None for levels and prose."""
    if (boolean := _boolean(name, texts)) is not None:
        return boolean
    some = texts.values[:: max(1, len(texts.values) // TEXTS_LOOKED_AT)]
    if np.isfinite(_as_numbers(some)).mean() > 0.5:
        plain = _as_numbers(texts.values)
        if _read(plain, texts):
            return _plain_numbers(name, series, texts, plain)
    if not any(char.isdigit() for text in some[:50] for char in text):
        return None
    if (dates := date_style(some)) is not None:
        return _dates(name, series, texts, dates)
    style = number_style(some)
    if style is None:
        return None
    numbers = to_numbers(series, style.decimal, dict(style.units))
    unread = texts.rows - int(np.isfinite(numbers).sum())
    if unread > (1 - MOSTLY) * texts.rows:
        return None
    notes = (style.note, *_unread_note(unread, texts, "numbers"))
    return _of_numbers(name, numbers, "number_text", decimal=style.decimal, units=style.units, notes=notes)


def _as_numbers(texts: list[str]) -> NDArray[np.float64]:
    return np.asarray(pd.to_numeric(np.array(texts, dtype=object), errors="coerce"), dtype=np.float64)


def _read(parsed: NDArray[np.float64], texts: _Texts) -> bool:
    """Whether nearly all cells are numbers, and the rest are no levels of a small set of codes (1, 2, 3, A)."""
    read = ~np.isnan(parsed)
    share = texts.counts[read].sum() / texts.rows
    return share == 1 or (share >= MOSTLY and int(read.sum()) > 20)


def _plain_numbers(name: str, series: pd.Series, texts: _Texts, plain: NDArray[np.float64]) -> ColumnSchema:
    padded = sum(_LEADING_ZERO.fullmatch(text) is not None for text in texts.values)
    if padded > 0.01 * len(texts.values) or any(len(t) > 15 and t.isdigit() for t in texts.values):
        kind: Kind = "identifier" if _is_unique(texts, NEAR_UNIQUE) and texts.rows >= COUNTER_ROWS else "category"
        return ColumnSchema(
            name=name, kind=kind, parse="text", missing=tuple(sorted(_NEVER_VALUES)), notes=("digits with leading zeros: a code",)
        )
    unread = int(texts.counts[np.isnan(plain)].sum())
    return _of_numbers(name, to_numbers(series), "number", notes=_unread_note(unread, texts, "numbers"))


def _unread_note(unread: int, texts: _Texts, what: str) -> tuple[str, ...]:
    return (f"{unread:,} of {texts.rows:,} cells are no {what}: read as missing",) if unread else ()


def _boolean(name: str, texts: _Texts) -> ColumnSchema | None:
    lowered = {text.lower() for text in texts.values}
    if len(lowered) != 2:
        return None
    for yes, no in _BOOLEANS:
        if lowered == {yes, no}:
            return ColumnSchema(name=name, kind="boolean", parse="boolean_text", true_values=(yes,), false_values=(no,))
    return None


def _dates(name: str, series: pd.Series, texts: _Texts, style: Any) -> ColumnSchema | None:
    parsed = parse_moments(np.array(texts.values, dtype=object), style.formats, style.first_year)
    read = ~np.isnat(parsed)
    unread = int(texts.counts[~read].sum())
    if unread > (1 - MOSTLY) * texts.rows:
        return None
    constant = len(np.unique(parsed[read])) == 1 and texts.rows == len(series)
    return ColumnSchema(
        name=name,
        kind="constant" if constant else "datetime",
        parse="datetime_text",
        formats=style.formats,
        first_year=style.first_year,
        notes=(*style.notes, *_unread_note(unread, texts, "dates")),
    )


def _of_levels(name: str, rows: int, distinct: NDArray[Any], counts: NDArray[np.int64], notes: tuple[str, ...]) -> ColumnSchema:
    missing = _missing_among_levels(distinct)
    texts = _texts(distinct, counts, missing)
    kind, why = _kind_of_texts(name, texts, rows)
    return ColumnSchema(name=name, kind=kind, parse="text", missing=tuple(sorted(missing)), notes=(*notes, *why))


def _missing_among_levels(distinct: NDArray[Any]) -> frozenset[str]:
    """`none` and `unknown` may be levels; `NA` is one among codes of two capital letters (Namibia)."""
    others = [v for v in distinct[:2000] if isinstance(v, str) and v.strip().lower() not in _NEVER_VALUES | {"na", "-"}]
    codes = len(others) >= 5 and all(len(v.strip()) == 2 and v.strip().isupper() for v in others)
    return _NEVER_VALUES | ({"-"} if codes else {"na", "-", "n.a."})


def _is_unique(texts: _Texts, least: float) -> bool:
    return texts.distinct_share >= least


def _kind_of_texts(name: str, texts: _Texts, rows: int) -> tuple[Any, tuple[str, ...]]:
    """Identifier, text or category, and why where it is not evident."""
    if not texts.rows:
        return "empty", ()
    if len(texts.values) == 1:
        return ("constant" if texts.rows == rows else "category"), ()
    some = texts.values[:: max(1, len(texts.values) // TEXTS_LOOKED_AT)]
    if _is_unique(texts, NEAR_UNIQUE) and texts.rows >= COUNTER_ROWS and _are_keys(name, some):
        return "identifier", ()
    word_count = float(np.mean([len(_TOKENS.findall(text)) for text in some]))
    many = len(texts.values) > 20
    if many and (texts.distinct_share > TEXT_DISTINCT or (word_count >= WORDS_OF_PROSE and texts.distinct_share > 0.1) or word_count > 12):
        return "text", ()
    return "category", ()


def _are_keys(name: str, some: list[str]) -> bool:
    """Keys by their look: UUIDs and hashes, or codes of one shape with digits (`CUST-00123`); by name only when of one word."""
    if sum(_UUID.fullmatch(text) is not None for text in some) > 0.9 * len(some):
        return True
    if any(" " in text for text in some):
        return False
    if names.names_identifier(name) or names.names_counter(name) or names.names_code(name):
        return True
    digits = sum(any(char.isdigit() for char in text) for text in some)
    shapes = {_LETTERS.sub("A", _DIGITS.sub("9", text)) for text in some}
    return digits > 0.95 * len(some) and len(shapes) <= 3 and len({len(text) for text in some}) <= 6
