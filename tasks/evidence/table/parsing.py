"""Raw cells as numbers, levels, texts and moments by a schema, column by column without a loop over rows.

It travels with the model: numpy, pandas and the schema are all it needs. A cell that cannot be read is missing, never an error.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tasks.evidence.table.schema import ColumnSchema, TableSchema

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGNS = "$€£¥₹₽₩₺₫₴₪฿¢%‰'’`\u00a0\u202f\u2009 "
"""Around the digits of a number and without a meaning for its size."""
_PLAIN: dict[int, str | None] = {**dict.fromkeys(map(ord, _SIGNS), None), ord("("): "-", ord(")"): None, ord("−"): "-", ord("–"): "-"}
_POINT = str.maketrans({**_PLAIN, ord(","): None})
_COMMA = str.maketrans({**_PLAIN, ord("."): None, ord(","): "."})
_TRUE, _FALSE = ("true", "yes", "y", "t", "on", "1"), ("false", "no", "n", "f", "off", "0")
"""Read in every column of booleans: later rows may come from a program that writes them in another way."""
_KINDS_OF_NUMBERS = ("numeric", "boolean")


def infer_schema(frame: pd.DataFrame) -> TableSchema:
    """How each column of a raw table is read, learned from its values. See `tasks.evidence.table.inference`."""
    from tasks.evidence.table.inference import infer_schema as infer

    return infer(frame)


def apply_schema(frame: pd.DataFrame, schema: TableSchema, *, require: bool = True) -> pd.DataFrame:
    """The canonical table, with the schema's columns in its order.

    Numbers and booleans are float64 (infinite is NaN), moments datetime64[us] in UTC without a zone, the rest objects of `str` with
    None for missing. A column that is not there is a ValueError naming it, or all missing when not required.
    """
    absent = [column.name for column in schema.columns if column.name not in frame.columns]
    if absent and require:
        raise ValueError(f"column {', '.join(map(repr, absent[:5]))} is missing{f' and {len(absent) - 5} more' if absent[5:] else ''}")
    nothing = pd.Series(np.full(len(frame), np.nan), index=frame.index)
    data = {c.name: parse_column(nothing if c.name in absent else frame[c.name], c) for c in schema.columns}
    return pd.DataFrame(data, index=frame.index, copy=False)


def parse_column(series: pd.Series, column: ColumnSchema) -> pd.Series:
    """One canonical column."""
    if column.parse in ("datetime", "datetime_text") and column.kind != "identifier":
        return pd.Series(to_moments(series, column), index=series.index, copy=False)
    if column.kind in _KINDS_OF_NUMBERS or (column.kind == "constant" and column.parse in ("number", "number_text")):
        return pd.Series(_as_floats(series, column), index=series.index, copy=False)
    return pd.Series(to_texts(series, column.missing), index=series.index, dtype=object, copy=False)


def _as_floats(series: pd.Series, column: ColumnSchema) -> NDArray[np.float64]:
    if column.parse == "boolean_text":
        return _to_booleans(series, column)
    numbers = to_numbers(series, column.decimal, dict(column.units)) if column.parse == "number_text" else to_numbers(series)
    if np.isinf(numbers).any():
        numbers = np.where(np.isinf(numbers), np.nan, numbers)
    return numbers


def levels(series: pd.Series) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Code of each row (-1 for missing) and the distinct raw values."""
    values = series.to_numpy(dtype=object, na_value=None) if isinstance(series.dtype, pd.StringDtype) else series.array
    try:
        codes, distinct = pd.factorize(values)
    except TypeError:  # lists and dictionaries have no hash
        codes, distinct = pd.factorize(np.array([None if is_missing(v) else text_of(v) for v in series], dtype=object))
    return codes, np.asarray(distinct, dtype=object)


def is_missing(value: object) -> bool:
    """None, NaN, NaT and NA."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def text_of(value: object) -> str:
    """A level as text: the same whether the file held `7`, `7.0` or `"7"`."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, (dict, list, tuple, np.ndarray)):
        return json.dumps(value.tolist() if isinstance(value, np.ndarray) else value, default=str, ensure_ascii=False)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)


def to_texts(series: pd.Series, missing: tuple[str, ...] = ()) -> NDArray[Any]:
    """Objects of `str` without spaces around them; None for missing and for the texts that stand for it, shape (n,)."""
    codes, distinct = levels(series)
    texts = [value.strip() if type(value) is str else text_of(value) for value in distinct.tolist()]
    absent = {"", *missing}
    table = np.empty(len(texts) + 1, dtype=object)
    table[:-1] = [None if text in absent or text.lower() in absent else text for text in texts]
    return table[codes]


def to_numbers(series: pd.Series, decimal: str = "", units: dict[str, float] | None = None) -> NDArray[np.float64]:
    """Numbers, NaN for what is none. With a decimal sign, signs of money, thousands, per cent and units are removed first."""
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biuf":
        return series.to_numpy(dtype=np.float64)
    if pd.api.types.is_datetime64_any_dtype(dtype) or pd.api.types.is_timedelta64_dtype(dtype):
        return np.full(len(series), np.nan)
    if pd.api.types.is_numeric_dtype(dtype) and not isinstance(dtype, pd.StringDtype):
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    codes, distinct = levels(series)
    parsed = np.append(_parse_texts(distinct, decimal, units or {}) if decimal else _parse_plain(distinct), np.nan)
    return parsed[codes]


def _parse_plain(values: NDArray[Any]) -> NDArray[np.float64]:
    if not len(values):
        return np.empty(0)
    return np.asarray(pd.to_numeric(values, errors="coerce"), dtype=np.float64)


def _parse_texts(values: NDArray[Any], decimal: str, units: dict[str, float]) -> NDArray[np.float64]:
    """Numbers within texts, shape (n_values,)."""
    table = _COMMA if decimal == "," else _POINT
    texts = np.array([v.translate(table) if isinstance(v, str) else v for v in values], dtype=object)
    numbers = _parse_plain(texts)
    for i in np.flatnonzero(np.isnan(numbers)):
        if isinstance(texts[i], str):
            numbers[i] = _with_unit(texts[i], units)
    return numbers


def _with_unit(text: str, units: dict[str, float]) -> float:
    """`12kg` as 12, `usd300` as 300; NaN when the unit is another than the schema's."""
    end = len(text)
    while end and not text[end - 1].isdigit():
        end -= 1
    start = next((i for i, char in enumerate(text[:end]) if char.isdigit() or char in "-+."), end)
    suffix, prefix = text[end:].strip().rstrip(".").lower(), text[:start].strip().lower()
    if prefix and prefix not in units:
        return math.nan
    if suffix and suffix not in units and (suffix := suffix.rstrip("s")) not in units:
        return math.nan
    try:
        return float(text[start:end]) * units.get(suffix, 1.0)
    except ValueError:
        return math.nan


def _to_booleans(series: pd.Series, column: ColumnSchema) -> NDArray[np.float64]:
    codes, distinct = levels(series)
    value_of = dict.fromkeys((*_TRUE, *column.true_values), 1.0) | dict.fromkeys((*_FALSE, *column.false_values), 0.0)
    table = np.array([*(value_of.get(text_of(value).lower(), math.nan) for value in distinct), math.nan])
    return table[codes]


def to_moments(series: pd.Series, column: ColumnSchema) -> NDArray[np.datetime64]:
    """Moments as datetime64[us] in UTC, NaT for what is none."""
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        return series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return series.to_numpy().astype("datetime64[us]")
    if column.epoch:
        return moments_since_1970(to_numbers(series), column.epoch)
    codes, distinct = levels(series)
    texts = np.array([text_of(value) for value in distinct], dtype=object)
    return np.append(parse_moments(texts, column.formats, column.first_year), np.datetime64("NaT", "us"))[codes]


def moments_since_1970(numbers: NDArray[np.float64], unit: str) -> NDArray[np.datetime64]:
    """Moments of seconds or milliseconds since 1970; NaT beyond the year 9999."""
    microseconds = numbers * (1e6 if unit == "s" else 1e3)
    usable = np.isfinite(microseconds) & (np.abs(microseconds) < 2.5e17)
    moments = np.where(usable, microseconds, 0).astype(np.int64).astype("datetime64[us]")
    moments[~usable] = np.datetime64("NaT")
    return moments


def parse_moments(texts: NDArray[Any], formats: tuple[str, ...], first_year: int = 0) -> NDArray[np.datetime64]:
    """Moments of texts, each by the first format that reads it, shape (n_texts,); ISO 8601 when there is no format."""
    moments = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    for wanted in formats or ("ISO8601",):
        left = np.flatnonzero(np.isnat(moments))
        if not len(left):
            break
        parsed = pd.to_datetime(pd.Series(texts[left], dtype=object), format=wanted, errors="coerce", utc=True)
        found = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        moments[left] = _placed(found, first_year) if "%y" in wanted and first_year else found
    return moments


def _placed(moments: NDArray[np.datetime64], first_year: int) -> NDArray[np.datetime64]:
    """Moments of two-digit years moved into the hundred years from `first_year`."""
    months = moments.astype("datetime64[M]")
    years = months.astype("datetime64[Y]").astype(np.int64) + 1970
    shift = np.where(np.isnat(moments), 0, first_year + (years - first_year) % 100 - years)
    return (months + shift * 12).astype("datetime64[us]") + (moments - months.astype("datetime64[us]"))
