"""The order of the rows in time: by a column of dates, by year and month, or shown by columns that are others shifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasks.evidence.table import names
from tasks.evidence.table.facts import TimeOrder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.evidence.table.schema import TableSchema

SORTED_SHARE = 0.98
BACK_STEPS = 0.05
"""Proportion of the steps between different moments that may go back in rows that stand in order."""
LAGS_COLUMNS = 60
LAG_ROWS = 5_000
LAG_AGREES = 0.95
LAGS_MOST = 3
FEWEST_ROWS = 20


def find_orders(canonical: pd.DataFrame, schema: TableSchema) -> tuple[TimeOrder, ...]:
    """Orders, likeliest first."""
    dated = [
        _by_column(c.name, _as_numbers(canonical[c.name])) for c in schema.columns if c.kind == "datetime" and not _only_clock(c.formats)
    ]
    orders = [order for order in dated if order is not None]
    orders.sort(key=lambda o: (-(o.sorted_share >= SORTED_SHARE), -round(o.distinct_share, 1)))
    lag = _by_lags(canonical, schema)
    calendar = _by_calendar(canonical, schema)
    return tuple(order for order in (*orders, lag, *calendar) if order is not None)


def _only_clock(formats: tuple[str, ...]) -> bool:
    return bool(formats) and not any(sign in wanted for wanted in formats for sign in ("%Y", "%y"))


def _as_numbers(series: pd.Series) -> NDArray[np.float64]:
    values = series.to_numpy()
    return np.where(np.isnat(values), np.nan, values.astype("datetime64[us]").astype(np.float64))


def _by_column(name: str, moments: NDArray[np.float64]) -> TimeOrder | None:
    found = moments[np.isfinite(moments)]
    if len(found) < FEWEST_ROWS or found.min() == found.max():
        return None
    share, falling = _sorted_share(found)
    distinct = len(np.unique(found)) / len(found)
    first, last = (str(np.datetime64(int(m), "us"))[:10] for m in (found.min(), found.max()))
    how = f"sorted by it{', newest first' if falling else ''}" if _in_order(found) else "not sorted by it"
    reason = f"dates from {first} to {last}, rows {how}"
    return TimeOrder(column=name, sorted_share=round(share, 4), distinct_share=round(distinct, 4), reason=reason)


def _sorted_share(values: NDArray[np.float64]) -> tuple[float, bool]:
    """Proportion of neighbours that do not step back, in the better of both directions, and whether that is downwards."""
    steps = np.diff(values)
    up, down = float((steps >= 0).mean()), float((steps <= 0).mean())
    return max(up, down), down > up


def _in_order(values: NDArray[np.float64]) -> bool:
    steps = np.diff(values)
    steps = steps[steps != 0]
    return len(steps) > 0 and min(float((steps > 0).mean()), float((steps < 0).mean())) <= BACK_STEPS


def _by_calendar(canonical: pd.DataFrame, schema: TableSchema) -> list[TimeOrder]:
    """A year column (with a month and a day, where there are) that rises with the rows."""
    numbers = {c.name: c for c in schema.columns if c.kind == "numeric"}
    years = [name for name in numbers if {"year", "yr"} & set(names.words(name)) and _is_year(canonical[name].to_numpy())]
    found = []
    for year in years[:3]:
        key = canonical[year].to_numpy().copy()
        used = [year]
        for part, size in (("month", 13.0), ("mnth", 13.0), ("day", 32.0), ("hour", 25.0)):
            name = next((n for n in numbers if part in names.words(n) and n not in used), None)
            values = canonical[name].to_numpy() if name else None
            if name and values is not None and np.nanmin(values) >= 0 and np.nanmax(values) < size:
                key = key * size + values
                used.append(name)
        finite = key[np.isfinite(key)]
        if len(finite) < FEWEST_ROWS:
            continue
        share, _ = _sorted_share(finite)
        if share >= SORTED_SHARE and _in_order(finite):
            distinct = len(np.unique(finite)) / len(finite)
            column = year if len(used) == 1 else None
            reason = f"rows sorted by {', '.join(used)}"
            found.append(TimeOrder(column=column, sorted_share=round(share, 4), distinct_share=round(distinct, 4), reason=reason))
    return found


def _is_year(values: NDArray[np.float64]) -> bool:
    finite = values[np.isfinite(values)]
    return len(finite) > 0 and bool((finite == np.floor(finite)).all()) and 1500 <= finite.min() < finite.max() <= 2200


def _by_lags(canonical: pd.DataFrame, schema: TableSchema) -> TimeOrder | None:
    """A column that repeats another one some rows later proves that the rows follow each other in time."""
    numeric = [c.name for c in schema.columns if c.kind == "numeric"][:LAGS_COLUMNS]
    values = canonical[numeric].iloc[:LAG_ROWS].to_numpy(dtype=np.float64)
    if len(values) < FEWEST_ROWS or len(numeric) < 2:
        return None
    varied = [i for i in range(len(numeric)) if len(np.unique(values[:, i])) > 0.2 * len(values)]
    for lag in range(1, LAGS_MOST + 1):
        for i in varied:
            for j in varied:
                if i != j and (share := _agreement(values[lag:, j], values[:-lag, i], values[lag:, i])) >= LAG_AGREES:
                    reason = (
                        f"{numeric[j]} is {numeric[i]} of {'the row' if lag == 1 else f'{lag} rows'} before in {share:.1%} of the rows, "
                        "so the rows stand in the order of time"
                    )
                    return TimeOrder(column=None, sorted_share=1.0, distinct_share=1.0, reason=reason)
    return None


def _agreement(late: NDArray[np.float64], early: NDArray[np.float64], same_row: NDArray[np.float64]) -> float:
    """Proportion of rows that repeat the earlier value, 0 when they mostly repeat the value of their own row."""
    known = np.isfinite(late) & np.isfinite(early)
    if known.sum() < FEWEST_ROWS:
        return 0.0
    share = float(np.isclose(late[known], early[known], rtol=1e-6, atol=0).mean())
    return share if share >= LAG_AGREES and float(np.isclose(late[known], same_row[known], rtol=1e-6, atol=0).mean()) < 0.5 else 0.0
