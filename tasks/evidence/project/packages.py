"""What of a repository others can install and import, and whether its README offers it to them."""

from __future__ import annotations

import re

from tasks.evidence.mlops.manifests import load_toml, table
from tasks.evidence.project.layout import Layout
from tasks.evidence.snapshot import Snapshot

_PACKAGE_FILE = re.compile(r"^(?:src/)?[^/]+/__init__\.py$")
_NO_PACKAGE = re.compile(r"^(?:tests?|docs?|examples?|scripts|src|utils|app|source|config|pipelines?)$")
_INSTALL = re.compile(
    r"""pip3? install ([^\n`#&|]{1,120})|Pkg\.add\(["']([\w.-]{1,60})|\] ?add ([\w.-]{1,60})|install\.packages\(["']([\w.-]{1,60})"""
)
_JULIA_NAME = re.compile(r'^name\s*=\s*"(\w{1,60})"', re.MULTILINE)


def own_packages(snapshot: Snapshot, layout: Layout) -> tuple[str, ...]:
    """Folders of importable packages of a repository that can be installed; none when it cannot."""
    project = load_toml(snapshot.text("pyproject.toml") or "") if layout.has("pyproject.toml") else {}
    if not (layout.has("setup.py", "setup.cfg") or table(project, "project") or table(project, "tool", "poetry", "dependencies")):
        if _julia_name(snapshot):
            return ("src",)
        return ("R",) if layout.has("DESCRIPTION") and layout.has("NAMESPACE") else ()
    tops = {p.rsplit("/", 1)[0] for p in snapshot.own if _PACKAGE_FILE.match(p)}
    return tuple(sorted(t for t in tops if not _NO_PACKAGE.match(t.removeprefix("src/"))))


def is_published(snapshot: Snapshot, layout: Layout) -> bool:
    """The README tells readers to install this very package by name from a registry."""
    names = {_plain(n) for n in _names(snapshot, layout)}
    lines = (" ".join(groups) for groups in _INSTALL.findall(layout.readme))
    return any(_plain(re.split(r"[\[=<>~]", word.strip("\"'"))[0]) in names for line in lines for word in line.split())


def _names(snapshot: Snapshot, layout: Layout) -> list[str]:
    project = load_toml(snapshot.text("pyproject.toml") or "") if layout.has("pyproject.toml") else {}
    declared = [table(project, "project").get("name"), table(project, "tool", "poetry").get("name"), _julia_name(snapshot)]
    setup = snapshot.source("setup.py") if layout.has("setup.py") else None
    declared += [c.keywords.get("name", "").strip("'\"") for c in (setup.calls if setup else ()) if c.attribute == "setup"]
    return [n for n in declared if isinstance(n, str) and n]


def _julia_name(snapshot: Snapshot) -> str:
    """The name of a Julia package: `Project.toml` says it and `src` holds its file."""
    match = _JULIA_NAME.search(snapshot.text("Project.toml") or "") if "Project.toml" in snapshot.entries else None
    return match.group(1) if match and f"src/{match.group(1)}.jl" in snapshot.entries else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
