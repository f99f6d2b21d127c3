"""`value[key]`: rows and columns chosen from data, members taken from containers."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Any

from tasks.evidence.training.leakage.absorbing import as_choice, chosen, chosen_again
from tasks.evidence.training.leakage.attributes import column_of, column_value, named_part
from tasks.evidence.training.leakage.joins import join, text_in, texts_in
from tasks.evidence.training.leakage.row_numbers import part_text
from tasks.evidence.training.leakage.rows import cut, is_whole, role_of_name
from tasks.evidence.training.leakage.selection import choose
from tasks.evidence.training.leakage.slices import is_window, label_of
from tasks.evidence.training.leakage.splits import report
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Columns,
    Const,
    Data,
    Estimator,
    Grouped,
    Indexer,
    Prediction,
    RowNumbers,
    Score,
    Statistic,
    Unknown,
)


def subscript(run: Run, node: ast.Subscript) -> Any:
    owner = run.evaluate(node.value)
    if isinstance(owner, Indexer):
        return _indexed(run, owner, node)
    if isinstance(owner, Data):
        return _of_data(run, owner, node.slice, node, by_position=False)
    key = run.evaluate(node.slice)
    if isinstance(owner, Bundle):
        return _of_bundle(run, owner, key, node)
    if isinstance(owner, Grouped):
        return Grouped(owner.data, texts_in(key), owner.keys, owner.line, owner.how)
    if isinstance(owner, Columns):
        if isinstance(node.slice, ast.Slice):
            data = owner.data
            last = _is_minus_one(node.slice.upper) and node.slice.lower is None
            return Columns(data.derive(dropped=data.dropped | {"#-1"}) if last else data.derive(opaque=True))
        return key if isinstance(key, Statistic) and key.kind == "choice" else NOTHING
    if isinstance(owner, RowNumbers) and isinstance(node.slice, ast.Slice):
        return replace(owner, part=f"{owner.part}[{slice_text(run, node.slice)}]")
    if isinstance(owner, Estimator):
        return next((s for s in owner.steps if s.name == text_in(key)), owner.steps[-1] if owner.steps else NOTHING)
    if isinstance(owner, Statistic):
        return as_choice(owner, node.lineno) if owner.name == "corr" and not owner.kind and text_in(key) is not None else owner
    return owner if isinstance(owner, (Prediction, Score)) else NOTHING


def _of_bundle(run: Run, owner: Bundle, key: Any, node: ast.Subscript) -> Any:
    if owner.is_sorted and owner.scores and isinstance(key, Const):
        return choose(run, owner, node.lineno, "likely")
    if isinstance(key, Const) and isinstance(key.value, int) and not isinstance(key.value, bool):
        return owner.items[key.value] if -len(owner.items) <= key.value < len(owner.items) else NOTHING
    name = text_in(key)
    if name is not None:
        return owner.keys.get(name, owner.keys.get("?", NOTHING))
    if isinstance(node.slice, ast.Slice):
        return owner
    found = None
    for item in [*owner.items, *owner.keys.values()][:20]:
        found = item if found is None else join(found, item)
    return NOTHING if found is None else found


def _indexed(run: Run, owner: Indexer, node: ast.Subscript) -> Any:
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        rows, columns = node.slice.elts
        data = _rows(run, owner.data, rows, node)
        return _columns(run, data if isinstance(data, Data) else owner.data, columns, owner.label)
    return _rows(run, owner.data, node.slice, node)


def _of_data(run: Run, data: Data, key: ast.expr, node: ast.Subscript, by_position: bool) -> Any:
    if isinstance(key, ast.Tuple) and len(key.elts) == 2:
        return _columns(run, _rows(run, data, key.elts[0], node), key.elts[1], "iloc")
    if isinstance(key, ast.Tuple) and key.elts:
        return _rows(run, data, key.elts[0], node)
    if isinstance(key, ast.Slice):
        return _rows(run, data, key, node)
    if isinstance(key, ast.Call) and isinstance(key.func, ast.Attribute) and key.func.attr == "ix_" and key.args:
        return _rows(run, data, key.args[0], node)
    value = run.evaluate(key)
    if isinstance(value, RowNumbers):
        return numbered(data, value, node.lineno, key.id if isinstance(key, ast.Name) else "")
    if names := texts_in(value):
        if isinstance(value, Const):
            return named_part(data, value.value) or column_value(data, value.value)
        data.mentioned.update(names)
        return data.derive(only=names, opaque=False, column=None, line=node.lineno)
    if isinstance(value, Statistic) and value.kind == "choice":
        return chosen(run, data, value)
    if isinstance(value, Columns):
        picked = value.data
        if value.is_open:
            return data.derive(column=None, opaque=True, parent=data)
        return _picked(run, data, picked).derive(line=node.lineno)
    if isinstance(value, Data):
        return _rows(run, data, key, node, value)
    if isinstance(value, Const) and isinstance(value.value, int):
        return data.derive(opaque=True, column=None)
    if isinstance(key, ast.Name) and (role := role_of_name(key.id)):
        return _part(data, key.id, role, node)
    if isinstance(key, ast.ListComp) and (role := role_of_name(ids := ast.unparse(key.generators[0].iter)[:80])):
        return _part(data, ids, role, node)
    if value == Unknown("random") or _ROW_KEY.search(ast.unparse(key)[:200]):
        part = _part(data, _mask_text(key), "part", node)
        part.is_random = value == Unknown("random")
        return part
    if isinstance(value, Bundle) and not value.items:
        return data.derive(opaque=True, column=None)
    return data.derive(opaque=True, column=None, parent=data)


def _picked(run: Run, data: Data, picked: Data) -> Data:
    """The columns of a list that was made from the table's own columns."""
    return data.derive(
        taints=data.taints | chosen_again(run, data, picked),
        dropped=data.dropped | picked.dropped,
        only=picked.only,
        opaque=picked.opaque,
        present=picked.present,
        column=None,
    )


_ROW_KEY = re.compile(r"idx|ind(?:ices|ex|s)?\b|mask|msk|perm|order|shuff|rows|^~|sel(?:ected)?$|keep|is_|split", re.I)


def _rows(run: Run, data: Data, key: ast.expr, node: ast.Subscript, value: Any = None) -> Data:
    """Rows chosen by a slice, a mask or an index."""
    if isinstance(key, ast.Slice):
        return _sliced(run, data, key, node)
    value = run.evaluate(key) if value is None else value
    if isinstance(value, RowNumbers):
        return numbered(data, value, node.lineno, key.id if isinstance(key, ast.Name) else "")
    if isinstance(value, Data) and value.is_index and value.rows:
        if (divided := rows_of_index(data, value)) is not None:
            report(run, data.taints)
            return divided.derive(line=node.lineno)
        role = role_of_name(key.id) if isinstance(key, ast.Name) else None
        return _part(data, ast.unparse(key), role or "part", node)
    if isinstance(value, Data):
        part = _part(data, _mask_text(key), _mask_role(key) or "part", node)
        part.filters = data.filters + (value.filters if any(is_whole(a) for a in data.rows) else ())
        return part
    if isinstance(key, ast.Name):
        return _part(data, key.id, role_of_name(key.id) or "part", node)
    return data.derive(column=data.column)


def rows_of_index(data: Data, index: Data) -> Data | None:
    """The rows whose numbers a split has put into one part; None when the index was not split."""
    segments = {a.rsplit("/", 1)[1] for a in index.rows if "/" in a}
    rows = frozenset(f"{a}/{s}" for a in data.rows for s in segments)
    return data.derive(rows=rows, column=data.column) if segments else None


def numbered(data: Data, numbers: RowNumbers, line: int, name: str = "") -> Data:
    """The rows of these numbers: all of them in another order, or a part whose role the name of the numbers may tell."""
    if not numbers.part:
        return data.derive(column=data.column, line=line)
    rows = cut(data.rows, label_of(part_text(numbers)), role_of_name(name) or "part")
    return data.derive(rows=rows, line=line, subset="?", column=data.column)


def _mask_text(key: ast.expr) -> str:
    inner = key.operand if isinstance(key, ast.UnaryOp) else key
    text = ast.unparse(inner)[:200]
    return f"not {text}" if isinstance(key, ast.UnaryOp) else text


def _mask_role(key: ast.expr) -> str | None:
    """`df[df.split == "test"]`, `df[is_train]`."""
    if isinstance(key, ast.Compare) and isinstance(key.comparators[0], ast.Constant) and isinstance(key.ops[0], ast.Eq):
        return role_of_name(str(key.comparators[0].value))
    if isinstance(key, ast.UnaryOp):
        return None
    name = key.id if isinstance(key, ast.Name) else (key.attr if isinstance(key, ast.Attribute) else "")
    return role_of_name(name)


def _sliced(run: Run, data: Data, key: ast.Slice, node: ast.Subscript) -> Data:
    if (key.lower is None and key.upper is None) or (data.column is not None and not _is_rowwise(node)):
        return data.derive(column=data.column, line=node.lineno)
    if run.loops and is_window(key):
        return data.derive(column=data.column, windows=True, line=node.lineno)
    return _part(data, slice_text(run, key), "part", node)


def slice_text(run: Run, key: ast.Slice) -> str:
    """`a:b` with numbers for names that hold one; inside a loop a name may hold another number each time."""
    return f"{_bound(run, key.lower)}:{_bound(run, key.upper)}"


def _is_rowwise(node: ast.Subscript) -> bool:
    """`s.str[:3]` cuts texts, not rows."""
    return not (isinstance(node.value, ast.Attribute) and node.value.attr == "str")


def _bound(run: Run, node: ast.expr | None) -> str:
    if node is None:
        return ""
    value = run.evaluate(node)
    if isinstance(value, Const) and type(value.value) is int and not run.loops:
        return str(value.value)
    return ast.unparse(node)[:80]


def _part(data: Data, text: str, role: str, node: ast.Subscript) -> Data:
    """One part of a division named after the text of its key, so that the same key gives the same rows."""
    source = node.value
    while isinstance(source, (ast.Attribute, ast.Subscript)) and not isinstance(source, ast.Name):
        if isinstance(source, ast.Attribute) and source.attr not in ("loc", "iloc", "values"):
            break
        source = source.value
    rows = cut(data.rows, label_of(text), role)
    return data.derive(rows=rows, line=node.lineno, subset=ast.unparse(source), column=data.column, parent=None)


def _columns(run: Run, data: Data, key: ast.expr, label: str) -> Any:
    keep = {"subset": data.subset, "line": data.line}
    if isinstance(key, ast.Slice):
        return data.derive(**_column_slice(key, data), column=None, **keep)
    value = run.evaluate(key)
    if isinstance(value, Statistic) and value.kind == "choice":
        return chosen(run, data, value)
    if names := texts_in(value):
        data.mentioned.update(names)
        if isinstance(value, Const):
            return column_of(data, value.value).derive(parent=data, column=value.value, **keep)
        return data.derive(only=names, opaque=False, column=None, **keep)
    if isinstance(value, Columns) and not value.is_open:
        picked = value.data
        return _picked(run, data, picked).derive(**keep)
    if isinstance(value, Const) and isinstance(value.value, int) and label == "iloc":
        name = f"#{value.value}"
        return data.derive(column=name, only=frozenset([name]), sources=frozenset([name]), **keep)
    return data.derive(opaque=True, column=None, parent=data, **keep)


def _column_slice(key: ast.Slice, data: Data) -> dict[str, Any]:
    if key.lower is None and key.upper is None:
        return {}
    if _is_minus_one(key.upper):
        return {"dropped": data.dropped | {"#-1", "#0" if key.lower is not None else "#-1"}}
    if key.upper is None and isinstance(key.lower, ast.Constant) and key.lower.value == 1:
        return {"dropped": data.dropped | {"#0"}}
    return {"opaque": True}


def _is_minus_one(node: ast.expr | None) -> bool:
    return (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
        and node.operand.value == 1
    )
