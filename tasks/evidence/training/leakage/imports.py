"""Imports: libraries become references by name, the repository's own modules are looked into when one of their names is used."""

from __future__ import annotations

import ast
from typing import Any

from tasks.evidence.training.leakage.state import Module, Run
from tasks.evidence.training.leakage.values import NOTHING, Pending, Ref

_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORT_LIMIT = 12
"""Own modules looked into from one module."""


def import_module(run: Run, node: ast.Import) -> None:
    for item in node.names:
        path = run.program.find(item.name, run.module) if item.asname or "." not in item.name else None
        name = item.name if item.asname else item.name.split(".")[0]
        run.scope[item.asname or name] = Pending(path, "") if path else Ref(name)


def import_from(run: Run, node: ast.ImportFrom) -> None:
    path = run.program.find(node.module or "", run.module) if node.module else None
    for item in node.names:
        if item.name == "*":
            module = _loaded(run, path) if path else None
            run.scope.update(module.scope if module else {})
        elif path:
            run.scope[item.asname or item.name] = Pending(path, item.name)
        else:
            inner = run.program.find(f"{node.module or ''}.{item.name}".strip("."), run.module)
            run.scope[item.asname or item.name] = Pending(inner, "") if inner else Ref(f"{node.module or ''}.{item.name}")


def look_into(run: Run, pending: Pending, depth: int = 6) -> Any:
    """The value an own module binds to an imported name; what it imports itself is followed a few modules deep."""
    module = _loaded(run, pending.path)
    if module is None:
        return NOTHING
    if not pending.name:
        return module
    value = module.scope.get(pending.name, Ref(pending.name))
    return look_into(run, value, depth - 1) if isinstance(value, Pending) and depth else value


def _loaded(run: Run, path: str) -> Module | None:
    """The module with its definitions and constants bound; what it does at its top level is followed when its own turn comes."""
    module = run.program.module(path)
    if module is None or module.loaded:
        return module
    module.loaded = True
    before = run.module, run.scope
    run.module, run.scope = module, module.scope
    run.execute([n for n in module.tree.body if isinstance(n, _DEFINING) or _is_constant(n)])
    run.module, run.scope = before
    return module


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and not any(isinstance(n, ast.Call) for n in ast.walk(node))
