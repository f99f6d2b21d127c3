"""The kept log of a job, line by line with bounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tasks.evidence.outputs.log_reader import LogReader
from tasks.evidence.outputs.log_text import LINE_LIMIT
from tasks.evidence.outputs.seen import Seen

MAX_LINES = 400_000
MAX_SEEN = 100_000


def read_log(path: Path) -> list[Seen]:
    """Values of the log in order; past the bounds the last ones are kept, since a training ends with what counts."""
    reader = LogReader()
    seen: list[Seen] = []
    for line in _lines(path):
        seen += reader.read(line)
        if len(seen) > 2 * MAX_SEEN:
            del seen[:-MAX_SEEN]
    return seen


def _lines(path: Path) -> Iterator[str]:
    """At most so many lines; of an endless one only the end, where a progress bar is up to date."""
    with open(path, "rb") as file:
        for _ in range(MAX_LINES):
            line = file.readline(1 << 20)
            if not line:
                return
            yield line[-4 * LINE_LIMIT :].decode("utf-8", errors="replace").rstrip("\n")
