"""Which imported names are the repository's own modules: a folder called `datasets` hides the library of that name.

Python's own rule decides: a regular module or package on the path wins; a folder without `__init__.py` gives way to an
installed library, unless the imported submodule is a file in it.
"""

from __future__ import annotations

import posixpath
from functools import cached_property

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Import, SourceFile

ROOTS = ("", "src", "lib", "source", "code", "python", "app")
"""Folders that are commonly on the path besides the importing file's own and those above it."""


class OwnModules:
    """Own modules of a snapshot, asked import by import."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._files = frozenset(p for p in snapshot.own if p.endswith(".py"))
        self._cache: dict[tuple[str, str], bool] = {}

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(posixpath.dirname(p) for p in self._files if p.endswith("/__init__.py") or p == "__init__.py")

    def owns(self, source: SourceFile, item: Import) -> bool:
        """Whether the import means a file of the repository (relative imports always do)."""
        if not item.module or item.module.startswith("."):
            return True
        folder = posixpath.dirname(source.path)
        key = (f"{folder}!" if source.has_main else folder, f"{item.module}:{item.name or ''}:{posixpath.basename(source.path)}")
        if key not in self._cache:
            self._cache[key] = any(self._holds(f, item, source.path) for f in self._folders(folder, source.has_main))
        return self._cache[key]

    def _folders(self, folder: str, is_script: bool) -> list[str]:
        """Folders that Python would look in. A folder inside a package is not one, unless its file runs as a script."""
        above = [folder]
        while above[-1]:
            above.append(posixpath.dirname(above[-1]))
        importable = [f for f in above if f not in self._packages or (is_script and f == folder)]
        return [*importable, *(r for r in ROOTS if r not in importable)]

    def _holds(self, folder: str, item: Import, importer: str) -> bool:
        base = posixpath.join(folder, item.top) if folder else item.top
        if any(f in self._files and f != importer for f in (f"{base}.py", f"{base}/__init__.py")):
            return True
        below = posixpath.join(folder, *item.module.split("."))
        if "." not in item.module:
            return f"{below}/{item.name}.py" in self._files if item.name else False
        return f"{below}.py" in self._files or f"{below}/__init__.py" in self._files

    def files_of(self, source: SourceFile, item: Import) -> tuple[str, ...]:
        """Own files that the import runs, packages' `__init__.py` included; none when it means a library.

        A package without `__init__.py` is followed too. Relative imports start at the importing file's folder.
        """
        folder = posixpath.dirname(source.path)
        dots = len(item.module) - len(item.module.lstrip("."))
        parts = [p for p in item.module.lstrip(".").split(".") if p]
        if dots:
            for _ in range(dots - 1):
                folder = posixpath.dirname(folder)
            return self._walk(folder, parts, item.name)
        if not self.owns(source, item):
            return ()
        found = (self._walk(f, parts, item.name) for f in self._folders(folder, source.has_main))
        return next((tuple(f for f in files if f != source.path) for files in found if files), ())

    def _walk(self, folder: str, parts: list[str], name: str | None) -> tuple[str, ...]:
        files: list[str] = [f"{folder}/__init__.py"] if not parts and f"{folder}/__init__.py" in self._files else []
        for part in [*parts, *([name] if name else [])]:
            folder = posixpath.join(folder, part)
            if f"{folder}/__init__.py" in self._files:
                files.append(f"{folder}/__init__.py")
            elif f"{folder}.py" in self._files:
                files.append(f"{folder}.py")
                break
        return tuple(files)
