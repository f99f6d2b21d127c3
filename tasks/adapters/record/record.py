"""A record in MLflow: a journal under `AXIOM_HOME/executions/` before anything is sent, and a thread that sends it.

A store that is away costs nothing: what could not be sent is sent by `ship_pending` of a later command.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tasks.adapters.record.files import stage
from tasks.adapters.record.journal import Entry, Journal
from tasks.adapters.record.points import Point
from tasks.adapters.record.sender import EXPERIMENT, PARENT
from tasks.adapters.record.shipper import Shipper
from tasks.adapters.store import safe_name
from tasks.adapters.tracking import TAG_LIMIT, metric_name, store_name
from tasks.errors import InfrastructureError

PARAM_LIMIT = 6000
"""Characters; MLflow cuts silently there."""
CONFIRM_SECONDS = 0.2
"""Points that come faster share a confirmation of the disk; killing this process loses none of them."""
Status = Literal["FINISHED", "FAILED", "KILLED"]


class Shipped(BaseModel):
    """How far a record came."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str | None
    url: str | None
    """Deep link for a server; None for the embedded store."""
    complete: bool
    """Nothing waits any more."""
    problem: str = ""
    """Why something still waits, in one line; it is sent later."""


class Record:
    """A run and its children, taken up where an earlier process left them."""

    experiment = EXPERIMENT

    def __init__(self, home: Path, key: str) -> None:
        self.home = home
        self.key = key
        self.folder = home / "executions" / safe_name(key)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._journal = Journal(self.folder / "journal.jsonl")
        self._shipper = Shipper(home, self.folder)
        self._guard = threading.RLock()
        self._unwritten: list[Entry] = []
        self._confirmed = 0.0
        self._opened = False

    def open(self, name: str, tags: Mapping[str, str], params: Mapping[str, str] | None = None) -> None:
        """The record's own run; opened again, it goes on."""
        with self._guard:
            self._opened = True
            told = {"name": name, "key": self.key, "uri": store_name(self.home), "experiment": self.experiment}
            self._write({"op": "run", "run": PARENT, **told})
            self._label(PARENT, tags, params or {})

    def close(self, patience_seconds: float = 20.0) -> Shipped:
        """Wait for the rest to be sent, so long at most. What then waits stays in the journal for `ship_pending`.

        Raises `InfrastructureError` when the journal itself could not be written.
        """
        with self._guard:
            self._flush(True)
            if self._unwritten:
                raise InfrastructureError(f"The record could not be written to {self.folder}", "Make room on that disk.")
        complete = self._shipper.drain(patience_seconds)
        run = self._shipper.sender.tracked()
        problem = "" if complete else self._shipper.problem or f"not everything was sent within {patience_seconds:.0f} s"
        return Shipped(run_id=run.run_id if run else None, url=run.url if run else None, complete=complete, problem=problem)

    def _add(self, run: str, points: Sequence[Point], confirm: bool = True) -> None:
        if points:
            self._write({"op": "points", "run": run, "points": [list(p) for p in points]}, confirm)

    def _label(self, run: str, tags: Mapping[str, Any], params: Mapping[str, Any]) -> None:
        told = {metric_name(n): str(v)[:TAG_LIMIT] for n, v in tags.items() if v not in ("", None)}
        if told:
            self._write({"op": "tags", "run": run, "tags": told})
        if params:
            self._write({"op": "params", "run": run, "params": {metric_name(n): str(v)[:PARAM_LIMIT] for n, v in params.items()}})

    def _keep(self, run: str, source: Path, path: str) -> int:
        """Have a file sent; its bytes. Raises OSError when it cannot be had."""
        return self._stage(run, source, path, {}, True)

    def _stage(self, run: str, source: Path, path: str, more: Mapping[str, Any], confirm: bool) -> int:
        staged = f"{time.time_ns()}/{path.rpartition('/')[2]}"
        size = stage(source, self.folder / "files" / staged)
        self._write({"op": "file", "run": run, "path": path, "staged": staged, "size": size, **more}, confirm)
        return size

    def _put(self, run: str, path: str, data: bytes) -> None:
        source = self.folder / f".{path.replace('/', '-')}.partial"
        source.write_bytes(data)
        self._keep(run, source, path)
        source.unlink()

    def _end(self, run: str, status: Status) -> None:
        self._write({"op": "end", "run": run, "status": status})

    def _write(self, entry: Entry, confirm: bool = True) -> None:
        self._unwritten.append({"at": int(time.time() * 1000), **entry})
        self._flush(confirm)

    def _flush(self, confirm: bool) -> None:
        """To the journal; what a full disk refuses is kept and tried with the next entry."""
        try:
            self._journal.append(self._unwritten, confirm)
        except OSError:
            return
        self._unwritten = []
        if confirm:
            self._confirmed = time.monotonic()
        self._shipper.wake()
