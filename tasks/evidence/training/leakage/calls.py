"""Calls: told apart by what is called, then handed to the module that knows it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from typing import Any

from tasks.evidence.training.leakage.attributes import attribute_of
from tasks.evidence.training.leakage.estimators import SAME_OBJECT, adopt, estimator_method, is_estimator_call
from tasks.evidence.training.leakage.functions import call_function, instantiate
from tasks.evidence.training.leakage.grouped import grouped_method
from tasks.evidence.training.leakage.joins import data_in, scores_in, text_in
from tasks.evidence.training.leakage.library import library_call
from tasks.evidence.training.leakage.networks import LEARNING_CALLS, TELLS_A_NETWORK, forward, learn, network_of
from tasks.evidence.training.leakage.rows import is_held_out, roles_of
from tasks.evidence.training.leakage.selection import container_method, is_container_method
from tasks.evidence.training.leakage.splits import folds_of
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.tables import columns_method, table_method
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Class,
    Columns,
    Const,
    Data,
    Estimator,
    Folds,
    Function,
    Grouped,
    Indexer,
    Instance,
    Prediction,
    Ref,
    RowNumbers,
    Score,
    Splitter,
    Statistic,
    Unknown,
)
from tasks.evidence.training.leakage.vocabulary import TRANSFORMERS

_IDENTITY = frozenset(["result", "get", "compute", "collect", "fetch", "item", "numpy", "cpu", "detach", "round", "fetchall"])
_WRAPPERS = frozenset(["submit", "fn", "delay", "remote", "map", "apply_async", "options", "with_options", "override"])
_MEASURING = re.compile(
    r"eval|score|acc|test|valid|metric|loss|err|rmse|mse|mae|f1|auc|train|run|fit|objective|fold|perf|measure|report", re.I
)
"""What a method is called that gives back a result, not one of its steps."""


@dataclass(slots=True)
class Arguments:
    """Values of a call's arguments beside their expressions."""

    values: list[Any]
    keywords: dict[str, Any]
    node: ast.Call
    nodes: dict[str, ast.expr] = field(default_factory=dict)

    def get(self, keyword: str, position: int | None = None) -> Any:
        if keyword in self.keywords:
            return self.keywords[keyword]
        return self.values[position] if position is not None and position < len(self.values) else NOTHING

    def first(self, *keywords: str, position: int | None = None) -> Any:
        for keyword in keywords:
            if keyword in self.keywords:
                return self.keywords[keyword]
        return self.get("", position)

    @property
    def everything(self) -> list[Any]:
        return [*self.values, *self.keywords.values()]


def call(run: Run, node: ast.Call) -> Any:
    """The result of a call."""
    if isinstance(node.func, ast.Attribute):
        return _method(run, node, node.func)
    target = run.evaluate(node.func)
    arguments = arguments_of(run, node)
    return call_value(run, target, arguments)


def arguments_of(run: Run, node: ast.Call) -> Arguments:
    values: list[Any] = []
    for argument in node.args:
        value = run.evaluate(argument)
        if isinstance(argument, ast.Starred):
            values.extend(value.items if isinstance(value, Bundle) else [value])
        else:
            values.append(value)
    keywords: dict[str, Any] = {}
    for keyword in node.keywords:
        value = run.evaluate(keyword.value)
        if keyword.arg:
            keywords[keyword.arg] = value
        elif isinstance(value, Bundle):
            keywords.update({k: v for k, v in value.keys.items() if isinstance(k, str)})
    return Arguments(values, keywords, node, {k.arg: k.value for k in node.keywords if k.arg})


def call_value(run: Run, target: Any, arguments: Arguments) -> Any:
    """Call something that is held by a value."""
    if isinstance(target, Function):
        return _scored(run, target, arguments, call_function(run, target, arguments))
    if isinstance(target, Class):
        return instantiate(run, target, arguments)
    if isinstance(target, Instance):
        method = attribute_of(target, "__call__")
        if not isinstance(method, Function):
            method = attribute_of(target, "forward")
        result = call_function(run, method, arguments) if isinstance(method, Function) else NOTHING
        result = result if not isinstance(result, (Unknown, Const)) else _like_first(arguments)
        network = network_of(target)
        return forward(run, network, arguments, result) if network else result
    if isinstance(target, Estimator):
        if target.family in TRANSFORMERS:
            return estimator_method(run, target, "transform", arguments, arguments.node)
        return forward(run, target, arguments, NOTHING)
    if isinstance(target, (Ref, Unknown)):
        return library_call(run, target.name, arguments, known=isinstance(target, Ref))
    return NOTHING


def _scored(run: Run, function: Function, arguments: Arguments, result: Any) -> Any:
    """A number that one of the module's functions computed on held-out rows is a score."""
    if not isinstance(result, (Unknown, Const, Statistic)) or isinstance(function.node, ast.Lambda):
        return result
    if function.owner is not None and not _MEASURING.search(function.node.name):
        return result
    parts = [d.rows for v in arguments.everything for d in data_in(v) if d.rows]
    if parts and all(is_held_out(p) for p in parts):
        rows = next((p for p in parts if roles_of(p) == {"valid"}), parts[0])
        return Score(rows, arguments.node.lineno, run.loops[-1] if run.loops else 0)
    return result


def _like_first(arguments: Arguments) -> Any:
    data = next((v for v in arguments.values if isinstance(v, Data)), None)
    return data.derive(column=None, opaque=True, derived={}) if data else NOTHING


def _is_network_call(name: str, arguments: Arguments) -> bool:
    """`net.parameters()`, `net.eval()`: nothing else has these."""
    return name in TELLS_A_NETWORK or (name in ("train", "eval") and not arguments.everything)


def _of_statistic(owner: Statistic, name: str, arguments: Arguments) -> Statistic:
    """`mean().over("group")`, `.rename("x")`; anything else leaves it the statistic it is."""
    if name == "over":
        return replace(owner, by_group=True)
    if name in ("alias", "rename") and (label := text_in(arguments.get("name", 0))):
        return replace(owner, label=label)
    return owner


def _method(run: Run, node: ast.Call, function: ast.Attribute) -> Any:
    if isinstance(function.value, ast.Call) and isinstance(function.value.func, ast.Name) and function.value.func.id == "super":
        arguments_of(run, node)
        return NOTHING
    owner = run.evaluate(function.value)
    arguments = arguments_of(run, node)
    name = function.attr
    if name in LEARNING_CALLS:
        learn(run, arguments.node.lineno)
        return NOTHING
    if isinstance(owner, Instance) and name in SAME_OBJECT and isinstance(attribute_of(owner, name), Unknown):
        return owner
    if isinstance(owner, Unknown) and _is_network_call(name, arguments):
        adopt(run, owner, function.value)
    if is_estimator_call(owner, name):
        return estimator_method(run, owner, name, arguments, function.value)
    if isinstance(owner, Data) and name == "pipe" and arguments.values:
        return call_value(run, arguments.values[0], replace(arguments, values=[owner, *arguments.values[1:]]))
    if isinstance(owner, Data):
        return table_method(run, owner, name, arguments)
    if isinstance(owner, Columns):
        return columns_method(run, owner, name, arguments)
    if isinstance(owner, Grouped):
        return grouped_method(run, owner, name, arguments)
    if isinstance(owner, Function) and name in _WRAPPERS:
        return call_function(run, owner, arguments) if name not in ("options", "with_options") else owner
    if is_container_method(owner, name, arguments):
        return container_method(run, owner, name, arguments, function.value)
    if isinstance(owner, Splitter) and name == "split":
        return folds_of(run, owner, arguments)
    if isinstance(owner, Statistic):
        return _of_statistic(owner, name, arguments)
    if isinstance(owner, (Score, Prediction, Indexer, Folds, RowNumbers)) or (isinstance(owner, Bundle) and name in _IDENTITY - {"get"}):
        return owner
    if isinstance(owner, Unknown):
        return library_call(run, f"{owner.name}.{name}".strip("."), arguments, known=False)
    found = attribute_of(owner, name)
    if isinstance(found, Unknown) and isinstance(owner, Instance):
        return library_call(run, name, arguments, known=False)
    result = call_value(run, found, arguments)
    if isinstance(result, Unknown) and scores_in(owner):
        return owner
    return result
