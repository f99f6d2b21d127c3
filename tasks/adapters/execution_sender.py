"""From an execution's journal to MLflow: in order, from where the last sender stopped, each effect once.

Everything sent is the same when sent again: runs are found by their key before one is made, a point with its time and
step is one row, a file that is there in its size is not sent. So what was sent and not yet noted does no harm.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.adapters.execution_points import Point
from tasks.adapters.journal import Entry, Journal
from tasks.adapters.store import locked, write_atomically
from tasks.adapters.tracking import (
    BATCH_LIMIT,
    KEY_TAG,
    PATIENCE,
    TrackedRun,
    connect,
    deep_link,
    experiment_id_of,
    find_run,
    first_line,
    record_lock,
    shown,
    tracking_uri,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "axiom/execution"
POINT_LIMIT = 1000
"""Of one call; MLflow's own limit."""
REFUSALS = ("INVALID_PARAMETER_VALUE", "BAD_REQUEST", "INVALID_STATE")
"""What the store will never take, however often it is sent."""
PARENT = ""
"""The execution's own run among its journal's runs."""


class StoreAway(Exception):
    """The store did not do what was asked, and may do so later; the text is one line."""


class _Elsewhere(Exception):
    """The store does not know a run that was made: it is a new one, and everything is sent again."""


class Sender:
    """Sends the journal in `folder`; one at a time, see `ship.lock`."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home = home
        self.folder = folder
        self.journal = Journal(folder / "journal.jsonl")
        self._mark = folder / "sent.json"
        self._client: MlflowClient | None = None
        self._ids: dict[str, str] = {}
        self._experiment = ""
        self._first: Entry | None = None
        self.offset, self.ended = 0, False
        self._read_mark()

    @property
    def waiting(self) -> bool:
        """Whether the journal holds what was not sent."""
        return self.offset < self.journal.size()

    def send(self) -> None:
        """Send what is there; raises `StoreAway` at the first thing that could not be sent."""
        try:
            self._send()
        except _Elsewhere as lost:
            self._ids, self.offset = {}, 0
            try:
                self._send()
            except _Elsewhere as again:
                raise StoreAway(f"the store lost the run {again}") from lost

    def tidy(self) -> None:
        """Drop the copies of files when nothing waits and the execution has ended."""
        if self.ended and not self.waiting:
            shutil.rmtree(self.folder / "files", ignore_errors=True)

    def tracked(self) -> TrackedRun | None:
        """The execution's run, once it was made."""
        run_id = self._ids.get(PARENT)
        if not run_id:
            return None
        link = deep_link(tracking_uri(self.home), f"experiments/{self._experiment}/runs/{run_id}")
        return TrackedRun(run_id, self._experiment, link)

    def _send(self) -> None:
        for entries, end in _together(self.journal.read(self.offset)):
            with _translated():
                self._apply_all(entries)
            self.offset = end
            self.ended = any(e["op"] == "end" and e["run"] == PARENT for e in entries) or (self.ended and entries[0]["op"] != "run")
            self._write_mark()

    def _apply_all(self, entries: Sequence[Entry]) -> None:
        try:
            self._apply(entries[0], entries)
        except Exception as error:
            if not _is_refusal(error):
                raise
            if len(entries) > 1:
                for entry in entries:
                    self._apply_all([entry])
            else:
                self._apply_pieces(entries[0], error)

    def _apply_pieces(self, entry: Entry, error: Exception) -> None:
        """One value the store refuses does not cost the others of its batch; it is kept aside with the reason."""
        many = next((k for k in ("points", "params", "tags") if len(entry.get(k, ())) > 1), None)
        if many is None:
            Journal(self.folder / "refused.jsonl").append([{"why": first_line(error), **entry}])
            return
        pieces = entry[many].items() if isinstance(entry[many], dict) else entry[many]
        for piece in pieces:
            self._apply_all([entry | {many: dict([piece]) if isinstance(entry[many], dict) else [piece]}])

    def _apply(self, entry: Entry, entries: Sequence[Entry]) -> None:
        client, operation = self._connected(), entry["op"]
        if operation == "run":
            self._ensure(client, entry)
            return
        run_id = self._id(client, entry["run"])
        if operation == "points":
            _log_points(client, run_id, entries)
        elif operation in ("params", "tags"):
            _log_labels(client, run_id, operation, entry[operation])
        elif operation == "file":
            self._log_file(client, run_id, entry)
        elif operation == "end":
            client.set_terminated(run_id, entry["status"], end_time=entry["at"])

    def _connected(self) -> MlflowClient:
        if self._client is None:
            for name, value in PATIENCE.items():
                os.environ.setdefault(name, value)
            uri = self.store()
            with locked(record_lock(self.home)):
                client = connect(self.home, uri)
                self._experiment = experiment_id_of(client, self.home, EXPERIMENT, uri)
            self._client = client
        return self._client

    def opening(self) -> Entry | None:
        """The first entry, which names the execution and its store; None for an empty journal."""
        if self._first is None:
            self._first = next((e for e, _ in self.journal.read()), None)
        return self._first

    def store(self) -> str:
        """Where this record belongs: the store it was begun in, even if another is set now. Raises `StoreAway`."""
        now, then = tracking_uri(self.home), str((self.opening() or {}).get("uri", ""))
        if not then or shown(now) == then:
            return now
        if then.startswith("sqlite:"):
            return then
        raise StoreAway(f"it belongs to the store {then}: set MLFLOW_TRACKING_URI to that")

    def _key(self, run: str) -> str:
        key = str((self.opening() or {})["key"])
        return f"{key}:{run}" if run else key

    def _ensure(self, client: MlflowClient, entry: Entry) -> None:
        """The run of this name, found by its key or made; one that is taken up again is running again."""
        run = entry["run"]
        parent = {"mlflow.parentRunId": self._id(client, PARENT)} if run else {}
        with locked(record_lock(self.home)):
            found = find_run(client, self._experiment, self._key(run))
            if found is None:
                tags = {KEY_TAG: self._key(run), "mlflow.source.type": "PROJECT", "mlflow.source.name": "axiom", **parent}
                found = client.create_run(self._experiment, start_time=entry["at"], tags=tags, run_name=entry["name"])
            elif found.info.status != "RUNNING":
                client.update_run(found.info.run_id, status="RUNNING")
        self._ids[run] = found.info.run_id

    def _id(self, client: MlflowClient, run: str) -> str:
        if run not in self._ids:
            found = find_run(client, self._experiment, self._key(run))
            if found is None:
                raise _Elsewhere(self._key(run))
            self._ids[run] = found.info.run_id
        return self._ids[run]

    def _log_file(self, client: MlflowClient, run_id: str, entry: Entry) -> None:
        path, staged = entry["path"], self.folder / "files" / entry["staged"]
        folder = path.rpartition("/")[0]
        if any(a.path == path and a.file_size == entry["size"] for a in client.list_artifacts(run_id, folder or None)):
            return
        if not staged.exists():
            Journal(self.folder / "refused.jsonl").append([{"why": "its copy is gone", **entry}])
            return
        client.log_artifact(run_id, str(staged), folder or None)

    def _read_mark(self) -> None:
        try:
            mark: dict[str, Any] = json.loads(self._mark.read_bytes())
            self.offset, self.ended = int(mark["offset"]), bool(mark["ended"])
            self._ids, self._experiment = {PARENT: str(mark["run"])} if mark["run"] else {}, str(mark["experiment"])
        except (OSError, ValueError, KeyError):
            self.offset, self.ended = 0, False

    def _write_mark(self) -> None:
        mark = {"offset": self.offset, "ended": self.ended, "run": self._ids.get(PARENT, ""), "experiment": self._experiment}
        write_atomically(self._mark, json.dumps(mark).encode())


def _together(entries: Iterable[tuple[Entry, int]]) -> Iterator[tuple[list[Entry], int]]:
    """Entries with the byte after them; points of one run that follow one another are one call."""
    batch: list[Entry] = []
    end, points = 0, 0
    for entry, after in entries:
        fits = batch and entry["op"] == batch[0]["op"] == "points" and entry["run"] == batch[0]["run"]
        if batch and not (fits and points + len(entry["points"]) <= POINT_LIMIT):
            yield batch, end
            batch, points = [], 0
        batch, end, points = [*batch, entry], after, points + len(entry.get("points", ()))
    if batch:
        yield batch, end


def _log_points(client: MlflowClient, run_id: str, entries: Sequence[Entry]) -> None:
    from mlflow.entities import Metric

    made = [Metric(p.name, p.value, e["at"], p.step) for e in entries for p in (Point(*raw) for raw in e["points"])]
    for start in range(0, len(made), POINT_LIMIT):
        client.log_batch(run_id, metrics=made[start : start + POINT_LIMIT])


def _log_labels(client: MlflowClient, run_id: str, kind: str, labels: dict[str, str]) -> None:
    from mlflow.entities import Param, RunTag

    items = list(labels.items())
    for start in range(0, len(items), BATCH_LIMIT):
        some = items[start : start + BATCH_LIMIT]
        if kind == "params":
            client.log_batch(run_id, params=[Param(n, v) for n, v in some])
        else:
            client.log_batch(run_id, tags=[RunTag(n, v) for n, v in some])


class _translated:
    """Failures of the store as `StoreAway`; an unknown run as `_Elsewhere`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from mlflow.exceptions import MlflowException
        from sqlalchemy.exc import SQLAlchemyError

        if isinstance(error, MlflowException) and error.error_code == "RESOURCE_DOES_NOT_EXIST":
            raise _Elsewhere(first_line(error)) from error
        if isinstance(error, (MlflowException, SQLAlchemyError, OSError)):
            raise StoreAway(first_line(error)) from error


def _is_refusal(error: Exception) -> bool:
    from mlflow.exceptions import MlflowException

    return isinstance(error, MlflowException) and error.error_code in REFUSALS
