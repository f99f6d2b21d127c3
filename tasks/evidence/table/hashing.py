"""The content of data files as hashes: what a build is named by."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from tasks.errors import DataRefused

BLOCK = 1 << 20
_known: dict[tuple[str, int, int], str] = {}


def hash_files(paths: Sequence[str]) -> dict[str, str]:
    """SHA-256 by path; a file is read once a process while it does not change. Raises `DataRefused` for what is no regular file."""
    return {path: _hash(path) for path in paths}


def _hash(path: str) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise DataRefused(f"{path} cannot be read: {error.strerror}", "Give the path of a data file you can read.") from error
    with open(handle, "rb") as file:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            what = "a folder" if stat.S_ISDIR(facts.st_mode) else "no regular file"
            raise DataRefused(f"{path} is {what}", "Give data files, one by one.")
        key = (str(Path(path)), facts.st_size, facts.st_mtime_ns)
        if key not in _known:
            digest = hashlib.sha256()
            while block := file.read(BLOCK):
                digest.update(block)
            _known[key] = digest.hexdigest()
        return _known[key]
