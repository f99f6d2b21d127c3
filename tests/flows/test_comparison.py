"""The comparison flow against a real Prefect server and a real SQLite MLflow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasks.adapters.tracking import connect, experiment_id_of, record_run
from tasks.errors import SettingError

pytestmark = pytest.mark.usefixtures("prefect_api", "tracked")


@pytest.fixture
def recorded(axiom_home):
    """Two executions' runs."""
    return [
        record_run(axiom_home, "axiom/execution", name, name, {"final/loss": loss}, {"repository": "r", "dataset/d.csv": name}, ()).run_id
        for name, loss in (("a", 0.5), ("b", 0.25))
    ]


def compare(runs):
    from flows.comparison import comparison

    return comparison(runs)


def test_two_runs_are_compared_shown_and_kept(recorded, axiom_home):
    from prefect.artifacts import Artifact

    outcome = compare([recorded[0], "b"])
    (row,) = outcome.comparison.metrics
    assert (row.name, row.deltas[1], row.verdicts[1], row.best) == ("loss", -0.25, "better", (1,))
    assert "held-out" in outcome.comparison.warnings[0]
    shown = json.loads(Artifact.get("comparison").data)
    assert shown[0]["metric"] == "loss" and shown[0]["B is"] == "better"
    client = connect(axiom_home)
    kept = client.get_run(outcome.mlflow_run)
    assert kept.data.tags["runs"] == ",".join(recorded)
    assert {a.path for a in client.list_artifacts(outcome.mlflow_run)} == {"comparison.json", "comparison.txt", "table.json"}
    table = json.loads(Path(client.download_artifacts(outcome.mlflow_run, "table.json")).read_text())
    assert table["columns"][0] == "metric" and table["data"][0][0] == "loss"


def test_the_same_comparison_is_one_run_in_mlflow(recorded, axiom_home):
    assert compare(recorded).mlflow_run == compare(recorded).mlflow_run
    client = connect(axiom_home)
    assert len(client.search_runs([experiment_id_of(client, axiom_home, "axiom/comparison")])) == 1


def test_a_run_that_is_not_there_is_a_users_mistake(recorded):
    with pytest.raises(SettingError, match="axiom runs list"):
        compare([recorded[0], "nowhere"])


def test_the_form_takes_two_to_five_runs(recorded):
    from prefect.exceptions import ParameterTypeError

    with pytest.raises(ParameterTypeError):
        compare(recorded[:1])
