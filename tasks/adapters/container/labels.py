"""Labels that say whose a container or volume is, so that a later process can tell an orphan from work in progress."""

from __future__ import annotations

import os
import secrets
import socket
import time
from functools import lru_cache
from pathlib import Path

from tasks.rules.sandbox.job import Job

JOB = "axiom.job"
ROLE = "axiom.role"
KEEPER = "keeper"
OWNED = "axiom.owned"
"""A random name for one start of a job: everything it makes has it, and nothing else."""

FINISHED: set[str] = set()
"""`OWNED` of what this process is done with: whatever still has it was left when its removal failed."""


def make_labels(job: Job, seconds: float) -> dict[str, str]:
    """Labels of everything a job makes; it must be gone `seconds` from now."""
    return {
        JOB: job.id,
        "axiom.run": job.run,
        ROLE: job.role,
        OWNED: secrets.token_hex(4),
        "axiom.host": this_host(),
        "axiom.pid": str(os.getpid()),
        "axiom.started": started(os.getpid()),
        "axiom.boot": boot_id(),
        "axiom.deadline": str(int(time.time() + seconds)),
    }


def is_orphan(labels: dict[str, str], now: float) -> bool:
    """Whether the owner is known to be gone, or the deadline is past."""
    deadline = labels.get("axiom.deadline", "")
    if not deadline.isdigit():
        return False
    if now > int(deadline):
        return True
    if labels.get("axiom.host") != this_host():
        # Processes of another host cannot be seen from here; its deadline tells.
        return False
    pid = labels.get("axiom.pid", "")
    if labels.get("axiom.boot") != boot_id() or not pid.isdigit() or not _is_alive(int(pid), labels.get("axiom.started", "")):
        return True
    return int(pid) == os.getpid() and labels.get(OWNED) in FINISHED


def _is_alive(pid: int, start: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return started(pid) == start


@lru_cache(maxsize=1)
def this_host() -> str:
    """Host name and, since containers can share one, the namespace in which process ids count."""
    try:
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


@lru_cache(maxsize=1)
def boot_id() -> str:
    """Changes with every start of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def started(pid: int) -> str:
    """When a process started, in ticks since boot: together with its id it names one process. Empty when there is none, or no /proc to ask."""
    try:
        # The name in the second field may hold anything, so fields are counted from its closing bracket.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]
