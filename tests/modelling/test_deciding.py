"""Calibrator and threshold are chosen on out-of-fold predictions, and only where they help beyond noise."""

import numpy as np
import pytest

from tasks.evidence.scores.metrics import score
from tasks.modelling.deciding import decide_output, for_metric
from tasks.rules.building.contract import Clause
from tests.modelling.predictions import contract, probabilities


def rows(n=1500, rate=0.3, sharp=1.0, seed=0):
    random = np.random.default_rng(seed)
    y = (random.random(n) < rate).astype(int)
    return y, probabilities(y, 1.2, random, sharp), np.arange(n) % 5


def test_overconfident_probabilities_are_calibrated():
    y, p, folds = rows(sharp=3.0)
    found = decide_output(contract("log_loss"), y, p, folds)
    assert found.calibration == "platt"
    assert found.calibrator.slope == pytest.approx(1 / 3, abs=0.06)
    assert score("log_loss", y, found.honest) < score("log_loss", y, p) - 0.05


def test_true_probabilities_are_left_as_they_are():
    y, p, folds = rows()
    found = decide_output(contract("log_loss"), y, p, folds)
    assert found.calibration == "none" and found.honest is not None and (found.honest == p).all()


def test_calibration_never_changes_the_ranking_of_binary_rows():
    y, p, folds = rows(sharp=3.0)
    found = decide_output(contract("roc_auc"), y, p, folds)
    assert score("roc_auc", y, found.calibrator.transform(p)) == pytest.approx(score("roc_auc", y, p), abs=1e-12)


def test_several_classes_get_a_temperature():
    random = np.random.default_rng(1)
    y = random.integers(0, 3, 1500)
    found = decide_output(contract("log_loss", "multiclass"), y, probabilities(y, 1.0, random, 3.0), np.arange(1500) % 5)
    assert found.calibration == "temperature" and found.threshold is None


def test_a_regression_has_neither():
    found = decide_output(contract("rmse", "regression"), np.arange(6.0), np.arange(6.0), np.arange(6) % 3)
    assert (found.calibration, found.threshold, found.threshold_spread) == ("none", None, None)


def test_rows_never_held_out_take_no_part():
    y, p, folds = rows()
    p[:300], folds[:300] = np.nan, -1
    found = decide_output(contract(), y, p, folds)
    assert found.rows.sum() == 1200 == len(found.honest) and np.isfinite(found.honest).all()


def test_a_demand_on_recall_sets_the_threshold():
    y, p, folds = rows()
    demanded = contract("roc_auc", clauses=(Clause(kind="metric", text="recall at least 0.9", metric="recall", bound=0.9),))
    threshold = decide_output(demanded, y, p, folds).threshold
    assert threshold.met and score("recall", y, p, threshold=threshold.threshold) >= 0.9
    assert "recall at least 0.9" in threshold.reason


def test_a_costly_miss_lowers_the_threshold():
    y, p, folds = rows()
    usual, costly = (decide_output(contract(cost_ratio=c), y, p, folds).threshold.threshold for c in (1.0, 10.0))
    assert costly < 0.2 < usual


def test_the_first_class_may_be_the_positive_one():
    y, p, folds = rows()
    mirrored = decide_output(contract("f1", positive="no"), 1 - y, p[:, ::-1], folds)
    assert mirrored.threshold.threshold == pytest.approx(decide_output(contract("f1"), y, p, folds).threshold.threshold)


def test_the_score_at_a_tuned_threshold_is_not_flattered_by_the_tuning():
    flattered, honest = [], []
    for seed in range(30):
        random = np.random.default_rng(seed)
        y = (random.random(120) < 0.3).astype(int)
        p = np.column_stack([1 - (noise := random.random(120)), noise])
        found = decide_output(contract("balanced_accuracy"), y, p, np.arange(120) % 5)
        honest.append(score("balanced_accuracy", y, for_metric("balanced_accuracy", contract("balanced_accuracy"), found)))
        flattered.append(found.threshold.value)
    # Probabilities at random are worth 0.5.
    assert np.mean(flattered) > 0.53
    assert np.mean(honest) < 0.515


def test_the_same_predictions_give_the_same_decision():
    y, p, folds = rows(sharp=2.0)
    first, second = (decide_output(contract("f1"), y, p, folds) for _ in range(2))
    assert first.threshold == second.threshold and first.calibrator.slope == second.calibrator.slope


def test_one_class_in_a_fold_does_not_break_it():
    y, p, folds = rows(n=60, rate=0.05, seed=3)
    y[:] = 0
    y[:2] = 1
    assert np.isfinite(decide_output(contract("f1"), y, p, folds).threshold_spread)
