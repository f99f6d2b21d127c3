"""The repository's own modules as they are imported: found by their dotted name, parsed when first asked for."""

from __future__ import annotations

import ast
from collections import defaultdict

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import syntax_tree
from tasks.evidence.training.leakage.state import Module

LINES_APART = 1_000_000
"""Line numbers of different files stand this far apart, so that one number names file and line."""
IMPORT_LIMIT = 12
"""Own modules followed into from one module."""


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
        self.loaded: dict[str, Module | None] = {}

    def module(self, path: str) -> Module | None:
        """The parsed module, its lines moved to where they are unique."""
        if path not in self.loaded:
            tree = syntax_tree(self.snapshot, path)
            self.snapshot.forget(path)
            offset = self.numbers[path] * LINES_APART
            self.loaded[path] = Module(path, ast.increment_lineno(tree, offset), offset) if tree is not None else None
        return self.loaded[path]

    def forget(self) -> None:
        self.loaded.clear()

    def resolve(self, dotted: str, level: int, importer: Module) -> Module | None:
        """The own module a dotted name means for the importing file, or None for a library."""
        last = dotted.rsplit(".", 1)[-1]
        if not last or last not in self.by_name:
            return None
        fitting = [p for p in self.by_name[last] if _ends_with(_dotted(p), dotted)]
        if not fitting or len(self.loaded) > IMPORT_LIMIT:
            return None
        folder = importer.path.rpartition("/")[0]
        best = max(fitting, key=lambda p: (_shared(p, folder), -len(p)))
        return self.module(best) if best != importer.path else None

    def place_of(self, line: int) -> tuple[str, int]:
        return self.paths[line // LINES_APART], line % LINES_APART


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
