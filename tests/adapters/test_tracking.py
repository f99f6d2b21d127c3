"""Against a real SQLite MLflow, and servers that are not there."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasks.adapters import tracking
from tasks.adapters.tracking import TrackedRun, earlier_metrics, metric_name, record_run
from tasks.errors import InfrastructureError

EXPERIMENT = "axiom/analysis"
PROGRAM = """
import os, sys
from pathlib import Path
from tasks.adapters.tracking import record_run
if sys.argv[2] == "die":
    from mlflow import MlflowClient
    MlflowClient.log_artifact = lambda *_: os.kill(os.getpid(), 9)
home = Path(sys.argv[1])
print(record_run(home, "axiom/analysis", "k", "name", {"score": 5.0, "other": 1.0}, {"commit": "c"}, (home / "report.json",)).run_id)
"""


@pytest.fixture
def record(axiom_home, tmp_path):
    file = tmp_path / "report.json"
    file.write_text("{}")

    def run(key="k", metrics=None, **tags) -> TrackedRun:
        return record_run(axiom_home, EXPERIMENT, key, "name", metrics or {"score": 5.0}, {"repository": "r", **tags}, (file,))

    return run


def client(home: Path):
    from mlflow import MlflowClient

    return MlflowClient(f"sqlite:///{home}/mlflow/mlflow.db")


def test_the_same_key_is_the_same_run(record):
    assert record().run_id == record().run_id
    assert record("other").run_id != record().run_id


def test_a_run_carries_its_metrics_tags_and_files_below_the_home(record, axiom_home):
    run = client(axiom_home).get_run(record(commit="c1").run_id)
    assert (run.data.metrics, run.data.tags["commit"], run.info.status) == ({"score": 5.0}, "c1", "FINISHED")
    assert run.info.artifact_uri.startswith(axiom_home.as_uri())
    assert [a.path for a in client(axiom_home).list_artifacts(run.info.run_id)] == ["report.json"]


def _start(home: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home), how], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


def test_after_a_kill_two_processes_at_once_complete_the_one_run(axiom_home):
    axiom_home.mkdir()
    (axiom_home / "report.json").write_text("{}")
    assert _start(axiom_home, "die").wait() == -9
    processes = [_start(axiom_home, "live") for _ in range(2)]
    assert len({process.communicate()[0] for process in processes}) == 1
    there = client(axiom_home)
    runs = there.search_runs([there.get_experiment_by_name(EXPERIMENT).experiment_id])
    assert [(r.info.status, r.data.metrics) for r in runs] == [("FINISHED", {"score": 5.0, "other": 1.0})]
    assert len(there.get_metric_history(runs[0].info.run_id, "score")) == 1
    assert [a.path for a in there.list_artifacts(runs[0].info.run_id)] == ["report.json"]


def test_metrics_that_are_not_numbers_are_refused(record):
    with pytest.raises(ValueError, match="finite"):
        record(metrics={"score": float("nan")})


def test_many_metrics_with_names_of_strangers_are_all_recorded(record, axiom_home):
    metrics = {f"claimed/m{i}": float(i) for i in range(230)} | {"claimed/../etc": 1.0, "f1@5 <b>": 2.0, "/": 3.0, "x" * 400: 4.0}
    data = client(axiom_home).get_run(record(metrics=metrics).run_id).data
    assert len(data.metrics) == 234
    assert {"claimed/etc", "f1_5 _b_", "metric"} <= set(data.metrics)
    assert metric_name("section/training") == "section/training"


def test_earlier_metrics_come_oldest_first_with_their_commit(record, axiom_home):
    record("a", {"score": 1.0}, commit="c1")
    record("b", {"score": 2.0}, commit="c2")
    found = earlier_metrics(axiom_home, EXPERIMENT, {"repository": "r"})
    assert [(m.name, m.value, m.commit) for m in found] == [("score", 1.0, "c1"), ("score", 2.0, "c2")]


def test_a_repository_with_a_quote_in_its_path_is_found(record, axiom_home):
    record(repository="/home/o'neil/x")
    assert len(earlier_metrics(axiom_home, EXPERIMENT, {"repository": "/home/o'neil/x"})) == 1


def test_another_repository_is_not_asked(record, axiom_home):
    record()
    assert earlier_metrics(axiom_home, EXPERIMENT, {"repository": "other"}) == []


def test_an_experiment_that_does_not_exist_has_no_runs(axiom_home):
    assert earlier_metrics(axiom_home, "axiom/execution", {}) == []


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(tracking, "_silent", {})
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")


def test_a_server_that_is_down_is_one_line_that_says_how_to_repeat(record, quick, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:hunter2@127.0.0.1:9")
    started = time.monotonic()
    with pytest.raises(InfrastructureError, match="Run the same command again") as caught:
        record()
    assert "127.0.0.1:9" in str(caught.value) and "hunter2" not in str(caught.value) and "\n" not in str(caught.value)
    assert time.monotonic() - started < 8


def test_a_server_that_hangs_is_waited_for_once(record, quick, axiom_home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        for ask in (record, record, lambda: earlier_metrics(axiom_home, EXPERIMENT, {})):
            with pytest.raises(InfrastructureError):
                ask()
    assert time.monotonic() - started < 8


def test_a_broken_database_is_one_line(record, axiom_home):
    (axiom_home / "mlflow").mkdir(parents=True)
    (axiom_home / "mlflow/mlflow.db").write_bytes(b"not a database " * 100)
    with pytest.raises(InfrastructureError, match=r"mlflow\.db could not be used"):
        record()
