"""The child that reads what a job left: limits first, then the log, the files and the tracking stores."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tasks.evidence.limited_process import limit_self
from tasks.evidence.outputs.bare_numbers import name_bare_numbers
from tasks.evidence.outputs.facts import OutputFacts
from tasks.evidence.outputs.judging import judge
from tasks.evidence.outputs.log_file import read_log
from tasks.evidence.outputs.reading import ReadingRequest
from tasks.evidence.outputs.seen import Seen

Announce = Callable[[str], None]


def main() -> None:
    """Entry of the child: a request on standard input, `answer.json` in the named folder."""
    request = ReadingRequest.model_validate_json(sys.stdin.buffer.read())
    limit_self(*request.limits)
    sys.setrecursionlimit(3000)
    folder = Path(request.answer)
    status = os.open(folder / "status", os.O_WRONLY)

    def announce(path: str) -> None:
        os.ftruncate(status, os.pwrite(status, os.fsencode(path), 0))

    (folder / "part").write_bytes(collect(request, announce).model_dump_json().encode())
    os.replace(folder / "part", folder / "answer.json")


def collect(request: ReadingRequest, announce: Announce) -> OutputFacts:
    """The facts; `announce` hears each file before it is opened."""
    problems = dict(request.excluded)
    seen = _log(request, announce) if request.parse else []
    judged = judge(seen, request.phase)
    return OutputFacts(metrics=tuple(judged.metrics), metrics_dropped=judged.dropped, flagged=judged.flagged, problems=problems)


def _log(request: ReadingRequest, announce: Announce) -> list[Seen]:
    path = Path(request.folder) / "log.txt"
    if "log.txt" in request.excluded or not path.is_file():
        return []
    announce("log.txt")
    return name_bare_numbers(read_log(path), (), request.hints)


if __name__ == "__main__":
    main()
