"""The child that reads what a job left: limits first, then the log, the files and the tracking stores."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tasks.evidence.limited_process import limit_self
from tasks.evidence.outputs.artifacts import describe_artifacts
from tasks.evidence.outputs.bare_numbers import name_bare_numbers
from tasks.evidence.outputs.facts import OutputFacts
from tasks.evidence.outputs.files import list_files
from tasks.evidence.outputs.judging import judge, printable
from tasks.evidence.outputs.log_file import read_log
from tasks.evidence.outputs.metric_files import read_metric_files
from tasks.evidence.outputs.mlflow_runs import Run, parameters_of, read_runs, values_of
from tasks.evidence.outputs.printed_names import printed_names
from tasks.evidence.outputs.reading import ReadingRequest
from tasks.evidence.outputs.seen import Seen
from tasks.evidence.redaction import redact

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
    files, more = list_files(Path(request.folder) / "outputs")
    artifacts, dropped = describe_artifacts(files, request.phase, set(request.changed), set(request.excluded), request.parse, announce)
    seen: list[Seen] = []
    runs: list[Run] = []
    problems = dict(request.excluded)
    if request.parse:
        seen = _log(request, announce)
        read = read_metric_files(files, request.excluded, announce)
        runs, broken = read_runs(files, request.started, request.excluded, announce)
        seen += [*read.seen, *values_of(runs)]
        problems |= read.problems | broken
    announce("")
    judged = judge(seen, request.phase)
    return OutputFacts(
        metrics=tuple(judged.metrics),
        metrics_dropped=judged.dropped + (read.dropped if request.parse else 0),
        parameters={printable(k, 120): printable(redact(v), 500) for k, v in parameters_of(runs).items()},
        artifacts=tuple(artifacts),
        artifacts_dropped=dropped + more,
        flagged=judged.flagged,
        problems={printable(k, 1000): printable(v, 400) for k, v in problems.items()},
    )


def _log(request: ReadingRequest, announce: Announce) -> list[Seen]:
    path = Path(request.folder) / "log.txt"
    if "log.txt" in request.excluded or not path.is_file():
        return []
    announce("log.txt")
    seen = read_log(path)
    if all(s.name for s in seen):
        return name_bare_numbers(seen, (), request.hints, request.entry)
    announce("printed names")
    printed = printed_names(Path(request.tree), request.entry) if request.tree and "printed names" not in request.excluded else ()
    return name_bare_numbers(seen, printed, request.hints, request.entry)


if __name__ == "__main__":
    main()
