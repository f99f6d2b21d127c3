"""Where Axiom keeps its state: `AXIOM_HOME`, a content-addressed cache in it, and locks between processes.

Everything is written beside its final name and moved into place, so a `kill -9` leaves either the old or the new.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import tasks.evidence
import tasks.rules

CACHE_BYTES = 5_000_000_000
"""Clones beyond this total are dropped, least recently used first."""
PARSERS = ("pandas", "pyarrow", "duckdb", "pyyaml", "openpyxl")
"""Libraries whose version can change a fact."""


def axiom_home() -> Path:
    """`AXIOM_HOME`, or `~/.axiom`; made readable for its owner only."""
    home = Path(os.environ.get("AXIOM_HOME") or Path.home() / ".axiom").expanduser().absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def safe_name(text: str) -> str:
    """A file name of a repository or key: letters, digits, `._-`, at most 100 characters."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-")[:100] or "repository"


@lru_cache(maxsize=1)
def rule_version() -> str:
    """Hash of what decides a fact or a level: our evidence and rules, and the parsers' versions. Twelve hex digits."""
    digest = hashlib.sha256()
    for room in (Path(tasks.evidence.__file__).parent, Path(tasks.rules.__file__).parent):
        for path in sorted(room.rglob("*.py")):
            digest.update(path.relative_to(room.parent).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name in PARSERS:
        digest.update(f"{name}={importlib.metadata.version(name)}\0".encode())
    return digest.hexdigest()[:12]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock between processes and threads; released by the system when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    partial.write_bytes(data)
    os.replace(partial, path)


def trim_cache(folder: Path, keep: Path, limit_bytes: int = CACHE_BYTES) -> None:
    """Drop the least recently used entries of a cache folder until it fits; `keep` always stays."""
    entries = sorted((p for p in folder.iterdir() if p.is_dir() and p != keep), key=lambda p: p.stat().st_mtime)
    sizes = {p: _size(p) for p in [*entries, keep] if p.exists()}
    total = sum(sizes.values())
    for entry in entries:
        if total <= limit_bytes:
            return
        with locked(folder / f"{entry.name}.lock"):
            shutil.rmtree(entry, ignore_errors=True)
        total -= sizes[entry]


def _size(folder: Path) -> int:
    manifest = folder / "bytes"
    if manifest.exists():
        return int(manifest.read_text())
    return sum(f.lstat().st_size for f in folder.rglob("*") if not f.is_dir())
