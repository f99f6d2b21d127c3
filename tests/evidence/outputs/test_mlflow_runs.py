"""Runs the code logged itself: a real MLflow database, and the file store from files made by hand."""

import shutil
import sqlite3
import time

import pytest

from tasks.evidence.outputs.files import list_files
from tasks.evidence.outputs.mlflow_runs import parameters_of, read_runs, values_of

RUN = "mlruns/0/0123456789abcdef0123456789abcdef"


def read(folder, started=None):
    return read_runs(list_files(folder)[0], started, {}, lambda path: None)


@pytest.fixture
def database(tmp_path, empty_store):
    """A database with an old run, logged by MLflow itself, and a new one."""
    from mlflow.tracking import MlflowClient

    (tmp_path / "outputs").mkdir()
    shutil.copyfile(empty_store, tmp_path / "outputs" / "mlflow.db")
    client = MlflowClient(f"sqlite:///{tmp_path}/outputs/mlflow.db")
    experiment = client.create_experiment("e", artifact_location=str(tmp_path / "artifacts"))
    now = int(time.time() * 1000)
    old, new = (client.create_run(experiment, start_time=start).info.run_id for start in (now - 3_600_000, now))
    client.log_metric(old, "rmse", 9.9)
    for step, value in enumerate((0.5, 0.25)):
        client.log_metric(new, "train_loss", value, step=step)
    client.log_metric(new, "r2", 0.18)
    client.log_metric(new, "system/cpu_utilization_percentage", 50.0)
    client.log_metric(new, "broken", float("nan"))
    client.log_param(new, "alpha", "0.5")
    return tmp_path / "outputs", now / 1000, new


def test_only_runs_of_this_job_are_taken_with_their_steps(database):
    folder, started, new = database
    runs, problems = read(folder, started)
    assert problems == {} and [r.id for r in runs] == [new]
    assert sorted((s.name, s.value, s.step) for s in values_of(runs)) == [
        ("r2", 0.18, None),
        ("train_loss", 0.25, 1),
        ("train_loss", 0.5, 0),
    ]
    assert parameters_of(runs) == {"alpha": "0.5"}


def test_the_database_is_not_changed(database):
    folder, started, _ = database
    before = (folder / "mlflow.db").read_bytes()
    read(folder, started)
    assert (folder / "mlflow.db").read_bytes() == before and [p.name for p in folder.iterdir()] == ["mlflow.db"]


def test_without_a_start_every_run_counts(database):
    assert len(read(database[0])[0]) == 2


def test_a_file_store(tmp_path):
    for name, text in {
        "meta.yaml": "run_id: x\nstart_time: 1700000000000\n",
        "metrics/val/rmse": "1700000000001 0.9 0\n1700000000002 0.8 1\nbroken line\n",
        "params/alpha": "0.5",
    }.items():
        path = tmp_path / RUN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    runs, _ = read(tmp_path, started=1_700_000_000.0)
    assert [(s.name, s.value, s.step) for s in values_of(runs)] == [("validation_rmse", 0.9, 0), ("validation_rmse", 0.8, 1)]
    assert parameters_of(runs) == {"alpha": "0.5"}
    assert read(tmp_path, started=1_700_000_100.0)[0] == []


def test_a_database_of_something_else_has_no_runs(tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert read(tmp_path) == ([], {})


def test_views_named_like_the_tables_are_not_asked(tmp_path):
    with sqlite3.connect(tmp_path / "mlflow.db") as connection:
        for name in ("runs", "metrics", "params"):
            connection.execute(f"CREATE VIEW {name} AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
    connection.close()
    assert read(tmp_path) == ([], {})


def test_a_broken_database_is_a_problem(tmp_path):
    (tmp_path / "mlflow.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    runs, problems = read(tmp_path)
    assert runs == [] and "mlflow.db" in problems
