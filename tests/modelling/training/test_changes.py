"""What the critic asks of the trainer reaches the configurations that are tried, and the fits."""

import time

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.families.family import Fit, class_weights, row_weights
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.fitting import find_rounds
from tasks.modelling.training.portfolio import portfolio
from tasks.modelling.training.search import search
from tasks.modelling.training.store import Store

BINARY = Problem("binary", 2, "roc_auc", 1000, rarest=0.1)
SEVERAL = Problem("multiclass", 3, "log_loss", 1000, rarest=0.1)
REGRESSION = Problem("regression", 0, "rmse", 1000)


def tried(options, problem=BINARY):
    return list(portfolio(problem, "recipe", options))


def fit_of(problem, y, **params):
    X = np.random.default_rng(0).normal(size=(len(y), 2))
    return Fit(params, problem, X, np.array(y), (), None, 0)


def test_weighing_classes_tries_weighted_candidates_first():
    assert [one.params["class_weight"] for one in tried(SearchOptions(class_weight=7.0))[:5]] == [7.0] * 5
    assert tried(SearchOptions(class_weight=7.0), SEVERAL)[0].params["class_weight"] == "balanced"
    assert not any("class_weight" in one.params for one in tried(SearchOptions()))
    assert not any("class_weight" in one.params for one in tried(SearchOptions(class_weight=7.0), REGRESSION))


def test_the_positive_class_counts_as_often_as_asked_and_weights_average_one():
    # Three rows of 1 and one of weight 5: a row counts 4/8 or 20/8.
    fit = fit_of(Problem("binary", 2, "roc_auc", 4, positive=0), [1, 1, 1, 0], class_weight=5.0)
    assert class_weights(fit) == {0: pytest.approx(2.5), 1: pytest.approx(0.5)}
    assert row_weights(fit, fit.y).sum() == pytest.approx(4.0)


def test_balanced_classes_weigh_alike():
    fit = fit_of(SEVERAL, [0, 0, 0, 1, 2, 2], class_weight="balanced")
    assert class_weights(fit) == {0: pytest.approx(2 / 3), 1: pytest.approx(2.0), 2: pytest.approx(1.0)}


@pytest.mark.parametrize("family", ["logistic", "lightgbm", "catboost", "histogram_boosting", "extra_trees"])
def test_a_weighted_class_is_called_more_often(family):
    y = (np.arange(300) % 10 == 0).astype(int)
    params = next(one.params for one in portfolio(BINARY, "recipe", SearchOptions()) if one.family == family)

    def mean(**more):
        few = {name: 20 for name in ("rounds", "trees") if name in params}
        fit = fit_of(BINARY, y, **{**params, **few, **more})
        with threadpool_limits(1):
            return FAMILIES[family].fit(fit).predict_proba(fit.X)[:, 1].mean()

    assert mean(class_weight=9.0) > 1.5 * mean()


def test_regularising_tries_smaller_trees_and_simplifying_leaves_out_networks():
    assert tried(SearchOptions(regularise=True))[0].params["num_leaves"] == 7
    assert "network" not in {one.family for one in tried(SearchOptions(simplify=True))}


def test_bagging_averages_the_winners_of_earlier_loops_over_seeds(make_data, recipe, tmp_path):
    data = make_data()
    families = ("lightgbm", "logistic")
    search(data, tmp_path, 1, recipe, SearchOptions(families=families, max_candidates=5), time.time() + 60)
    second = search(data, tmp_path, 2, recipe, SearchOptions(families=families, max_candidates=9, bags=3), time.time() + 60)
    bagged = [c for c in second.candidates if c.params.get("bags") == 3]
    assert bagged and {c.family for c in bagged} == {"lightgbm"}  # another seed changes nothing in a logistic regression
    mean = Store(tmp_path).estimator(bagged[0].id, 0)
    assert len(mean.estimators) == 3 and len(find_rounds(mean)) == 1
    first, other = (one.predict_proba(data.frame) for one in mean.estimators[:2])
    assert not np.allclose(first, other)
