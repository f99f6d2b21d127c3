"""Tables put together: one below the other, side by side, or by a key."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.joins import data_in
from tasks.evidence.training.leakage.rows import contains
from tasks.evidence.training.leakage.values import NOTHING, Bundle, Const, Data, Derivation, Statistic, Taint

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments


def merge(data: Data, arguments: Arguments) -> Data:
    line = arguments.node.lineno
    result = data.derive(column=None)
    for value in arguments.everything:
        for other in data_in(value)[:1]:
            result.taints |= other.taints
            result.derived.update(other.derived if other.table != data.table else {})
        if isinstance(value, Statistic) and value.by_group:
            result.derived[value.label or f"?{line}"] = Derivation(value.sources, "aggregate", line, value.rows)
    return result


def concatenate(values: list[Any], arguments: Arguments) -> Any:
    """Rows of several tables one after another, or columns side by side when asked for."""
    tables = [d for v in values for d in data_in(v)]
    if not tables:
        return next((v for v in values if isinstance(v, Bundle)), NOTHING)
    first = tables[0]
    axis = arguments.get("axis", 1)
    side_by_side = is_columns_axis(axis) or (isinstance(axis, Const) and axis.value == -1)
    rows = first.rows
    for other in tables[1:]:
        if not side_by_side and rows != other.rows:
            rows = rows | other.rows
    return first.derive(
        rows=rows,
        taints=frozenset(t for d in tables for t in d.taints) | (frozenset() if side_by_side else _repeated(tables, arguments)),
        column=None,
        only=None if any(d.only is None for d in tables) else frozenset(c for d in tables for c in (d.only or ())),
        dropped=first.dropped if not side_by_side else frozenset.intersection(*(d.dropped for d in tables)),
        opaque=any(d.opaque for d in tables) or (side_by_side and len(tables) > 1 and any(d.table != first.table for d in tables)),
        derived={k: v for d in tables for k, v in d.derived.items()},
        temporal=next((d.temporal for d in tables if d.temporal), None),
        table=first.table if all(d.table == first.table for d in tables) or not side_by_side else "",
    )


def _repeated(tables: list[Data], arguments: Arguments) -> frozenset[Taint]:
    """Some of the rows are there twice."""
    whole, rest = tables[0], tables[1:]
    if not any(_is_part(whole, other) or _is_copy(whole, other, arguments) for other in rest):
        return frozenset()
    note = "some rows are repeated before the split"
    return frozenset([Taint("oversampling_before_split", arguments.node.lineno, whole.rows, "likely", note)])


def _is_part(whole: Data, other: Data) -> bool:
    return contains(whole.rows, other.rows) and all(":part" in a for a in other.rows)


def _is_copy(whole: Data, other: Data, arguments: Arguments) -> bool:
    """The same rows once more, as they are or changed a little: arrays of flipped images below the images."""
    function = arguments.node.func
    is_array = isinstance(function, ast.Attribute) and function.attr in ("concatenate", "vstack")
    tables = all(d.column is None and d.only is None and not d.is_element for d in (whole, other))
    return whole is other or (is_array and tables and bool(whole.rows) and whole.rows == other.rows)


def is_columns_axis(value: Any) -> bool:
    return isinstance(value, Const) and value.value in (1, "columns")
