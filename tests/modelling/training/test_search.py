import multiprocessing
import os
import signal
import time

import numpy as np
import pytest

from tasks.modelling.training import search as module
from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.search import search
from tasks.modelling.training.store import Store

FEW = SearchOptions(families=("lightgbm", "logistic", "ridge", "naive_bayes"), max_candidates=8)


def told(outcome):
    """All that must be the same in a reproduction."""
    scores = {c.id: (c.status, c.fold_scores, c.score) for c in outcome.candidates}
    return scores, outcome.members, outcome.score


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_the_champion_beats_the_dummy_and_its_score_is_of_its_predictions(make_data, recipe, tmp_path, task):
    data = make_data(task)
    outcome = search(data, tmp_path, 1, recipe, FEW, time.time() + 60)
    assert outcome.score < 0.8 * outcome.baselines[0].score
    assert outcome.baselines[0].family == "dummy" and len(outcome.baselines) == 3
    if task == "regression":
        assert outcome.score == pytest.approx(np.sqrt(np.mean((outcome.oof - data.y) ** 2)))
    else:
        assert outcome.score == pytest.approx(-np.log(outcome.oof[np.arange(len(data.y)), data.y]).mean())


def test_no_row_is_predicted_by_a_model_that_saw_it(make_data, recipe, tmp_path):
    """The out-of-fold predictions of noise must not know the noise."""
    data = make_data("regression", rows=120)
    noise = np.random.default_rng(0).normal(size=120)
    data = type(data)(data.frame, noise, data.folds, data.contract, None, 0)
    outcome = search(data, tmp_path, 1, recipe, SearchOptions(families=("extra_trees", "neighbours"), max_candidates=5), time.time() + 60)
    assert outcome.score > 0.9 * noise.std()


def test_a_search_of_so_many_candidates_is_reproducible_also_after_a_kill(make_data, recipe, tmp_path):
    data = make_data()
    first = search(data, tmp_path / "whole" / "x", 1, recipe, FEW, time.time() + 60)
    folder = tmp_path / "killed" / "x"
    child = multiprocessing.get_context("fork").Process(target=_search_and_die, args=(data, folder, recipe))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    left = {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("candidates/*/fold-0.json")}
    again = search(data, folder, 1, recipe, FEW, time.time() + 60)
    assert told(again) == told(first)
    assert left and {id: (folder / "candidates" / id / "fold-0.json").stat().st_mtime_ns for id in left} == left


def _search_and_die(data, folder, recipe):
    def kill(event):
        if event["number"] == 6:
            os.kill(os.getpid(), signal.SIGKILL)

    search(data, folder, 1, recipe, FEW, time.time() + 60, kill)


def test_the_deadline_is_kept_and_a_later_loop_goes_on(make_data, recipe, tmp_path):
    data, options = make_data(), SearchOptions(families=("logistic", "lightgbm"))
    started = time.time()
    first = search(data, tmp_path, 1, recipe, options, started + 1.2)
    assert time.time() < started + 1.2 + 0.5  # half a second for a machine that is busy
    done = {c.id for c in first.candidates if c.status == "done"}
    events = []
    second = search(data, tmp_path, 2, recipe, options, time.time() + 1.2, events.append)
    assert done <= {c.id for c in second.candidates if c.status == "done"}
    assert all({"id", "family", "score", "best", "seconds_left", "number"} <= set(event) for event in events)


def test_a_family_that_fails_is_a_failed_candidate_with_its_reason(make_data, recipe, tmp_path, monkeypatch):
    from tasks.modelling.training.families import registry

    def broken(fit):
        raise RuntimeError("no convergence")

    family = registry.FAMILIES["naive_bayes"]
    monkeypatch.setitem(registry.FAMILIES, "naive_bayes", type(family)("naive_bayes", "linear", broken, family.seconds))
    options = SearchOptions(families=("naive_bayes",), max_candidates=4)
    outcome = search(make_data(), tmp_path, 1, recipe, options, time.time() + 30)
    failed = next(c for c in outcome.candidates if c.family == "naive_bayes")
    assert failed.status == "failed" and "no convergence" in failed.detail and outcome.members


def test_rows_of_the_first_block_of_time_are_never_predicted(make_data, recipe, tmp_path):
    folds = np.repeat([-1, 0, 1], 50)
    data = make_data("regression", folds=folds)
    outcome = search(data, tmp_path, 1, recipe, SearchOptions(families=("ridge",), max_candidates=3), time.time() + 30)
    assert np.isnan(outcome.oof[:50]).all() and np.isfinite(outcome.oof[50:]).all()
    assert data.training_rows(0).tolist() == list(range(50)) and data.model_folds == (1,)


def test_a_second_loop_keeps_the_candidates_of_the_first(make_data, recipe, tmp_path):
    data = make_data()
    options = SearchOptions(families=("logistic",), max_candidates=4)
    first = search(data, tmp_path, 1, recipe, options, time.time() + 30)
    changed = recipe.model_copy(update={"columns": recipe.columns[:2]})
    second = search(data, tmp_path, 2, changed, options, time.time() + 30)
    assert len(second.candidates) == 2 * len(first.candidates)
    assert {c.loop for c in second.candidates} == {1, 2}
    assert {Store(tmp_path).recipe_of(c.id) for c in second.candidates} == {recipe.digest(), changed.digest()}


def test_without_any_time_the_champion_is_the_dummy(make_data, recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_drive", lambda *parts: None)
    outcome = search(make_data(), tmp_path, 1, recipe, SearchOptions(), time.time())
    assert [member.family for member in outcome.members] == ["dummy"] and outcome.score == 0.5


def test_a_second_loop_of_the_same_features_tries_what_the_first_has_not(make_data, recipe, tmp_path):
    data = make_data()
    options = SearchOptions(families=("logistic",), max_candidates=9)
    first = {c.id for c in search(data, tmp_path, 1, recipe, options, time.time() + 30).candidates}
    second = {c.id for c in search(data, tmp_path, 2, recipe, options, time.time() + 30).candidates}
    assert first < second
