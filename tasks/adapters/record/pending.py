"""Records that could not be sent while their execution ran: sent by whichever command comes next."""

from __future__ import annotations

import time
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tasks.adapters.record.calls import StoreAway
from tasks.adapters.record.journal import Entry, Journal
from tasks.adapters.record.sender import Sender
from tasks.adapters.store import free, safe_name

IDLE_SECONDS = 60.0
"""An execution nobody wrote to for so long, and whose process is gone, was interrupted."""


class Pending(BaseModel):
    """A record that `ship_pending` met with something to send."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    complete: bool
    interrupted: bool = False
    """The execution never ended: its process died."""
    problem: str = ""
    """Why it still waits."""


def waiting_records(home: Path) -> list[str]:
    """Keys of executions whose journal holds what was not sent, without sending anything."""
    folders = [path.parent for path in sorted((home / "executions").glob("*/journal.jsonl"))]
    return [folder.name for folder in folders if Sender(home, folder).waiting]


def ship_pending(home: Path, idle_seconds: float = IDLE_SECONDS) -> list[Pending]:
    """Send what earlier processes left; a record another process is sending is left to it.

    A store that is away is asked once: one failure tells of all its records.
    """
    shipped: list[Pending] = []
    away: dict[str, str] = {}
    for path in sorted((home / "executions").glob("*/journal.jsonl")):
        with free(path.parent / "ship.lock") as ours:
            if ours and (found := _ship(home, path.parent, idle_seconds, away)) is not None:
                shipped.append(found)
    return shipped


def end_record(home: Path, key: str, detail: str, patience_seconds: float = 10.0) -> None:
    """End the runs of an execution that will not go on, and send it; one open in this process is sent by its own thread.

    A store that is away gets it with the next command.
    """
    folder = home / "executions" / safe_name(key)
    journal = Journal(folder / "journal.jsonl")
    if not (open_runs := _open_runs([entry for entry, _ in journal.read()])):
        return
    _end(journal, open_runs, detail)
    end = time.monotonic() + patience_seconds
    while Sender(home, folder).waiting and time.monotonic() < end:
        with free(folder / "ship.lock") as ours:
            if ours:
                _ship(home, folder, 0.0, {})
                return
        time.sleep(0.2)


def _ship(home: Path, folder: Path, idle_seconds: float, away: dict[str, str]) -> Pending | None:
    sender = Sender(home, folder)
    if sender.ended and not sender.waiting:
        sender.tidy()
        return None
    opened = sender.opening()
    if opened is None:
        return None
    open_runs = _open_runs([entry for entry, _ in sender.journal.read()])
    interrupted = bool(open_runs) and time.time() - sender.journal.path.stat().st_mtime >= idle_seconds
    if interrupted:
        _end(sender.journal, open_runs, "The process that ran it was gone.")
    if not sender.waiting:
        return None
    if opened["uri"] not in away:
        try:
            sender.send()
        except StoreAway as error:
            away[opened["uri"]] = str(error)
    problem = away.get(opened["uri"], "")
    if not problem:
        sender.tidy()
    return Pending(key=str(opened["key"]), complete=not problem, interrupted=interrupted, problem=problem)


def _open_runs(entries: list[Entry]) -> list[str]:
    """Runs that were begun and not ended, children first."""
    runs: dict[str, bool] = {}
    for entry in entries:
        if entry["op"] == "run":
            runs[entry["run"]] = True
        elif entry["op"] == "end":
            runs[entry["run"]] = False
    return sorted((run for run, is_open in runs.items() if is_open), reverse=True)


def _end(journal: Journal, runs: list[str], detail: str) -> None:
    now = int(time.time() * 1000)
    told = {"status": "interrupted", "detail": detail}
    journal.append(
        [
            e
            for run in runs
            for e in ({"op": "tags", "run": run, "at": now, "tags": told}, {"op": "end", "run": run, "at": now, "status": "KILLED"})
        ]
    )
