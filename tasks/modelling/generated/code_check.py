"""Clear messages about generated code before it runs. This keeps nobody out: the container does."""

from __future__ import annotations

import ast
from collections.abc import Mapping

CODE_BYTES = 8_000
LIBRARIES = frozenset({"numpy", "pandas", "scipy", "sklearn", "math", "re", "datetime", "itertools", "functools", "collections", "string",
                       "unicodedata", "typing", "statistics", "__future__"})  # fmt: skip
FEATURE_FUNCTIONS: Mapping[str, tuple[int, ...]] = {"fit": (1,), "transform": (2,)}
"""Functions the code must define, with how many parameters."""


def object_to_code(
    code: str, functions: Mapping[str, tuple[int, ...]] = FEATURE_FUNCTIONS, more: frozenset[str] = frozenset()
) -> list[str]:
    """What is wrong with the code's form, each in one sentence; `more` are further libraries it may import."""
    if len(code.encode()) > CODE_BYTES:
        return [f"The code has more than {CODE_BYTES:,} bytes."]
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [f"The code is no Python: {str(error)[:120]}."]
    return [*_missing(tree, functions), *_imports(tree, LIBRARIES | more)]


def _missing(tree: ast.Module, functions: Mapping[str, tuple[int, ...]]) -> list[str]:
    defined = {node.name: node.args for node in tree.body if isinstance(node, ast.FunctionDef)}
    told = [f"The code must define a function {name}." for name in functions if name not in defined]
    wrong = [n for n, counts in functions.items() if n in defined and len(defined[n].args) + len(defined[n].posonlyargs) not in counts]
    return told + [f"{name} must take {functions[name][0]} parameter(s)." for name in wrong]


def _imports(tree: ast.Module, allowed: frozenset[str]) -> list[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    refused = sorted(names - allowed)
    return [f"The code may not import {', '.join(refused)}."] if refused else []
