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
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import tasks.evidence
import tasks.rules
from tasks.errors import SettingError

CACHE_BYTES = 5_000_000_000
"""Clones beyond this total are dropped, least recently used first."""
IN_USE_SECONDS = 3600.0
"""An entry asked for within this time may still be read by another run."""
PARSERS = ("charset-normalizer", "openpyxl", "pandas", "pyarrow", "pyyaml", "scipy")
"""Libraries whose version can change a fact."""


def axiom_home() -> Path:
    """`AXIOM_HOME`, or `~/.axiom`; made readable for its owner only."""
    home = Path(os.environ.get("AXIOM_HOME") or Path.home() / ".axiom").expanduser().absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"AXIOM_HOME {home} cannot be used: {error.strerror}", "Set it to a folder you can write to.") from error
    return home


def safe_name(text: str) -> str:
    """A file name of a repository or key: letters, digits, `._-`, at most 100 characters."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-")[:100] or "repository"


@lru_cache(maxsize=1)
def rule_version() -> str:
    """Hash of what decides a fact or a level: our evidence and rules, Python's grammar, the parsers. Twelve hex digits."""
    return hash_rooms([Path(tasks.evidence.__file__).parent, Path(tasks.rules.__file__).parent])


def hash_rooms(rooms: Sequence[Path]) -> str:
    """Twelve hex digits that change with any file of the folders, compiled ones aside, and with a parser's version."""
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted(p for p in room.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            digest.update(path.relative_to(room.parent).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    versions = {name: importlib.metadata.version(name) for name in PARSERS} | {"python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    digest.update(repr(sorted(versions.items())).encode())
    return digest.hexdigest()[:12]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock between processes and threads; released by the system when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def free(path: Path) -> Iterator[bool]:
    """Whether the lock could be had at once; held inside the block if so."""
    with open(path, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def lock_of(entry: Path) -> Path:
    """The lock of a cache entry and of what becomes it."""
    return entry.with_name(f"{entry.name}.lock")


def partial_of(entry: Path) -> Path:
    """Where a cache entry is put together."""
    return entry.with_name(f".{entry.name}.partial")


def trim_cache(folder: Path, keep: Path, limit_bytes: int = CACHE_BYTES, in_use_seconds: float = IN_USE_SECONDS) -> None:
    """Drop what killed processes left half done, and the least recently used entries until the folder fits.

    `keep` and whatever was asked for within the last `in_use_seconds` stay.
    """
    for partial in folder.glob(".*.partial"):
        with free(lock_of(partial.with_name(partial.name[1 : -len(".partial")]))) as ours:
            if ours:
                shutil.rmtree(partial, ignore_errors=True)
    entries = sorted((p for p in folder.iterdir() if p.is_dir() and p != keep and p.name[0] != "."), key=_last_use)
    sizes = {p: _size(p) for p in [*entries, keep] if p.exists()}
    total = sum(sizes.values())
    oldest = time.time() - in_use_seconds
    for entry in entries:
        if total <= limit_bytes or _last_use(entry) > oldest:
            return
        with free(lock_of(entry)) as ours:
            if ours and _last_use(entry) <= oldest:
                shutil.rmtree(entry, ignore_errors=True)
                total -= sizes.get(entry, 0)


def _last_use(entry: Path) -> float:
    try:
        return entry.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _size(folder: Path) -> int:
    try:
        return int((folder / "bytes").read_text())
    except (OSError, ValueError):
        return sum(f.lstat().st_size for f in folder.rglob("*") if not f.is_dir())
