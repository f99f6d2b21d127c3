"""Scores: against scikit-learn, by hand at the edges, never NaN."""

import numpy as np
import pytest
from sklearn import metrics as sk

from tasks.evidence.scores.metrics import METRICS, better, gain, normalise, score

PROBABILITIES = {
    "roc_auc": sk.roc_auc_score,
    "average_precision": sk.average_precision_score,
    "log_loss": sk.log_loss,
    "brier": sk.brier_score_loss,
}
LABELS = {
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "f1": sk.f1_score,
    "f1_macro": lambda y, z: sk.f1_score(y, z, average="macro"),
    "precision": sk.precision_score,
    "recall": sk.recall_score,
    "mcc": sk.matthews_corrcoef,
}
VALUES = {
    "rmse": sk.root_mean_squared_error,
    "mae": sk.mean_absolute_error,
    "mape": sk.mean_absolute_percentage_error,
    "median_absolute_error": sk.median_absolute_error,
    "r2": sk.r2_score,
    "rmsle": sk.root_mean_squared_log_error,
}
MULTICLASS = {
    "roc_auc": lambda y, p: sk.roc_auc_score(y, p, multi_class="ovr"),
    "log_loss": sk.log_loss,
    "brier": lambda y, p: sk.brier_score_loss(y, p, scale_by_half=True),
    "accuracy": lambda y, p: sk.accuracy_score(y, p.argmax(1)),
    "f1": lambda y, p: sk.f1_score(y, p.argmax(1), average="macro"),
    "recall": lambda y, p: sk.recall_score(y, p.argmax(1), average="macro"),
    "mcc": lambda y, p: sk.matthews_corrcoef(y, p.argmax(1)),
}


def test_every_metric_is_compared_with_scikit_learn():
    assert set(METRICS) == {*PROBABILITIES, *LABELS, *VALUES}


@pytest.mark.parametrize("decimals", [1, 8])
@pytest.mark.parametrize("metric", PROBABILITIES)
def test_of_probabilities_as_scikit_learn_has_it(metric, decimals):
    random = np.random.default_rng(3)
    y, p = random.integers(0, 2, 200), np.round(random.random(200), decimals)
    assert score(metric, y, p) == pytest.approx(PROBABILITIES[metric](y, p), abs=1e-12)


@pytest.mark.parametrize("metric", LABELS)
def test_of_labels_at_a_threshold_as_scikit_learn_has_it(metric):
    random = np.random.default_rng(4)
    y, p = random.integers(0, 2, 200), random.random(200)
    assert score(metric, y, p, threshold=0.3) == pytest.approx(LABELS[metric](y, (p >= 0.3).astype(int)), abs=1e-12)


@pytest.mark.parametrize("metric", VALUES)
def test_of_values_as_scikit_learn_has_it(metric):
    random = np.random.default_rng(5)
    y, p = random.lognormal(size=200), random.lognormal(size=200)
    assert score(metric, y, p) == pytest.approx(VALUES[metric](y, p), rel=1e-12)


@pytest.mark.parametrize("metric", MULTICLASS)
def test_of_several_classes_as_scikit_learn_has_it(metric):
    random = np.random.default_rng(6)
    y, p = random.integers(0, 4, 300), random.dirichlet(np.ones(4), 300)
    assert score(metric, y, p) == pytest.approx(MULTICLASS[metric](y, p), abs=1e-12)


@pytest.mark.parametrize("metric", [*PROBABILITIES, *LABELS])
def test_the_positive_class_may_be_the_first_one(metric):
    random = np.random.default_rng(7)
    y, p = random.integers(0, 2, 100), random.random(100)
    assert score(metric, y, p, positive=0, threshold=0.4) == pytest.approx(score(metric, 1 - y, 1 - p, threshold=0.4))


@pytest.mark.parametrize(
    ("metric", "value"), [("roc_auc", 0.5), ("average_precision", 0), ("recall", 0), ("precision", 0), ("f1", 0), ("mcc", 0)]
)
def test_without_a_positive_a_model_is_worth_what_one_that_knows_nothing_is(metric, value):
    assert score(metric, np.zeros(5, dtype=int), np.linspace(0.1, 0.9, 5)) == value


def test_r2_of_a_constant_target_is_zero_unless_it_is_met():
    assert score("r2", np.ones(4), np.arange(4.0)) == 0
    assert score("r2", np.ones(4), np.ones(4)) == 1


@pytest.mark.parametrize("metric", METRICS)
def test_one_row_has_a_finite_score(metric):
    y, p = (np.array([3.0]), np.array([2.0])) if metric in VALUES else (np.array([1]), np.array([0.2]))
    assert np.isfinite(score(metric, y, p))


def test_a_certain_mistake_costs_much_but_not_infinitely_much():
    assert 30 < score("log_loss", np.array([1, 0]), np.array([0.0, 1.0])) < 40


def test_predictions_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="candidate as failed"):
        score("rmse", np.array([1.0, 2.0]), np.array([1.0, np.nan]))


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        score("rmse", np.array([]), np.array([]))


def test_rmsle_of_a_negative_target_says_what_to_choose():
    with pytest.raises(ValueError, match="choose rmse or mae"):
        score("rmsle", np.array([-1.0]), np.array([1.0]))


def test_better_knows_the_direction_and_a_failed_candidate_is_worst():
    assert better("rmse", 1.0, 2.0) and better("roc_auc", 0.9, 0.8)
    assert not better("rmse", 2.0, 2.0)
    assert better("rmse", 1e9, None) and not better("rmse", None, 1e9) and not better("rmse", None, None)


def test_normalised_score_is_zero_for_the_dummy_and_one_for_the_best():
    assert normalise("rmse", 10.0, dummy=10.0, best=4.0) == 0
    assert normalise("rmse", 4.0, dummy=10.0, best=4.0) == 1
    assert normalise("roc_auc", 0.95, dummy=0.5, best=0.9) == pytest.approx(1.125)
    assert gain("log_loss", 0.3, 0.5) == pytest.approx(0.2)
