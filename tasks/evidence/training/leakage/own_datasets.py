"""Classes of the repository that are data sets: objects of theirs stand for the rows they were given."""

from __future__ import annotations

import ast
from typing import Any

from tasks.evidence.training.leakage.slices import is_window
from tasks.evidence.training.leakage.values import Class, Data, Instance


def class_of(node: ast.ClassDef, module: Any) -> Class:
    """The class with what its `__getitem__` tells about the rows."""
    getter = next((s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == "__getitem__"), None)
    windows = getter is not None and any(isinstance(n, ast.Slice) and is_window(n) for n in ast.walk(getter))
    return Class(node, module, gives_rows=getter is not None, gives_windows=windows)


def mark_windows(instance: Instance) -> None:
    """The rows an object cuts windows from are windows to whoever takes them from it."""
    for name, value in instance.attributes.items():
        if isinstance(value, Data):
            instance.attributes[name] = value.derive(windows=True, column=value.column)
