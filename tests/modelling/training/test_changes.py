"""What the critic asks of the trainer reaches the configurations that are tried."""

from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.portfolio import portfolio

BINARY = Problem("binary", 2, "roc_auc", 1000, rarest=0.1)
REGRESSION = Problem("regression", 0, "rmse", 1000)


def tried(options, problem=BINARY):
    return list(portfolio(problem, "recipe", options))


def test_weighing_classes_tries_balanced_candidates_first():
    assert [one.params["class_weight"] for one in tried(SearchOptions(weighted=True))[:4]] == ["balanced"] * 4
    assert not any("class_weight" in one.params for one in tried(SearchOptions()))
    assert not any("class_weight" in one.params for one in tried(SearchOptions(weighted=True), REGRESSION))


def test_regularising_tries_smaller_trees_and_simplifying_leaves_out_networks():
    assert tried(SearchOptions(regularise=True))[0].params["num_leaves"] == 7
    assert "network" not in {one.family for one in tried(SearchOptions(simplify=True))}
