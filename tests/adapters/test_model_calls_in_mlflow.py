"""Calls of a language model as MLflow traces on the embedded store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.adapters.tracking import connect, log_model_calls, record_run

CALL = {
    "agent": "retraining", "model": "openai/test", "started": 1_700_000_000.0, "seconds": 2.5, "tokens": 120, "cost_usd": None, "error": "",
    "messages": [{"role": "user", "content": "question"}], "answer": '{"a": 1}', "format": "schema",
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


def test_calls_are_traces_of_the_run_and_logged_once(home: Path) -> None:
    run = record_run(home, "axiom/analysis", "key", "name", {"score": 1.0}, {}, ())
    failed = {**CALL, "agent": "report", "answer": None, "error": "The model provider answered 500."}
    assert log_model_calls(home, run.run_id, [CALL, failed]) == 2
    assert log_model_calls(home, run.run_id, [CALL, failed]) == 0
    traces = {t.info.tags["mlflow.traceName"]: t for t in connect(home).search_traces(locations=[run.experiment_id], run_id=run.run_id)}
    assert {name: t.info.state.value for name, t in traces.items()} == {"retraining": "OK", "report": "ERROR"}
    assert traces["retraining"].info.execution_duration == 2500
    assert traces["retraining"].data.spans[0].outputs == {"answer": '{"a": 1}'}


def test_without_calls_mlflow_is_not_touched(home: Path) -> None:
    assert log_model_calls(home, "none", []) == 0
    assert not (home / "mlflow").exists()
