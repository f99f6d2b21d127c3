"""What each column of a frame is: type, nulls, distinct values; which are constant, identifiers or dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tasks.evidence.dataset.facts import ColumnProfile

if TYPE_CHECKING:
    import pandas as pd

DATE_SAMPLE = 200
DATE_SHARE = 0.95
"""Proportion of sampled text values that must read as dates."""
IDENTIFIER_ROWS = 20
"""With fewer rows, distinct values prove nothing."""
NAMED_IDENTIFIER_SHARE = 0.5
"""A column called an id is one when at least this proportion of its values is distinct."""
_DATE = re.compile(
    r"^\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{4}-(?:0[1-9]|1[0-2])$|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4}|"
    r"[A-Za-z]{3,9} \d{1,2},? \d{4})"
    r"(?:[T ,].{0,30})?$"
)
_PERIOD_NAME = re.compile(r"(?i)year|month|date|day|week|quarter|time|hour|period")
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{2,63}$")
_IDENTIFIER_NAME = re.compile(
    r"(?:(?:^|[_\W])(?:[iI][dD]|uuid|UUID|guid|GUID|key|hash|md5|sha256)(?:$|\W)|[a-z]I[dD]$|^I[dD][A-Z_]|^id_|[A-Za-z]{3,}ID$|"
    r"(?i:^unnamed: ?0$|^index$|^row_?"
    r"(?:names?|num|number|id)?$|^(?:passenger|customer|user|client|patient|employee|order|transaction|session)id$|^instant$|"
    r"^serial(?: ?no\.?)?$|"
    r"^s\.? ?no\.?$|^sl\.? ?no\.?$|(?:customer|order|invoice|transaction|policy|account|roll)_?(?:no|number)$))"
)


def profile_columns(frame: pd.DataFrame, limit: int) -> tuple[ColumnProfile, ...]:
    """The first `limit` columns."""
    return tuple(_column(str(frame.columns[i]), frame.iloc[:, i]) for i in range(min(limit, frame.shape[1])))


def _column(name: str, series: pd.Series) -> ColumnProfile:
    return ColumnProfile(name=name, type=type_of(series), nulls=int(series.isna().sum()), distinct=_distinct(series))


def type_of(series: pd.Series) -> str:
    """`integer`, `number`, `boolean`, `date` or `text`; whole numbers stored as floats because of nulls are integers."""
    from pandas.api import types

    if types.is_bool_dtype(series):
        return "boolean"
    if types.is_integer_dtype(series):
        return "integer"
    if types.is_float_dtype(series):
        present = series.dropna()
        whole = len(present) and bool(series.isna().any()) and bool((present % 1 == 0).all())
        return "integer" if whole else "number"
    if types.is_numeric_dtype(series):
        return "number"
    if types.is_datetime64_any_dtype(series) or isinstance(series.dtype, _period()):
        return "date"
    return "date" if _reads_as_dates(series) else "text"


def _period() -> type:
    import pandas as pd

    return pd.PeriodDtype


def _reads_as_dates(series: pd.Series) -> bool:
    sample = list(series.dropna().head(DATE_SAMPLE))
    if len(sample) < 2 or not all(isinstance(v, str) or hasattr(v, "isoformat") for v in sample):
        return False
    return sum(not isinstance(v, str) or bool(_DATE.match(v[:60])) for v in sample) >= DATE_SHARE * len(sample)


def _distinct(series: pd.Series) -> int | None:
    try:
        return int(series.nunique())
    except (TypeError, ValueError):  # lists and objects as cells
        return None


def constant_columns(columns: tuple[ColumnProfile, ...], rows: int) -> tuple[str, ...]:
    """Columns with one value, or none, in every row looked at."""
    return tuple(c.name for c in columns if rows > 1 and c.distinct is not None and c.distinct <= 1 and (c.distinct == 0 or c.nulls == 0))


def date_columns(columns: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    return tuple(c.name for c in columns if c.type == "date")


def identifier_columns(frame: pd.DataFrame, columns: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    """Columns that name a row: called an id with mostly distinct values, a running number, or distinct codes without spaces."""
    rows = len(frame)
    if rows < IDENTIFIER_ROWS:
        return tuple(c.name for c in columns if is_identifier_name(c.name) and c.distinct == rows and rows > 1)
    return tuple(c.name for i, c in enumerate(columns) if _is_identifier(c, frame.iloc[:, i], rows))


def is_identifier_name(name: str) -> bool:
    return bool(_IDENTIFIER_NAME.search(name.strip()))


def _is_identifier(column: ColumnProfile, series: pd.Series, rows: int) -> bool:
    if column.distinct is None or column.type in ("boolean", "date", "number"):
        return False
    if is_identifier_name(column.name):
        return column.distinct >= NAMED_IDENTIFIER_SHARE * (rows - column.nulls) and column.distinct > 1
    if column.distinct < rows or _PERIOD_NAME.search(column.name):
        return False
    if column.type == "integer":
        return _runs(series)
    sample = [str(v) for v in series.head(DATE_SAMPLE)]
    return all(_CODE.match(v.strip()) for v in sample) and any(c.isdigit() for v in sample[:20] for c in v)


def _runs(series: pd.Series) -> bool:
    """A running number in steps of one."""
    steps = series.astype("float64").diff().dropna()
    return bool((steps == 1).all())
