"""Methods of tables, columns and arrays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.absorbing import as_choice, chosen, learnt_from
from tasks.evidence.training.leakage.attributes import column_of
from tasks.evidence.training.leakage.expressions_of_columns import bind_expressions
from tasks.evidence.training.leakage.files import WRITERS, written
from tasks.evidence.training.leakage.grouped import group_by, lagged, shifts_back
from tasks.evidence.training.leakage.joins import text_in, texts_in
from tasks.evidence.training.leakage.networks import ACROSS_CLASSES, compared
from tasks.evidence.training.leakage.row_choices import deduplicated, filtered, in_place, queried, sample, without_rows
from tasks.evidence.training.leakage.rows import cut
from tasks.evidence.training.leakage.stacking import concatenate, is_columns_axis, merge
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Columns,
    Const,
    Data,
    Grouped,
    Statistic,
)
from tasks.evidence.training.leakage.vocabulary import KEEPS_COLUMNS, NOT_DATA, STATISTICS

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

_GROUPING = frozenset(["groupby", "group_by"])
_JOINS = frozenset(["merge", "join"])
_APPENDS = frozenset(["append", "concatenate", "union", "unionAll", "vstack", "extend"])
_FILLS = frozenset(["fillna", "fill_null", "replace", "clip", "where", "mask"])
_UNARY = frozenset(
    ["apply", "map", "astype", "round", "abs", "clip", "between", "isin", "replace", "where", "mask", "cat", "lower", "len", "log"]
)
_NUMBERS = frozenset(["size", "dim", "numel", "nelement", "ndimension", "stride", "get_shape", "row_count"])
_EXPRESSIONS = frozenset(["with_columns", "with_column", "assign", "select", "withColumn"])


def table_method(run: Run, data: Data, name: str, arguments: Arguments) -> Any:
    line = arguments.node.lineno
    if data.output_of is not None and name == "eq":
        compared(run, data, [data, *arguments.everything], line)
    if data.output_of is not None and name in ACROSS_CLASSES and arguments.everything:
        return data.derive(opaque=True, column=None)
    if name in _NUMBERS:
        return NOTHING
    if name in WRITERS:
        written(run, data, text_in(arguments.first("path_or_buf", "path", "file", position=0)) or "")
        return NOTHING
    if name in ("item", "sum", "count", "nunique") or (name == "mean" and data.how == "unary" and data.column is None and not data.sources):
        return Statistic(data.rows, line, data.sources, data.table)
    if name in ("corr", "corrwith"):
        found = Statistic(data.rows, line, data.sources, data.table, "corr")
        return as_choice(found, line) if name == "corrwith" else found
    if name in ("resample", "groupby_dynamic", "group_by_dynamic"):
        return Grouped(data, frozenset([data.column]) if data.column else None, frozenset(), line, "resample")
    if name == "query":
        return queried(run, data, arguments)
    if name == "drop_duplicates" or (name == "unique" and not data.column):
        return deduplicated(data, arguments)
    if name == "alias":
        return data.derive(column=text_in(arguments.get("name", 0)) or data.column)
    if name in _GROUPING:
        return group_by(data, arguments)
    if name == "pop":
        return _pop(data, arguments)
    if name == "drop":
        return _drop(data, arguments)
    if name in ("shift", "diff", "pct_change"):
        return lagged(data, data.sources, "future" if shifts_back(arguments) else "lag", line)
    if name in ("rolling", "expanding", "ewm"):
        center = arguments.get("center")
        how = "future" if isinstance(center, Const) and center.value is True else "lag"
        return Grouped(data, frozenset([data.column]) if data.column else None, frozenset(), line, how)
    if name == "over" or (name in STATISTICS and not (data.bounds and name == "mean")):
        return data.derive(opaque=True, column=None) if _within_rows(arguments) else statistic(run, data, name, line)
    if name in _JOINS:
        return merge(data, arguments)
    if name in _APPENDS:
        return concatenate([data, *arguments.everything], arguments)
    if name in _EXPRESSIONS:
        return bind_expressions(run, data, name, arguments)
    if name in ("randomSplit", "random_split", "split", "train_test_split") and (name != "split" or not _cuts_text(data, arguments)):
        return _divide(run, data, arguments)
    if name == "sample":
        return sample(data, arguments)
    if name == "select_dtypes":
        return data.derive(opaque=True, column=None)
    if name in ("set_index", "rename"):
        return _renamed(data, name, arguments)
    if name == "filter":
        return filtered(data, arguments)
    return _other(run, data, name, arguments)


def statistic(run: Run, data: Data, name: str, line: int) -> Statistic:
    """A number of these rows; over training and held-out rows together it is a leak once it is used (see `learnt_from`)."""
    entities = frozenset(data.entities)
    return Statistic(data.rows, line, data.sources, data.table, name, windows=data.windows, entities=entities)


def _within_rows(arguments: Arguments) -> bool:
    """`mean(axis=1)`, `max(dim=-1)`: a value for each row, nothing learnt from others."""
    axis = arguments.first("axis", "dim", "axes")
    return "keepdim" in arguments.keywords or (isinstance(axis, Const) and axis.value in (1, -1, 2, "columns", (1, 2)))


def _other(run: Run, data: Data, name: str, arguments: Arguments) -> Any:
    if name in NOT_DATA:
        return NOTHING
    if name in ("take", "skip") and not data.column:
        text = "".join(c for c in _text(arguments) if c.isalnum())
        return data.derive(rows=cut(data.rows, f"n{text}{name}", "part"), subset="?")
    result = data
    for value in arguments.everything:
        if name in _FILLS | {"map", "sub", "div", "add", "mul", "subtract", "divide"}:
            result = learnt_from(run, result, value)
    if in_place(arguments):
        data.add(result.taints)
        return NOTHING
    keep = {"column": data.column, "line": result.line}
    if name in _UNARY and data.sources:
        return _unary(result, name, arguments)
    if name in ("fillna", "dropna", "copy", "reset_index", "sort_values"):
        return result.derive(**keep, how=data.how)
    if name in KEEPS_COLUMNS:
        return result.derive(**keep)
    if name in ("batch", "shuffle", "prefetch", "cache", "repeat", "map", "enumerate", "as_numpy_iterator", "to_pandas", "collect", "lazy"):
        return result.derive(**keep)
    return result.derive(opaque=True, column=None)


def _text(arguments: Arguments) -> str:
    return ast.unparse(arguments.node.args[0])[:60] if arguments.node.args else ""


def _unary(data: Data, name: str, arguments: Arguments) -> Data:
    value = arguments.get("func", 0)
    how = data.how or "unary"
    if isinstance(value, Statistic) and value.by_group:
        return data.derive(sources=value.sources, how="aggregate", column=None, rows=data.rows)
    return data.derive(how=how, column=data.column if name in ("astype", "round") else None, filters=data.filters, bounds=name == "between")


def _pop(data: Data, arguments: Arguments) -> Data:
    names = texts_in(arguments.first("item", position=0))
    column = column_of(data, next(iter(names))).derive(parent=None) if names else data.derive(opaque=True)
    data.dropped |= names or frozenset()
    return column


def _drop(data: Data, arguments: Arguments) -> Any:
    """Columns by default of what is known; rows when an index is given."""
    value = arguments.first("columns", "labels", "index", position=0)
    names = value.data.only if isinstance(value, Columns) else texts_in(value)
    of_rows = "columns" not in arguments.keywords and not is_columns_axis(arguments.get("axis", 1))
    if of_rows and isinstance(value, Data) and value.is_index:
        fields = without_rows(data, value)
    elif of_rows and ("index" in arguments.keywords or (names is None and not isinstance(value, Columns))):
        fields = {}
    else:
        fields = {"dropped": data.dropped | names, "column": None} if names else {"opaque": True, "column": None}
    if in_place(arguments):
        for key in fields.keys() - {"column", "subset"}:
            setattr(data, key, fields[key])
        return NOTHING
    return data.derive(**{"column": data.column, "line": arguments.node.lineno, **fields})


def _divide(run: Run, data: Data, arguments: Arguments) -> Any:
    from tasks.evidence.training.leakage.splits import divide

    line = arguments.node.lineno
    divide(run, [data], line, shuffled=True)
    label = run.label("s", line)
    return Bundle([data.derive(rows=cut(data.rows, label, r), fresh=True) for r in ("train", "test", "test")])


def _renamed(data: Data, name: str, arguments: Arguments) -> Any:
    value = arguments.first("keys", "columns", position=0)
    names = texts_in(value)
    if name == "set_index" and names:
        changes: dict[str, Any] = {"dropped": data.dropped | names}
    else:
        changes = {}
    if in_place(arguments):
        for key, changed in changes.items():
            setattr(data, key, changed)
        return NOTHING
    return data.derive(**changes, column=data.column)


def columns_method(run: Run, columns: Columns, name: str, arguments: Arguments) -> Any:
    """`df.columns.drop("y")`, `.tolist()`, `.remove("y")`."""
    data = columns.data
    names = texts_in(arguments.get("labels", 0))
    if name in ("drop", "difference"):
        return Columns(data.derive(dropped=data.dropped | names) if names else data.derive(opaque=True))
    if name in ("remove", "discard"):
        choice = arguments.get("", 0)
        if isinstance(choice, Statistic) and choice.kind == "choice":
            data.taints |= chosen(run, data, choice).taints
        data.dropped |= names or frozenset()
        data.opaque = data.opaque or names is None
        return NOTHING
    if name in ("tolist", "to_list", "copy", "values", "list"):
        return Columns(data.derive())
    return Columns(data.derive(opaque=True)) if name in ("str", "intersection", "union", "append") else NOTHING


def _cuts_text(data: Data, arguments: Arguments) -> bool:
    """`name.split(",")`: words of a cell, not rows."""
    first = arguments.values[0] if arguments.values else None
    return bool(data.column) or first is None or (isinstance(first, Const) and isinstance(first.value, str))
