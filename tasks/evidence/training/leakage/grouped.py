"""`df.groupby(…)` and `df.rolling(…)`: statistics by group, lags and windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.features import PERSON
from tasks.evidence.training.leakage.joins import data_in, text_in, texts_in
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Bundle, Const, Data, Grouped, Statistic
from tasks.evidence.training.leakage.vocabulary import LAGS, STATISTICS

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

_PER_ROW = frozenset(["transform", "cumcount", "cumsum", "cumprod", "cummax", "rank", "ngroup", "apply", "ffill", "bfill", "head", "tail"])


def group_by(data: Data, arguments: Arguments) -> Grouped:
    keys = texts_in(arguments.first("by", position=0)) or frozenset()
    data.mentioned.update(keys)
    columns = frozenset([data.column]) if data.column else None
    return Grouped(data, columns, keys, arguments.node.lineno)


def grouped_method(run: Run, owner: Grouped, name: str, arguments: Arguments) -> Any:
    """A summary by group is a table of its own; `transform` and lags give a column of the table."""
    line = arguments.node.lineno
    sources = owner.columns or frozenset()
    if name in LAGS:
        owner.data.entities.update(owner.keys)
        if name in ("rolling", "expanding", "ewm"):
            return Grouped(owner.data, owner.columns, owner.keys, line, "future" if _is_true(arguments.get("center")) else "lag")
        return lagged(owner.data, sources, "future" if shifts_back(arguments) else "lag", line)
    if owner.how == "resample":
        return owner.data.derive(column=next(iter(sources), None) if len(sources) == 1 else None)
    if owner.how != "aggregate":
        return lagged(owner.data, sources, owner.how, owner.line) if name in STATISTICS | {"sum", "apply", "agg", "count"} else owner
    if name in ("size", "count", "nunique", "value_counts"):
        owner.data.entities.update(k for k in owner.keys if PERSON.match(k))
    if name in _PER_ROW:
        owner.data.entities.update(owner.keys)
        how = "aggregate" if name == "transform" and sources else ""
        return owner.data.derive(column=None, sources=sources, how=how, parent=None)
    if name in STATISTICS | {"agg", "aggregate", "sum", "count"}:
        sources = sources or _aggregated(arguments)
        return Statistic(owner.data.rows, line, sources, owner.data.table, f"the {name} by group", by_group=True)
    if name in ("apply", "filter"):
        return owner.data.derive(column=None)
    return owner


def tabulated(arguments: Arguments) -> Statistic:
    """`pd.crosstab(df["a"], df["y"])`, `df.pivot_table(values="y", index="a")`: counts or means by group."""
    tables = [d for v in arguments.everything for d in data_in(v)]
    named = frozenset(c for k in ("values", "index", "columns") for c in texts_in(arguments.get(k)) or ())
    sources = frozenset(s for d in tables for s in d.sources) | named
    return Statistic(tables[0].rows, arguments.node.lineno, sources, tables[0].table, "the table by group", by_group=True)


def _aggregated(arguments: Arguments) -> frozenset[str]:
    """The columns in `agg({"price": "mean"})` and `agg(rate=("price", "mean"))`."""
    value = arguments.get("func", 0)
    named = [text_in(v.items[0]) for v in arguments.keywords.values() if isinstance(v, Bundle) and v.items]
    keys = [k for k in value.keys if isinstance(k, str)] if isinstance(value, Bundle) else []
    return frozenset([*keys, *(n for n in named if n is not None)])


def lagged(data: Data, sources: frozenset[str], how: str, line: int) -> Data:
    """A column of values of earlier or later rows."""
    return data.derive(column=None, sources=sources, how=how, parent=None, temporal=data.temporal or line)


def shifts_back(arguments: Arguments) -> bool:
    """`shift(-1)` brings later rows up."""
    value = arguments.first("periods", position=0)
    return isinstance(value, Const) and isinstance(value.value, (int, float)) and value.value < 0


def _is_true(value: Any) -> bool:
    return isinstance(value, Const) and value.value is True
