"""Runs that the code logged to MLflow itself, from a database or from files, as values and parameters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tasks.evidence.outputs.files import OutputFile, open_regular
from tasks.evidence.outputs.naming import metric_name
from tasks.evidence.outputs.seen import Seen

MAX_RUNS = 200
MAX_POINTS = 20_000
"""Of one run."""
MAX_PARAMETERS = 300
CLOCK_SLACK = 2.0
"""Seconds that a run may seem to begin before its job."""
_RUN_FILE = re.compile(
    r"(?P<run>(?:^|.{0,300}/)mlruns/[^/]{1,60}/[0-9a-f]{32})/(?P<kind>metrics|params|meta\.yaml)(?:/(?P<key>.{1,250}))?$"
)
_STARTED = re.compile(r"(?m)^start_time: (\d{10,16})\s*$")


@dataclass
class Run:
    id: str
    began: float
    """Seconds since the epoch."""
    points: list[tuple[str, float, int]] = field(default_factory=list)
    """Key, value and step, in order."""
    parameters: dict[str, str] = field(default_factory=dict)


def read_runs(
    files: Sequence[OutputFile], started: float | None, excluded: dict[str, str], announce: Callable[[str], None]
) -> tuple[list[Run], dict[str, str]]:
    """Runs of this job in every store among the files, oldest first, and what could not be read."""
    from tasks.evidence.outputs.mlflow_database import read_database

    since = started - CLOCK_SLACK if started is not None else None
    runs: list[Run] = []
    problems: dict[str, str] = {}
    for file in files:
        if file.path not in excluded and _is_database(file):
            announce(file.path)
            try:
                runs += read_database(file.full, since)
            except (ValueError, OSError, MemoryError) as error:
                problems[file.path] = f"not read as an MLflow store: {str(error)[:160]}"
    runs += [r for r in _file_store(files, excluded, announce) if since is None or r.began >= since]
    return sorted(runs, key=lambda r: r.began)[-MAX_RUNS:], problems


def _is_database(file: OutputFile) -> bool:
    if file.suffix not in (".db", ".sqlite", ".sqlite3"):
        return False
    with open_regular(file.full) as stream:
        return stream.read(16) == b"SQLite format 3\x00"


def _file_store(files: Sequence[OutputFile], excluded: dict[str, str], announce: Callable[[str], None]) -> Iterator[Run]:
    """Runs of `mlruns/EXPERIMENT/RUN/`: a file for each metric with `timestamp value step` lines, one for each parameter."""
    found: dict[str, Run] = {}
    for file in files:
        match = _RUN_FILE.match(file.path) if "mlruns/" in file.path and file.path not in excluded else None
        if match is None or file.size > 20_000_000:
            continue
        announce(file.path)
        run = found.setdefault(match["run"], Run(id=match["run"].rsplit("/", 1)[-1], began=0.0))
        if match["kind"] == "meta.yaml":
            stamp = _STARTED.search(_text(file.full, 20_000))
            run.began = int(stamp[1]) / 1000 if stamp else 0.0
        elif match["kind"] == "metrics" and match["key"]:
            run.points += _points(match["key"], file.full)
        elif match["key"] and len(run.parameters) < MAX_PARAMETERS:
            run.parameters[match["key"][:120]] = _text(file.full, 500)
    yield from found.values()


def _points(key: str, path: Path) -> list[tuple[str, float, int]]:
    points = []
    for line in _text(path, 2_000_000).split("\n")[:MAX_POINTS]:
        parts = line.split()
        if len(parts) >= 2:
            try:
                points.append((key, float(parts[1]), int(parts[2]) if len(parts) > 2 else 0))
            except (ValueError, OverflowError):
                continue
    return points


def _text(path: Path, limit: int) -> str:
    with open_regular(path) as stream:
        return stream.read(limit).decode("utf-8", errors="replace")


def values_of(runs: Sequence[Run]) -> Iterator[Seen]:
    """Every point of the runs; the step only where a key has more than one."""
    for run in runs:
        counts = Counter(key for key, _, _ in run.points)
        for key, value, step in run.points:
            if not key.startswith("system/") and (name := metric_name(key, declared=True)):
                yield Seen(
                    name, key, value, step=step if counts[key] > 1 else None, place=f"mlflow run {run.id[:12]}", origin=f"mlflow {run.id}"
                )


def parameters_of(runs: Sequence[Run]) -> dict[str, str]:
    """Parameters of the runs; where several differ, the last one's."""
    merged: dict[str, str] = {}
    for run in runs:
        merged |= run.parameters
    return dict(list(merged.items())[:MAX_PARAMETERS])
