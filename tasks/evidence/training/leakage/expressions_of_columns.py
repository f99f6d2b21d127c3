"""Columns described without their table: polars' `pl.col("a").mean().over("b")`, Spark's `F.col`, pandas' `assign`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.joins import texts_in
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Bundle, Data, Derivation, Function, Statistic, Taint

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments


def described(name: str, line: int) -> Data:
    """`pl.col(name)`: a column whose rows are not known yet."""
    return Data(frozenset(), table="described", column=name, sources=frozenset([name]), only=frozenset([name]), line=line)


def bind_expressions(run: Run, data: Data, name: str, arguments: Arguments) -> Data:
    """The table with columns that expressions describe."""
    result = data.derive(column=None, line=data.line)
    chosen: set[str] = set()
    for value in [*arguments.values, *arguments.keywords.items()]:
        for key, inner in _pairs(value):
            if isinstance(inner, Function):
                inner = _applied(run, inner, data, arguments)
            chosen |= {key} if key else (texts_in(inner) or (inner.only if isinstance(inner, Data) and inner.only else frozenset()))
            _bind(result, key, inner, arguments.node.lineno)
    if name == "select":
        result.only = frozenset(chosen) if chosen else None
        result.opaque = not chosen
    return result


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, tuple):
        return [(value[0], value[1])]
    if isinstance(value, Bundle):
        return [("", v) for v in value.items]
    return [("", value)]


def _applied(run: Run, function: Function, data: Data, arguments: Arguments) -> Any:
    from tasks.evidence.training.leakage.calls import Arguments as Built
    from tasks.evidence.training.leakage.functions import call_function

    return call_function(run, function, Built([data], {}, arguments.node))


def _bind(table: Data, key: str, value: Any, line: int) -> None:
    if isinstance(value, Data):
        table.taints |= frozenset(t if t.rows else replace(t, rows=table.rows) for t in value.taints)
        table.temporal = table.temporal or value.temporal
        name = key or value.column or f"?{line}"
        if value.how:
            table.derived[name] = Derivation(value.sources - {name} or value.sources, value.how, value.line or line, table.rows)
        table.dropped -= {name}
        table.mentioned.add(name)
    elif isinstance(value, Statistic) and value.by_group:
        table.derived[key or value.label or f"?{line}"] = Derivation(value.sources, "aggregate", value.line, value.rows or table.rows)
    elif isinstance(value, Statistic) and value.name:
        note = f"{value.name} of all rows goes into the features before the split"
        table.taints |= {Taint("scaler_or_imputer_fit_before_split", value.line, table.rows, "likely", note)}
