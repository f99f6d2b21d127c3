"""What a repository needs to run: declared packages in one dialect, Python versions, imports of every Python file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.mlops.facts import PythonDeclaration

ListKind = Literal["requirements", "conda", "pyproject", "poetry", "setup", "pipfile", "cells", "readme", "docker", "ci", "script"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeclaredPackage(_Facts):
    """One package that a file asks for, as PyPI knows it."""

    name: str
    """Normalised (PEP 503)."""
    specifier: str = ""
    """PEP 440; empty when any version will do or the constraint cannot be said in PEP 440."""
    extras: tuple[str, ...] = ()
    marker: str = ""
    group: str = ""
    """Extra or group; empty for what always is installed."""
    url: str = ""
    """Where it is to come from, when not from PyPI; `specifier` is empty then."""
    line: int | None = None


class Unusable(_Facts):
    """A line that names no package of PyPI."""

    what: str
    reason: str
    line: int | None = None


class PackageList(_Facts):
    """One place that lists packages."""

    file: str
    kind: ListKind
    packages: tuple[DeclaredPackage, ...] = ()
    reads: tuple[str, ...] = ()
    """Other lists it includes, where they are in the repository."""
    constraints: tuple[str, ...] = ()
    """Lists that only bound versions."""
    unusable: tuple[Unusable, ...] = ()
    installs_itself: bool = False
    """It holds `-e .` or the like: the package of the repository with what that declares."""


class LockedPackages(_Facts):
    """Versions of a lock file."""

    file: str
    kind: str
    versions: dict[str, str] = {}
    """By normalised name; where a lock holds several versions, the first."""


class ImportedModule(_Facts):
    """An import that is neither the standard library's nor the repository's own."""

    module: str
    """Dotted, as far as it may tell packages apart: `google.cloud.storage`."""
    line: int
    """Physical line."""
    guarded: bool = False
    """In a `try`: the code goes on without it."""
    within: str = ""
    """Name of the function that alone imports it; empty when the file does."""


class ImplyingCall(_Facts):
    """A call that needs a package nobody imports: `read_excel` needs openpyxl."""

    module: str
    call: str
    line: int


class PythonFile(_Facts):
    """A script, module or notebook, or a file of a tool that names some."""

    file: str
    imports: tuple[ImportedModule, ...] = ()
    """Each module once, where it is first imported."""
    own: tuple[str, ...] = ()
    """Own files that it imports or names."""
    implied: tuple[ImplyingCall, ...] = ()
    calls: tuple[str, ...] = ()
    """Of the functions that import something (`within`, of any file), those that this file calls or hands on."""
    tensorflow1: ImplyingCall | None = None
    """A call that TensorFlow 2 no longer has."""
    python2: int | None = None
    """Line that only Python 2 can read."""
    dynamic: bool = False
    """It imports by names made at run time: what it needs cannot be read off in full."""


class RequirementFacts(_Facts):
    lists: tuple[PackageList, ...] = ()
    """Dependency files in path order, then cells, README, Dockerfiles, CI and scripts."""
    locks: tuple[LockedPackages, ...] = ()
    python: tuple[PythonDeclaration, ...] = ()
    """Most authoritative first, see `find_python_versions`; classifiers of the package follow its metadata."""
    files: tuple[PythonFile, ...] = ()
    files_left_out: int = 0
    """Beyond the limit."""
