import time

import pytest

from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.search import search
from tasks.modelling.training.tuning_facts import read_tuning


def test_every_tuned_candidate_is_a_trial_with_its_parameters(make_data, recipe, tmp_path):
    outcome = search(make_data(), tmp_path, 1, recipe, SearchOptions(families=("logistic",), max_candidates=14), time.time() + 60)
    tuned = [c for c in outcome.candidates if c.origin == "tuned"]
    (facts,) = read_tuning(tmp_path)
    assert facts.family == "logistic" and len(tuned) > 5
    complete = [trial for trial in facts.trials if trial.state == "complete"]
    assert {round(trial.params["C"], 9) for trial in complete} == {round(c.params["C"], 9) for c in tuned}
    assert sum(facts.importances.values()) == pytest.approx(1.0)


def test_nothing_tuned_is_no_study(tmp_path):
    assert read_tuning(tmp_path) == ()
