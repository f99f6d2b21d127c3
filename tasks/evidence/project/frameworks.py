"""Machine-learning libraries that the repository's own code really imports, with where first and how often.

What a README praises or a requirements file lists is not an import; nor is an own package that is named like a library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.evidence.place import Place, place_in
from tasks.evidence.project.foreign import ForeignFile, foreign_files
from tasks.evidence.project.framework_names import (
    HELPERS,
    JAVASCRIPT,
    JULIA,
    JVM,
    LANGUAGE_MODEL_APIS,
    LUA,
    PYTHON,
    PYTHON_PREFIXES,
    R_SHARED,
    R,
)
from tasks.evidence.project.own_modules import OwnModules
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Import, SourceFile

_R_USE = re.compile(
    r"\b(?:library|require|requireNamespace|loadNamespace|p_load)\(\s*[\"']?([A-Za-z][\w.]*)|\b([A-Za-z][\w.]*):::?[\w.]|"
    r"\bpackages\s*=\s*c?\(?([\"'\w., ]+)|\bp_load\(([\w., ]+)\)"
)
_JULIA_USE = re.compile(r"^\s*(?:using|import)\s+(.+)")
_LUA_USE = re.compile(r"\brequire\s*\(?\s*[\"']([\w.]+)")
_JS_USE = re.compile(r"(?:\bfrom\s*|\brequire\(\s*|^\s*import\s*|\bimport\(\s*)[\"']([@\w./-]+)[\"']")
_JVM_USE = re.compile(r"^\s*import\s+(?:static\s+)?([\w.]+)")
_IMPORT_BY_NAME = frozenset(["importlib.import_module", "__import__"])


@dataclass(slots=True)
class Frameworks:
    places: dict[str, Place] = field(default_factory=dict)
    """First import of each."""
    files: dict[str, set[str]] = field(default_factory=dict)
    """Files that import each."""

    @property
    def names(self) -> tuple[str, ...]:
        """Most used first, then by name."""
        return tuple(sorted(self.files, key=lambda n: (-len(self.files[n]), n)))

    @property
    def learning(self) -> tuple[str, ...]:
        """Those that train or run models here: no API of somebody else's model, no mere helper."""
        return tuple(n for n in self.names if n not in LANGUAGE_MODEL_APIS and n not in HELPERS and n not in {f"r:{s}" for s in R_SHARED})

    @property
    def apis(self) -> tuple[str, ...]:
        """Those that call somebody else's language model."""
        return tuple(n for n in self.names if n in LANGUAGE_MODEL_APIS)

    def of_files(self, folder: str) -> tuple[str, ...]:
        """Those imported below a folder ("" for all), most used first."""
        prefix = f"{folder}/" if folder else ""
        used = {n: sum(f.startswith(prefix) for f in files) for n, files in self.files.items()}
        return tuple(sorted((n for n in used if used[n]), key=lambda n: (-used[n], n)))


def find_frameworks(snapshot: Snapshot, foreign: tuple[ForeignFile, ...] | None = None) -> Frameworks:
    """Libraries by name as the field writes them: `sklearn`, `pytorch_lightning`, `r:caret`, `julia:flux`, `lua:torch`."""
    found, own = Frameworks(), OwnModules(snapshot)
    for source in snapshot.sources:
        for name, line in _in_python(source, own):
            if name not in found.places:
                found.places[name] = place_in(snapshot, source.path, line, f"imports {name}")
            found.files.setdefault(name, set()).add(source.path)
    for file in foreign_files(snapshot) if foreign is None else foreign:
        for name, line, text in _in_foreign(file):
            found.places.setdefault(name, Place(file=file.path, line=line, snippet=text.strip()[:200], note=f"uses {name}"))
            found.files.setdefault(name, set()).add(file.path)
    return found


def _in_python(source: SourceFile, own: OwnModules) -> Iterator[tuple[str, int]]:
    for item in source.imports:
        if (name := framework_of(item)) and not own.owns(source, item):
            yield name, item.line
    for call in source.calls:
        if call.name in _IMPORT_BY_NAME and call.args and (name := PYTHON.get(call.args[0].strip("'\"").split(".")[0])):
            yield name, call.line


def framework_of(item: Import) -> str | None:
    """The library an import statement names; None for anything that is not machine learning."""
    full = f"{item.module}.{item.name}" if item.name else item.module
    for prefix, name in PYTHON_PREFIXES.items():
        if full == prefix or full.startswith(prefix if prefix.endswith("_") else f"{prefix}."):
            return name
    return PYTHON.get(item.top)


def _in_foreign(file: ForeignFile) -> Iterator[tuple[str, int, str]]:
    reader = {"r": _r, "julia": _julia, "lua": _lua, "scala": _jvm, "java": _jvm, "javascript": _javascript, "typescript": _javascript}
    names = reader.get(file.language)
    if names:
        for number, line in file.lines:
            for name in names(line):
                yield name, number, line


def _r(line: str) -> Iterator[str]:
    for groups in _R_USE.findall(line):
        for word in re.findall(r"[A-Za-z][\w.]*", " ".join(groups)):
            if word in R:
                yield f"r:{word.lower()}"


def _julia(line: str) -> Iterator[str]:
    if match := _JULIA_USE.match(line):
        for word in re.findall(r"\b[A-Z]\w*", match.group(1).split(":")[0]):
            if word in JULIA:
                yield f"julia:{JULIA[word]}"


def _lua(line: str) -> Iterator[str]:
    return (f"lua:{LUA[m]}" for m in _LUA_USE.findall(line) if m in LUA)


def _javascript(line: str) -> Iterator[str]:
    for module in _JS_USE.findall(line):
        parts = module.split("/")
        name = "/".join(parts[:2]) if module.startswith("@") else parts[0]
        if name in JAVASCRIPT:
            yield JAVASCRIPT[name]


def _jvm(line: str) -> Iterator[str]:
    if match := _JVM_USE.match(line):
        yield from (f"jvm:{name}" for prefix, name in JVM.items() if match.group(1).startswith(f"{prefix}."))
