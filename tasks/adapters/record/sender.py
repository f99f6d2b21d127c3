"""From an execution's journal to MLflow: in order, from where the last sender stopped, each effect once.

Everything sent is the same when sent again: runs are found by their key before one is made, a point with its time and
step is one row, a file that is there in its size is not sent. So what was sent and not yet noted does no harm.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.adapters.record.calls import Elsewhere, StoreAway, is_refusal, log_inputs, log_labels, log_points, together, translated
from tasks.adapters.record.journal import Entry, Journal
from tasks.adapters.store import locked, write_atomically
from tasks.adapters.tracking import (
    KEY_TAG,
    PATIENCE,
    TrackedRun,
    connect,
    deep_link,
    experiment_id_of,
    find_run,
    first_line,
    record_lock,
    store_name,
    tracking_uri,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "axiom/execution"
PARENT = ""
"""The execution's own run among its journal's runs."""


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
        except Elsewhere as lost:
            self._ids, self.offset = {}, 0
            try:
                self._send()
            except Elsewhere as again:
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
        for entries, end in together(self.journal.read(self.offset)):
            with translated():
                self._apply_all(entries)
            self.offset = end
            self.ended = any(e["op"] == "end" and e["run"] == PARENT for e in entries) or (self.ended and entries[0]["op"] != "run")
            self._write_mark()

    def _apply_all(self, entries: Sequence[Entry]) -> None:
        try:
            self._apply(entries[0], entries)
        except Exception as error:
            if not is_refusal(error):
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
            log_points(client, run_id, entries)
        elif operation in ("params", "tags"):
            log_labels(client, run_id, operation, entry[operation])
        elif operation == "inputs":
            log_inputs(client, run_id, entry["datasets"])
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
                self._experiment = experiment_id_of(client, self.home, self._experiment_name(), uri)
            self._client = client
        return self._client

    def opening(self) -> Entry | None:
        """The first entry, which names the execution and its store; None for an empty journal."""
        if self._first is None:
            self._first = next((e for e, _ in self.journal.read()), None)
        return self._first

    def _experiment_name(self) -> str:
        return str((self.opening() or {}).get("experiment", EXPERIMENT))

    def store(self) -> str:
        """Where this record belongs: the store it was begun in, even if another is set now. Raises `StoreAway`."""
        then = str((self.opening() or {}).get("uri", ""))
        if then in ("", store_name(self.home)):
            return tracking_uri(self.home)
        if then.startswith("sqlite:"):
            return then
        raise StoreAway(f"it belongs to the store {then}: set MLFLOW_TRACKING_URI to that")

    def _key(self, run: str) -> str:
        key = str((self.opening() or {})["key"])
        return f"{key}:{run}" if run else key

    def _ensure(self, client: MlflowClient, entry: Entry) -> None:
        """The run of this name, found by its key or made; one that is taken up again is running again."""
        run = entry["run"]
        parent = {"mlflow.parentRunId": self._id(client, entry.get("parent", PARENT))} if run else {}
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
                raise Elsewhere(self._key(run))
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
