"""What one entry file reaches: its own imports, those of the repository's files it imports, and so on."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from tasks.evidence.requirements.facts import ImplyingCall, ImportedModule, PythonFile, RequirementFacts

FILES_LIMIT = 2000


@dataclass
class Closure:
    files: list[PythonFile] = field(default_factory=list)
    """In the order they are reached, the entry first."""
    beside: set[str] = field(default_factory=set)
    """Modules found in the entry's own folder or above it, which Python searches first for whatever the entry runs."""

    @property
    def imports(self) -> dict[str, tuple[ImportedModule, str]]:
        """Each imported module with the file that imports it, one that must succeed before a guarded one or a function's."""
        found: dict[str, tuple[ImportedModule, str]] = {}
        for file in self.files:
            for item in file.imports:
                if item.module.split(".")[0] in self.beside:
                    continue
                before = found.get(item.module)
                if before is None or (bool(item.within), item.guarded) < (bool(before[0].within), before[0].guarded):
                    found[item.module] = (item, file.file)
        return found

    @property
    def implied(self) -> list[tuple[ImplyingCall, str]]:
        return [(call, file.file) for file in self.files for call in file.implied]

    @property
    def called(self) -> frozenset[str]:
        """Functions that import something and are called."""
        return frozenset(name for file in self.files for name in file.calls)

    @property
    def is_dynamic(self) -> bool:
        """Some file imports by names made at run time, or nothing could be followed: absence proves nothing."""
        return not self.files or any(f.dynamic for f in self.files)


def reach(facts: RequirementFacts, entry: str) -> Closure:
    """The files that the entry reaches; of a tool's file that names no Python file, everything in and below its folder."""
    by_path = {f.file: f for f in facts.files}
    waiting = [entry] if entry in by_path else _below(by_path, entry)
    closure, seen = Closure(), set(waiting)
    while waiting and len(closure.files) < FILES_LIMIT:
        file = by_path.get(waiting.pop(0))
        if file is None:
            continue
        closure.files.append(file)
        own = [*file.own, *(f for i in file.imports for f in _beside(by_path, entry, i.module, closure.beside))]
        new = [f for f in dict.fromkeys(own) if f not in seen]
        seen.update(new)
        waiting += new
    return closure


def _beside(by_path: dict[str, PythonFile], entry: str, module: str, beside: set[str]) -> list[str]:
    """Files of a module or package in the entry's folder or one above; which of a package's are meant is not known here."""
    top, folder = module.split(".")[0], posixpath.dirname(entry)
    while folder:
        if f"{folder}/{top}.py" in by_path or f"{folder}/{top}/__init__.py" in by_path:
            beside.add(top)
            return [f for f in by_path if f == f"{folder}/{top}.py" or f.startswith(f"{folder}/{top}/")]
        folder = posixpath.dirname(folder)
    return []


def _below(by_path: dict[str, PythonFile], entry: str) -> list[str]:
    folder = posixpath.dirname(entry)
    inside = [f for f in by_path if f.startswith(f"{folder}/" if folder else "")]
    return [f for f in inside if not _is_side(f)]


def _is_side(path: str) -> bool:
    parts = set(path.lower().split("/"))
    return any(p.startswith(".") for p in parts) or bool(parts & {"tests", "test", "docs", "examples", "setup.py", "conftest.py"})
