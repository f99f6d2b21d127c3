"""Which Python the repository asks for, in every place where it says so."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator

from tasks.evidence.mlops.ci_files import pipeline_files
from tasks.evidence.mlops.facts import PythonDeclaration
from tasks.evidence.mlops.manifests import line_of, load_toml, load_yaml, table
from tasks.evidence.place import place_in
from tasks.evidence.redaction import redact
from tasks.evidence.snapshot import Snapshot

PER_SOURCE_LIMIT = 20
TEXT_LIMIT = 200_000
KERNEL_SHARE = 0.01
"""Notebooks that fit a model, of all files, below which their kernel says nothing about a collection of other things."""
_VERSION = r"(?:[2-4]\.\d{1,2}(?:\.\d{1,2}|\.[x*])?)"
_BUILD = re.compile(r"(?<=\d)=[a-z0-9]+(?:_[a-z0-9]+)+$")
"""A conda build behind the version: `3.10.8=h257c98d_0_cpython`."""
_ENVIRONMENT = re.compile(r"(?i)(?:^|/)[^/]*(?:environment|env|conda|dependencies)[^/]*\.ya?ml$")
_CONDA_PYTHON = re.compile(r"(?m)^\s*-\s*[\"']?(?:[\w-]+::)?python\s*([=<>!~ ]=?\s*[\d.*]+[^\s\"'#]*)")
_FROM_PYTHON = re.compile(
    rf"(?im)^\s*FROM\s+(?:--\S+\s+)?\S{{0,100}}?(?:python|py|pypy)(?:[:_-]?v?|[:_-]\w{{1,12}}-py)({_VERSION})(?![\d])"
)
_OTHER_DOCKER = re.compile(rf"(?im)\bpython(?:=|==)({_VERSION})|\bARG\s+PYTHON_VERSION=[\"']?({_VERSION})|\bpython(3\.\d{{1,2}})\b")
_CI = re.compile(
    rf"(?im)^\s*-?\s*[\"']?(?:python[-_ ]?version|python|versionSpec|PYTHON_VERSION|py)[\"']?\s*:\s*\[?\s*[\"']?({_VERSION}|3\.x|"
    rf"[23])(?![\w.])"
    rf"|image:\s*[\"']?\S{{0,60}}python:({_VERSION})|name:\s*[\"']?python:({_VERSION})"
)
_CI_LIST = re.compile(rf"(?im)^\s*(?:python[-_ ]?version|python)\s*:\s*\n\s*-\s*[\"']?({_VERSION})")
_README_VERSION = re.compile(
    rf"(?i)\bpython\s*=+\s*({_VERSION})|\bpython[- ]?version\W{{1,6}}(?:is |of )?({_VERSION})"
    rf"|\bpython\s*(?:\(|version|v|:|>=|≥|&gt;=|=|\*\*)*\s*({_VERSION})|python-({_VERSION})|\bpython(3\.\d{{1,2}})\b|"
    rf"py(?:thon)?-?(3\.\d{{1,2}})"
)
_FITS = frozenset(["fit", "fit_generator", "fit_transform", "backward", "train", "fit_one_cycle", "fine_tune"])
_NOT_MINE = re.compile(r"(?i)(?:^|/)(?:tests?|fixtures?|examples?|docs?|third_party|vendor)/")


def find_python_versions(snapshot: Snapshot) -> tuple[PythonDeclaration, ...]:
    """Declarations, most authoritative first: the package's metadata, a version file, an environment, containers, CI, README, kernels."""
    sources = (_metadata, _version_files, _environments, _dockerfiles, _ci, _readme, _kernels)
    return tuple(d for source in sources for d in list(_limited(source(snapshot))))


def _limited(found: Iterator[PythonDeclaration]) -> Iterator[PythonDeclaration]:
    for _, declaration in zip(range(PER_SOURCE_LIMIT), found, strict=False):
        yield declaration


def _by_depth(paths: Iterator[str]) -> list[str]:
    return sorted((p for p in paths if not _NOT_MINE.search(p)), key=lambda p: (p.count("/"), p))


def _declared(snapshot: Snapshot, version: str, source: str, path: str, line: int | None) -> PythonDeclaration:
    return PythonDeclaration(version=_BUILD.sub("", redact(version.strip()))[:60], source=source, place=place_in(snapshot, path, line))


def _metadata(snapshot: Snapshot) -> Iterator[PythonDeclaration]:
    for path in _by_depth(p for p in snapshot.own if p.rpartition("/")[2] in ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile")):
        text = (snapshot.text(path) or "")[:TEXT_LIMIT]
        version = {"pyproject.toml": _pyproject, "setup.cfg": _setup_cfg, "setup.py": _setup_py, "Pipfile": _pipfile}[
            path.rpartition("/")[2]
        ](text)
        if version:
            yield _declared(snapshot, version, "requires-python", path, _line_with(text, version, r"python"))


def _line_with(text: str, version: str, word: str) -> int | None:
    lines = enumerate(text.split("\n"), 1)
    return next((n for n, line in lines if version in line and re.search(word, line, re.IGNORECASE)), line_of(text, version))


def _pyproject(text: str) -> str | None:
    data = load_toml(text)
    poetry, pixi = table(data, "tool", "poetry", "dependencies"), table(data, "tool", "pixi", "dependencies")
    for value in (table(data, "project").get("requires-python"), poetry.get("python"), pixi.get("python")):
        if isinstance(value, str) and re.search(r"\d", value):
            return value
    return None


def _setup_cfg(text: str) -> str | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return parser.get("options", "python_requires", fallback=None)


def _setup_py(text: str) -> str | None:
    match = re.search(r"\bpython_requires\s*=\s*f?[\"']([^\"'\n]{2,60})[\"']", text)
    return match.group(1) if match else None


def _pipfile(text: str) -> str | None:
    requires = table(load_toml(text), "requires")
    return next((str(requires[k]) for k in ("python_full_version", "python_version") if k in requires), None)


def _version_files(snapshot: Snapshot) -> Iterator[PythonDeclaration]:
    names = {
        ".python-version": "python-version file",
        "runtime.txt": "runtime.txt",
        ".tool-versions": "python-version file",
        "MLproject": "",
    }
    for path in _by_depth(p for p in snapshot.own if p.rpartition("/")[2] in names):
        name = path.rpartition("/")[2]
        text = (snapshot.text(path) or "")[:2000]
        pattern = (
            rf"(?m)^\s*python[-_ ]v?({_VERSION})" if name in ("runtime.txt", ".tool-versions") else rf"(?m)^\s*v?(?:cpython-)?({_VERSION})"
        )
        match = re.search(pattern, text)
        if match and names[name]:
            yield _declared(snapshot, match.group(1), names[name], path, text.count("\n", 0, match.start(1)) + 1)
    for path in ("mise.toml", ".mise.toml"):
        value = table(load_toml(snapshot.text(path) or ""), "tools").get("python") if path in snapshot.entries else None
        if isinstance(value, str) and value[:1].isdigit():
            yield _declared(snapshot, value, "python-version file", path, line_of(snapshot.text(path) or "", value))


def _environments(snapshot: Snapshot) -> Iterator[PythonDeclaration]:
    for path in _by_depth(p for p in snapshot.own if _ENVIRONMENT.search(p) and snapshot.size(p) < TEXT_LIMIT):
        text = snapshot.text(path) or ""
        if match := _CONDA_PYTHON.search(text):
            version = re.sub(r"^=+\s*|\s", "", match.group(1).strip())
            yield _declared(snapshot, version, "environment", path, text.count("\n", 0, match.start(1)) + 1)
        elif path.endswith(("python_env.yaml", "python_env.yml")):
            data = load_yaml(text)
            value = data.get("python") if isinstance(data, dict) else None
            if isinstance(value, (str, float)):
                yield _declared(snapshot, str(value), "environment", path, line_of(text, str(value)))


def _dockerfiles(snapshot: Snapshot) -> Iterator[PythonDeclaration]:
    pattern = re.compile(r"(?i)(?:^|/)(?:[\w-]+[._-])?(?:Dockerfile|Containerfile)(?:[._-][\w-]+)?$|\.dockerfile$")
    for path in _by_depth(p for p in snapshot.own if pattern.search(p) and snapshot.size(p) < TEXT_LIMIT):
        text = _without_comments(snapshot.text(path) or "")
        argument = re.search(rf"(?im)^\s*ARG\s+((?:PYTHON|PY)\w*|VARIANT)\s*=\s*[\"']?({_VERSION})", text)
        matches = [m for m in (_FROM_PYTHON.search(text), argument, _OTHER_DOCKER.search(text)) if m]
        if matches:
            match = matches[0]
            version = [g for g in match.groups() if g and re.match(r"\d", g)][-1]
            yield _declared(snapshot, version, "docker", path, text.count("\n", 0, match.start()) + 1 + match.group(0).startswith("\n"))


def _without_comments(text: str) -> str:
    return re.sub(r"(?m)^[ \t]*#.*$", "", text[:TEXT_LIMIT])


def _ci(snapshot: Snapshot) -> Iterator[PythonDeclaration]:
    for _, path in pipeline_files(snapshot):
        text = _without_comments(snapshot.text(path) or "")
        found = [m for p in (_CI, _CI_LIST) for m in p.finditer(text)]
        if found:
            match = min(found, key=lambda m: m.start())
            version = next(g for g in match.groups() if g)
            yield _declared(snapshot, version, "ci", path, text.count("\n", 0, match.end()) + 1)


def _readme(snapshot: Snapshot) -> Iterator[PythonDeclaration]:
    for path in _by_depth(p for p in snapshot.own if re.search(r"(?i)(?:^|/)readme(?:\.\w+)?$", p))[:1]:
        text = (snapshot.text(path) or "")[:TEXT_LIMIT]
        for number, line in enumerate(text.split("\n"), 1):
            match = _README_VERSION.search(line[:1000])
            if match and not re.search(r"(?i)deprecat|since python|stop working|removed in|no longer", line):
                yield _declared(snapshot, next(g for g in match.groups() if g), "readme", path, number)
                return


def _kernels(snapshot: Snapshot) -> Iterator[PythonDeclaration]:
    """Kernels of the notebooks that fit a model, where only notebooks do: elsewhere a kernel is an accident of who looked at the data."""
    fitting = [s for s in snapshot.sources if any(c.attribute in _FITS for c in s.calls)]
    if any(not s.is_notebook for s in fitting) or len(fitting) < KERNEL_SHARE * len(snapshot.own):
        return
    for source in fitting:
        version = source.notebook.python_version if source.notebook else None
        if version and re.match(_VERSION, version):
            yield _declared(snapshot, ".".join(version.split(".")[:2]), "kernel", source.path, None)
