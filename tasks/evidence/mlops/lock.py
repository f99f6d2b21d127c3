"""Lock files: every package, or every stage of a pipeline, written down with its exact version."""

from __future__ import annotations

import re

from tasks.evidence.mlops.facts import LockFile
from tasks.evidence.snapshot import Snapshot

BY_NAME = {
    "poetry.lock": "poetry", "uv.lock": "uv", "Pipfile.lock": "pipenv", "pdm.lock": "pdm", "pylock.toml": "pep751",
    "conda-lock.yml": "conda", "conda-lock.yaml": "conda", "pixi.lock": "pixi", "renv.lock": "renv", "packrat.lock": "packrat",
    "Manifest.toml": "julia", "dvc.lock": "dvc", "requirements.lock": "requirements", "requirements-dev.lock": "requirements",
    "requirements.lock.txt": "requirements", "requirements_lock.txt": "requirements", "requirements-lock.txt": "requirements",
    "environment.lock.yml": "conda", "environment-lock.yml": "conda", "environment.lock.yaml": "conda", "MODULE.bazel.lock": "bazel",
    "package-lock.json": "npm", "yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm", "Cargo.lock": "cargo", "go.sum": "go",
}  # fmt: skip
WEB = frozenset({"npm", "yarn", "pnpm", "cargo", "go"})
"""They lock a web page or a tool beside the model, not its environment."""
_CONDA_EXPLICIT = re.compile(r"(?m)^@EXPLICIT\s*$")


def find_locks(snapshot: Snapshot) -> tuple[LockFile, ...]:
    """Lock files in path order."""
    found = [LockFile(file=p, kind=BY_NAME[name]) for p in snapshot.own if (name := p.rpartition("/")[2]) in BY_NAME]
    for path in snapshot.matching(r"(?i)(?:conda|spec)[^/]*\.(?:txt|lock)$"):
        if snapshot.size(path) < 500_000 and _CONDA_EXPLICIT.search(snapshot.text(path) or ""):
            found.append(LockFile(file=path, kind="conda"))
    return tuple(sorted(set(found), key=lambda lock: lock.file))


def locks_environment(lock: LockFile) -> bool:
    """Whether it fixes the packages that training runs with (a pipeline's or a web page's lock does not)."""
    return lock.kind not in WEB and lock.kind != "dvc"
