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
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.errors import ReaderFailed
from tasks.evidence.snapshot import Snapshot

COLLECTORS = ("project", "dataset", "training", "evaluation", "mlops", "monitoring")
"""Packages of this room with a `collect(snapshot)` that returns a facts model."""
MAX_CASUALTIES = 5
"""So many files may end a reader before the section counts as unreadable."""
OUTPUT_LIMIT_BYTES = 200_000_000


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
    """What a reader brought back."""

    facts: dict[str, Any]
    problems: dict[str, str]
    """Files that could not be read, with the reason."""
    seconds: float
    peak_bytes: int
    """Largest resident memory of the reader."""


def read_in_child(section: str, tree: Path, limits: ReadingLimits = ReadingLimits()) -> Reading:
    """Collect one section's facts from the export at `tree`.

    Raises `ReaderFailed` when the reader cannot finish even without the files that ended it.
    """
    excluded: dict[str, str] = {}
    while True:
        with tempfile.TemporaryDirectory(prefix="axiom-read-") as folder:
            outcome = _attempt(section, tree, Path(folder), excluded, limits)
        if isinstance(outcome, Reading):
            return outcome
        path, reason = outcome
        if not path or path in excluded or len(excluded) >= MAX_CASUALTIES:
            raise ReaderFailed(f"reading {section} facts failed: {reason}", "Report it with the repository's address.")
        excluded[path] = f"left out: reading it ended the reader ({reason})"


def _attempt(section: str, tree: Path, folder: Path, excluded: dict[str, str], limits: ReadingLimits) -> Reading | tuple[str, str]:
    status, output = folder / "status", folder / "facts.json"
    status.touch()
    request = {"section": section, "tree": str(tree), "status": str(status), "output": str(output), "excluded": excluded}
    request["limits"] = [limits.cpu_seconds, limits.memory_bytes, limits.open_files]
    started = time.monotonic()
    with open(folder / "errors", "wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "tasks.evidence.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder), "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
            start_new_session=True,
        )
        reason = _wait(process, json.dumps(request).encode(), limits.seconds)
    if reason is None and output.exists() and output.stat().st_size <= OUTPUT_LIMIT_BYTES:
        answer = json.loads(output.read_bytes())
        return Reading(answer["facts"], answer["problems"], time.monotonic() - started, answer["peak_bytes"])
    last = (folder / "errors").read_bytes()[-400:].decode(errors="replace").strip().rsplit("\n", 1)[-1]
    return status.read_bytes().decode(errors="surrogateescape"), reason or last or "no answer"


def _wait(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> str | None:
    """None when the reader ended well, else why it did not."""
    try:
        process.communicate(request, timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"no end after {seconds:.0f} s"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    code = process.returncode
    if code == 0:
        return None
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        return "CPU time or memory limit"
    return f"signal {-code}" if code < 0 else None if code == 3 else "error"


def main() -> None:
    """Entry of the child: a request on standard input, the answer in the named file."""
    request = json.load(sys.stdin)
    cpu, memory, files = request["limits"]
    _limit(resource.RLIMIT_CPU, cpu)
    _limit(resource.RLIMIT_DATA, memory)
    _limit(resource.RLIMIT_AS, 4 * memory)
    _limit(resource.RLIMIT_NOFILE, files)
    _limit(resource.RLIMIT_FSIZE, OUTPUT_LIMIT_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    sys.setrecursionlimit(3000)
    status = os.open(request["status"], os.O_WRONLY)

    def announce(path: str) -> None:
        os.ftruncate(status, os.pwrite(status, os.fsencode(path), 0))

    snapshot = Snapshot.load(Path(request["tree"]), excluded=request["excluded"], announce=announce)
    facts = importlib.import_module(f"tasks.evidence.{request['section']}").collect(snapshot)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    answer = {"facts": facts.model_dump(mode="json"), "problems": snapshot.problems, "peak_bytes": peak}
    Path(request["output"]).write_bytes(json.dumps(answer, allow_nan=False).encode())


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))


if __name__ == "__main__":
    main()
