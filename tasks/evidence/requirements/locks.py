"""Versions written down in lock files of Poetry, uv, PDM and Pipenv."""

from __future__ import annotations

import json
import re

from packaging.utils import canonicalize_name

from tasks.evidence.mlops.lock import BY_NAME
from tasks.evidence.mlops.manifests import load_toml, table
from tasks.evidence.requirements.facts import LockedPackages
from tasks.evidence.snapshot import Snapshot

LOCKS_LIMIT = 20
PACKAGES_LIMIT = 2000
READ = frozenset({"poetry", "uv", "pdm", "pipenv"})
_VERSION = re.compile(r"^v?\d[\w.!+-]{0,60}$")


def read_locks(snapshot: Snapshot) -> tuple[LockedPackages, ...]:
    """Lock files in path order; one that cannot be read has no versions."""
    found = [(path, BY_NAME.get(path.rpartition("/")[2], "")) for path in snapshot.own]
    wanted = [(path, kind) for path, kind in found if kind in READ][:LOCKS_LIMIT]
    return tuple(LockedPackages(file=path, kind=kind, versions=_versions(snapshot.text(path) or "", kind)) for path, kind in wanted)


def _versions(text: str, kind: str) -> dict[str, str]:
    pairs = _pipenv(text) if kind == "pipenv" else _packages(text)
    versions: dict[str, str] = {}
    for name, version in pairs[:PACKAGES_LIMIT]:
        if _VERSION.match(version):
            versions.setdefault(canonicalize_name(name), version)
    return versions


def _packages(text: str) -> list[tuple[str, str]]:
    packages = load_toml(text).get("package")
    listed = [p for p in packages if isinstance(p, dict)] if isinstance(packages, list) else []
    return [(str(p.get("name", "")), str(p.get("version", ""))) for p in listed]


def _pipenv(text: str) -> list[tuple[str, str]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return []
    packages = table(data, "default")
    return [(name, str(p.get("version", "")).removeprefix("==")) for name, p in packages.items() if isinstance(p, dict)]
