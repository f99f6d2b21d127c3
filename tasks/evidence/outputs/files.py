"""The files a job left: regular ones only, listed with bounds, opened without following links."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import NamedTuple

MAX_FILES = 20_000


class OutputFile(NamedTuple):
    path: str
    """Relative to the outputs, `/`-separated."""
    full: Path
    size: int

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """Lower case, with the point."""
        return os.path.splitext(self.name)[1].lower()


def list_files(root: Path) -> tuple[list[OutputFile], int]:
    """Regular files by path, at most the limit, and how many more there are. Names that are no text are left out."""
    found: list[OutputFile] = []
    more = 0
    for file in _walk(root):
        if len(found) < MAX_FILES:
            found.append(file)
        else:
            more += 1
    return sorted(found), more


def _walk(root: Path) -> Iterator[OutputFile]:
    for folder, names, files in os.walk(root, followlinks=False):
        names.sort()
        for name in sorted(files):
            full = Path(folder) / name
            path = full.relative_to(root).as_posix()
            info = full.lstat()
            if stat.S_ISREG(info.st_mode) and path.isprintable() and _is_text(path):
                yield OutputFile(path, full, info.st_size)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def open_regular(path: Path) -> BufferedReader:
    """The file for reading; raises `OSError` when it is a link or anything but a regular file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path.name} is no regular file")
    return BufferedReader(FileIO(descriptor, "rb"))


def read_start(path: Path, count: int) -> bytes:
    """The first bytes of a file."""
    with open_regular(path) as file:
        return file.read(count)
