"""Why a job ended: its typed cause from what was observed, the command's own word being the least of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tasks.rules.sandbox.job import Cause, Limits

FULL = 0.98
"""A workspace filled so far has refused a write or was about to; a last block is often too small for what was written."""
DISK_WORDS = re.compile(r"No space left on device|Disk quota exceeded|File too large|\[Errno (?:28|122|27)\]")
PIDS_WORDS = re.compile(r"Resource temporarily unavailable|can't start new thread|Cannot fork|fork: retry|\[Errno 11\]")
KILLED = 137
FILE_SIZE_SIGNAL = 153
NOT_FOUND = {125: "the time limit's own helper failed", 126: "the command cannot be executed", 127: "the command was not found"}


@dataclass(frozen=True)
class Observed:
    """What was seen of a job, each from outside the container except the log."""

    exit_code: int | None
    oom: bool = False
    ended_by_us: Literal["timeout", "cancelled", ""] = ""
    seconds: float = 0.0
    pids_refused: int | None = None
    """Forks the kernel refused; None when that could not be read."""
    peak_pids: int | None = None
    bytes_full: float | None = None
    """Proportion of the workspace in use at the end."""
    files_full: float | None = None
    tail: str = ""
    """Last of the log."""


def judge(seen: Observed, limits: Limits) -> tuple[Cause | None, str]:
    """The cause, None when the command succeeded, and one sentence for a person."""
    if seen.ended_by_us == "cancelled":
        return "cancelled", "It was cancelled."
    if seen.ended_by_us == "timeout" or (seen.exit_code == KILLED and not seen.oom and seen.seconds >= limits.timeout_seconds):
        forks = f" The kernel had refused {seen.pids_refused:,} processes beyond the limit of {limits.pids:,}." if seen.pids_refused else ""
        return "timeout", f"It was ended after the limit of {limits.timeout_seconds:,} s.{forks}"
    if seen.oom:
        went_on = " The command went on and returned 0, so its result cannot be trusted." if seen.exit_code == 0 else ""
        return "oom", f"The kernel ended a process at the memory limit of {_size(limits.memory_bytes)} (workspace aside).{went_on}"
    if seen.exit_code == 0:
        is_full = max(seen.bytes_full or 0, seen.files_full or 0) >= FULL
        return None, "Its workspace was full at the end: outputs may be incomplete." if is_full else ""
    return _disk(seen, limits) or _pids(seen, limits) or ("code", _code(seen.exit_code))


def _disk(seen: Observed, limits: Limits) -> tuple[Cause, str] | None:
    if (seen.bytes_full or 0) >= FULL:
        return "disk", f"The workspace of {_size(limits.workspace_bytes)} is full."
    if (seen.files_full or 0) >= FULL:
        return "disk", f"The workspace holds its limit of {limits.workspace_files:,} files."
    said = DISK_WORDS.search(seen.tail)
    if seen.exit_code == FILE_SIZE_SIGNAL or (said and said[0] in ("File too large", "[Errno 27]")):
        return "disk", f"A file reached the limit of {_size(limits.file_bytes)}."
    if said:
        return (
            "disk",
            f"A write was refused, as its log says ({said[0]}); workspace {_size(limits.workspace_bytes)}, a small /tmp beside it.",
        )
    return None


def _pids(seen: Observed, limits: Limits) -> tuple[Cause, str] | None:
    said = PIDS_WORDS.search(seen.tail)
    if seen.pids_refused:
        return "pids", f"The kernel refused a process or thread beyond the limit of {limits.pids:,}."
    # The counter is read a few times a second: a command that ended at once may have been refused after the last reading.
    near = seen.pids_refused is None or (seen.peak_pids or 0) >= limits.pids // 2
    if said and near:
        return "pids", f"Its log says that a process or thread was refused ({said[0]}); the limit is {limits.pids:,}."
    return None


def _code(exit_code: int | None) -> str:
    if exit_code is None:
        return "The command ended without an exit code."
    if exit_code in NOT_FOUND:
        return f"It ended with code {exit_code}: {NOT_FOUND[exit_code]}."
    if exit_code > 128:
        return f"It ended by signal {exit_code - 128}."
    return f"It ended with code {exit_code}."


def _size(count: int) -> str:
    return f"{count / 1024**3:.1f} GiB" if count >= 1024**3 else f"{count / 1024**2:.0f} MiB"
