"""What a job prints, on its way from the worker that runs it to the flow that waits for it: `lines.txt` in the job's folder.

Both share `AXIOM_HOME` and nothing else: the flow's process cannot hear the container, and lines that went through the
Prefect API would be stored there twice. The file holds lines that the container's reader has cleaned and cut already.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tasks.adapters.container.job_folder import LINES, job_folder

LOOK_SECONDS = 0.5
READ_BYTES = 1024**2
"""Of one look; a flood is followed at its own file's pace and ends with the file's bound."""
REST_SECONDS = 30.0
"""For what is left to hand on after the end."""

OnLine = Callable[[str], None]


@contextmanager
def handed_on(home: Path, job_id: str, limit: int) -> Iterator[OnLine]:
    """A sink that appends lines to the job's file, so many bytes in all; the whole log is kept elsewhere.

    It never raises: a disk that is full costs the lines, not the job.
    """
    left = limit
    with open(job_folder(home, job_id) / LINES, "wb", buffering=0) as file:

        def add(line: str) -> None:
            nonlocal left
            data = line.replace("\n", " ").encode("utf-8", "replace") + b"\n"
            left -= len(data)
            if left >= 0:
                with suppress(OSError, ValueError):
                    file.write(data)

        yield add


@contextmanager
def followed(home: Path, job_id: str, on_line: OnLine) -> Iterator[None]:
    """Hand every line of the job's file to `on_line` while the block runs, in a thread with the caller's context; then drop the file."""
    path, ended = job_folder(home, job_id) / LINES, threading.Event()
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(_follow, path, on_line, ended), name="axiom-follow", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(REST_SECONDS)
        path.unlink(missing_ok=True)


def _follow(path: Path, on_line: OnLine, ended: threading.Event) -> None:
    while True:
        last = ended.is_set()
        with suppress(FileNotFoundError), open(path, "rb") as file:
            _read_on(file, on_line, ended)
            return
        if last:
            return
        ended.wait(LOOK_SECONDS)


def _read_on(file: BinaryIO, on_line: OnLine, ended: threading.Event) -> None:
    """Whole lines only: the last one may be half written. The end is the first empty look after it was told."""
    rest = b""
    while True:
        last = ended.is_set()
        piece = file.read(READ_BYTES)
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            on_line(line.decode("utf-8", "replace"))
        if last and not piece:
            return
        ended.wait(LOOK_SECONDS)
