"""One module from top to bottom, then what in it nobody called."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tasks.evidence.training.leakage.attributes import member
from tasks.evidence.training.leakage.calls import Arguments
from tasks.evidence.training.leakage.expressions import evaluate
from tasks.evidence.training.leakage.findings import Finding
from tasks.evidence.training.leakage.functions import follow_alone, instantiate
from tasks.evidence.training.leakage.imports import look_into
from tasks.evidence.training.leakage.state import Module, OutOfSteps, Program, Run
from tasks.evidence.training.leakage.statements import execute
from tasks.evidence.training.leakage.values import Class, Function

_NOBODY = ast.Call(func=ast.Name("nobody", ast.Load()), args=[], keywords=[], lineno=0, col_offset=0)


@dataclass(frozen=True, slots=True)
class Followed:
    """What following one module has shown."""

    findings: tuple[Finding, ...]
    called: frozenset[int]
    """First lines of the functions that were followed with real arguments."""
    measures_held_out: bool
    unless_measured_elsewhere: Finding | None


def follow_module(module: Module, program: Program, known: set[int]) -> Followed:
    """`known` are the first lines of functions that other modules have called: these are not followed again with guessed arguments."""
    run = Run(module, program, evaluate, execute, look_into)
    run.scope = module.scope
    module.loaded = True
    followed: set[int] = set()
    try:
        run.execute(module.tree.body)
        followed = set(run.called)
        _rest(run, module, known)
    except (OutOfSteps, RecursionError):
        module.is_cut = True
    found = run.findings
    return Followed(found.finish(), frozenset(followed), found.measures_held_out, found.unless_measured_elsewhere())


def _rest(run: Run, module: Module, known: set[int]) -> None:
    """Functions first that no other function of the module calls by name: they call the others with better arguments."""
    functions = [v for v in module.scope.values() if isinstance(v, Function) and v.module is module]
    classes = [v for v in module.scope.values() if isinstance(v, Class) and v.module is module]
    mentioned = {n.func.id for n in ast.walk(module.tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    for function in sorted(functions, key=lambda f: getattr(f.node, "name", "") in mentioned):
        if function.node.lineno not in run.called and function.node.lineno not in known:
            _separately(run, function)
    for kind in classes:
        _class(run, kind, known)


def _separately(run: Run, function: Function) -> None:
    run.loops.clear()
    run.module, run.scope = function.module, function.module.scope
    follow_alone(run, function)


def _class(run: Run, kind: Class, known: set[int]) -> None:
    """The methods of a class in their order on one object."""
    methods = [s for s in kind.node.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if all(m.lineno in run.called or m.lineno in known for m in methods):
        return
    run.loops.clear()
    run.module, run.scope = kind.module, kind.module.scope
    instance = instantiate(run, kind, Arguments([], {}, _NOBODY))
    called_inside = {n.func.attr for m in methods for n in ast.walk(m) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
    for method in sorted(methods, key=lambda m: m.name in called_inside):
        if method.lineno not in run.called and method.lineno not in known:
            function = member(instance, method.name)
            if isinstance(function, Function):
                follow_alone(run, function)
