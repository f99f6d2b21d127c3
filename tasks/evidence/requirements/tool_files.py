"""Files of tools that start Python (MLproject, Makefile, dvc.yaml, shell scripts, CI) and the Python files they name."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.requirements.facts import PythonFile
from tasks.evidence.snapshot import Snapshot

FILES_LIMIT = 300
SIZE_LIMIT = 300_000
NAMED_LIMIT = 100
_TOOL_FILE = re.compile(
    r"(?i)(?:^|/)(?:MLproject|[^/]*Makefile|justfile|dvc\.ya?ml|[^/]*Dockerfile[^/]*|tox\.ini|tasks\.py|noxfile\.py|pyproject\.toml|"
    r"setup\.cfg|Procfile|[^/]+\.(?:sh|bash|bat|ps1))$"
)
_NAMED = re.compile(r"(?<![\w./-])([\w./-]{1,200}\.(?:py|ipynb))\b")
_MODULE = re.compile(r"\bpython[\d.]*\s+(?:-\w\s+)?-m\s+([A-Za-z_][\w.]{0,150})")
_POINTED = re.compile(r"[\"']([A-Za-z_][\w.]{0,150}):[A-Za-z_]\w*[\"']")
"""`package.module:function` of a console script."""


def read_tool_files(snapshot: Snapshot) -> tuple[PythonFile, ...]:
    """Files of tools that name at least one own Python file, in path order."""
    known = frozenset(p for p in snapshot.own if p.endswith((".py", ".ipynb")))
    paths = [p for p in snapshot.own if _TOOL_FILE.search(p) and not p.endswith(".py") and snapshot.size(p) < SIZE_LIMIT][:FILES_LIMIT]
    read = (PythonFile(file=p, own=_named(snapshot.text(p) or "", posixpath.dirname(p), known)) for p in paths)
    return tuple(f for f in read if f.own)


def _named(text: str, folder: str, known: frozenset[str]) -> tuple[str, ...]:
    """Paths are looked for from the file's own folder, then from the root."""
    found: dict[str, None] = {}
    for match in _NAMED.finditer(text):
        candidates = (posixpath.normpath(posixpath.join(folder, match.group(1))), posixpath.normpath(match.group(1)))
        found |= dict.fromkeys([c for c in candidates if c in known][:1])
    for pattern in (_MODULE, _POINTED):
        for match in pattern.finditer(text):
            path = match.group(1).replace(".", "/")
            tails = (f"{path}.py", f"{path}/__main__.py", f"{path}/__init__.py")
            places = (posixpath.join(f, t) for f in (folder, posixpath.join(folder, "src"), "", "src") for t in tails)
            found |= dict.fromkeys([p for p in places if p in known][:1])
    return tuple(found)[:NAMED_LIMIT]
