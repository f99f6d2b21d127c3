"""The builder: one process that does all heavy work of a build, step by step, and dies with whoever started it.

Requests come as lines of JSON on its standard input, events and results leave as lines on its standard output:

    {"step": "train", "name": "train#1", "arguments": {}} -> {"event": {}}* {"name": "train#1", "result": {}} or {..., "error": {}}

It imports scikit-learn once, keeps the data in memory, and forks workers for fits.
"""

from __future__ import annotations

import fcntl
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO, Any

from tasks.errors import AxiomError
from tasks.evidence.limited_process import limit_memory
from tasks.modelling.workspace import Workspace, replace

HEARTBEAT_SECONDS = 1.0
DYING_SECONDS = 1.5
"""What a builder that was killed just now may need to be gone."""
MEMORY_SHARE = 0.85
"""Of the machine's memory: beyond it an allocation fails here instead of somewhere else."""


def main() -> None:
    """Serve the workspace named by the first argument; the second is the Unix time at which the user's command began."""
    said = _Replies(os.fdopen(os.dup(1), "w", buffering=1))
    os.dup2(2, 1)  # what a library prints must not be read as a reply
    # Not through `sys.stdin`: a forked worker closes that, and would wait for the lock of the thread that reads it.
    asked = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked, requests), daemon=True).start()
    limit_memory(int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * MEMORY_SHARE))
    workspace = Workspace(Path(sys.argv[1]))
    lock = _lock(workspace)
    from tasks.modelling.session import Session

    session = Session(workspace, float(sys.argv[2]), said.event)
    if lock is not None:
        threading.Thread(target=_keep_time, args=(session,), daemon=True).start()
    while True:
        request = requests.get()
        said.answer(request["name"], _serve(session, request, workspace) if lock is not None else _BUSY)


_BUSY = {
    "error": {
        "kind": "SettingError",
        "cause": "The same build, of the same data and objective, is running already",
        "remedy": "Wait for its end, or give another --seed.",
    }
}


def _listen(asked: IO[str], requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Requests of whoever started this process; when that process is gone, this one and all it forked go too."""
    for line in asked:
        requests.put(json.loads(line))
    os.killpg(0, signal.SIGKILL)


def _lock(workspace: Workspace) -> IO[str] | None:
    """The build is one process's at a time; the system gives it back when the process and all it forked are dead."""
    file = open(workspace / "lock", "w")  # noqa: SIM115  (held as long as the process lives)
    until = time.monotonic() + DYING_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() > until:
                return None
            time.sleep(0.05)


def _serve(session: Any, request: dict[str, Any], workspace: Workspace) -> dict[str, Any]:
    try:
        return {"result": session.run(request["step"], request["name"], request["arguments"])}
    except AxiomError as error:
        return _error(type(error).__name__, error.cause, error.remedy)
    except MemoryError:
        return _error("DataRefused", "The data do not fit into this machine's memory", "Give fewer rows or columns, or a larger machine.")
    except Exception as error:  # the boundary of this process: whoever asked is told in one line
        replace(workspace / f"errors/{request['name']}.txt", traceback.format_exc().encode())
        told = f"The build's step {request['name']} failed: {type(error).__name__}: {str(error)[:300]}"
        return _error("InfrastructureError", told, f"The traceback is in {workspace / 'errors'}; please report it.")


def _error(kind: str, cause: str, remedy: str) -> dict[str, Any]:
    return {"error": {"kind": kind, "cause": cause, "remedy": remedy}}


class _Replies:
    def __init__(self, out: IO[str]) -> None:
        self._out, self._guard = out, threading.Lock()

    def event(self, event: dict[str, Any]) -> None:
        self._write({"event": event})

    def answer(self, name: str, reply: dict[str, Any]) -> None:
        self._write({"name": name, **reply})

    def _write(self, value: dict[str, Any]) -> None:
        with self._guard:
            self._out.write(json.dumps(value) + "\n")


def _keep_time(session: Any) -> None:
    while True:
        session.clock.keep()
        time.sleep(HEARTBEAT_SECONDS)


if __name__ == "__main__":
    main()
