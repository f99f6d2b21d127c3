"""Which rows are kept apart from which: by chance, by what they belong to, or by time. Decided from the profile and the contract."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.evidence.table.facts import TableProfile, TimeOrder
from tasks.rules.building.asked_columns import is_attribute_date
from tasks.rules.building.contract import Contract
from tasks.rules.building.grouping import find_grouping
from tasks.rules.building.series import Series, find_series, is_panel
from tasks.rules.building.split_plan import SplitPlan

TEST_SHARE, LARGE_TEST_SHARE = 0.2, 0.1
LARGE_ROWS, HUGE_ROWS = 50_000, 300_000
"""From so many rows a smaller share tests as well, and fewer folds suffice."""
POSITIVES_WANTED = 20
"""Rows of the rarest class the sealed test should hold where there are enough."""
LARGEST_TEST_SHARE = 0.3
FEWEST_GROUPS, FEWEST_MOMENTS = 4, 8


@dataclass(frozen=True)
class _Kind:
    kind: str
    column: str | None
    reasons: tuple[str, ...]


def plan_split(profile: TableProfile, contract: Contract) -> SplitPlan:
    """The plan, with every reason in words, also those why it is neither by groups nor by time."""
    chosen = _choose(profile, contract)
    rows = _rows_with_target(profile, contract)
    stratified = contract.task != "regression" and chosen.kind != "time"
    share, share_reason = _test_share(rows, profile, contract)
    folds, folds_reason = _folds(rows, chosen, profile)
    reasons = (*chosen.reasons, *(r for r in (share_reason, folds_reason) if r))
    return SplitPlan(
        kind=chosen.kind, column=chosen.column, stratified=stratified,  # type: ignore[arg-type]
        test_share=share, folds=folds, reasons=reasons,
    )  # fmt: skip


def _choose(profile: TableProfile, contract: Contract) -> _Kind:
    target = contract.target
    series = find_series(profile, contract)
    grouping = find_grouping(profile, contract)
    if contract.time_column is not None and _is_flagged(contract, "time_column"):
        return _Kind("time", contract.time_column, (f"--time names {contract.time_column}",))
    if contract.group_column is not None and _is_flagged(contract, "group_column"):
        return _Kind("group", contract.group_column, (f"--group names {contract.group_column}",))
    if contract.group_column is not None and not (contract.forecast and series and series.is_strong):
        reason = next((u.why for u in contract.understood if u.field == "group_column"), "the objective is about new groups")
        return _Kind("group", contract.group_column, (reason, f"so no {contract.group_column} is on both sides"))
    if contract.forecast and (future := _future(profile, contract, series)):
        return future
    if series and is_panel(profile, series, grouping) and contract.task == "regression":
        return _Kind(
            "time",
            series.column,
            (
                series.reason,
                f"each {grouping.column if grouping else 'unit'} is measured at the same moments, so the test lies after the training",
            ),
        )
    if grouping is not None:
        return _Kind("group", grouping.column, (grouping.reason, f"so no {grouping.column} is on both sides"))
    if series and series.is_strong:
        return _Kind("time", series.column, (series.reason, "so the test lies after the training"))
    return _Kind("iid", None, _why_iid(profile, target, contract))


def _is_flagged(contract: Contract, field: str) -> bool:
    return any(u.field == field and u.source in ("flag", "person", "template") for u in contract.understood)


def _future(profile: TableProfile, contract: Contract, series: Series | None) -> _Kind | None:
    said = next((u.why for u in contract.understood if u.field == "forecast"), "the objective is about the future")
    if series is not None:
        return _Kind("time", series.column, (said, series.reason, "so the test lies after the training"))
    column = contract.time_column
    if column is not None and not is_attribute_date(column):
        return _Kind("time", column, (said, f"{column} says when each row was, so the test lies after the training"))
    return None


def _why_iid(profile: TableProfile, target: str, contract: Contract) -> tuple[str, ...]:
    reasons = ["rows are taken as independent: none belongs to another's group, and their order says nothing"]
    dates = [c.name for c in profile.columns if c.kind == "datetime" and c.name != target]
    dates += [o.column for o in profile.orders if o.column is not None and o.column not in dates and o.column != target]
    if dates:
        reasons.append(
            f"{', '.join(dates[:3])} only describes each row: rows are no series in it and the objective does not ask about the future"
        )
    if contract.forecast:
        reasons.append("the objective speaks of the future, but no column and no order of the rows says when each was")
    return tuple(reasons)


def _rows_with_target(profile: TableProfile, contract: Contract) -> int:
    target = profile.column(contract.target)
    return round(profile.rows * (1 - (target.nulls if target else 0.0)))


def _test_share(rows: int, profile: TableProfile, contract: Contract) -> tuple[float, str]:
    share = TEST_SHARE if rows <= LARGE_ROWS else LARGE_TEST_SHARE
    target = profile.column(contract.target)
    if contract.task == "regression" or target is None or not target.top or len(target.top) != target.distinct:
        return share, ""
    rarest = min(count for _, count in target.top)
    if rarest * share < POSITIVES_WANTED and rarest >= 10:
        wider = min(LARGEST_TEST_SHARE, max(share, POSITIVES_WANTED / rarest))
        if wider > share:
            return round(wider, 2), f"{wider:.0%} are sealed, since the rarest class has only {rarest} rows"
    return share, ""


def _folds(rows: int, chosen: _Kind, profile: TableProfile) -> tuple[int, str]:
    if chosen.kind == "group" and chosen.column is not None:
        column = profile.column(chosen.column)
        groups = column.distinct if column else 5
        folds = max(2, min(5 if rows < LARGE_ROWS else 4, round(groups * (1 - TEST_SHARE))))
        return folds, f"{folds} folds, as many as {groups} groups allow" if folds < 4 else ""
    if rows >= HUGE_ROWS:
        return 3, f"3 folds suffice for {rows:,} rows"
    if rows >= LARGE_ROWS:
        return 4, f"4 folds suffice for {rows:,} rows"
    return 5, ""


__all__ = ["TimeOrder", "plan_split"]
