"""Reading untrusted files in a child process with memory, CPU, file and time limits.

The parent never parses a file of the repository: it starts this module, gets validated JSON back, and learns from a
small status file which path was being read when a child died. That path is then left out, with the reason, and the
rest is read again, so that one hostile file costs itself and nothing else.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.evidence.limited_process import limit_self, start_child, wait_for
from tasks.evidence.snapshot import Snapshot

GROUPS: dict[str, tuple[str, ...]] = {
    "code": ("project", "training", "evaluation", "mlops", "monitoring", "deployment", "requests", "requirements"),
    "data": ("dataset",),
    "launch": ("launch",),
}
"""Packages of this room with a `collect(snapshot)` that returns a facts model, by reader: the sections of a group share
one process, so that source files are parsed once; data files are read in their own, beside it."""
ALL_SECTIONS = tuple(section for sections in GROUPS.values() for section in sections)
MAX_CASUALTIES = 5
"""So many files may end a reader before its sections count as unreadable."""


@dataclass(frozen=True)
class ReadingLimits:
    """What one reader may use."""

    seconds: float = 300
    """Wall time of one attempt."""
    cpu_seconds: int = 240
    memory_bytes: int = 2_000_000_000
    """Private memory (`RLIMIT_DATA`); address space is bounded at four times that, since Arrow and DuckDB reserve it."""
    open_files: int = 256


@dataclass(frozen=True)
class Reading:
    """What a reader brought back for one section."""

    facts: dict[str, Any] | None
    """None when the section could not be read; `error` says why."""
    problems: dict[str, str]
    """Files that could not be read, with the reason."""
    seconds: float
    """Time in the section's own collector."""
    peak_bytes: int
    """Largest resident memory of the reader so far."""
    error: str = ""


def read_in_child(group: str, tree: Path, limits: ReadingLimits = ReadingLimits()) -> dict[str, Reading]:
    """Collect the facts of a group's sections from the export at `tree`; every section has an entry."""
    excluded: dict[str, str] = {}
    readings: dict[str, Reading] = {}
    while True:
        wanted = [s for s in GROUPS[group] if s not in readings]
        with tempfile.TemporaryDirectory(prefix="axiom-read-") as folder:
            done, path, reason = _attempt(wanted, tree, Path(folder), excluded, limits)
        readings |= done
        wanted = [s for s in wanted if s not in done]
        if not wanted:
            return readings
        if not path or path in excluded or len(excluded) >= MAX_CASUALTIES:
            readings[wanted[0]] = Reading(None, dict(excluded), 0.0, 0, f"the reader ended: {reason}")
        else:
            excluded[path] = f"left out: reading it ended the reader ({reason})"


def _attempt(
    sections: list[str], tree: Path, folder: Path, excluded: dict[str, str], limits: ReadingLimits
) -> tuple[dict[str, Reading], str, str]:
    """The sections that were read, and for the first that was not: the file that was open, and why the reader ended."""
    status = folder / "status"
    status.touch()
    request = {
        "sections": sections,
        "tree": str(tree),
        "folder": str(folder),
        "excluded": excluded,
        "limits": [limits.cpu_seconds, limits.memory_bytes, limits.open_files],
    }
    with open(folder / "errors", "wb") as errors:
        process = start_child("tasks.evidence.child", folder, errors)
        reason = wait_for(process, json.dumps(request).encode(), limits.seconds)
    done = {}
    for section in sections:
        output = folder / f"{section}.json"
        if output.exists():
            done[section] = Reading(**json.loads(output.read_bytes()))
    last = (folder / "errors").read_bytes()[-400:].decode(errors="replace").strip().rsplit("\n", 1)[-1]
    return done, status.read_bytes().decode(errors="surrogateescape"), reason or last or "no answer"


def main() -> None:
    """Entry of the child: a request on standard input, one answer file per section in the named folder."""
    request = json.load(sys.stdin)
    cpu, memory, files = request["limits"]
    limit_self(cpu, memory, files)
    sys.setrecursionlimit(3000)
    folder = Path(request["folder"])
    status = os.open(folder / "status", os.O_WRONLY)

    def announce(path: str) -> None:
        os.ftruncate(status, os.pwrite(status, os.fsencode(path), 0))

    snapshot = Snapshot.load(Path(request["tree"]), excluded=request["excluded"], announce=announce)
    for section in request["sections"]:
        announce("")
        _collect(section, snapshot, folder)


def _collect(section: str, snapshot: Snapshot, folder: Path) -> None:
    started = time.monotonic()
    facts = importlib.import_module(f"tasks.evidence.{section}").collect(snapshot)
    answer = {
        "facts": facts.model_dump(mode="json"),
        "problems": snapshot.problems,
        "seconds": round(time.monotonic() - started, 3),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    (folder / f"{section}.part").write_bytes(json.dumps(answer, allow_nan=False).encode())
    os.replace(folder / f"{section}.part", folder / f"{section}.json")


if __name__ == "__main__":
    main()
