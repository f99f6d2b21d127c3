"""A store, an API or the command itself goes away in the middle of a training: nothing is lost, and nothing runs on unseen."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.gateway import Gateway
from tests.mlflow_server import MlflowServer
from tests.repositories import commit_all, run_git, write_files

pytestmark = pytest.mark.usefixtures("engine")

STEPS = 80
TRAIN = """
import json, time
for step in range(STEPS):
    print(f"step {step} loss: {1 / (step + 1):.4f}", flush=True)
    time.sleep(0.05)
json.dump({"accuracy": 0.75}, open("metrics.json", "w"))
open("model.pkl", "wb").write(b"weights")
"""
LOSSES = [(step, round(1 / (step + 1), 4)) for step in range(STEPS)]
COMMAND = [sys.executable, "-m", "flows.cli", "execute"]


def make(folder, steps):
    train = TRAIN.replace("STEPS", str(steps))
    write_files(folder, {"train.py": train, "requirements.txt": "", "README.md": "# Slow\n\nTest accuracy: 0.75\n"})
    run_git(folder, "init", "-q", "-b", "main")
    commit_all(folder)
    return folder


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return make(tmp_path_factory.mktemp("outages") / "slow", STEPS)


@pytest.fixture(scope="module")
def long_repository(tmp_path_factory):
    """Trains for longer than any wait here: what ends it is not its own end."""
    return make(tmp_path_factory.mktemp("outages") / "long", 5000)


@pytest.fixture(scope="module")
def store(tmp_path_factory, empty_store):
    folder = tmp_path_factory.mktemp("mlflow-server")
    (folder / "mlflow.db").write_bytes(empty_store.read_bytes())
    server = MlflowServer(folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """A real Prefect server behind a door: `gateway, server`."""
    from flows.ephemeral_server import EphemeralServer

    folder = tmp_path_factory.mktemp("prefect-server")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PREFECT_HOME", str(folder))
        server = EphemeralServer(folder / "server.log")
    server.wait(180)
    yield Gateway(int(server.api.rsplit(":", 1)[1].partition("/")[0])), server
    server.stop()


class Command:
    """`axiom execute` as a process of its own, its standard error line by line."""

    def __init__(self, home, repository, out, api=None, **environment):
        settings = os.environ | {"AXIOM_HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "PREFECT_CLIENT_MAX_RETRIES": "2"}
        settings.pop("PREFECT_API_URL", None)
        if api is not None:
            gateway, server = api
            settings |= {"PREFECT_API_URL": f"http://127.0.0.1:{gateway.port}/api", "PREFECT_API_AUTH_STRING": server.login}
        arguments = [str(repository), "--entrypoint", "python train.py", "--disk", "64m", "--timeout", "300", "--out", str(out)]
        self.process = subprocess.Popen(
            [*COMMAND, *arguments], env=settings | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.lines = []
        self._reader = threading.Thread(target=lambda: self.lines.extend(iter(self.process.stderr.readline, "")), daemon=True)
        self._reader.start()

    def until(self, words, seconds=240.0):
        """Wait for a line."""
        deadline = time.monotonic() + seconds
        while not any(words in line for line in list(self.lines)):
            assert self.process.poll() is None and time.monotonic() < deadline, "".join(self.lines)
            time.sleep(0.02)

    def end(self, seconds=240.0):
        """Exit code and what was told."""
        code = self.process.wait(timeout=seconds)
        self._reader.join(10)
        return code, "".join(self.lines)


@contextlib.contextmanager
def command(*arguments, **environment):
    running = Command(*arguments, **environment)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def jobs_on_the_engine(home):
    """Containers and volumes of this home's jobs."""
    from tasks.adapters.container import engine as container_engine

    jobs = {job.name for job in (home / "jobs").glob("*")}
    with container_engine.connect() as client:
        found = client.api.containers(all=True) + (client.api.volumes()["Volumes"] or [])
    return [item for item in found if (item["Labels"] or {}).get("axiom.job") in jobs]


def losses(database):
    """Step and value of what is stored of the training's loss."""
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as base:
        return sorted(base.execute("SELECT step, value FROM metrics WHERE key = 'loss'"))


def until(condition, seconds=180.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def with_store(store, monkeypatch, prefect_api):
    """Flows in this process record to the MLflow server; its database is emptied of earlier metrics."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.uri)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setattr("tasks.adapters.record.shipper.LONGEST_WAIT", 0.5)
    store.wait()
    with contextlib.closing(sqlite3.connect(store.folder / "mlflow.db", timeout=30)) as base, base:
        base.execute("DELETE FROM metrics")
    return store


def execute(repository):
    from flows.execution import execution

    return execution(str(repository), entrypoint="python train.py", timeout_seconds=300, disk="64m")


def artifacts(store, run_id):
    from mlflow import MlflowClient

    client = MlflowClient(store.uri)
    children = client.search_runs(["1", "2", "3"], f"tags.mlflow.parentRunId = '{run_id}'")
    return {f.path for f in client.list_artifacts(run_id)} | {
        f.path for c in children for f in client.list_artifacts(c.info.run_id, "outputs")
    }


WHOLE = {"execution.json", "report.html", "report.json", "report.md", "report.sarif", "outputs/model.pkl", "outputs/metrics.json"}


def kill_with_points(server, monkeypatch, then=lambda: None):
    """Have the server die when it has some of the losses, and before it could say so; the event is set then."""
    from mlflow import MlflowClient

    log_batch, dead = MlflowClient.log_batch, threading.Event()

    def log_and_die(*arguments, **named):
        log_batch(*arguments, **named)
        if not dead.is_set() and losses(server.folder / "mlflow.db"):
            server.kill()
            dead.set()
            then()
            raise ConnectionResetError("the server died with the answer")

    # Also of a training that was over before the first were sent, some are left.
    monkeypatch.setattr("tasks.adapters.record.calls.POINT_LIMIT", 10)
    monkeypatch.setattr(MlflowClient, "log_batch", log_and_die)
    return dead


def send_what_waits(home):
    """As the next command does, until nothing waits: what another sender holds is passed over, so that an answer alone says little.

    Nothing may be left for it: a command that had the time has sent all itself.
    """
    from tasks.adapters.record.pending import ship_pending, waiting_records

    assert list((home / "executions").glob("*/journal.jsonl"))
    until(lambda: all(p.complete for p in ship_pending(home)) and not waiting_records(home))


def test_an_mlflow_server_killed_in_a_training_and_started_again_has_everything_once(with_store, repository, monkeypatch):
    monkeypatch.setattr("tasks.execution.TRACKING_PATIENCE", 300.0)
    dead = kill_with_points(with_store, monkeypatch, then=lambda: threading.Timer(1.0, with_store.start).start())
    outcome = execute(repository)
    assert dead.is_set()
    assert (outcome.status, outcome.mlflow_problem) == ("succeeded", "")
    assert losses(with_store.folder / "mlflow.db") == LOSSES
    assert artifacts(with_store, outcome.mlflow_run) >= WHOLE


def test_an_mlflow_server_that_stays_away_costs_no_report_and_the_next_command_sends_all(with_store, repository, axiom_home, monkeypatch):
    monkeypatch.setattr("tasks.execution.TRACKING_PATIENCE", 1.0)
    database = with_store.folder / "mlflow.db"
    dead = kill_with_points(with_store, monkeypatch)
    outcome = execute(repository)
    assert outcome.status == "succeeded" and (Path(outcome.folder) / "report.html").exists()
    assert "it is kept and sent by the next command" in outcome.mlflow_problem
    assert dead.is_set() and 0 < len(losses(database)) < STEPS
    with_store.start()
    with_store.wait()
    send_what_waits(axiom_home)
    assert losses(database) == LOSSES
    assert artifacts(with_store, outcome.mlflow_run) >= WHOLE


def test_a_prefect_api_that_comes_back_costs_nothing_and_one_that_does_not_costs_no_metric(api, repository, empty_store, tmp_path):
    from tasks.adapters.record.pending import waiting_records

    homes = [tmp_path / "patient", tmp_path / "impatient"]
    for home in homes:
        (home / "mlflow").mkdir(parents=True)
        (home / "mlflow" / "mlflow.db").write_bytes(empty_store.read_bytes())
    doors = [Gateway(api[0].target), Gateway(api[0].target)]
    with (
        command(homes[0], repository, tmp_path / "out", (doors[0], api[1]), PREFECT_CLIENT_MAX_RETRIES="6") as patient,
        # With two retries, not none: a busy server answers 503 while its database is locked, which is no outage.
        command(homes[1], repository, tmp_path / "none", (doors[1], api[1])) as impatient,
    ):
        with ThreadPoolExecutor() as outages:
            list(outages.map(_lose, (patient, impatient), doors))
        code, told = impatient.end()
        doors[0].open()
        assert patient.end()[0] == 0, "".join(patient.lines)
    ours = [line for line in told.splitlines() if line.startswith("axiom: ")]
    assert code == 1 and len(ours) == 1 and "stopped answering" in ours[0], told
    assert "Traceback" not in told and "Error logging" not in told and max(map(len, told.splitlines())) < 400
    # A busy machine may leave no time to record all, which is told; then the next command does, as after the other.
    assert not waiting_records(homes[0]) or "it is kept and sent by the next command" in "".join(patient.lines)
    for home in homes:
        send_what_waits(home)
        assert losses(home / "mlflow" / "mlflow.db") == LOSSES
        assert jobs_on_the_engine(home) == []
    assert (tmp_path / "out" / "report.html").exists() and not (tmp_path / "none" / "report.html").exists()


def _lose(running, door):
    running.until("» loss")
    door.shut()


@pytest.mark.parametrize(("polite", "own_server"), [(signal.SIGTERM, False), (signal.SIGINT, True)])
def test_a_command_told_to_stop_removes_its_container_within_seconds(
    api, long_repository, tracked, axiom_home, tmp_path, polite, own_server
):
    with command(axiom_home, long_repository, tmp_path / "out", None if own_server else api) as running:
        running.until("| step")
        assert jobs_on_the_engine(axiom_home)
        stopped = time.monotonic()
        running.process.send_signal(polite)
        until(lambda: not jobs_on_the_engine(axiom_home), 10)
        code, told = running.end(30)
    assert (code, "Traceback" in told) == (130, False), told
    assert time.monotonic() - stopped < 25
    assert [line for line in told.splitlines() if line.startswith("axiom: ")] == [
        "axiom: interrupted; run the same command again to go on from what is cached."
    ]


def test_what_a_killed_command_left_running_is_removed_by_the_next(long_repository, tracked, axiom_home, tmp_path):
    from tasks.adapters.container.running import reap

    with command(axiom_home, long_repository, tmp_path / "out") as running:
        running.until("| step")
        assert jobs_on_the_engine(axiom_home)
        running.process.kill()
        running.end()
        # As `axiom doctor` and every job do first.
        reap(axiom_home)
        until(lambda: not jobs_on_the_engine(axiom_home), 10)
