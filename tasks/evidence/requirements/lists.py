"""Every list of packages in a repository, in one dialect: dependency files first, then what commands install."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from packaging.utils import canonicalize_name

from tasks.evidence.mlops.dependencies import find_dependency_files, read_requirements
from tasks.evidence.mlops.facts import DependencyFile, Requirement
from tasks.evidence.requirements.conda_names import PYPI_NAMES, UNWANTED
from tasks.evidence.requirements.facts import DeclaredPackage, ListKind, PackageList, Unusable
from tasks.evidence.requirements.install_lines import find_installing_lists
from tasks.evidence.requirements.specifiers import to_pep440
from tasks.evidence.snapshot import Snapshot

LISTS_LIMIT = 300
PACKAGES_LIMIT = 1500
"""Of one list."""
_NAME = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$")
_URL = re.compile(r"^(?:[a-z]+\+)?[a-z][a-z0-9+]{1,10}:/{1,3}|^[./]|^~/")
_ITSELF = re.compile(r"^(?:-e\s*|--editable[ =])?\.{1,2}/?(?:\[[\w,\s.-]*\])?$")


def find_lists(snapshot: Snapshot) -> tuple[PackageList, ...]:
    """Dependency files in path order, then what cells, README, Dockerfiles, CI and scripts install, each a list."""
    files = [_list_of(f, snapshot) for f in find_dependency_files(snapshot) if f.kind in get_args(ListKind)][:LISTS_LIMIT]
    return (*files, *_included(files, snapshot), *find_installing_lists(snapshot))


def _included(files: list[PackageList], snapshot: Snapshot) -> list[PackageList]:
    """Lists that others include under a name that alone would not tell what they are, such as `deps/core.txt`."""
    known = {f.file for f in files}
    found: list[PackageList] = []
    waiting = [r for f in files for r in (*f.reads, *f.constraints)]
    while waiting and len(found) < LISTS_LIMIT:
        path = waiting.pop(0)
        if path in known or not path.endswith((".txt", ".in", ".pip")):
            continue
        known.add(path)
        if file := read_requirements(path, snapshot.text(path) or ""):
            found.append(_list_of(file, snapshot))
            waiting += [*found[-1].reads, *found[-1].constraints]
    return found


def _list_of(file: DependencyFile, snapshot: Snapshot) -> PackageList:
    found = list(_packages(file))
    unusable = [u for u in found if isinstance(u, Unusable)]
    unusable += [Unusable(what=t, reason="a place on the author's disk", line=n) for t, n in file.local.items() if not _ITSELF.match(t)]
    unusable += [Unusable(what=text, reason="no installer reads this line") for text in file.invalid]
    return PackageList(
        file=file.file,
        kind=file.kind,  # type: ignore[arg-type]
        packages=tuple(p for p in found if isinstance(p, DeclaredPackage))[:PACKAGES_LIMIT],
        reads=tuple(r for r in file.reads if r in snapshot.entries and r not in file.constraints),
        constraints=tuple(r for r in file.constraints if r in snapshot.entries),
        unusable=tuple(unusable),
        installs_itself=any(_ITSELF.match(text) for text in file.local),
    )


def _packages(file: DependencyFile) -> Iterator[DeclaredPackage | Unusable]:
    for requirement in file.requirements:
        if file.kind == "conda" and requirement.group != "pip":
            yield from _conda(requirement)
        elif _NAME.match(requirement.name):
            yield _package(requirement)
        else:
            yield Unusable(what=requirement.name or requirement.constraint, reason="no name of a package", line=requirement.line)


def _conda(requirement: Requirement) -> Iterator[DeclaredPackage | Unusable]:
    name = requirement.name.lower()
    if name in UNWANTED or (name.startswith(("lib", "_")) and name not in PYPI_NAMES):
        if name not in ("python", "pip"):
            yield Unusable(what=requirement.name, reason="a conda package that is no Python package", line=requirement.line)
        return
    if _NAME.match(name):
        yield _package(requirement.model_copy(update={"name": PYPI_NAMES.get(name, name)}))


def _package(requirement: Requirement) -> DeclaredPackage:
    is_url = bool(_URL.match(requirement.constraint)) or "/" in requirement.constraint
    return DeclaredPackage(
        name=canonicalize_name(requirement.name),
        specifier="" if is_url else to_pep440(requirement.constraint) or "",
        extras=tuple(sorted(requirement.extras)),
        marker=requirement.marker,
        group="" if requirement.group == "pip" else requirement.group,
        url=requirement.constraint if is_url else "",
        line=requirement.line,
    )
