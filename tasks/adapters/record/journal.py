"""An append-only journal: one JSON object a line, on the disk before the call returns.

A line that a crash tore is not there: readers skip it, and the next writer cuts it off.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tasks.adapters.store import locked

Entry = dict[str, Any]


class Journal:
    """The file at `path`; several threads and processes may append to it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entries: Sequence[Entry], confirm: bool = True) -> None:
        """Write the entries in one piece; raises `OSError` and leaves none of them otherwise.

        With `confirm` the disk has them when this returns; without, they outlive this process but not the machine.
        """
        if not entries:
            return
        lines = b"".join(json.dumps(e, separators=(",", ":"), allow_nan=False).encode() + b"\n" for e in entries)
        with locked(self.path.with_suffix(".lock")):
            new = not self.path.exists()
            with open(self.path, "ab") as file:
                whole = _whole_bytes(self.path)
                file.truncate(whole)
                try:
                    file.write(lines)
                    file.flush()
                    if confirm:
                        os.fsync(file.fileno())
                except OSError:
                    os.truncate(self.path, whole)
                    raise
            if new:
                _confirm_name(self.path)

    def read(self, offset: int = 0) -> Iterator[tuple[Entry, int]]:
        """Entries from a byte on, each with the byte after it; stops before a line that is not complete yet."""
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                offset += len(line)
                entry = _parse(line)
                if entry is not None:
                    yield entry, offset

    def size(self) -> int:
        """Bytes so far, 0 when there is no file."""
        return self.path.stat().st_size if self.path.exists() else 0


def _parse(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _whole_bytes(path: Path) -> int:
    """Bytes up to the end of the last complete line."""
    end = path.stat().st_size
    with open(path, "rb") as file:
        position = end
        while position > 0:
            step = min(65536, position)
            file.seek(position - step)
            found = file.read(step).rfind(b"\n")
            if found >= 0:
                return position - step + found + 1
            position -= step
    return 0


def _confirm_name(path: Path) -> None:
    """A new file's name is on the disk only when its folder is."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
