"""A real MLflow server that dies in mid-run and comes back: nothing is lost, nothing doubled."""

from __future__ import annotations

import time

import pytest

from tasks.adapters.record import shipper as execution_shipper
from tasks.adapters.record.execution import ExecutionRecord
from tasks.adapters.record.pending import ship_pending
from tests.adapters.executions import SUCCESS, expected, files_of, history, job_folder, loss, outputs, runs_of
from tests.mlflow_server import MlflowServer

STEPS = 300


@pytest.fixture
def server(tmp_path, empty_store, monkeypatch):
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "mlflow.db").write_bytes(empty_store.read_bytes())
    server = MlflowServer(folder)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setattr(execution_shipper, "LONGEST_WAIT", 0.5)
    server.start()
    yield server
    server.kill()


def test_a_server_killed_in_mid_run_and_restarted_has_everything_once(server, axiom_home):
    from mlflow import MlflowClient

    server.wait()
    record, folder = ExecutionRecord(axiom_home, "k"), job_folder(axiom_home)
    record.open("e", {"repository": "r"})
    for step in range(STEPS):
        record.metrics("training", 1, [loss(step)])
        if step == STEPS // 3:
            _until(lambda: record._shipper.sender.offset > 500)
            server.kill()
        if step > STEPS // 3:
            time.sleep(0.002)
    record.outcome("training", 1, SUCCESS, outputs(folder, STEPS), folder)
    away = record.close(1.0)
    assert not away.complete and "API request" in away.problem
    left = _left_behind(axiom_home)
    server.start()
    assert record.close(90).complete
    assert [(p.key, p.complete) for p in ship_pending(axiom_home)] == [(left, True)]
    client = MlflowClient(server.uri)
    assert history(client, runs_of(client)["evaluation"]) == expected(5)
    child = runs_of(client)["training #1"]
    assert history(client, child) == expected(STEPS) and child.info.status == "FINISHED"
    kept = files_of(client, child)
    assert (kept["outputs/models/model.pkl"], kept["outputs/plot.png"]) == (1000, 10) and len(kept) == 5


def _left_behind(home) -> str:
    """The key of another execution, which ends while the server is away and is left to a later command."""
    record = ExecutionRecord(home, "left")
    record.open("left", {})
    started = time.monotonic()
    record.metrics("evaluation", 1, [loss(step) for step in range(5)])
    assert time.monotonic() - started < 1.0
    assert not record.close(0.2).complete
    record._shipper._thread.join()
    assert not ship_pending(home)[-1].complete
    return "left"


def _until(condition, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
