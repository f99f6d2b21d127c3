"""Rows of a table chosen or left out: samples, queries, conditions, duplicates, rows dropped by their index."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.joins import text_in, texts_in
from tasks.evidence.training.leakage.rows import cut, is_whole, roles_of
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import NOTHING, Const, Data, Function, Taint

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments


def sample(data: Data, arguments: Arguments) -> Data:
    frac = arguments.get("frac")
    if isinstance(frac, Const) and frac.value == 1:
        return data.derive(column=data.column)
    line = arguments.node.lineno
    part = cut(data.rows, f"a{line}", "part")
    if (replace := arguments.get("replace")) and isinstance(replace, Const) and replace.value is True:
        taint = Taint("oversampling_before_split", line, data.rows, "certain", "rows are drawn repeatedly before the split")
        return data.derive(rows=part, taints=data.taints | {taint}, column=data.column, line=line)
    return data.derive(rows=part, subset="?", column=data.column, line=line)


def queried(run: Run, data: Data, arguments: Arguments) -> Data:
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


def deduplicated(data: Data, arguments: Arguments) -> Any:
    """One row for each value of these columns: nothing of a group is left to be torn apart."""
    names = texts_in(arguments.get("subset", 0)) or frozenset()
    kept = {e for e in data.entities if e not in names}
    if in_place(arguments):
        data.entities = kept
        return NOTHING
    return data.derive(column=data.column, entities=kept)


def filtered(data: Data, arguments: Arguments) -> Data:
    """`filter` with a condition chooses rows (polars, Spark), with names columns (pandas)."""
    for value in arguments.everything:
        if isinstance(value, Data):
            return data.derive(filters=data.filters + (value.filters if any(is_whole(a) for a in data.rows) else ()), column=None)
        if isinstance(value, Function):
            return data.derive(column=None)
    names = texts_in(arguments.first("items", position=0))
    return data.derive(only=names, column=None) if names else data.derive(opaque=True, column=None)


def in_place(arguments: Arguments) -> bool:
    value = arguments.get("inplace")
    return isinstance(value, Const) and value.value is True


def without_rows(data: Data, left_out: Data) -> dict[str, Any]:
    """What `df.drop(other.index)` changes: the rest of a part, or a table without the rows a condition picked."""
    segments = sorted(a.rsplit("/", 1)[1] for a in left_out.rows if "/" in a)
    parts = [s for s in segments if s.startswith("a")] or (segments if roles_of(left_out.rows) & {"train", "valid", "test"} else [])
    if parts:
        return {"rows": cut(data.rows, "x" + parts[0].partition(":")[0], "part"), "subset": "?"}
    return {"filters": data.filters + (left_out.filters if any(is_whole(a) for a in data.rows) else ())}
