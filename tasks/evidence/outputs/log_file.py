"""The kept log of a job, line by line with bounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tasks.evidence.outputs.log_reader import LogReader
from tasks.evidence.outputs.log_text import LINE_LIMIT
from tasks.evidence.outputs.seen import Seen

MAX_LINES = 300_000
"""Read of one log: the first half of them and the last; what lies between in a flood is stepped over."""
MAX_SEEN = 100_000
_CHUNK = 1 << 20


def read_log(path: Path) -> list[Seen]:
    """Values of the log in order; past the bounds the last ones are kept, since a training ends with what counts."""
    reader = LogReader()
    seen: list[Seen] = []
    for line in _lines(path):
        if line is None:
            reader.skip()
            continue
        seen += reader.read(line)
        if len(seen) > 2 * MAX_SEEN:
            del seen[:-MAX_SEEN]
    return seen


def _lines(path: Path) -> Iterator[str | None]:
    """Each line, None for one of the middle; of an endless one only the end, where a progress bar is up to date."""
    total = _count(path)
    with open(path, "rb") as file:
        for number in range(total):
            line = file.readline(_CHUNK)
            if MAX_LINES // 2 <= number < total - MAX_LINES // 2:
                yield None
            else:
                yield line[-4 * LINE_LIMIT :].decode("utf-8", errors="replace").rstrip("\n")


def _count(path: Path) -> int:
    """Lines as `_lines` cuts them."""
    with open(path, "rb") as file:
        return sum(1 for _ in iter(lambda: file.readline(_CHUNK), b""))
