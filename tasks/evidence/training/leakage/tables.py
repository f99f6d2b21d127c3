"""Methods of tables, columns and arrays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.absorbing import as_choice, chosen, learnt_from
from tasks.evidence.training.leakage.expressions_of_columns import bind_expressions
from tasks.evidence.training.leakage.files import WRITERS, written
from tasks.evidence.training.leakage.grouped import group_by, lagged, shifts_back
from tasks.evidence.training.leakage.joins import data_in, text_in, texts_in
from tasks.evidence.training.leakage.networks import ACROSS_CLASSES, compared
from tasks.evidence.training.leakage.rows import contains, cut, is_whole
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Columns,
    Const,
    Data,
    Derivation,
    Function,
    Grouped,
    Statistic,
    Taint,
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
        return _queried(run, data, arguments)
    if name == "drop_duplicates" or (name == "unique" and not data.column):
        return _deduplicated(data, arguments)
    if name == "alias":
        return data.derive(column=text_in(arguments.get("name", 0)) or data.column)
    if name in _GROUPING:
        return group_by(data, arguments)
    if name in ("drop", "pop"):
        return _drop(data, name, arguments)
    if name in ("shift", "diff", "pct_change"):
        return lagged(data, data.sources, "future" if shifts_back(arguments) else "lag", line)
    if name in ("rolling", "expanding", "ewm"):
        center = arguments.get("center")
        how = "future" if isinstance(center, Const) and center.value is True else "lag"
        return Grouped(data, frozenset([data.column]) if data.column else None, frozenset(), line, how)
    if name == "over" or (name in STATISTICS and not (data.bounds and name == "mean")):
        return data.derive(opaque=True, column=None) if _within_rows(arguments) else statistic(run, data, name, line)
    if name in _JOINS:
        return _merge(data, arguments)
    if name in _APPENDS:
        return concatenate([data, *arguments.everything], arguments)
    if name in _EXPRESSIONS:
        return bind_expressions(run, data, name, arguments)
    if name in ("randomSplit", "random_split", "split", "train_test_split") and (name != "split" or not _cuts_text(data, arguments)):
        return _divide(run, data, arguments)
    if name == "sample":
        return _sample(data, arguments)
    if name == "select_dtypes":
        return data.derive(opaque=True, column=None)
    if name in ("set_index", "rename"):
        return _renamed(data, name, arguments)
    if name == "filter":
        return _filtered(data, arguments)
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
    if _in_place(arguments):
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


def _in_place(arguments: Arguments) -> bool:
    value = arguments.get("inplace")
    return isinstance(value, Const) and value.value is True


def _drop(data: Data, name: str, arguments: Arguments) -> Any:
    value = arguments.first("columns", "labels", position=0)
    axis = arguments.get("axis", 1)
    names = texts_in(value)
    if name == "pop":
        from tasks.evidence.training.leakage.attributes import column_of

        column = column_of(data, next(iter(names))).derive(parent=None) if names else data.derive(opaque=True)
        data.dropped |= names or frozenset()
        return column
    if "columns" not in arguments.keywords and not _is_columns_axis(axis) and names is None:
        return data.derive(column=data.column)
    if isinstance(value, Columns):
        names = value.data.only
    fields: dict[str, Any] = {"dropped": data.dropped | names} if names else {"opaque": True}
    if "index" in arguments.keywords and "columns" not in arguments.keywords:
        fields = {}
    if _in_place(arguments):
        for key, changed in fields.items():
            setattr(data, key, changed)
        return NOTHING
    return data.derive(**fields, column=None, line=arguments.node.lineno, mentioned=data.mentioned)


def _is_columns_axis(value: Any) -> bool:
    return isinstance(value, Const) and value.value in (1, "columns")


def _merge(data: Data, arguments: Arguments) -> Data:
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
    side_by_side = _is_columns_axis(axis) or (isinstance(axis, Const) and axis.value == -1)
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


def _divide(run: Run, data: Data, arguments: Arguments) -> Any:
    from tasks.evidence.training.leakage.splits import divide

    line = arguments.node.lineno
    divide(run, [data], line, shuffled=True)
    label = run.label("s", line)
    return Bundle([data.derive(rows=cut(data.rows, label, r), fresh=True) for r in ("train", "test", "test")])


def _sample(data: Data, arguments: Arguments) -> Data:
    frac = arguments.get("frac")
    if isinstance(frac, Const) and frac.value == 1:
        return data.derive(column=data.column)
    line = arguments.node.lineno
    part = cut(data.rows, f"a{line}", "part")
    if (replace := arguments.get("replace")) and isinstance(replace, Const) and replace.value is True:
        taint = Taint("oversampling_before_split", line, data.rows, "certain", "rows are drawn repeatedly before the split")
        return data.derive(rows=part, taints=data.taints | {taint}, column=data.column, line=line)
    return data.derive(rows=part, subset="?", column=data.column, line=line)


def _queried(run: Run, data: Data, arguments: Arguments) -> Data:
    """`df.query("price > 500")`: columns with bounds, read from the text."""
    text = text_in(arguments.get("expr", 0)) or ""
    try:
        tree = ast.parse(text[:500].strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return data.derive(column=None)
    found = [(n.id, arguments.node.lineno) for c in ast.walk(tree) if isinstance(c, ast.Compare) and _is_bound(c) for n in _names(c)]
    filters = tuple(found) if any(is_whole(a) for a in data.rows) else ()
    return data.derive(column=None, filters=data.filters + filters, subset="?", rows=cut(data.rows, f"q{arguments.node.lineno}", "part"))


def _is_bound(node: ast.Compare) -> bool:
    numbers = [n.value for n in [node.left, *node.comparators] if isinstance(n, ast.Constant)]
    return any(isinstance(o, (ast.Lt, ast.Gt, ast.LtE, ast.GtE)) for o in node.ops) and not set(numbers) & {0, 1, -1}


def _names(node: ast.Compare) -> list[ast.Name]:
    return [n for n in [node.left, *node.comparators] if isinstance(n, ast.Name)]


def _deduplicated(data: Data, arguments: Arguments) -> Any:
    """One row for each value of these columns: nothing of a group is left to be torn apart."""
    names = texts_in(arguments.get("subset", 0)) or frozenset()
    kept = {e for e in data.entities if e not in names}
    if _in_place(arguments):
        data.entities = kept
        return NOTHING
    return data.derive(column=data.column, entities=kept)


def _renamed(data: Data, name: str, arguments: Arguments) -> Any:
    value = arguments.first("keys", "columns", position=0)
    names = texts_in(value)
    if name == "set_index" and names:
        changes: dict[str, Any] = {"dropped": data.dropped | names}
    else:
        changes = {}
    if _in_place(arguments):
        for key, changed in changes.items():
            setattr(data, key, changed)
        return NOTHING
    return data.derive(**changes, column=data.column)


def _filtered(data: Data, arguments: Arguments) -> Data:
    """`filter` with a condition chooses rows (polars, Spark), with names columns (pandas)."""
    for value in arguments.everything:
        if isinstance(value, Data):
            return data.derive(filters=data.filters + (value.filters if any(is_whole(a) for a in data.rows) else ()), column=None)
        if isinstance(value, Function):
            return data.derive(column=None)
    names = texts_in(arguments.first("items", position=0))
    return data.derive(only=names, column=None) if names else data.derive(opaque=True, column=None)


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
