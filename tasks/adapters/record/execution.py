"""An execution as MLflow shows it: one run for it, a child for each attempt and for the evaluation.

Everything is in a journal under `AXIOM_HOME/executions/` before anything is sent, and a thread sends it beside the
training. A store that is away costs nothing: what could not be sent is sent by `ship_pending` of a later command.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tasks.adapters.record.files import choose, stored_path
from tasks.adapters.record.points import Point, Points
from tasks.adapters.record.record import CONFIRM_SECONDS, Record
from tasks.adapters.record.sender import PARENT
from tasks.adapters.record.tables import artifacts_table, final_values, metrics_table
from tasks.adapters.record.tags import NOTE, describe, job_tags, result_tags
from tasks.adapters.tracking import metric_name
from tasks.evidence.outputs.facts import Artifact, MeasuredMetric, OutputFacts, Phase
from tasks.evidence.redaction import redact
from tasks.rules.execution.contract import Execution
from tasks.rules.sandbox.job import JobOutcome


class ExecutionRecord(Record):
    """The record of the execution `key`; taken up where an earlier process left it. See `record_of`."""

    def __init__(self, home: Path, key: str) -> None:
        super().__init__(home, key)
        self._points: dict[str, Points] = {}
        self._runs: dict[str, str] = {}
        """Name of the journal's run by the attempt it stands for: another one when the attempt is made again."""
        self._copied = [0, 0]
        """Bytes and files of artifacts so far."""
        self._take_up()

    def begin(self, phase: Phase, number: int, tags: Mapping[str, str] | None = None, params: Mapping[str, str] | None = None) -> None:
        """A child run for an attempt. One that a crash cut short keeps its values to itself: the attempt gets a new run."""
        with self._guard:
            if not self._opened:
                self.open(self.key, {})
            slot, name = _slot(phase, number), f"training #{number}" if phase == "training" else "evaluation"
            before = self._runs.get(slot)
            run = slot if before is None else _next_run(before)
            if before is not None:
                self._label(before, {"replaced": "the attempt was made again"}, {})
            self._runs[slot], self._points[run] = run, Points()
            self._write({"op": "run", "run": run, "slot": slot, "name": name if before is None else f"{name} (again)"})
            self._label(run, {"phase": phase, "attempt": str(number), **(tags or {})}, params or {})

    def metrics(self, phase: Phase, number: int, found: Sequence[MeasuredMetric]) -> None:
        """Values that have just appeared. Returns at once and never raises for the disk or the store."""
        with self._guard:
            run = self._run(phase, number)
            confirm = time.monotonic() - self._confirmed > CONFIRM_SECONDS
            self._add(run, self._points[run].live(found), confirm)

    def outcome(self, phase: Phase, number: int, outcome: JobOutcome, outputs: OutputFacts, folder: Path) -> None:
        """Everything a job left: all values, tables, the log, files within bounds; the child run has ended then.

        `folder` is the job's, with `outputs/` and `log.txt` in it.
        """
        with self._guard:
            run = self._run(phase, number)
            self._points_of(run, outputs.metrics, outcome)
            self._label(run, job_tags(outcome, outputs), {n: redact(v) for n, v in outputs.parameters.items()})
            left_out = choose(outputs.artifacts, *self._copied)
            for artifact in outputs.artifacts:
                if artifact.path not in left_out:
                    self._keep_output(run, folder / "outputs" / artifact.path, artifact, left_out)
            self._put(run, "metrics.json", metrics_table(outputs.metrics, outputs.flagged))
            self._put(run, "artifacts.json", artifacts_table(outputs.artifacts, left_out, outcome.skipped))
            if (folder / "log.txt").is_file():
                self._put(run, "log.txt", redact((folder / "log.txt").read_text("utf-8", "replace")).encode())
            cancelled = outcome.cause == "cancelled"
            self._end(run, "KILLED" if cancelled else "FINISHED" if outcome.status == "succeeded" else "FAILED")

    def finish(self, execution: Execution, tags: Mapping[str, str], files: Mapping[str, Path]) -> None:
        """The end of the execution: its result, `final/NAME` and `claims/NAME`, files by their name among the artifacts."""
        with self._guard:
            values = {f"final/{n}": v for n, v in final_values(execution.metrics).items()}
            values |= {f"claims/{metric_name(c.name)}": c.difference for c in execution.claims if c.difference is not None}
            made = self._points.setdefault(PARENT, Points())
            self._add(PARENT, made.own(Point(n, float(v), 0, True, "result") for n, v in values.items()))
            self._label(PARENT, {**result_tags(execution), **tags, NOTE: describe(execution, tags.get(NOTE, ""))}, {})
            self._put(PARENT, "execution.json", execution.model_dump_json(indent=1).encode())
            self._put(PARENT, "requirements.txt", "".join(f"{r}\n" for r in execution.requirements).encode())
            if execution.plan is not None:
                self._put(PARENT, "plan.json", execution.plan.model_dump_json(indent=1).encode())
            for name, path in files.items():
                self._keep(PARENT, path, stored_path(name))
            self._end(PARENT, "FAILED" if execution.status == "failed" else "FINISHED")

    def _take_up(self) -> None:
        for entry, _ in self._journal.read():
            self._opened = True
            if "slot" in entry:
                self._runs[entry["slot"]] = entry["run"]
            if entry["op"] == "points":
                self._points.setdefault(entry["run"], Points()).restore(Point(*p) for p in entry["points"])
            elif entry["op"] == "file" and "counted" in entry:
                self._copied = [self._copied[0] + entry["size"], self._copied[1] + 1]

    def _run(self, phase: Phase, number: int) -> str:
        slot = _slot(phase, number)
        if slot not in self._runs:
            self.begin(phase, number)
        run = self._runs[slot]
        self._points.setdefault(run, Points())
        return run

    def _points_of(self, run: str, metrics: Sequence[MeasuredMetric], outcome: JobOutcome) -> None:
        used = [Point("system/seconds", outcome.seconds, 0, True, "engine")]
        if outcome.peak_memory_bytes is not None:
            used.append(Point("system/peak_memory_bytes", float(outcome.peak_memory_bytes), 0, True, "engine"))
        made = self._points[run]
        self._add(run, [*made.whole(metrics), *made.own(used)])

    def _keep_output(self, run: str, source: Path, artifact: Artifact, left_out: dict[str, str]) -> None:
        """Have an output sent; one that cannot be had is told in `left_out`."""
        try:
            size = self._stage(run, source, f"outputs/{stored_path(artifact.path)}", {"counted": True}, False)
        except OSError as error:
            left_out[artifact.path] = f"could not be copied: {error.strerror or error}"
        else:
            self._copied = [self._copied[0] + size, self._copied[1] + 1]


_records: dict[tuple[Path, str], ExecutionRecord] = {}
_opening = threading.Lock()


def record_of(home: Path, key: str) -> ExecutionRecord:
    """The record of an execution, the same one for all steps of this process."""
    with _opening:
        if (home, key) not in _records:
            _records[(home, key)] = ExecutionRecord(home, key)
        return _records[(home, key)]


def _slot(phase: Phase, number: int) -> str:
    return f"training:{number}" if phase == "training" else "evaluation"


def _next_run(run: str) -> str:
    """`training:1`, then `training:1~2`, `training:1~3`."""
    slot, _, number = run.partition("~")
    return f"{slot}~{int(number or 1) + 1}"
