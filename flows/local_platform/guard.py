"""A process between `axiom up` and one of its parts: ends that part, and whatever it has started, when it is told to.

    python -m flows.local_platform.guard [--reap] COMMAND…

It is told by the end of its standard input, so also by the death of `axiom up`, `kill -9` included. Part and descendants
cannot get away: on Linux those whose parent died become this process's own. With
`--reap`, containers whose process died with the part are removed as well.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE_SECONDS = 15.0
SWEEP_SECONDS = 5.0
REAP_SECONDS = 60.0
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def main() -> None:
    """Start the command given as arguments and exit with its code."""
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    reaps, command = sys.argv[1] == "--reap", sys.argv[1:]
    part = subprocess.Popen(command[reaps:], stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_as_a_part)
    threading.Thread(target=_end_with_the_caller, args=(part.pid,), daemon=True).start()
    code = _wait(part.pid)
    _sweep(part.pid)
    if reaps:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([sys.executable, "-I", "-m", "flows.local_platform.orphans"], timeout=REAP_SECONDS, check=False)
    os._exit(code)


def _as_a_part() -> None:
    """A worker stops at SIGINT only where the signal has its default meaning; a guard killed by force takes its part along."""
    for usual in (signal.SIGINT, signal.SIGHUP):
        signal.signal(usual, signal.SIG_DFL)
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(AttributeError, OSError):  # Linux only
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _wait(pid: int) -> int:
    """The part's exit code; adopted processes that end meanwhile are seen off."""
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            return abs(os.waitstatus_to_exitcode(status)) % 256


def _end_with_the_caller(pid: int) -> None:
    sys.stdin.buffer.read()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    _kill_all(pid)


def _sweep(pid: int) -> None:
    """Kill what the part has left, until nothing is."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while _kill_all(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _kill_all(pid: int) -> bool:
    """Kill every descendant, and the part's process group where there is no `/proc`; whether there was any."""
    victims = descendants(os.getpid())
    for victim in victims:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(victim, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return bool(victims)


def descendants(pid: int) -> list[int]:
    """Living processes below this one; empty where the system has no `/proc`."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            state, parent = stat.read_text(errors="replace").rsplit(")", 1)[1].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


if __name__ == "__main__":
    main()
