"""Statements in order: branches joined, loops followed once, nothing ever run."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from tasks.evidence.training.leakage.assignments import assign, delete
from tasks.evidence.training.leakage.elements import element_of
from tasks.evidence.training.leakage.imports import import_from, import_module
from tasks.evidence.training.leakage.joins import join
from tasks.evidence.training.leakage.own_datasets import class_of
from tasks.evidence.training.leakage.selection import watch_choice, watch_comparison, watch_condition
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Const, Function, Statistic

_EPOCHS = re.compile(r"epoch|n_iter|num_rounds|rounds|iterations|\bep\b|max_steps", re.I)

_REPETITION = re.compile(r"^(?:\w+_)?(?:seed|sim|rep|repeat|repetition|random_state|run|simulation|bootstrap)s?$", re.I)


def execute(run: Run, body: list[ast.stmt]) -> bool:
    """Follow statements; whether the flow left them by return, raise, break or continue."""
    for node in body:
        run.step()
        handler = _HANDLERS.get(type(node))
        if handler is not None and handler(run, node):
            return True
    return False


def _expression(run: Run, node: ast.Expr) -> None:
    run.evaluate(node.value)


def _assign(run: Run, node: ast.Assign) -> None:
    if len(node.targets) == 1 and _pairwise(run, node.targets[0], node.value):
        return
    value = run.evaluate(node.value)
    if isinstance(node.value, ast.Compare) and isinstance(node.targets[0], ast.Name):
        watch_comparison(run, node.targets[0].id, node.value)
    for target in node.targets:
        assign(run, target, value, node.lineno)


def _pairwise(run: Run, target: ast.expr, value: ast.expr) -> bool:
    """`a, b = x, y`: each value to its own name."""
    sequence = (ast.Tuple, ast.List)
    if not (isinstance(target, sequence) and isinstance(value, sequence) and len(target.elts) == len(value.elts)):
        return False
    values = [run.evaluate(v) for v in value.elts]
    for one, other in zip(target.elts, values):
        assign(run, one, other, value.lineno)
    return True


def _annotated(run: Run, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign(run, node.target, run.evaluate(node.value), node.lineno)


def _augmented(run: Run, node: ast.AugAssign) -> None:
    operation = ast.copy_location(ast.BinOp(left=node.target, op=node.op, right=node.value), node)
    assign(run, node.target, run.evaluate(operation), node.lineno)


def _return(run: Run, node: ast.Return) -> bool:
    if node.value is not None:
        run.returns.append(run.evaluate(node.value))
    return True


def _stop(run: Run, node: ast.stmt) -> bool:
    return True


def _if(run: Run, node: ast.If) -> bool:
    tested = run.evaluate(node.test)
    if (holds := _decided(run, node.test)) is not None:
        return run.execute(node.body if holds else node.orelse)
    before = dict(run.scope)
    ended_body = run.execute(node.body)
    watch_condition(run, node)
    if isinstance(tested, Statistic) and tested.kind == "choice":
        watch_choice(run, node.body, tested)
    after_body = dict(run.scope)
    run.restore(before)
    ended_other = run.execute(node.orelse)
    if ended_body and ended_other and node.orelse:
        return True
    if ended_other:
        run.restore(after_body)
    elif not ended_body:
        _merge(run, after_body)
    return False


def _decided(run: Run, test: ast.expr) -> bool | None:
    """What a switch among the parameters decides in this call; None when it is more than a switch."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _decided(run, test.operand)
        return None if inner is None else not inner
    return run.switches.get(test.id) if isinstance(test, ast.Name) else None


def _merge(run: Run, other: dict[str, Any]) -> None:
    for name, value in other.items():
        run.scope[name] = join(value, run.scope.get(name))


def _for(run: Run, node: ast.For | ast.AsyncFor) -> None:
    items = run.evaluate(node.iter)
    if _EPOCHS.search(ast.unparse(node.target)) or _EPOCHS.search(ast.unparse(node.iter)[:200]):
        run.findings.epoch_loops.add(node.lineno)
    if isinstance(node.target, ast.Name) and _REPETITION.search(node.target.id):
        run.findings.repetitions.add(node.lineno)
    run.loops.append(node.lineno)
    assign(run, node.target, element_of(run, items, node.lineno), node.lineno)
    run.execute(node.body)
    run.loops.pop()
    run.execute(node.orelse)


def _while(run: Run, node: ast.While) -> None:
    run.evaluate(node.test)
    run.loops.append(node.lineno)
    run.execute(node.body)
    run.loops.pop()


def _with(run: Run, node: ast.With | ast.AsyncWith) -> bool:
    for item in node.items:
        value = run.evaluate(item.context_expr)
        if item.optional_vars is not None:
            assign(run, item.optional_vars, value, node.lineno)
    return run.execute(node.body)


def _try(run: Run, node: ast.Try) -> bool:
    ended = run.execute(node.body)
    after = dict(run.scope)
    for handler in node.handlers:
        run.execute(handler.body)
        run.restore(after)
    if not ended:
        ended = run.execute(node.orelse)
    return run.execute(node.finalbody) or ended


def _match(run: Run, node: ast.Match) -> None:
    run.evaluate(node.subject)
    before = dict(run.scope)
    for case in node.cases:
        after = dict(run.scope)
        run.restore(before)
        if run.execute(case.body):
            run.restore(after)
        else:
            _merge(run, after)


def _function(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    closure = None if run.scope is run.module.scope else run.scope
    run.scope[node.name] = Function(node, run.module, closure=closure)


def _class(run: Run, node: ast.ClassDef) -> None:
    run.scope[node.name] = class_of(node, run.module)


def _delete(run: Run, node: ast.Delete) -> None:
    for target in node.targets:
        delete(run, target)


def _global(run: Run, node: ast.Global | ast.Nonlocal) -> None:
    for name in node.names:
        run.scope.setdefault(name, run.module.scope.get(name, Const(None)))


_HANDLERS: dict[type[ast.stmt], Callable[[Run, Any], bool | None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _stop,
    ast.Break: _stop,
    ast.Continue: _stop,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.Match: _match,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Delete: _delete,
    ast.Import: import_module,
    ast.ImportFrom: import_from,
    ast.Global: _global,
    ast.Nonlocal: _global,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = _try
