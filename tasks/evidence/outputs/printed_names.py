"""What the entry prints without a word: `print(r2_score(y, p))`, `print(acc)`, a notebook cell that ends in a score.

Read from the source, never run: a value is followed back to the metric that was computed on the line it comes from, also into
the own function that returns it.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from pathlib import Path

from tasks.evidence.evaluation.metric_calls import metrics_of
from tasks.evidence.evaluation.metric_names import CANONICAL
from tasks.evidence.outputs.bare_numbers import Printed
from tasks.evidence.outputs.naming import metric_name
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile, syntax_tree

MAX_PRINTS = 200
MAX_DEPTH = 6
FILES_LIMIT = 300
"""Own files that are searched for a function."""
_MEASURED = ("call", "score", "scoring", "by hand")
_WRAPPERS = frozenset(
    ["round", "float", "str", "abs", "item", "mean", "numpy", "format", "asarray", "array", "sqrt", "cpu", "detach", "repr"]
)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign)


def printed_names(tree: Path, entry: str) -> tuple[Printed, ...]:
    """Metrics that `entry` prints as lone numbers, in the order of the source; empty when that cannot be told."""
    if not entry.endswith((".py", ".ipynb")) or not (tree.parent / "manifest.json").is_file():
        return ()
    snapshot = Snapshot.load(tree)
    module = _Module.read(snapshot, entry)
    if module is None:
        return ()
    found = []
    for node in module.shown():
        if name := module.name_of(node, MAX_DEPTH):
            line, cell = node.lineno, module.source.notebook.cell_of(node.lineno) if module.source.notebook else None
            where = f"{entry} cell {cell}" if cell is not None else f"{posixpath.basename(entry)}:{line}"
            found.append(Printed(name, where, cell))
    return tuple(found[:MAX_PRINTS])


class _Module:
    """One file with its tree and the metrics computed on each line."""

    def __init__(self, snapshot: Snapshot, source: SourceFile, tree: ast.Module) -> None:
        self.snapshot, self.source, self.tree = snapshot, source, tree
        self.measured: dict[int, set[str]] = {}
        for found in metrics_of(source):
            if found.how in _MEASURED and found.name in CANONICAL.values():
                self.measured.setdefault(found.line, set()).add(found.name)
        self.assigned: dict[str, list[tuple[int, ast.expr]]] = {}
        for node in ast.walk(tree):
            if isinstance(node, _ASSIGNMENTS) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        self.assigned.setdefault(target.id, []).append((node.lineno, node.value))

    @classmethod
    def read(cls, snapshot: Snapshot, path: str) -> _Module | None:
        source = snapshot.source(path) if path in snapshot.paths else None
        tree = syntax_tree(snapshot, path) if source is not None and source.error is None else None
        return cls(snapshot, source, tree) if source is not None and tree is not None else None

    def shown(self) -> list[ast.expr]:
        """Arguments of prints with one argument, and last expressions of notebook cells, from top to bottom."""
        nodes: list[ast.expr] = [
            node.args[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print" and len(node.args) == 1
        ]
        nodes += self._last_of_cells()
        return sorted(nodes, key=lambda n: (n.lineno, n.col_offset))

    def _last_of_cells(self) -> Iterator[ast.expr]:
        if self.source.notebook is None:
            return
        last: dict[int | None, ast.stmt] = {self.source.notebook.cell_of(n.lineno): n for n in self.tree.body}
        for statement in last.values():
            if isinstance(statement, ast.Expr) and not (
                isinstance(statement.value, ast.Call) and isinstance(statement.value.func, ast.Name) and statement.value.func.id == "print"
            ):
                yield statement.value

    def name_of(self, node: ast.expr, depth: int) -> str:
        """The metric an expression is, empty when it is none or more than one."""
        if depth <= 0:
            return ""
        if isinstance(node, ast.Name):
            return self._variable(node, depth)
        if isinstance(node, ast.JoinedStr):
            return self._formatted(node, depth)
        if isinstance(node, ast.BinOp):
            return self.name_of(node.right if isinstance(node.left, ast.Constant) else node.left, depth - 1)
        return self._call(node, depth) if isinstance(node, ast.Call) else ""

    def _variable(self, node: ast.Name, depth: int) -> str:
        before = [value for line, value in self.assigned.get(node.id, []) if line <= node.lineno]
        return (self.name_of(before[-1], depth - 1) if before else "") or metric_name(node.id, known=True)

    def _formatted(self, node: ast.JoinedStr, depth: int) -> str:
        """`f"{acc:.3f}"`; a text with words of its own names the number itself."""
        values = [v for v in node.values if isinstance(v, ast.FormattedValue)]
        words = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
        return self.name_of(values[0].value, depth - 1) if len(values) == 1 and not any(c.isalpha() for c in words) else ""

    def _call(self, node: ast.Call, depth: int) -> str:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        inner = node.args[0] if node.args else node.func.value if isinstance(node.func, ast.Attribute) else None
        if called in _WRAPPERS and inner is not None:
            if isinstance(inner, ast.Constant):
                inner = node.args[0] if len(node.args) > 1 else inner
            return self.name_of(inner, depth - 1)
        names = {n for line in range(node.lineno, (node.end_lineno or node.lineno) + 1) for n in self.measured.get(line, ())}
        if len(names) == 1:
            return names.pop()
        return "" if names or not called else self._returned(called, depth)

    def _returned(self, function: str, depth: int) -> str:
        """What an own function of that name gives back, when its only definition returns one metric."""
        paths = [self.source.path, *(p for p in self.snapshot.own if p.endswith(".py") and p != self.source.path)][:FILES_LIMIT]
        for path in paths:
            if f"def {function}" not in (self.snapshot.text(path) or "") and path != self.source.path:
                continue
            module = self if path == self.source.path else _Module.read(self.snapshot, path)
            for node in ast.walk(module.tree) if module else ():
                if isinstance(node, ast.FunctionDef) and node.name == function and module is not None:
                    return module._return_of(node, depth)
        return ""

    def _return_of(self, function: ast.FunctionDef, depth: int) -> str:
        returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
        names = {name for value in returned if (name := self.name_of(value, depth - 1))}
        return names.pop() if len(names) == 1 else ""
