"""Which of a repository's lists of packages speak for one entry file, nearest first."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from tasks.evidence.requirements.facts import DeclaredPackage, PackageList, RequirementFacts, Unusable

_SIDE = re.compile(
    r"(?i)(?:^|[-_./])(?:dev|devel|develop|development|docs?|tests?|testing|lint|typing|build|ci|pre-commit|style|deploy|serving|serve|"
    r"app|api|web|prod|production|gpu|cuda|lambda|scoring|inference)(?:[-_./]|$)"
)
_FOR_TRAINING = re.compile(r"(?i)(?:^|[-_./])(?:train|training|model|ml|experiments?|core|base|main|all|full)(?:[-_./]|$)")
_PLAIN = re.compile(r"(?i)re?q")
_ORDER = ("requirements", "poetry", "pyproject", "pipfile", "conda", "setup")
COMMANDS = ("cells", "readme", "docker", "ci", "script")
FOLLOWED_LIMIT = 30


@dataclass(frozen=True)
class Wanted:
    """A declared package with the list it stands in."""

    package: DeclaredPackage
    file: str
    kind: str

    @property
    def source(self) -> str:
        return f"{self.file}:{self.package.line}" if self.package.line else self.file


@dataclass(frozen=True)
class Declared:
    wanted: tuple[Wanted, ...]
    """Each name once, from the nearest list."""
    elsewhere: dict[str, Wanted]
    """By name: what other lists and groups say, for packages that the entry imports all the same."""
    bounds: dict[str, Wanted]
    """By name: versions that a constraints file allows."""
    unusable: tuple[tuple[Unusable, str], ...]
    files: tuple[str, ...]
    """Lists that speak for the entry."""


def declared_for(facts: RequirementFacts, entry: str) -> Declared:
    """The lists in the entry's folder, else in the nearest folder above it, else the nearest anywhere; what they include too."""
    by_file = {x.file: x for x in facts.lists if x.kind not in COMMANDS}
    chosen = _with_included(_nearest(list(by_file.values()), entry), by_file)
    cells = [x for x in facts.lists if x.kind == "cells" and x.file == entry]
    if not chosen and not cells:
        chosen = _last_resort(facts, entry)
    speaking = [*chosen, *cells]
    wanted = _first_of_each(_all(speaking))
    rest = [x for x in facts.lists if x in speaking or not _is_side(x.file, entry)]
    bounds = [by_file[c] for x in speaking for c in (*x.constraints, *_compiled(x)) if c in by_file]
    return Declared(
        wanted=tuple(wanted.values()),
        elsewhere=_first_of_each(_all(sorted(rest, key=lambda x: (x not in speaking, _distance(x.file, entry), x.file)), True)),
        bounds=_first_of_each(_all(bounds)),
        unusable=tuple((u, x.file) for x in speaking for u in x.unusable),
        files=tuple(x.file for x in speaking),
    )


def _nearest(lists: list[PackageList], entry: str) -> list[PackageList]:
    useful = [x for x in lists if x.packages or x.reads or x.installs_itself]
    if not useful:
        return []
    nearest = min(_distance(x.file, entry) for x in useful)
    level = [x for x in useful if _distance(x.file, entry) == nearest]
    main = [x for x in level if not _is_side(x.file, entry)] or [x for x in level if _FOR_TRAINING.search(_name(x.file))] or level
    for kind in _ORDER:
        same = [x for x in main if x.kind == kind]
        if same:
            packaging = [x for x in main if x.kind in ("setup", "pyproject", "poetry") and x.kind != kind]
            return [*_best(same), *packaging]
    return main[:1]


def _best(same: list[PackageList]) -> list[PackageList]:
    """Of lists side by side: those for training, else the one that no other includes, with the plainest name."""
    included = {r for x in same for r in (*x.reads, *x.constraints) if r != x.file}
    training = [x for x in same if re.search(r"(?i)train|model", _name(x.file))]
    return training or [min(same, key=lambda x: (x.file in included, not _PLAIN.match(_name(x.file)), len(_name(x.file)), x.file))]


def _compiled(item: PackageList) -> tuple[str, ...]:
    """The list that pip-tools makes of a hand-written one: `requirements.txt` of `requirements.in`."""
    return (f"{item.file.removesuffix('.in')}.txt",) if item.file.endswith(".in") else ()


def _name(path: str) -> str:
    return posixpath.basename(path)


def _is_side(path: str, entry: str) -> bool:
    """A list for something else; folders that the entry is in as well say nothing."""
    shared = posixpath.dirname(entry)
    return bool(_SIDE.search(path.removeprefix(f"{shared}/") if shared else path))


def _distance(path: str, entry: str) -> tuple[int, int]:
    """Steps up from the entry's folder, then steps down: a list above the entry is nearer than one beside its path."""
    folder, start = posixpath.dirname(path), posixpath.dirname(entry)
    above = [start]
    while above[-1]:
        above.append(posixpath.dirname(above[-1]))
    for up, candidate in enumerate(above):
        if folder == candidate:
            return (0, up)
    down = folder.count("/") + 1
    return (1, down)


def _with_included(lists: list[PackageList], by_file: dict[str, PackageList]) -> list[PackageList]:
    found: list[PackageList] = []
    waiting = list(lists)
    while waiting and len(found) < FOLLOWED_LIMIT:
        item = waiting.pop(0)
        if item in found:
            continue
        found.append(item)
        waiting += [by_file[r] for r in item.reads if r in by_file]
        if item.installs_itself:
            folder = posixpath.dirname(item.file)
            waiting += [x for x in by_file.values() if x.kind in ("setup", "pyproject", "poetry") and posixpath.dirname(x.file) == folder]
    return found


def _last_resort(facts: RequirementFacts, entry: str) -> list[PackageList]:
    """What the README, a Dockerfile, CI or a script installs, in this order."""
    for kind in COMMANDS[1:]:
        lists = [x for x in facts.lists if x.kind == kind]
        if lists:
            return [min(lists, key=lambda x: (_distance(x.file, entry), x.file))]
    return []


def _all(lists: list[PackageList], with_groups: bool = False) -> list[Wanted]:
    """Without groups and extras, which somebody must ask for, unless told otherwise."""
    found = [Wanted(p, x.file, x.kind) for x in lists for p in x.packages]
    return found if with_groups else [w for w in found if not w.package.group]


def _first_of_each(wanted: list[Wanted]) -> dict[str, Wanted]:
    found: dict[str, Wanted] = {}
    for item in wanted:
        found.setdefault(item.package.name, item)
    return found
