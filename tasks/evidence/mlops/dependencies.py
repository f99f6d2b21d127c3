"""Dependency files of every ecosystem a model project uses, and how firmly each holds its versions."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from tasks.evidence.mlops.facts import DependencyFile, Requirement
from tasks.evidence.mlops.manifests import (
    read_conda,
    read_description,
    read_julia,
    read_pipfile,
    read_pyproject,
    read_rockspec,
    read_setup_cfg,
    read_setup_py,
)
from tasks.evidence.mlops.pins import pin_class
from tasks.evidence.mlops.requirement_lines import parse_requirement_lines
from tasks.evidence.snapshot import Snapshot

SIZE_LIMIT = 500_000
"""Bytes; a longer file is not a hand-written list of dependencies."""
_REQUIREMENTS = re.compile(
    r"(?i)^(?:[\w.-]*[-_.])?re(?:q|qu)u?i?e?r(?:e)?m(?:e)?n?(?:e)?(?:t|ts|nts|nents)?s?(?:[-_.\s(]?[\w.()-]*)?\.(?:txt|in|pip)$"
)
_IN_FOLDER = re.compile(r"(?i)(?:^|/)(?:requirements|reqs?)/[^/]+\.(?:txt|in|pip)$")
_OTHER_LISTS = re.compile(r"(?i)^(?:reqs?|pip[-_]?packages|dependencies|constraints|pip[-_]?requirements|packages)\.txt$")
_CONDA_NAME = re.compile(
    r"(?i)(?:^|[-_.])(?:environment|env|conda|dependencies|deps|python_env)[^/]*\.ya?ml$|(?i:environment[^/]*\.ya?ml$)"
)
_NOT_A_LIST = re.compile(r"(?i)(?:^|/)(?:[^/]*lock[^/]*|requirements?[-_]?(?:doc|spec|analysis)s?)\.(?:txt|in)$")
_IN_TESTS = re.compile(r"(?i)(?:^|/)(?:tests?|fixtures?|testdata|test_data)/")


def find_dependency_files(snapshot: Snapshot) -> tuple[DependencyFile, ...]:
    """Every dependency file in path order; packaging files that list no requirement and build no package are left out."""
    found = []
    for path in snapshot.own:
        reader = _reader_of(path)
        if reader is None or snapshot.size(path) > SIZE_LIMIT or _IN_TESTS.search(path):
            continue
        text = snapshot.text(path)
        if text is not None and (file := reader(path, text)):
            found.append(file)
    by_path = {f.file: f for f in found}
    return tuple(_resolve(f, by_path) for f in found)


def _reader_of(path: str) -> Callable[[str, str], DependencyFile | None] | None:
    name = path.rpartition("/")[2]
    exact = {
        "pyproject.toml": read_pyproject, "setup.py": read_setup_py, "setup.cfg": read_setup_cfg, "Pipfile": read_pipfile,
        "DESCRIPTION": read_description, "Project.toml": read_julia, "JuliaProject.toml": read_julia,
    }  # fmt: skip
    if name in exact:
        return exact[name]
    if name.endswith(".rockspec"):
        return read_rockspec
    if name.lower().endswith((".yml", ".yaml")):
        return read_conda if _CONDA_NAME.search(name) else None
    if _NOT_A_LIST.search(path):
        return None
    listed = _REQUIREMENTS.match(name) or _OTHER_LISTS.match(name) or _IN_FOLDER.search(path)
    return read_requirements if listed else None


def read_requirements(path: str, text: str) -> DependencyFile | None:
    """A pip requirements file under whatever spelling; prose that only has the name is none."""
    parsed = parse_requirement_lines(text)
    if len(parsed.invalid) > max(2, len(parsed.requirements)):
        return None
    return DependencyFile(
        file=path,
        kind="requirements",
        pin=pin_class(parsed.requirements),
        requirements=tuple(parsed.requirements),
        reads=tuple(_beside(path, r) for r in parsed.reads),
        invalid=tuple(parsed.invalid),
        constraints=tuple(_beside(path, c) for c in parsed.constraints),
        local=parsed.local,
    )


def _beside(path: str, named: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), named))


def _resolve(file: DependencyFile, by_path: dict[str, DependencyFile]) -> DependencyFile:
    """A file without a list of its own that reads another one takes that one's class when it is unambiguous."""
    if file.pin != "none" or not file.reads:
        return file
    others = [by_path[r] for r in file.reads if r in by_path]
    if not others:
        return file
    return file.model_copy(update={"pin": pin_class(r for o in others for r in o.requirements)})


def main_requirements(files: tuple[DependencyFile, ...]) -> list[tuple[DependencyFile, Requirement]]:
    """What the project itself needs: development, documentation and test groups and files left out."""
    side = re.compile(r"(?i)(?:^|[-_./])(?:dev|devel|docs?|tests?|lint|typing|build|ci|pre-commit|style|notebooks?)(?:[-_./]|$)")
    return [(f, r) for f in files if not side.search(f.file) for r in f.requirements if not (r.group and side.search(r.group))]
