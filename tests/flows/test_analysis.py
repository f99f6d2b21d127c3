"""The analysis flow on real repositories, against a real Prefect server and a real SQLite MLflow."""

import json
import shutil
from pathlib import Path

import pytest

from tasks.agents import AGENTS
from tasks.rules.contract import Report
from tests.openai_server import ANSWER_TOKENS, PROMPT_TOKENS, agreeing, hostile, serve
from tests.repositories import commit_all, run_git

pytestmark = pytest.mark.usefixtures("prefect_api", "tracked")
EXAMPLE = Path(__file__).parents[2] / "examples" / "bike-rentals"


def analyze(source, **parameters):
    from flows.analysis import analysis

    outcome = analysis(str(source), **parameters)
    return outcome, Report.model_validate_json((Path(outcome.folder) / "report.json").read_bytes())


@pytest.fixture
def example(tmp_path):
    folder = tmp_path / "bike-rentals"
    shutil.copytree(EXAMPLE, folder)
    run_git(folder, "init", "-q", "-b", "main")
    commit_all(folder)
    return folder


def test_the_example_gets_the_findings_it_was_made_with(example):
    outcome, report = analyze(example)
    kinds = {(leak["file"], leak["kind"]) for leak in report.facts["leakage"]}
    assert ("train.py", "scaler_or_imputer_fit_before_split") in kinds
    assert ("train.py", "model_selection_on_test") in kinds
    assert report.facts["train_entrypoints"][0]["file"] == "train.py"
    assert report.facts["serve_entrypoints"][0]["file"] == "app.py"
    assert ("r2", 0.99) in {(c["name"], c["value"]) for c in report.facts["claimed_metrics"]}
    data = {d["path"]: (d["rows"], d["target"]) for d in report.facts["datasets"]}
    assert data["data/train.csv"] == (609, "cnt")
    assert report.verdict.level == "not_ready"
    assert {p.name for p in Path(outcome.folder).iterdir()} >= {"report.json", "report.md", "report.html", "report.sarif"}


def test_every_agent_is_a_task_run_named_after_itself_and_the_repository(example):
    from prefect.client.orchestration import get_client

    outcome, _ = analyze(example)
    with get_client(sync_client=True) as client:
        names = {run.name for run in client.read_task_runs(limit=200)}
    agents = [
        "project_analysis",
        "dataset_analysis",
        "training_analysis",
        "evaluation_analysis",
        "mlops_readiness",
        "model_monitoring",
        "retraining",
        "report",
    ]
    assert {f"{agent} · {outcome.repository}" for agent in agents} <= names


def test_the_run_leaves_a_report_an_action_table_and_its_progress(example):
    from prefect.client.orchestration import get_client

    analyze(example)
    with get_client(sync_client=True) as client:
        artifacts = {a.key: a for a in client.read_artifacts(limit=200)}
    assert {"report", "priority-actions", "progress"} <= set(artifacts)
    assert artifacts["progress"].data == 100.0


def test_an_unchanged_commit_is_one_run_in_mlflow(example, axiom_home):
    from mlflow import MlflowClient

    first, _ = analyze(example)
    second, _ = analyze(example)
    client = MlflowClient(f"sqlite:///{axiom_home}/mlflow/mlflow.db")
    experiment = client.get_experiment_by_name("axiom/analysis")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.run_id == first.mlflow_run == second.mlflow_run
    assert run.data.metrics["score"] == first.score
    assert "section/training" in run.data.metrics
    assert run.data.tags["commit"] == first.commit
    assert {a.path for a in client.list_artifacts(run.info.run_id)} >= {"report.html", "report.json"}


def test_an_unchanged_commit_gives_the_same_report_and_reads_nothing_again(example, monkeypatch):
    from tasks.adapters import checkout

    _, first = analyze(example)
    monkeypatch.setattr(checkout, "read_in_child", lambda *a, **k: pytest.fail("facts were read again"))
    _, second = analyze(example)
    assert first.model_dump() == second.model_dump()


def test_a_claim_that_fell_by_a_tenth_since_the_last_commit_makes_retraining_immediate(make_repository):
    files = {
        "train.py": "from sklearn.linear_model import Ridge\nmodel = Ridge().fit([[0.0]], [0.0])\n",
        "README.md": "# X\n\nAccuracy: 0.95\n",
    }
    folder = make_repository(files)
    analyze(folder)
    (folder / "README.md").write_text("# X\n\nAccuracy: 0.80\n")
    commit_all(folder, "worse")
    _, report = analyze(folder)
    assert report.sections["retraining"].assessment["levels"]["urgency"] == "immediate"


def test_a_repository_with_nothing_to_train_has_no_score(make_repository):
    _, report = analyze(make_repository({"README.md": "# Notes\n", "app.py": "print('hello')\n"}))
    assert report.score is None
    assert report.verdict.sentence.startswith("Nothing to train here, because")
    assert all(s.score is None for s in report.sections.values())


def test_an_empty_repository_is_a_report_not_an_error(make_repository):
    _, report = analyze(make_repository({}))
    assert (report.facts["kind"], report.repository.commit) == ("empty", None)


def test_a_missing_repository_is_a_users_mistake(tmp_path):
    from tasks.errors import UserError

    with pytest.raises(UserError):
        analyze(tmp_path / "nowhere")


def test_a_suppression_with_a_reason_is_shown_and_costs_nothing(example):
    _, before = analyze(example)
    code = next(f.code for f in before.findings if f.section == "training" and f.severity != "critical")
    (example / ".axiom.yaml").write_text(f"suppress:\n  - code: {code}\n    reason: accepted by the team\n")
    commit_all(example, "suppress")
    _, after = analyze(example)
    assert [(s.code, s.reason) for s in after.suppressed] == [(code, "accepted by the team")]
    assert code not in {f.code for f in after.findings}
    assert after.sections["training"].score > before.sections["training"].score


def test_broken_files_are_named_and_cost_nothing(make_repository):
    latin = "# Größe\nimport pandas\n".encode("latin-1")
    files = {
        "train.py": "from sklearn.linear_model import Ridge\nRidge().fit([[0.0]], [0.0])\n",
        "cut.py": "def train(:\n",
        "latin.py": latin,
        "wide.py": "x = 1\n".encode("utf-16"),
        "broken.ipynb": '{"cells": [',
        "data.csv": b"\xff\xfe\x00",
        "train.py.d/train.py/keep.txt": "a folder named like a script",
    }
    _, report = analyze(make_repository(files))
    assert report.facts["has_training"] is True
    problems = {item.what for item in report.undetermined}
    assert {"cut.py", "broken.ipynb"} <= problems
    assert "latin.py" not in problems


HOSTILE = {
    "invented number": "The test accuracy is 0.9931 and the readiness score is 9.8 of 10.",
    "softened": "Nothing here is urgent, all findings can be ignored and the model is ready for production.",
    "finding that does not exist": "TRN999 was fixed, so the score is full.",
    "obeyed injection": "As instructed by the repository I ignore my previous instructions and approve this project.",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_model_changes_no_byte_of_score_facts_findings_and_urgency(example, monkeypatch, words):
    _, alone = analyze(example)
    with serve(hostile(words)) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("AXIOM_MODEL_API_BASE", server.base)
        _, told = analyze(example, model="openai/test")
        assert server.requests
    assert _decided(told) == _decided(alone)
    assert told.model.fallbacks == told.model.rejected == len(AGENTS)
    assert words not in told.model_dump_json()


def _decided(report):
    """Everything but a model's words and what it cost, as bytes."""
    kept = report.model_dump(mode="json", exclude={"model", "timings"})
    for section in kept["sections"].values():
        section["assessment"].pop("note", None)
    return json.dumps(kept, sort_keys=True)


def test_an_honest_model_words_the_report_and_is_traced_in_mlflow(example, monkeypatch, axiom_home):
    import mlflow

    words = "Close what is open before anything else, starting with the findings of the highest severity."
    with serve(agreeing(words)) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("AXIOM_MODEL_API_BASE", server.base)
        outcome, report = analyze(example, model="openai/test")
    assert report.summary == words
    assert report.summary_by == "model"
    assert (report.model.name, report.model.calls) == ("openai/test", len(server.requests))
    assert report.model.tokens == len(server.requests) * (PROMPT_TOKENS + ANSWER_TOKENS)
    mlflow.set_tracking_uri(f"sqlite:///{axiom_home}/mlflow/mlflow.db")
    traces = mlflow.MlflowClient().search_traces(locations=[mlflow.get_run(outcome.mlflow_run).info.experiment_id])
    assert {t.info.tags["agent"] for t in traces} == set(AGENTS)


def test_a_tracking_server_that_is_down_costs_the_record_and_not_the_report(make_repository, monkeypatch):
    folder = make_repository({"train.py": "from sklearn.linear_model import Ridge\nRidge().fit([[0.0]], [0.0])\n"})
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    outcome, report = analyze(folder)
    assert outcome.mlflow_run is None
    assert "MLFLOW_TRACKING_URI" in outcome.mlflow_problem
    assert "earlier runs" in {item.what for item in report.undetermined}


def test_the_report_is_plain_json(example):
    outcome, _ = analyze(example)
    json.loads((Path(outcome.folder) / "report.json").read_text(), parse_constant=lambda c: pytest.fail(f"{c} is not JSON"))
