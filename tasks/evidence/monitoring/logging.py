"""Whether the code keeps a log of what it does, or only prints."""

from __future__ import annotations

from tasks.evidence.monitoring.uses import is_test
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

PLACES_LIMIT = 20
_METHODS = frozenset(["debug", "info", "warning", "error", "exception", "critical"])


def find_logging(snapshot: Snapshot) -> tuple[tuple[Place, ...], int, int]:
    """First log statement of each script that logs, how many scripts log, and how many only print."""
    places, logging_files, printing_files = [], 0, 0
    for source in snapshot.sources:
        if is_test(source.path) or source.is_notebook:
            continue
        line = _logs(source)
        if line is not None:
            logging_files += 1
            places.append(place_in(snapshot, source.path, line, "logs"))
        elif any(c.name == "print" for c in source.calls):
            printing_files += 1
    return tuple(places[:PLACES_LIMIT]), logging_files, printing_files


def _logs(source: SourceFile) -> int | None:
    calls = [c for c in source.calls if c.attribute in _METHODS and "log" in f"{c.name} {c.receiver or ''}".lower()]
    return calls[0].line if calls else None
