"""Imports: libraries become references by name, the repository's own modules are looked into."""

from __future__ import annotations

import ast

from tasks.evidence.training.leakage.state import Module, Run
from tasks.evidence.training.leakage.values import Ref

_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def import_module(run: Run, node: ast.Import) -> None:
    for item in node.names:
        own = run.program.resolve(item.name, 0, run.module) if item.asname or "." not in item.name else None
        if own:
            load(run, own)
        name = item.name if item.asname else item.name.split(".")[0]
        run.scope[item.asname or name] = own or Ref(name)


def import_from(run: Run, node: ast.ImportFrom) -> None:
    own = run.program.resolve(node.module or "", node.level, run.module)
    if own:
        load(run, own)
    for item in node.names:
        if item.name == "*":
            run.scope.update(own.scope if own else {})
            continue
        value = own.scope.get(item.name) if own else None
        if value is None:
            value = run.program.resolve(f"{node.module or ''}.{item.name}".strip("."), node.level, run.module)
            if value:
                load(run, value)
        run.scope[item.asname or item.name] = value or Ref(f"{node.module or ''}.{item.name}")


def load(run: Run, module: Module) -> None:
    """Bind the module's definitions and constants; what it does at its top level is followed when its own turn comes."""
    if module.loaded:
        return
    module.loaded = True
    before = run.module, run.scope
    run.module, run.scope = module, module.scope
    run.execute([n for n in module.tree.body if isinstance(n, _DEFINING) or _is_constant(n)])
    run.module, run.scope = before


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and not any(isinstance(n, ast.Call) for n in ast.walk(node))
