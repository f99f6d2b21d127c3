"""The model building flow on a real table, against a real Prefect server and a real SQLite MLflow."""

import json
from pathlib import Path

import pytest

from tasks.rules.building.result import BuildResult
from tests.tables import churn_table

pytestmark = pytest.mark.usefixtures("prefect_api")
OBJECTIVE = "Predict which customers churn; missing a churner is worse than a false alarm. Recall at least 0.6."


def build(data, **parameters):
    from flows.model_building import model_building

    settings = {"objective": OBJECTIVE, "time_budget": 60, "max_loops": 2, "max_candidates": 6}
    outcome = model_building([str(data)], **(settings | parameters))
    return outcome, BuildResult.model_validate_json((Path(outcome.folder) / "build.json").read_bytes())


@pytest.fixture(scope="module")
def home(tmp_path_factory, empty_store):
    folder = tmp_path_factory.mktemp("home")
    (folder / "mlflow").mkdir()
    (folder / "mlflow" / "mlflow.db").write_bytes(empty_store.read_bytes())
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    file = tmp_path_factory.mktemp("data") / "churn.csv"
    churn_table().to_csv(file, index=False)
    return file


@pytest.fixture(scope="module")
def built(home, data, prefect_api):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AXIOM_HOME", str(home))
        environment.delenv("MLFLOW_TRACKING_URI", raising=False)
        return build(data)


@pytest.fixture
def at_home(home, monkeypatch):
    monkeypatch.setenv("AXIOM_HOME", str(home))


def test_the_objective_became_a_contract_and_each_clause_is_tested(built):
    _, result = built
    assert (result.contract.target, result.contract.task, result.contract.positive) == ("churned", "binary", "yes")
    assert [c.metric for c in result.contract.clauses] == ["recall"] and len(result.clauses) == 1
    recall = next(e for e in result.test.facts.others if e.metric == "recall")
    assert result.clauses[0].met == (recall.value >= 0.6)


def test_the_champion_beats_the_dummy_on_rows_nothing_has_seen(built):
    outcome, result = built
    assert result.verdict == outcome.verdict == "ship"
    assert result.test.rows == result.split.rows_sealed == 64
    assert result.test.low <= result.test.value <= result.test.high
    dummy = next(b for b in result.baselines if b.kind == "dummy")
    assert dummy.beaten and dummy.value == 0.5
    assert all(item.status == "dropped" for item in result.dropped) and "customer_id" in {item.column for item in result.dropped}


def test_everything_a_user_gets_is_in_the_folder(built):
    outcome, result = built
    folder = Path(outcome.folder)
    assert {p.name for p in folder.iterdir()} >= {
        "model",
        "predict.py",
        "service",
        "report.html",
        "report.json",
        "build.json",
        "template.json",
    }
    assert all((folder / f.path).is_file() for f in result.files)
    page = (folder / "report.html").read_text()
    assert "churned" in page and "http://" not in page.replace("http://www.w3.org", "")


def test_the_model_answers_rows_without_our_process(built, data, tmp_path):
    import subprocess
    import sys

    import pandas as pd

    outcome, result = built
    done = subprocess.run(
        [sys.executable, "-I", str(Path(outcome.folder) / "predict.py"), str(data), "--out", str(tmp_path / "p.csv")], cwd=tmp_path
    )
    predicted, truth = pd.read_csv(tmp_path / "p.csv"), pd.read_csv(data)["churned"]
    assert done.returncode == 0 and list(predicted.columns) == ["no", "yes", "prediction"]
    assert ((predicted["yes"] >= result.champion.threshold) == (predicted["prediction"] == "yes")).all()
    assert (predicted["prediction"] == truth).mean() > 0.6


def test_each_loop_is_a_task_of_its_own_with_the_critics_reasons(built, at_home):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, TaskRunFilter, TaskRunFilterName

    _, result = built
    with get_client(sync_client=True) as client:
        wanted = TaskRunFilter(name=TaskRunFilterName(like_="train_models #"))
        names = {run.name for run in client.read_task_runs(task_run_filter=wanted)}
        verdicts = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["critic-1"])))
    assert {f"train_models #{loop.loop} · churn" for loop in result.loops} <= names
    assert any(result.loops[0].reasons[0][:20] in artifact.data for artifact in verdicts)


def test_mlflow_shows_the_build_its_loops_and_every_candidate_with_scores_per_fold(built, home):
    from mlflow import MlflowClient

    _outcome, result = built
    client = MlflowClient(f"sqlite:///{home}/mlflow/mlflow.db")
    experiment = client.get_experiment_by_name("axiom/model_building").experiment_id
    parent = client.search_runs([experiment], "tags.verdict = 'ship'")[0]
    loops = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
    candidates = [r for one in loops for r in client.search_runs([experiment], f"tags.mlflow.parentRunId = '{one.info.run_id}'")]
    assert len(loops) == len(result.loops) and len(candidates) == len(result.candidates)
    done = next(r for r in candidates if r.data.tags["result"] == "done" and r.data.tags["family"] != "dummy")
    assert len(client.get_metric_history(done.info.run_id, "fold/roc_auc")) == result.split.plan.folds
    assert parent.data.metrics["final/roc_auc"] == pytest.approx(result.test.value)
    assert parent.inputs.dataset_inputs[0].tags[-1].value == result.profile.sources[0].sha256
    assert {"report.html", "build.json", "template.json"} <= {a.path for a in client.list_artifacts(parent.info.run_id)}


def test_the_model_is_a_candidate_with_lineage_to_data_and_rules(built, home, at_home):
    from tasks.adapters.registry.models import facts_of, read_model

    outcome, result = built
    assert outcome.registered == "churn/1"
    model = read_model(home, "churn")
    facts = facts_of(home, model, "1")
    assert model.ledger.states["1"] == "candidate" and facts.held_out
    assert {"predictions.csv", "schema.json", "signature.json", "reference_profile.json"} <= {f.path for f in facts.files}
    assert next(m for m in facts.metrics if m.name == "roc_auc").value == pytest.approx(result.test.value)


def test_a_builder_killed_in_training_goes_on_and_ends_with_the_same_champion(built, home, data, at_home, monkeypatch):
    from tasks.adapters import builder as builders
    from tasks.errors import InfrastructureError

    _, before = built
    killed = []

    def kill(event):
        if event.get("kind") == "candidate" and event.get("number", 0) >= 4 and not killed:
            killed.append(event)
            builders.end_builds()

    with monkeypatch.context() as patched:
        patched.setattr("tasks.model_building.show", kill)
        with pytest.raises(InfrastructureError, match="Run the same command again"):
            build(data)
    assert killed
    outcome, after = build(data)
    assert after.resumed and not before.resumed
    assert [(m.id, m.weight) for m in after.champion.members] == [(m.id, m.weight) for m in before.champion.members]
    assert after.test.value == before.test.value and outcome.registered == "churn/2"


def test_a_template_replays_the_contract_and_tries_its_members_first(built, tmp_path, at_home):
    outcome, before = built
    newer = tmp_path / "newer.csv"
    churn_table(seed=1).to_csv(newer, index=False)
    _, result = build(newer, objective="", template=str(Path(outcome.folder) / "template.json"), max_loops=1)
    assert result.contract.target == "churned" and result.contract.objective == before.contract.objective
    tried = {(c.family, json.dumps(c.params, sort_keys=True)) for c in result.candidates}
    assert {(c.family, json.dumps(c.params, sort_keys=True)) for c in before.champion.candidates} <= tried


def test_a_table_without_signal_is_not_shipped_and_not_registered(tmp_path, at_home):
    table = churn_table(200)
    table["churned"] = table["churned"].sample(frac=1, random_state=3).to_numpy()
    noise = tmp_path / "noise.csv"
    table.to_csv(noise, index=False)
    outcome, result = build(noise, objective="Predict churn.", max_loops=1, max_candidates=4)
    assert (outcome.verdict, outcome.registered) == ("do_not_ship", "")
    assert "not better beyond noise" in result.reasons[0]
