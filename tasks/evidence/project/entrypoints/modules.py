"""Which file of the repository an import means, whichever folder its author ran it from."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

from tasks.evidence.project.fitting import shebang_scripts
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Definition, SourceFile

HOPS_LIMIT = 4
"""Re-exports followed from one package file to the next."""
SAME_NAME_LIMIT = 40
"""Files of one name that are compared; with more, the name says nothing."""


class Modules:
    """The repository's Python files by path and by dotted name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.sources: dict[str, SourceFile] = {s.path: s for s in (*snapshot.sources, *shebang_scripts(snapshot))}
        self._dotted: dict[str, str] = {}
        self._by_last: dict[str, list[str]] = defaultdict(list)
        self._found: dict[tuple[str, str], str | None] = {}
        for path in self.sources:
            if path.endswith(".py"):
                dotted = path[:-3].replace("/", ".").removesuffix(".__init__")
                self._dotted[dotted] = path
                self._by_last[dotted.rsplit(".", 1)[-1]].append(dotted)

    @cached_property
    def definitions(self) -> dict[str, dict[str, Definition]]:
        """By path, then by qualified name."""
        return {path: {d.name: d for d in s.definitions} for path, s in self.sources.items()}

    @cached_property
    def subclasses(self) -> dict[str, list[tuple[str, str]]]:
        """Path and name of the classes that name a class, by its bare name, as their base."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for path, definitions in self.definitions.items():
            for definition in definitions.values():
                for base in definition.parameters if definition.kind == "class" else ():
                    found[base.rsplit(".", 1)[-1]].append((path, definition.name))
        return found

    def file_of(self, module: str, importer: str) -> str | None:
        """The file of a dotted module as seen from a file: beside it, in a folder above, or wherever the name fits."""
        folder = importer.rpartition("/")[0]
        key = (folder, module)
        if key not in self._found:
            self._found[key] = self._search(module, folder)
        return self._found[key]

    def _search(self, module: str, folder: str) -> str | None:
        if module.startswith("."):
            level = len(module) - len(module.lstrip("."))
            parts = folder.split("/") if folder else []
            parts = parts[: len(parts) - level + 1] if level > 1 else parts
            return self._dotted.get(".".join([*parts, *(p for p in module.split(".") if p)]))
        parts = folder.split("/") if folder else []
        for depth in range(len(parts), -1, -1):
            if path := self._dotted.get(".".join([*parts[:depth], module])):
                return path
        endings = self._by_last.get(module.rsplit(".", 1)[-1], [])[: SAME_NAME_LIMIT + 1]
        fitting = [d for d in endings if d.endswith("." + module)] if len(endings) <= SAME_NAME_LIMIT else []
        if not fitting or ("." not in module and len(fitting) > 1 and len({d.rpartition(".")[0] for d in fitting}) > 3):
            return None
        return self._dotted[max(fitting, key=lambda d: (_shared(d, ".".join(parts)), -len(d)))]

    def find(self, name: str, importer: str, hops: int = HOPS_LIMIT) -> tuple[str, str] | None:
        """Path and qualified name of what a resolved dotted name means; the name is "" for a module itself."""
        definitions = self.definitions.get(importer, {})
        if name in definitions:
            return importer, name
        lead = re.match(r"\.*", name)
        dots = lead.group(0) if lead else ""
        parts = name[len(dots) :].split(".")
        for count in range(len(parts), 0, -1):
            path = self.file_of(dots + ".".join(parts[:count]), importer)
            if path is not None and path != importer:
                shadow = self._shadowing(dots + ".".join(parts[: count - 1]), parts[count - 1], importer, hops)
                if shadow and count > 1:
                    rest = ".".join([shadow[1], *parts[count:]])
                    return self._inside(shadow[0], rest, hops)
                return self._inside(path, ".".join(parts[count:]), hops)
        if dots and (path := self.file_of(dots, importer)):
            return self._inside(path, ".".join(parts), hops)
        return None

    def _shadowing(self, package: str, name: str, importer: str, hops: int) -> tuple[str, str] | None:
        """What a package file re-exports under the name of one of its own modules: the class `net.net` of `net/net.py`."""
        path = self.file_of(package, importer) if package.strip(".") else None
        if path is None or not path.endswith("__init__.py") or hops <= 0 or path == importer:
            return None
        for item in self.sources[path].imports:
            if item.alias == name and item.name == name and item.module.rsplit(".", 1)[-1] == name:
                module = self.file_of(item.module, path)
                return (module, name) if module and name in self.definitions.get(module, {}) else None
        return None

    def _inside(self, path: str, rest: str, hops: int) -> tuple[str, str] | None:
        if not rest or rest in self.definitions.get(path, {}):
            return path, rest
        head, _, tail = rest.partition(".")
        if head in self.definitions.get(path, {}):
            return path, rest
        if hops <= 0:
            return None
        for item in self.sources[path].imports:
            if item.alias == head and item.name:
                module = item.module if item.module.endswith(".") else item.module + "."
                if found := self.find(f"{module}{item.name}" + (f".{tail}" if tail else ""), path, hops - 1):
                    return found
            elif item.name == "*" and (star := self.file_of(item.module, path)) and rest in self.definitions.get(star, {}):
                return star, rest
        return None

    def imported_files(self, path: str) -> set[str]:
        """Files of the repository that a file imports directly."""
        found: set[str] = set()
        for item in self.sources[path].imports:
            joined = item.module if item.module.endswith(".") else item.module + "."
            submodule = self.file_of(f"{joined}{item.name}", path) if item.name and item.name != "*" else None
            target = submodule or self.file_of(item.module, path)
            if target and target != path:
                found.add(target)
        return found

    def method(self, path: str, owner: str, name: str, hops: int = HOPS_LIMIT) -> tuple[str, str] | None:
        """Where a class, or the nearest of its bases in the repository, defines a method."""
        definitions = self.definitions.get(path, {})
        if f"{owner}.{name}" in definitions:
            return path, f"{owner}.{name}"
        if hops > 0 and owner in definitions:
            for base in definitions[owner].parameters:
                found = self.find(base, path)
                if found and found != (path, owner) and (inherited := self.method(*found, name, hops - 1)):
                    return inherited
        return None


def _shared(dotted: str, other: str) -> int:
    """Leading dotted parts two names have in common."""
    count = 0
    for a, b in zip(dotted.split("."), other.split(".")):
        if a != b:
            break
        count += 1
    return count
