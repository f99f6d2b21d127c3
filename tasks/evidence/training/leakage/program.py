"""The repository's own modules as they are imported: found by their dotted name, parsed when first asked for."""

from __future__ import annotations

import ast
from collections import defaultdict

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import syntax_tree
from tasks.evidence.training.leakage.state import Module
from tasks.evidence.training.leakage.values import Taint

LINES_APART = 1_000_000
"""Line numbers of different files stand this far apart, so that one number names file and line."""
TREES_KEPT = 40
"""Parsed modules that are kept for the next module that imports them."""
IMPORT_LIMIT = 12
"""Own modules looked into from one module."""


class RepositoryProgram:
    """Own modules, numbered by path; those one module imports are kept only while it is followed."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.paths = [s.path for s in snapshot.sources]
        self.numbers = {p: i for i, p in enumerate(self.paths)}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for path in self.paths:
            if path.endswith(".py"):
                self.by_name[_dotted(path).rsplit(".", 1)[-1]].append(path)
        self.loaded: dict[str, Module] = {}
        self.trees: dict[str, ast.Module | None] = {}
        self.written: dict[str, frozenset[Taint]] = {}
        """What was learnt over all rows of data before it was written, by file."""
        self.readers: dict[str, set[str]] = {}

    def module(self, path: str) -> Module | None:
        """The parsed module with nothing bound yet, its lines moved to where they are unique; None beyond the limit."""
        if path not in self.loaded:
            tree = self._tree(path) if len(self.loaded) <= IMPORT_LIMIT else None
            if tree is None:
                return None
            self.loaded[path] = Module(path, tree, self.numbers[path] * LINES_APART)
        return self.loaded[path]

    def _tree(self, path: str) -> ast.Module | None:
        if path not in self.trees:
            tree = syntax_tree(self.snapshot, path)
            self.snapshot.forget(path)
            while len(self.trees) >= TREES_KEPT:
                self.trees.pop(next(iter(self.trees)))
            self.trees[path] = move_lines(tree, self.numbers[path] * LINES_APART) if tree is not None else None
        return self.trees[path]

    def forget(self) -> None:
        """Forget what names were bound to; the next module starts afresh."""
        self.loaded.clear()

    def find(self, dotted: str, importer: Module) -> str | None:
        """The own file a dotted name means for the importing file, or None for a library."""
        last = dotted.rsplit(".", 1)[-1]
        if not last or last not in self.by_name:
            return None
        fitting = [p for p in self.by_name[last] if _ends_with(_dotted(p), dotted)]
        if not fitting:
            return None
        folder = importer.path.rpartition("/")[0]
        best = max(fitting, key=lambda p: (_shared(p, folder), -len(p)))
        return best if best != importer.path else None

    def place_of(self, line: int) -> tuple[str, int]:
        return self.paths[line // LINES_APART], line % LINES_APART


def move_lines(tree: ast.Module, offset: int) -> ast.Module:
    """Add to the lines of statements and expressions: all that the interpreter looks at."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        for value in node.__dict__.values():
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(v for v in value if isinstance(v, ast.AST))
        if "lineno" in node.__dict__:
            node.__dict__["lineno"] += offset
    return tree


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _ends_with(path: str, dotted: str) -> bool:
    return path == dotted or path.endswith("." + dotted)


def _shared(path: str, folder: str) -> int:
    """How many leading folders two paths have in common."""
    count = 0
    for one, other in zip(path.split("/"), folder.split("/")):
        if one != other:
            break
        count += 1
    return count
