"""The execution flow on real repositories: a real container, a real Prefect server, a real SQLite MLflow."""

from pathlib import Path

import pytest

from tasks.rules.execution.contract import Execution

pytestmark = pytest.mark.usefixtures("engine", "prefect_api", "tracked")

TRAIN = """
import json, os, pickle, random

class Mean:
    def fit(self, rows):
        self.value = sum(y for _, y in rows) / len(rows)
        return self

if __name__ == "__main__":
    random.seed(0)
    rows = [(x, 2 * x) for x in range(100)]
    from sklearn_free import mean_absolute_error
    model = Mean().fit(rows[:80])
    for epoch in range(3):
        print(f"epoch {epoch} train_loss: {1 / (epoch + 1):.3f}")
    print("MAE:", mean_absolute_error(model.value, rows[80:]))
    os.makedirs("models", exist_ok=True)
    pickle.dump(model, open("models/model.pkl", "wb"))
    json.dump({"mae": mean_absolute_error(model.value, rows[80:])}, open("metrics.json", "w"))
"""
METRIC = """
def mean_absolute_error(model, rows):
    return sum(abs(y - model) for _, y in rows) / len(rows)
"""
README = "# Mean\n\nA regression. Test MAE: 100.0\n\n    python train.py --entry\n"
MEAN = {"train.py": TRAIN, "sklearn_free.py": METRIC, "README.md": README, "metrics.json": '{"mae": 1.5}', "requirements.txt": ""}
"""A model that predicts the mean: of 0, 2, …, 158 that is 79; rows 80 to 99 are 160, …, 198, on average 100 away."""


LEARN = """
import joblib
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

X, y = load_diabetes(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = Ridge(alpha=1.0, random_state=0).fit(X_train, y_train)
print("R2:", r2_score(y_test, model.predict(X_test)))
joblib.dump(model, "model.joblib")
"""
ML = {"train.py": LEARN, "requirements.txt": "scikit-learn==1.5.2\n", "README.md": "# Diabetes\n\nTest R2: 0.36\n"}
"""R2 of Ridge(1.0) on this split is 0.35696 by scikit-learn run by hand."""


def execute(source, **parameters):
    from flows.execution import execution

    outcome = execution(str(source), **{"entrypoint": "python train.py", "timeout_seconds": 120, "disk": "256m"} | parameters)
    return outcome, Execution.model_validate_json((Path(outcome.folder) / "execution.json").read_bytes())


@pytest.fixture(scope="module")
def mlflow_runs():
    def of(experiment="axiom/execution"):
        from mlflow import MlflowClient

        from tasks.adapters.store import axiom_home
        from tasks.adapters.tracking import tracking_uri

        client = MlflowClient(tracking_uri(axiom_home()))
        found = client.get_experiment_by_name(experiment)
        return client, client.search_runs([found.experiment_id], order_by=["attributes.start_time ASC"])

    return of


def test_a_repository_is_trained_its_claim_checked_and_all_of_it_recorded(make_repository, mlflow_runs):
    outcome, executed = execute(make_repository(MEAN))
    assert (outcome.status, executed.cause) == ("succeeded", None)
    final = {(m.name, m.source): m.value for m in executed.metrics if m.is_final}
    assert final[("mae", "stdout")] == final[("mae", "file")] == 100.0
    assert [(c.name, c.claimed, c.measured, c.verdict) for c in executed.claims] == [("mae", 100.0, 100.0, "reproduced")]
    artifacts = {a.path: (a.type, a.format) for a in executed.artifacts}
    assert artifacts["models/model.pkl"] == ("model", "pickle")
    assert executed.isolation["level"] == "container"
    assert executed.registered is None and "readiness score" in executed.registration
    client, runs = mlflow_runs()
    by_name = {run.info.run_name: run for run in runs}
    parent, child = by_name[runs[0].info.run_name], by_name["training #1"]
    assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert parent.data.metrics["final/mae"] == 100.0
    assert [m.step for m in client.get_metric_history(child.info.run_id, "train_loss")] == [0, 1, 2]
    assert {f.path for f in client.list_artifacts(parent.info.run_id)} >= {"execution.json", "report.html", "report.json"}


def test_a_good_enough_model_is_registered_once_however_often_it_is_trained(make_repository, monkeypatch, axiom_home):
    from tasks.adapters.registry.models import read_model

    monkeypatch.setenv("AXIOM_MIN_READINESS", "0")
    monkeypatch.setenv("AXIOM_MIN_DEPLOYMENT", "0")
    repository = make_repository(ML)
    first, executed = execute(repository, entrypoint=None)
    assert executed.registered is not None, executed.registration
    assert [(c.name, c.verdict) for c in executed.claims] == [("r2", "reproduced")]
    assert (executed.registered.model, executed.registered.version, executed.registered.state) == ("project", "1", "candidate")
    loaded = {a.path: a.check for a in executed.artifacts}
    assert loaded["model.joblib"].endswith("loads in the sandbox as sklearn.linear_model._ridge.Ridge")
    again, _ = execute(repository, entrypoint=None)
    assert first.registered == again.registered == "project/1"
    assert read_model(axiom_home, "project").ledger.states == {"1": "candidate"}


def test_committed_results_are_never_reported_as_those_of_this_run(make_repository):
    silent = MEAN | {"train.py": "if __name__ == '__main__':\n    sum(range(10))\n", "model.pkl": "x", "metrics.json": '{"accuracy": 0.99}'}
    outcome, executed = execute(make_repository(silent))
    assert (outcome.status, executed.metrics, executed.artifacts) == ("failed", [], [])
    assert "no metric and no model" in executed.detail


def test_a_missing_folder_is_repaired_and_the_repair_is_a_task_of_its_own(make_repository):
    broken = MEAN | {"train.py": TRAIN.replace('os.makedirs("models", exist_ok=True)', "")}
    outcome, executed = execute(make_repository(broken))
    assert outcome.status == "succeeded"
    assert [(a.cause, a.repair.kind if a.repair else None) for a in executed.attempts] == [("code", "folder"), (None, None)]
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        names = {run.name for run in client.read_task_runs(limit=200)}
    assert {f"training_execution #{n} · project" for n in (1, 2)} <= names


def test_training_that_never_ends_keeps_its_metrics_and_is_no_success(make_repository):
    endless = MEAN | {
        "train.py": "import time\nn = 0\nwhile True:\n    n += 1\n    print('step', n, 'loss:', 1 / n, flush=True)\n    time.sleep(0.2)\n"
    }
    outcome, executed = execute(make_repository(endless), timeout_seconds=5)
    assert (outcome.status, executed.cause) == ("failed", "timeout")
    assert len([m for m in executed.metrics if m.name == "loss"]) > 5


def test_nothing_to_train_is_a_result_with_its_reason(make_repository):
    outcome, executed = execute(make_repository({"README.md": "# Notes\n"}), entrypoint=None)
    assert (outcome.status, executed.cause) == ("not_run", "nothing_to_train")
    assert executed.attempts == []


def test_a_person_must_approve_before_training_and_can_refuse(make_repository):
    from concurrent.futures import ThreadPoolExecutor

    from prefect.client.orchestration import get_client

    from tasks.approval import Refused

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(execute, make_repository(MEAN), approve=True)
        with get_client(sync_client=True) as client:
            run = _paused(client)
            client.resume_flow_run(run.id, run_input={"decision": "refuse", "name": "Ada", "reason": "not today"})
        with pytest.raises(Refused, match="Training was refused by Ada: not today"):
            waiting.result(timeout=120)


def _paused(client):
    import time

    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType

    paused = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=["PAUSED"])))

    end = time.monotonic() + 120
    while time.monotonic() < end:
        if found := client.read_flow_runs(flow_run_filter=paused):
            return found[0]
        time.sleep(0.5)
    raise AssertionError("no run is waiting for a person")
