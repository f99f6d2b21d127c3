"""Against the embedded store: what the MLflow pages show of an execution, and each effect once."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tasks.adapters.record import files as execution_files
from tasks.adapters.record import sender as execution_sender
from tasks.adapters.record import shipper as execution_shipper
from tasks.adapters.record.execution import ExecutionRecord, record_of
from tasks.adapters.record.journal import Journal
from tasks.adapters.record.pending import ship_pending, waiting_records
from tasks.adapters.record.sender import Sender
from tasks.evidence.outputs.facts import MeasuredMetric
from tasks.rules.execution.contract import ClaimResult, Execution
from tests.adapters.executions import SUCCESS, expected, files_of, history, job_folder, loss, outputs, runs_of

STEPS = 30


@pytest.fixture
def client(tracked, axiom_home):
    from mlflow import MlflowClient

    return MlflowClient(f"sqlite:///{axiom_home}/mlflow/mlflow.db")


def execution(metrics=(), **more):
    claim = ClaimResult(
        name="accuracy", claimed=0.9, file="README.md", line=3, measured=0.95, difference=0.05, tolerance=0.01, verdict="better"
    )
    fields = {
        "status": "succeeded", "cause": None, "detail": "Training ended well.", "attempts": [], "plan": None, "cannot_run": None,
        "command": "python train.py", "image": "sha256:1", "requirements": ["numpy==2.4.6"], "metrics": list(metrics), "artifacts": [],
        "claims": [claim], "registered": None, "isolation": {"level": "container"},
    }  # fmt: skip
    return Execution(**(fields | more))


def whole_execution(record, folder):
    """From the first entry to the last."""
    record.open("owner/name 1234", {"repository": "https://h/owner/name"}, {"timeout_seconds": "60"})
    record.begin("training", 1, params={"command": "python train.py"})
    for step in range(STEPS):
        record.metrics("training", 1, [loss(step)])
    found = outputs(folder, STEPS, parameters={"lr": "0.1"})
    record.outcome("training", 1, SUCCESS, found, folder)
    report = folder / "report.json"
    report.write_text("{}")
    record.finish(execution(found.metrics), {"commit": "c1"}, {"report.json": report})


def check_whole(client):
    runs = runs_of(client)
    parent, child = runs["owner/name 1234"], runs["training #1"]
    assert set(runs) == {"owner/name 1234", "training #1"}
    assert (parent.info.status, child.info.status) == ("FINISHED", "FINISHED")
    assert history(client, child) == expected(STEPS)
    assert history(client, child, "system/seconds") == [(0, 3.5)]
    assert history(client, parent, "final/loss") == [(0, 1 / STEPS)] and parent.data.metrics["claims/accuracy"] == 0.05
    assert set(files_of(client, parent)) == {"execution.json", "requirements.txt", "report.json"}
    kept = files_of(client, child)
    assert (kept["outputs/models/model.pkl"], kept["outputs/plot.png"]) == (1000, 10)
    assert set(kept) - {"outputs/models/model.pkl", "outputs/plot.png"} == {"metrics.json", "artifacts.json", "log.txt"}


def test_an_execution_is_a_run_with_a_child_for_its_training(client, axiom_home):
    record = ExecutionRecord(axiom_home, "k")
    whole_execution(record, job_folder(axiom_home))
    shipped = record.close(60)
    assert (shipped.complete, shipped.problem) == (True, "")
    check_whole(client)
    parent, child = (runs_of(client)[n] for n in ("owner/name 1234", "training #1"))
    assert shipped.run_id == parent.info.run_id == child.data.tags["mlflow.parentRunId"]
    assert child.data.params == {"command": "python train.py", "lr": "0.1"} and parent.data.params == {"timeout_seconds": "60"}
    wanted = {
        "repository": "https://h/owner/name",
        "commit": "c1",
        "command": "python train.py",
        "isolation": "container",
        "status": "succeeded",
    }
    assert wanted.items() <= parent.data.tags.items() and "repository" not in child.data.tags
    assert not (record.folder / "files").exists()


def test_the_table_of_metrics_tells_source_and_place_of_each_value(client, axiom_home):
    record, folder = ExecutionRecord(axiom_home, "k"), job_folder(axiom_home)
    record.open("e", {})
    strange = MeasuredMetric(
        name="f1@5 <b>", original="F1@5", value=float("nan"), source="file", place="m.json", is_final=True, direction="higher"
    )
    found = outputs(folder, 2)
    record.outcome("training", 1, SUCCESS, found.model_copy(update={"metrics": (*found.metrics, strange)}), folder)
    assert record.close(60).complete
    child = runs_of(client)["training #1"]
    table = json.loads(Path(client.download_artifacts(child.info.run_id, "metrics.json")).read_text())
    rows = [dict(zip(table["columns"], row)) for row in table["data"]]
    assert [(r["original"], r["value"], r["step"], r["place"], r["is_final"]) for r in rows] == [
        ("Loss", 1.0, 0, "log:0", False), ("Loss", 0.5, 1, "log:1", True), ("F1@5", None, None, "m.json", True),
    ]  # fmt: skip
    assert "not a finite number" in rows[2]["note"] and set(child.data.metrics) == {"loss", "system/seconds", "system/peak_memory_bytes"}


def test_artifacts_beyond_the_total_are_listed_and_not_copied(client, axiom_home, monkeypatch):
    monkeypatch.setattr(execution_files, "TOTAL_BYTES", 1500)
    folder = job_folder(axiom_home, {"big.pkl": b"b" * 1400, "small.pkl": b"s" * 200, "pläne?.png": b"p" * 100})
    (folder / "outputs" / "link.pkl").symlink_to(folder / "log.txt")
    record = ExecutionRecord(axiom_home, "k")
    record.open("e", {})
    record.outcome("training", 1, SUCCESS, outputs(folder, 1), folder)
    assert record.close(60).complete
    child = runs_of(client)["training #1"]
    table = json.loads(Path(client.download_artifacts(child.info.run_id, "artifacts.json")).read_text())
    rows = {row[0]: dict(zip(table["columns"], row)) for row in table["data"]}
    assert rows["big.pkl"]["size"] == 1400 and "beyond" in rows["big.pkl"]["note"] and rows["big.pkl"]["stored_as"] == ""
    assert rows["link.pkl"]["stored_as"] == "" and rows["link.pkl"]["note"]
    kept = files_of(client, child, "outputs")
    assert sorted(kept.values()) == [100, 200] and rows["pläne?.png"]["stored_as"] in kept


def test_secrets_in_log_and_parameters_are_taken_out(client, axiom_home):
    secret = "ghp_" + "x7Kq2LmZ9vRt4NpW8sYc1BdF6hJg3QeU5aTi"
    record, folder = ExecutionRecord(axiom_home, "k"), job_folder(axiom_home)
    (folder / "log.txt").write_text(f"token {secret}\n")
    record.open("e", {})
    record.outcome("training", 1, SUCCESS, outputs(folder, 1, parameters={"url": f"x {secret}"}), folder)
    assert record.close(60).complete
    child = runs_of(client)["training #1"]
    log = Path(client.download_artifacts(child.info.run_id, "log.txt")).read_text()
    assert "redacted" in log and secret not in log and secret not in child.data.params["url"]


def test_an_end_that_is_told_again_after_a_crash_doubles_no_value(client, axiom_home):
    folder = job_folder(axiom_home)
    for _ in range(2):
        record = ExecutionRecord(axiom_home, "k")
        record.open("owner/name 1234", {})
        if not record._runs:
            record.begin("training", 1)
        record.outcome("training", 1, SUCCESS, outputs(folder, STEPS), folder)
        record.finish(execution(outputs(folder, STEPS).metrics), {}, {})
        assert record.close(60).complete
    runs = runs_of(client)
    assert history(client, runs["owner/name 1234"], "final/loss") == [(0, 1 / STEPS)]
    assert history(client, runs["training #1"], "system/seconds") == [(0, 3.5)]
    assert history(client, runs["training #1"]) == expected(STEPS) and runs["owner/name 1234"].info.status == "FINISHED"


def test_values_before_the_opening_have_an_execution_to_belong_to(client, axiom_home):
    record = ExecutionRecord(axiom_home, "k")
    record.metrics("training", 1, [loss(0)])
    record.open("e", {"commit": "c1"})
    assert record.close(60).complete
    runs = runs_of(client)
    assert runs["training #1"].data.tags["mlflow.parentRunId"] == runs["k"].info.run_id and runs["k"].data.tags["commit"] == "c1"


def test_the_description_tells_the_result_and_carries_no_markup_of_the_log(client, axiom_home):
    record = ExecutionRecord(axiom_home, "k")
    record.open("e", {})
    failed = execution(status="failed", cause="code", detail="ValueError ![x](http://h/i.png) <b>")
    record.finish(failed, {"mlflow.note.content": "**6.1 of 10**"}, {})
    assert record.close(60).complete
    run = runs_of(client)["e"]
    note = run.data.tags["mlflow.note.content"]
    assert note == r"failed: ValueError \!\[x\]\(http: //h/i.png\) \<b\>" + "\n\n**6.1 of 10**"
    assert run.info.status == "FAILED" and "registered" not in run.data.tags


class _Killed(BaseException):
    """Stands for a `kill -9` at one moment."""


@pytest.mark.parametrize("moment", ["before the effect", "before it is noted"])
def test_a_death_at_any_step_of_the_sending_leaves_each_effect_once(client, axiom_home, monkeypatch, moment):
    with monkeypatch.context() as quiet:
        quiet.setattr(execution_shipper.Shipper, "wake", lambda self: None)
        record = ExecutionRecord(axiom_home, "k")
        whole_execution(record, job_folder(axiom_home))
    name = "_apply_all" if moment == "before the effect" else "write_atomically"
    owner = Sender if moment == "before the effect" else execution_sender
    real, deaths = getattr(owner, name), set()

    def die_once(*arguments):
        step = len(deaths) if moment == "before the effect" else json.loads(arguments[1])["offset"]
        if step not in deaths and not (moment == "before the effect" and alternate["go"]):
            deaths.add(step)
            alternate["go"] = True
            raise _Killed
        alternate["go"] = False
        return real(*arguments)

    alternate = {"go": False}
    monkeypatch.setattr(owner, name, die_once)
    while Sender(axiom_home, record.folder).waiting:
        try:
            Sender(axiom_home, record.folder).send()
        except _Killed:
            continue
    assert len(deaths) > 10
    check_whole(client)


def test_what_the_store_refuses_costs_nothing_else(client, axiom_home):
    record = ExecutionRecord(axiom_home, "k")
    record.open("e", {}, {"a": "1"})
    Journal(record.folder / "journal.jsonl").append([{"op": "params", "run": "", "at": 1, "params": {"a": "2", "b": "3"}}])
    record.metrics("training", 1, [loss(0)])
    assert record.close(60).complete
    assert runs_of(client)["e"].data.params == {"a": "1", "b": "3"}
    refused = [entry for entry, _ in Journal(record.folder / "refused.jsonl").read()]
    assert [entry["params"] for entry in refused] == [{"a": "2"}] and "a" in refused[0]["why"]


def test_an_attempt_that_is_made_again_does_not_mix_its_values(client, axiom_home):
    first = ExecutionRecord(axiom_home, "k")
    first.open("e", {})
    first.begin("training", 1)
    first.metrics("training", 1, [loss(0)])
    assert first.close(60).complete
    second = ExecutionRecord(axiom_home, "k")
    assert second.close(0).run_id == runs_of(client)["e"].info.run_id
    second.open("e", {})
    second.begin("training", 1)
    second.metrics("training", 1, [loss(0), loss(1)])
    assert second.close(60).complete
    runs = runs_of(client)
    assert history(client, runs["training #1 (again)"]) == expected(2) and history(client, runs["training #1"]) == expected(1)
    assert "replaced" in runs["training #1"].data.tags


def test_a_database_that_stays_locked_delays_the_record_and_nothing_else(client, axiom_home, monkeypatch):
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def impatient(_, __, statement, parameters, *___):
        return statement.replace("busy_timeout = 20000", "busy_timeout = 100"), parameters

    monkeypatch.setattr(execution_shipper, "LONGEST_WAIT", 0.5)
    record, folder = ExecutionRecord(axiom_home, "k"), job_folder(axiom_home)
    record.open("owner/name 1234", {})
    assert record.close(60).complete
    event.listen(Engine, "before_cursor_execute", impatient, retval=True)
    other = sqlite3.connect(axiom_home / "mlflow" / "mlflow.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    try:
        started = time.monotonic()
        whole_execution(record, folder)
        assert time.monotonic() - started < 2.0
        still = record.close(2.0)
        assert not still.complete and "locked" in still.problem
        threading.Timer(1.0, lambda: other.execute("ROLLBACK")).start()
        assert record.close(60).complete
    finally:
        event.remove(Engine, "before_cursor_execute", impatient)
        other.close()
    check_whole(client)


PROGRAM = """
import os, sys
from pathlib import Path
from tasks.adapters.record.execution import ExecutionRecord
from tests.adapters.executions import job_folder, loss
record = ExecutionRecord(Path(os.environ["AXIOM_HOME"]), "k")
record.open("e", {})
record.begin("training", 1)
for step in range(200):
    record.metrics("training", 1, [loss(step)])
os.kill(os.getpid(), 9)
"""


def test_what_a_killed_process_had_measured_is_recorded_by_the_next_command(client, axiom_home):
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}).returncode == -9
    assert waiting_records(axiom_home) == ["k"]
    assert [(p.key, p.complete, p.interrupted) for p in ship_pending(axiom_home, idle_seconds=0)] == [("k", True, True)]
    runs = runs_of(client)
    assert history(client, runs["training #1"]) == expected(200)
    assert {r.info.status for r in runs.values()} == {"KILLED"} and runs["e"].data.tags["status"] == "interrupted"
    assert ship_pending(axiom_home, idle_seconds=0) == [] and waiting_records(axiom_home) == []


def test_a_record_that_is_being_sent_is_left_to_its_process(client, axiom_home):
    record = ExecutionRecord(axiom_home, "k")
    record.open("e", {})
    deadline = time.monotonic() + 30
    while record._shipper.sender.waiting and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ship_pending(axiom_home, idle_seconds=0) == []
    assert record.close(60).complete and runs_of(client)["e"].info.status == "RUNNING"


def test_a_record_for_another_store_waits_for_that(client, axiom_home, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:hunter2@127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    record = ExecutionRecord(axiom_home, "k")
    record.open("e", {})
    assert not record.close(0.5).complete
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    (pending,) = ship_pending(axiom_home)
    assert not pending.complete and "http://127.0.0.1:9" in pending.problem
    assert "hunter2" not in (record.folder / "journal.jsonl").read_text()


def test_a_record_of_the_embedded_store_is_sent_there_also_when_a_server_is_set(client, axiom_home, monkeypatch):
    with monkeypatch.context() as quiet:
        quiet.setattr(execution_shipper.Shipper, "wake", lambda self: None)
        ExecutionRecord(axiom_home, "k").open("e", {})
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert [p.complete for p in ship_pending(axiom_home)] == [True]
    assert set(runs_of(client)) == {"e"}


def test_the_platforms_server_and_the_store_it_serves_are_one_store(client, axiom_home, monkeypatch):
    with monkeypatch.context() as platform:
        platform.setattr(execution_shipper.Shipper, "wake", lambda self: None)
        for name in ("MLFLOW_TRACKING_URI", "AXIOM_STORE_SERVER"):
            platform.setenv(name, "http://127.0.0.1:9")
        record = ExecutionRecord(axiom_home, "k")
        record.open("e", {})
        # While the platform is up the record goes through its server, and not past it to the database.
        assert record._shipper.sender.store() == "http://127.0.0.1:9"
    assert [p.complete for p in ship_pending(axiom_home)] == [True]
    assert set(runs_of(client)) == {"e"}


def test_a_full_disk_does_not_stop_the_training(client, axiom_home, monkeypatch):
    record = ExecutionRecord(axiom_home, "k")
    record.open("e", {})
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        record.metrics("training", 1, [loss(0)])
    record.metrics("training", 1, [loss(1)])
    assert record.close(60).complete
    assert history(client, runs_of(client)["training #1"]) == expected(2)


def test_all_steps_of_a_process_share_one_record(axiom_home):
    assert record_of(axiom_home, "k") is record_of(axiom_home, "k") is not record_of(axiom_home, "other")
