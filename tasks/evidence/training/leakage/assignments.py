"""Values stored in names, attributes, columns and containers."""

from __future__ import annotations

import ast
from typing import Any

from tasks.evidence.training.leakage.joins import data_in, join, scores_in, text_in, texts_in
from tasks.evidence.training.leakage.naming import divided, named
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Columns,
    Data,
    Derivation,
    Estimator,
    Folds,
    Indexer,
    Instance,
    Prediction,
    Statistic,
    Unknown,
)


def assign(run: Run, target: ast.expr, value: Any, line: int) -> None:
    """Store a value where an assignment, loop or `with` says."""
    if isinstance(target, ast.Name):
        run.scope[target.id] = named(run, value, target.id, line)
    elif isinstance(target, ast.Attribute):
        _assign_attribute(run, target, value, line)
    elif isinstance(target, ast.Subscript):
        _assign_item(run, target, value, line)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(run, target.elts, value, line)
    elif isinstance(target, ast.Starred):
        assign(run, target.value, value, line)


def _assign_attribute(run: Run, target: ast.Attribute, value: Any, line: int) -> None:
    owner = run.evaluate(target.value)
    value = named(run, value, target.attr, line)
    if isinstance(owner, Instance):
        owner.attributes[target.attr] = value
    elif isinstance(owner, Bundle):
        owner.keys[target.attr] = value
    elif isinstance(owner, Unknown) and isinstance(target.value, (ast.Name, ast.Attribute)):
        run.scope[f"{ast.unparse(target.value)}.{target.attr}"] = value
    elif isinstance(owner, Data) and target.attr not in ("columns", "index"):
        write_column(owner, target.attr, value, line)
    elif isinstance(owner, Data) and target.attr == "columns":
        owner.opaque = True


def _unpack(run: Run, targets: list[ast.expr], value: Any, line: int) -> None:
    names = [ast.unparse(t) if isinstance(t, (ast.Name, ast.Attribute)) else "" for t in targets]
    if isinstance(value, Data) and "" in names and any(isinstance(t, ast.Tuple) for t in targets):
        value = divided(run, value, [n or _first_name(t) for n, t in zip(names, targets)], line)
    value = divided(run, value, names, line)
    for position, target in enumerate(targets):
        assign(run, target, _part(value, position, len(targets)), line)


def _first_name(node: ast.expr) -> str:
    return next((n.id for n in ast.walk(node) if isinstance(n, ast.Name)), "")


def _part(value: Any, position: int, width: int) -> Any:
    if isinstance(value, Bundle):
        if position < len(value.items):
            return value.items[position]
        return NOTHING
    if isinstance(value, Data):
        return value.derive(column=None, opaque=True)
    if isinstance(value, (Estimator, Folds)):
        return value if isinstance(value, Folds) else NOTHING
    return value if scores_in(value) else NOTHING


def _assign_item(run: Run, target: ast.Subscript, value: Any, line: int) -> None:
    owner = run.evaluate(target.value)
    key = run.evaluate(target.slice)
    if isinstance(owner, Indexer):
        column = key.items[-1] if isinstance(key, Bundle) and len(key.items) > 1 else NOTHING
        owner, key = owner.data, column
    if isinstance(owner, Data):
        if isinstance(key, Bundle) and not texts_in(key) and len(key.items) == 2:
            key = key.items[-1]
        for column in sorted(texts_in(key) or ["?"]):
            write_column(owner, f"?{line}" if column == "?" else column, value, line)
    elif isinstance(owner, Bundle):
        owner.scores.extend(scores_in(value))
        name = text_in(key)
        if name is not None:
            owner.keys[name] = named(run, value, name, line)
        elif not isinstance(value, Unknown):
            owner.keys["?"] = join(owner.keys.get("?"), value)
    elif isinstance(owner, Unknown) and scores_in(value) and isinstance(target.value, ast.Name):
        run.scope[target.value.id] = Bundle(scores=scores_in(value))


def write_column(table: Data, name: str, value: Any, line: int) -> None:
    """`table[name] = value`, in place."""
    table.mentioned = table.mentioned | {name}
    for data in data_in(value)[:4]:
        if data is table:
            continue
        table.add(frozenset(t if t.rows else _placed(t, table) for t in data.taints))
        table.temporal = table.temporal or data.temporal
        if data.sources and data.how:
            how, sources = data.how, data.sources
            table.derived[name] = Derivation(sources, how, line, table.rows)
        elif name in table.derived and not data.sources:
            table.derived.pop(name)
    table.predicted.pop(name, None)
    if isinstance(value, Prediction):
        table.predicted[name] = value
    if isinstance(value, Statistic) and value.by_group:
        table.derived[name] = Derivation(value.sources, "aggregate", line, value.rows or table.rows)
    table.dropped = table.dropped - {name}
    table.present = table.present | {name}
    if table.only is not None:
        table.only = table.only | {name}


def _placed(taint: Any, table: Data) -> Any:
    from dataclasses import replace

    return replace(taint, rows=table.rows)


def delete(run: Run, target: ast.expr) -> None:
    """`del df["y"]`; a deleted name keeps its value, which does no harm."""
    if isinstance(target, ast.Subscript):
        owner = run.evaluate(target.value)
        names = texts_in(run.evaluate(target.slice))
        if isinstance(owner, Data) and names:
            owner.dropped |= names
        elif isinstance(owner, Columns) and names:
            owner.data.dropped |= names
