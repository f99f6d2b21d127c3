"""Packages that commands install, with their versions, grouped by file: the last resort where no file lists any."""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name

from tasks.evidence.mlops.ci_files import pipeline_files
from tasks.evidence.mlops.install_commands import READ, install_words, joined_lines
from tasks.evidence.mlops.requirement_lines import parse_requirement
from tasks.evidence.requirements.facts import DeclaredPackage, ListKind, PackageList
from tasks.evidence.requirements.specifiers import to_pep440
from tasks.evidence.snapshot import Snapshot

FILES_LIMIT = 300
PACKAGES_LIMIT = 200
"""Of one file."""


def find_installing_lists(snapshot: Snapshot) -> tuple[PackageList, ...]:
    """A list per notebook, README, Dockerfile, CI file and script that installs packages by name, in this order."""
    lists = [_of_notebook(snapshot, path) for path in snapshot.own if path.endswith(".ipynb")]
    ci = {path for _, path in pipeline_files(snapshot)}
    for path in [p for p in snapshot.own if p in ci or READ.search(p)][:FILES_LIMIT]:
        lines = enumerate(joined_lines(snapshot.text(path) or ""), 1)
        lists.append(PackageList(file=path, kind=_kind(path, ci), packages=_packages(list(lines))))
    order = ("cells", "readme", "docker", "ci", "script")
    return tuple(sorted((x for x in lists if x.packages), key=lambda x: (order.index(x.kind), x.file.count("/"), x.file)))


def _of_notebook(snapshot: Snapshot, path: str) -> PackageList:
    source = snapshot.source(path)
    notebook = source.notebook if source else None
    lines = [(notebook.physical_line(at), text) for text, at in notebook.shell_lines] if notebook else []
    return PackageList(file=path, kind="cells", packages=_packages(lines))


def _kind(path: str, ci: set[str]) -> ListKind:
    if path in ci:
        return "ci"
    name = path.rpartition("/")[2].lower()
    if "dockerfile" in name:
        return "docker"
    return "script" if name == "makefile" or re.search(r"\.(?:sh|bash)$", name) else "readme"


def _packages(lines: list[tuple[int, str]]) -> tuple[DeclaredPackage, ...]:
    found: dict[str, DeclaredPackage] = {}
    for number, line in lines:
        for word in install_words(line):
            requirement = parse_requirement(word, number)
            if requirement and len(found) < PACKAGES_LIMIT:
                name = canonicalize_name(requirement.name)
                package = DeclaredPackage(
                    name=name, specifier=to_pep440(requirement.constraint) or "", extras=tuple(sorted(requirement.extras)), line=number
                )
                found.setdefault(name, package)
    return tuple(found.values())
