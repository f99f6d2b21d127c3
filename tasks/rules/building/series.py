"""Whether the rows are a series in time: one row a moment in even steps, or many units measured at the same moments."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from tasks.evidence.table.facts import ColumnProfile, TableProfile, TimeOrder
from tasks.rules.building.asked_columns import is_attribute_date
from tasks.rules.building.contract import Contract
from tasks.rules.building.english import stem, words
from tasks.rules.building.grouping import Grouping

SORTED = 0.98
ONE_A_MOMENT = 0.9
EVEN_QUARTERS = 0.06
"""How far the quarters of an evenly spaced series may differ, as a share of their mean."""
NATURAL_STEP = 0.02
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
STEPS = (
    *(m * _MINUTE for m in (1, 5, 10, 15, 20, 30)), *(h * _HOUR for h in (1, 2, 3, 4, 6, 8, 12)), _DAY, 7 * _DAY, 14 * _DAY,
    30.44 * _DAY, 91.31 * _DAY, 182.6 * _DAY, 365.25 * _DAY, 1.4 * _DAY, 1.45 * _DAY, *(float(s) for s in (1, 2, 5, 10, 15, 20, 30)),
)  # fmt: skip
"""Seconds between moments of series people record; working days come about every 1.4 or, with holidays, 1.45 days."""
_LAG = re.compile(
    r"(?:^|[_\W\d]|(?<=[a-z]))(?:lag|lags|lagged|prev|previous|rolling|shift|t[-_ ]?minus|ma\d+|last)(?:$|[_\W\d]|(?=[A-Z]))|^lag\d*|\(t-\d+\)",
    re.IGNORECASE,
)
_CLOCK = frozenset(
    map(
        stem,
        [
            "date",
            "time",
            "datetime",
            "timestamp",
            "day",
            "month",
            "week",
            "year",
            "hour",
            "quarter",
            "period",
            "ts",
            "instant",
            "tick",
            "step",
            "cycle",
        ],
    )
)
_WITHIN_DAY, _MOST_IN_A_DAY = frozenset(map(stem, ("hour", "hr", "time", "minute", "period", "clock", "halfhour", "interval"))), 1440
PANEL_FILL = (0.6, 1.15)
"""Rows of a panel by units times moments."""
FEWEST_MOMENTS = 8


@dataclass(frozen=True)
class Series:
    column: str | None
    """None: the order of the rows."""
    is_strong: bool
    """Rows are a series whatever the objective says."""
    reason: str
    distinct_share: float
    moments: int


def find_series(profile: TableProfile, contract: Contract) -> Series | None:
    """The best order in time that the rows show, or None."""
    found = [s for order in profile.orders if (s := _judge(order, profile, contract)) is not None]
    named = [s for s in found if contract.time_column is not None and s.column == contract.time_column]
    return max(named or found, key=lambda s: (s.is_strong, round(s.distinct_share, 1), s.column is not None), default=None)


def _judge(order: TimeOrder, profile: TableProfile, contract: Contract) -> Series | None:
    if order.column == contract.target:
        return None
    column = profile.column(order.column) if order.column else None
    moments = column.distinct if column else profile.rows
    if moments < FEWEST_MOMENTS or (order.column and is_attribute_date(order.column)):
        return None
    name = order.column or "the order of the rows"
    in_order = order.sorted_share >= SORTED
    single = order.distinct_share >= ONE_A_MOMENT
    lags = lag_columns(profile, contract.target)
    even = column is not None and _is_even(column)
    clocklike = (
        order.column is None or bool(_CLOCK & {stem(w) for w in words(order.column)}) or (column is not None and column.kind == "datetime")
    )
    if lags and in_order and clocklike:
        return Series(
            order.column,
            True,
            f"rows lie in time order by {name}, and {', '.join(lags[:2])} hold earlier values",
            order.distinct_share,
            moments,
        )
    if single and even:
        return Series(order.column, True, f"{name} has one row a moment in even steps: a time series", order.distinct_share, moments)
    if in_order and column is not None and (finer := _finer(column, profile)):
        return Series(
            order.column, True, f"{name} and {finer} together have one row a moment: a time series", order.distinct_share, moments
        )
    if in_order and single and order.column is None:
        return Series(None, True, f"{order.reason}: a time series", order.distinct_share, moments)
    return Series(order.column, False, f"{name} says when each row was", order.distinct_share, moments) if clocklike else None


def _finer(date: ColumnProfile, profile: TableProfile) -> str | None:
    """A column of hours or minutes that with the date names each row once."""
    for column in profile.columns:
        names = {stem(w) for w in words(column.name)}
        if column.name == date.name or not names & _WITHIN_DAY or column.distinct < 2 or date.distinct < FEWEST_MOMENTS:
            continue
        if column.distinct <= _MOST_IN_A_DAY and PANEL_FILL[0] <= profile.rows / (date.distinct * column.distinct) <= PANEL_FILL[1]:
            return column.name
    return None


def lag_columns(profile: TableProfile, target: str) -> list[str]:
    """Columns named as earlier values of something."""
    return [c.name for c in profile.columns if c.name != target and c.kind == "numeric" and _LAG.search(c.name)]


def _is_even(column: ColumnProfile) -> bool:
    """Quarters of equal length, and a step people record in; of numbers, steps of one."""
    q = column.quantiles
    if len(q) != 5 or column.distinct < FEWEST_MOMENTS or q[4] <= q[0]:
        return False
    quarters = [b - a for a, b in itertools.pairwise(q)]
    mean = (q[4] - q[0]) / 4
    if any(abs(quarter - mean) > EVEN_QUARTERS * mean for quarter in quarters):
        return False
    step = (q[4] - q[0]) / (column.distinct - 1)
    if column.kind != "datetime":
        return abs(step - 1) <= NATURAL_STEP and bool(_CLOCK & {stem(w) for w in words(column.name)})
    return any(abs(step - natural) <= NATURAL_STEP * natural for natural in STEPS)


def is_panel(profile: TableProfile, series: Series, grouping: Grouping | None) -> bool:
    """Many units at the same moments: stores by days."""
    if grouping is None or series.column is None or series.distinct_share >= ONE_A_MOMENT:
        return False
    column = profile.column(series.column)
    if column is None or (column.kind != "datetime" and not _CLOCK & {stem(w) for w in words(column.name)}):
        return False
    fill = profile.rows / (grouping.groups * series.moments)
    return PANEL_FILL[0] <= fill <= PANEL_FILL[1]
