"""Runs read back from a real embedded store."""

from __future__ import annotations

import pytest

from tasks.adapters.run_views import compare_link, experiment_ids, list_runs, read_runs
from tasks.adapters.tracking import connect, experiment_id_of
from tasks.errors import SettingError
from tasks.rules.registry.comparison import RunView


@pytest.fixture
def store(tracked, axiom_home):
    """Make runs: `store("axiom/execution", "name", {"loss": 1.0})` gives the id."""
    client = connect(axiom_home)

    def make(experiment, name, metrics=None, parent=None, params=None, status="FINISHED", **tags):
        parents = {"mlflow.parentRunId": parent} if parent else {}
        run_id = client.create_run(experiment_id_of(client, axiom_home, experiment), run_name=name, tags=tags | parents).info.run_id
        for key, value in (metrics or {}).items():
            client.log_metric(run_id, key, value)
        for key, value in (params or {}).items():
            client.log_param(run_id, key, value)
        client.set_terminated(run_id, status)
        return run_id

    return make


def test_an_execution_counts_with_its_children_and_its_final_values_win(store, axiom_home):
    parent = store("axiom/execution", "e", {"final/accuracy": 0.95, "claims/accuracy": 0.05}, commit="c1", irrelevant="x")
    store("axiom/execution", "training #1", {"accuracy": 0.5, "loss": 3.0}, parent, {"lr": "0.1"})
    store("axiom/execution", "training #2", {"accuracy": 0.9, "loss": 2.0}, parent, {"lr": "0.2"})
    store("axiom/execution", "training #3", {"loss": 99.0}, parent, replaced="the attempt was made again")
    (view,) = read_runs(axiom_home, [parent])
    assert view.metrics == {"accuracy": 0.95, "claims/accuracy": 0.05, "loss": 2.0}
    assert (view.params, view.facts, view.experiment) == ({"lr": "0.2"}, {"commit": "c1"}, "axiom/execution")


def test_a_run_is_found_by_id_by_a_beginning_of_it_and_by_name(store, axiom_home):
    first, second = store("axiom/execution", "o/n 1"), store("axiom/analysis", "o/n's 2")
    assert [v.run_id for v in read_runs(axiom_home, [second, first[:6], "o/n's 2", "o/n 1"])] == [second, first, second, first]


@pytest.mark.parametrize("reference", ["nowhere", "", "abc", "0" * 32, "'; drop table runs --"])
def test_a_run_that_is_not_there_says_how_to_find_those_that_are(store, axiom_home, reference):
    store("axiom/execution", "e")
    with pytest.raises(SettingError, match="axiom runs list"):
        read_runs(axiom_home, [reference])


def test_a_name_that_several_runs_have_tells_their_ids(store, axiom_home):
    ids = [store("axiom/execution", "e"), store("axiom/execution", "e")]
    with pytest.raises(SettingError) as error:
        read_runs(axiom_home, ["e"])
    assert all(i[:8] in str(error.value) for i in ids)


def test_runs_of_others_in_the_same_store_are_not_ours(store, axiom_home):
    foreign = store("somebody/else", "theirs")
    store("axiom/execution", "e")
    assert [v.name for v in list_runs(axiom_home, None, 10)] == ["e"]
    with pytest.raises(SettingError):
        read_runs(axiom_home, [foreign])


def test_the_list_is_newest_first_without_children_and_comparisons(store, axiom_home):
    old = store("axiom/execution", "old")
    store("axiom/execution", "child", {"loss": 1.0}, old)
    store("axiom/analysis", "new")
    store("axiom/comparison", "a vs b")
    assert [v.name for v in list_runs(axiom_home, None, 10)] == ["new", "old"]
    assert [v.name for v in list_runs(axiom_home, "execution", 10)] == ["old"]
    assert len(list_runs(axiom_home, None, 1)) == 1
    with pytest.raises(SettingError, match="analysis, comparison, execution"):
        list_runs(axiom_home, "nonsense", 10)


def test_an_empty_store_has_no_runs(tracked, axiom_home):
    assert list_runs(axiom_home, None, 10) == []
    with pytest.raises(SettingError, match="nothing was recorded yet"):
        read_runs(axiom_home, ["e"])


def test_a_server_has_a_page_with_the_runs_side_by_side(store, axiom_home, monkeypatch):
    store("axiom/execution", "e")
    assert len(experiment_ids(axiom_home, ["axiom/execution", "axiom/none"])) == 1
    runs = [RunView(run_id="a1", name="a"), RunView(run_id="b2", name="b")]
    assert compare_link(axiom_home, runs, ["7"]) is None
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:pw@h:5000/")
    assert compare_link(axiom_home, runs, ["7"]) == (
        "http://h:5000/#/compare-runs?runs=%5B%22a1%22%2C%22b2%22%5D&experiments=%5B%227%22%5D&workflowType=machine_learning"
    )
