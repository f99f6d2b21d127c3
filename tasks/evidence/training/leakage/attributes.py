"""`value.name` outside a call."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from tasks.evidence.training.leakage.absorbing import as_choice
from tasks.evidence.training.leakage.rows import cut, role_of_name
from tasks.evidence.training.leakage.state import Module, Run
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Class,
    Columns,
    Data,
    Estimator,
    Function,
    Grouped,
    Indexer,
    Instance,
    Pending,
    Prediction,
    Ref,
    Statistic,
    Unknown,
)

_SAME = frozenset(["values", "T", "str", "dt", "array", "iterator", "frame", "cat", "dataset", "toarray", "result"])
_NOT_A_COLUMN = frozenset(
    ["shape", "size", "ndim", "dtypes", "dtype", "name", "empty", "class_indices", "classes", "n", "samples", "num_classes",
     "feature_names", "target_names", "DESCR"]
)  # fmt: skip


def attribute(run: Run, node: ast.Attribute) -> Any:
    owner = run.evaluate(node.value)
    if isinstance(owner, Unknown):
        key = f"{ast.unparse(node.value)}.{node.attr}" if isinstance(node.value, (ast.Name, ast.Attribute)) else ""
        return run.scope.get(key) or Unknown(f"{owner.name}.{node.attr}")
    return attribute_of(owner, node.attr)


def attribute_of(owner: Any, name: str) -> Any:
    """What an attribute of a value holds."""
    if isinstance(owner, Ref):
        return Ref(f"{owner.name}.{name}")
    if isinstance(owner, Module):
        value = owner.scope.get(name, NOTHING)
        return NOTHING if isinstance(value, Pending) else value
    if isinstance(owner, Instance):
        return member(owner, name)
    if isinstance(owner, Data):
        return _of_data(owner, name)
    if isinstance(owner, Bundle):
        return owner if owner.scores and name in ("iloc", "loc", "values", "T") else owner.keys.get(name, Unknown(name))
    if isinstance(owner, Statistic):
        return as_choice(owner, owner.line) if owner.name == "corr" and name not in _SAME | {"columns", "index"} else owner
    if isinstance(owner, Grouped):
        return Grouped(owner.data, frozenset([name]), owner.keys, owner.line, owner.how)
    if isinstance(owner, Estimator):
        if name in ("best_estimator_", "best_model", "estimator", "estimator_", "model", "module"):
            return owner
        if name in ("feature_importances_", "coef_", "scores_", "pvalues_", "pvalues", "ranking_", "support_"):
            return Statistic(owner.rows, owner.fit_line, name="importance", kind="choice")
        return next((s for s in owner.steps if s.name == name), Unknown(f"{owner.name}.{name}"))
    return Unknown(name)


def _of_data(data: Data, name: str) -> Any:
    if name in ("loc", "iloc", "at", "iat", "ix"):
        return Indexer(data, name)
    if name == "columns":
        return Columns(data)
    if name in _SAME:
        return data.derive(fresh=data.fresh, column=data.column)
    if name == "data":
        return data.derive(dropped=data.dropped | {"target"}, opaque=True, fresh=data.fresh)
    if name in _NOT_A_COLUMN:
        return Unknown(name)
    if name == "index":
        return data.derive(column=None, is_index=True, opaque=True)
    return named_part(data, name) or column_value(data, name)


def named_part(data: Data, name: str) -> Data | None:
    """`dataset["train"]`, `mnist.test` of a data set that comes in parts."""
    role = role_of_name(name) if data.opaque or data.fresh or not data.mentioned else None
    if role is None or name not in ("train", "test", "validation", "valid", "val", "dev"):
        return None
    return data.derive(rows=cut(data.rows, "h", role), fresh=False)


def column_value(data: Data, name: str) -> Data | Prediction:
    """What a column holds: what a model predicted, when that was written there."""
    if name in data.predicted:
        return replace(data.predicted[name], rows=data.rows)
    return column_of(data, name)


def column_of(data: Data, name: str) -> Data:
    """One column of a table, tied to it so that writing into the column writes into the table."""
    data.mentioned.add(name)
    data.present = data.present | {name}
    known = data.derived.get(name)
    return data.derive(
        column=name,
        only=frozenset([name]),
        sources=frozenset([name]) | (known.sources if known and known.how in ("unary", "formula", "future") else frozenset()),
        how=known.how if known and known.how in ("lag", "future") else "",
        parent=data,
        is_index=False,
    )


def member(instance: Instance, name: str) -> Any:
    """An attribute or method of an object of a class of this repository, its bases in the same module included."""
    if name in instance.attributes:
        return instance.attributes[name]
    kind: Any = instance.kind
    for _ in range(6):
        for statement in kind.node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name == name:
                return Function(statement, kind.module, owner=instance)
        bases = [kind.module.scope.get(b.id) for b in kind.node.bases if isinstance(b, ast.Name)]
        kind = next((b for b in bases if isinstance(b, Class)), None)
        if kind is None:
            break
    return Unknown(f"self.{name}")
