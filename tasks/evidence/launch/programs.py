"""One program: what it runs, from where its imports and paths resolve, and what it asks for."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.launch.endless import find_endless, takes_overrides
from tasks.evidence.launch.facts import Program
from tasks.evidence.launch.looks import find_looks
from tasks.evidence.launch.needs import find_needs
from tasks.evidence.launch.options import highest_position, read_options
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.reach import Reach
from tasks.evidence.project.own_modules import OwnModules
from tasks.evidence.source import SourceFile

RUNS_LIMIT = 100
"""Files a program passes that are looked at."""
LITERALS_LIMIT = 400
SPANS_LIMIT = 100
_PATH = re.compile(r"^(?:\.{0,2}/)?[\w.@+ -]{1,80}(?:[/\\]+[\w.@+ -]{1,80}){0,8}$")
_PYTHON2 = re.compile(r"^not parsed: line (\d+): .*\(Python 2\?\)")


def describe_program(ground: Ground, own: OwnModules, path: str) -> Program:
    """The facts of one file that does something when it is run."""
    source, reach = ground.sources[path], ground.graph.from_run(path)
    runs = _files(ground, path, reach)
    sources = [ground.sources[p] for p in runs]
    options = read_options(source, path)
    overrides = takes_overrides(ground, source, reach)
    return Program(
        file=path,
        runs=tuple(runs),
        passed_by=_passed_by(sources, reach),
        looks={s.path: looks for s in sources if (looks := find_looks(s))},
        roots=_roots(ground, own, sources),
        relative=any(i.module.startswith(".") for i in source.imports),
        options=options,
        positions=highest_position(ground, path),
        flow=any(b.endswith("FlowSpec") for d in source.definitions if d.kind == "class" for b in d.parameters),
        overrides=overrides,
        endless=find_endless(ground, path, reach),
        literals=_literals(ground, path, sources),
        needs=find_needs(ground, path, reach),
        python2=_python2(source),
    )


def _files(ground: Ground, path: str, reach: Reach) -> list[str]:
    """The program first, then what it passes, nearest first."""
    nearest: dict[str, int] = {}
    for (file, _), hops in reach.hops.items():
        nearest[file] = min(hops, nearest.get(file, hops))
    return [path, *sorted((f for f in nearest if f != path), key=lambda f: (nearest[f], f))][:RUNS_LIMIT]


def _passed_by(sources: list[SourceFile], reach: Reach) -> dict[str, tuple[tuple[int, int], ...]]:
    """Functions outside the reach; of a method whose class is made nothing is said, since objects are hard to follow."""
    found = {}
    for source in sources:
        names = {scope for path, scope in reach.hops if path == source.path}
        spans = [(d.line, d.end_line) for d in source.definitions if d.kind == "function" and "." not in d.name and d.name not in names]
        if spans and not source.is_notebook:
            found[source.path] = tuple(spans[:SPANS_LIMIT])
    return found


def _roots(ground: Ground, own: OwnModules, sources: list[SourceFile]) -> tuple[str, ...]:
    """Folders that have to be on the path, the program's own left out, which Python puts there itself."""
    found: dict[str, int] = {}
    for source in sources:
        for item in source.imports:
            if not item.module or item.module.startswith("."):
                continue
            file = ground.modules.file_of(item.module, source.path)
            if file is None or not (own.owns(source, item) or "." in item.module):
                continue
            tail = item.module.replace(".", "/")
            stem = file.removesuffix(".py").removesuffix("/__init__")
            if stem == tail or stem.endswith("/" + tail):
                root = stem[: -len(tail)].rstrip("/")
                found[root] = found.get(root, 0) + 1
    beside = posixpath.dirname(sources[0].path)
    return tuple(sorted((r for r in found if r != beside), key=lambda r: (-found[r], r)))[:6]


def _literals(ground: Ground, path: str, sources: list[SourceFile]) -> dict[str, int]:
    """For each folder from the root down to the program, how many written paths exist seen from there."""
    texts: set[str] = set()
    for source in sources:
        texts |= {
            t.strip()
            for text, _ in source.strings
            if len(t := text.rstrip("/\\")) > 2 and ("/" in text or "\\" in text or "." in text) and _PATH.match(t)
        }
        if len(texts) > LITERALS_LIMIT:
            break
    names = [t.replace("\\", "/") for t in sorted(texts)[:LITERALS_LIMIT]]
    folders = [""]
    for part in posixpath.dirname(path).split("/"):
        folders.append(posixpath.join(folders[-1], part) if part else folders[-1])
    present = ground.snapshot.entries.keys() | _folders(ground)
    found = {}
    for folder in dict.fromkeys(folders):
        there = {posixpath.normpath(posixpath.join(folder, n)) for n in names} - {folder}
        found[folder or "."] = sum(p in present and not p.endswith(".py") for p in there)
    return {f: n for f, n in found.items() if n}


def _folders(ground: Ground) -> set[str]:
    """All folders of the tree but the root."""
    found: set[str] = set()
    for path in ground.snapshot.entries:
        parent = posixpath.dirname(path)
        while parent and parent not in found:
            found.add(parent)
            parent = posixpath.dirname(parent)
    return found


def _python2(source: SourceFile) -> int | None:
    match = _PYTHON2.match(source.error or "")
    return int(match.group(1)) if match else None
