"""Functions and classes of the repository: arguments bound, bodies followed, results joined."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.attributes import member
from tasks.evidence.training.leakage.joins import join
from tasks.evidence.training.leakage.naming import is_data_name, named
from tasks.evidence.training.leakage.own_datasets import mark_windows
from tasks.evidence.training.leakage.rows import role_of_name
from tasks.evidence.training.leakage.state import DEPTH_LIMIT, Run
from tasks.evidence.training.leakage.values import NOTHING, Bundle, Class, Const, Data, Function, Instance, Ref, Unknown

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments


def call_function(run: Run, function: Function, arguments: Arguments) -> Any:
    """What one of the repository's functions gives back for these arguments; NOTHING in a recursion or too deep."""
    node = function.node
    if id(node) in run.stack or len(run.stack) >= DEPTH_LIMIT:
        return NOTHING
    plain = function.owner is None and function.closure is None and all(isinstance(v, _PLAIN) for v in arguments.everything)
    if plain and node.lineno in run.plain_results:
        return run.plain_results[node.lineno]
    scope = dict(function.closure or {})
    scope.update(_bind(run, function, arguments))
    result = _enter(run, function, scope)
    if plain and isinstance(result, _PLAIN):
        run.plain_results[node.lineno] = result
    return result


_PLAIN = (Const, Unknown, Ref)
"""Arguments and results that tell nothing about rows: such a function is followed once."""


def _enter(run: Run, function: Function, scope: dict[str, Any]) -> Any:
    node = function.node
    run.called.add(node.lineno)
    before = run.module, run.scope, run.returns, run.switches
    run.stack.append(id(node))
    run.module, run.scope, run.returns, run.switches = function.module, scope, [], _switches(node, scope)
    try:
        if isinstance(node, ast.Lambda):
            return run.evaluate(node.body)
        run.execute(node.body)
        result = None
        for value in run.returns[:12]:
            result = value if result is None else join(result, value)
        return Const(None) if result is None else result
    finally:
        run.stack.pop()
        run.module, run.scope, run.returns, run.switches = before


def _switches(node: ast.AST, scope: dict[str, Any]) -> dict[str, bool]:
    """Names that hold true or false and are never assigned in the function."""
    found = {name: value.value for name, value in scope.items() if isinstance(value, Const) and isinstance(value.value, bool)}
    if found:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                found.pop(inner.id, None)
    return found


def _bind(run: Run, function: Function, arguments: Arguments) -> dict[str, Any]:
    parameters = function.node.args
    names = [a.arg for a in [*parameters.posonlyargs, *parameters.args]]
    values = list(arguments.values)
    if function.owner is not None and not _is_static(function.node):
        values.insert(0, function.owner)
    scope: dict[str, Any] = {}
    defaults = parameters.defaults
    for name, default in zip(names[len(names) - len(defaults) :], defaults):
        scope[name] = run.evaluate(default)
    for keyword, kw_default in zip(parameters.kwonlyargs, parameters.kw_defaults):
        scope[keyword.arg] = run.evaluate(kw_default)
    scope.update(zip(names, values))
    accepted = {*names, *(a.arg for a in parameters.kwonlyargs)}
    scope.update({k: v for k, v in arguments.keywords.items() if k in accepted})
    if parameters.vararg:
        scope[parameters.vararg.arg] = Bundle(values[len(names) :])
    if parameters.kwarg:
        scope[parameters.kwarg.arg] = Bundle(keys={k: v for k, v in arguments.keywords.items() if k not in accepted})
    for name, value in scope.items():
        if isinstance(value, Data) and (value.fresh or value.subset):
            scope[name] = named(run, value, name, function.node.lineno)
        elif isinstance(value, Unknown) and name != "self":
            scope[name] = guess(run, name, function.node)
    return scope


def guess(run: Run, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Any:
    """What a parameter of which nothing is known may hold, from its name."""
    if not is_data_name(name):
        return NOTHING if role_of_name(name) or len(name) < 3 else Unknown(name)
    origin = f"g{id(node) % 10_000_019}"
    role = role_of_name(name)
    atom = f"{origin}:full/p:{role}" if role else f"{origin}:full"
    return Data(frozenset([atom]), table=f"{origin}{name}", line=node.lineno, opaque=name.lower().startswith(("x", "feature", "input")))


def _is_static(node: Any) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in getattr(node, "decorator_list", []))


def instantiate(run: Run, kind: Class, arguments: Arguments) -> Any:
    """An object of one of the repository's classes after its `__init__`."""
    instance = Instance(kind)
    _class_body(run, instance)
    initialise = member(instance, "__init__")
    if isinstance(initialise, Function):
        call_function(run, initialise, arguments)
    else:
        fields = [s.target.id for s in kind.node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
        instance.attributes.update(zip(fields, arguments.values))
        instance.attributes.update(arguments.keywords)
    if kind.gives_windows:
        mark_windows(instance)
    return instance


def _class_body(run: Run, instance: Instance) -> None:
    if len(run.stack) >= DEPTH_LIMIT:
        return
    before = run.module, run.scope
    run.module, run.scope = instance.kind.module, instance.attributes
    run.execute([s for s in instance.kind.node.body if isinstance(s, (ast.Assign, ast.AnnAssign))])
    run.module, run.scope = before


def follow_alone(run: Run, function: Function) -> None:
    """Follow a function that nobody calls, its parameters guessed from their names."""
    node = function.node
    if isinstance(node, ast.Lambda) or id(node) in run.stack:
        return
    parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    scope: dict[str, Any] = {a.arg: guess(run, a.arg, node) for a in parameters}
    if function.owner is not None and parameters and not _is_static(node):
        scope[parameters[0].arg] = function.owner
    for vararg in (node.args.vararg, node.args.kwarg):
        if vararg:
            scope[vararg.arg] = Ref("*")
    _enter(run, function, scope)
