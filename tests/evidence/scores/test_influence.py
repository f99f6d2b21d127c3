"""Influence functions against the derivative of the score by the weight of a row, and DeLong's published standard error."""

import numpy as np
import pytest
from sklearn import metrics as sk

from tasks.evidence.scores.influence import influences
from tasks.evidence.scores.metrics import METRICS, score
from tasks.evidence.scores.ranking import mid_ranks, placements
from tasks.evidence.scores.spread import measure_spread


def hanley():
    """Ratings 1-5 of 58 normal and 51 abnormal tomograms (Hanley & McNeil 1982, table I)."""
    normal, abnormal = [33, 6, 6, 11, 2], [3, 2, 2, 11, 33]
    ratings = np.r_[np.repeat(range(1, 6), normal), np.repeat(range(1, 6), abnormal)] / 6
    return np.repeat([0, 1], [58, 51]), ratings


def test_delong_standard_error_of_hanleys_tomograms_is_the_published_one():
    y, p = hanley()
    assert score("roc_auc", y, p) == pytest.approx(0.8932, abs=5e-5)
    # Stata 18, roctab on the same table: standard error 0.0307.
    assert measure_spread(influences("roc_auc", y, p)).variance ** 0.5 == pytest.approx(0.0307, abs=5e-5)


def test_placements_are_shares_of_the_other_class():
    y, p = hanley()
    positive = y == 1
    pairs = (p[positive][:, None] > p[~positive]) + 0.5 * (p[positive][:, None] == p[~positive])
    assert placements(positive, p)[positive] == pytest.approx(pairs.mean(axis=1))
    assert placements(positive, p)[~positive] == pytest.approx(pairs.mean(axis=0))


def test_mid_ranks_as_scipy_has_them():
    from scipy.stats import rankdata

    values = np.random.default_rng(0).integers(0, 9, 50)
    assert mid_ranks(values).tolist() == rankdata(values).tolist()


def weighted(metric, y, p, w):
    """The score with weights of rows, by scikit-learn."""
    label = (p >= 0.4).astype(int)
    return {
        "roc_auc": lambda: sk.roc_auc_score(y, p, sample_weight=w),
        "average_precision": lambda: sk.average_precision_score(y, p, sample_weight=w),
        "log_loss": lambda: sk.log_loss(y, p, sample_weight=w),
        "brier": lambda: sk.brier_score_loss(y, p, sample_weight=w),
        "accuracy": lambda: sk.accuracy_score(y, label, sample_weight=w),
        "balanced_accuracy": lambda: sk.balanced_accuracy_score(y, label, sample_weight=w),
        "f1": lambda: sk.f1_score(y, label, sample_weight=w),
        "f1_macro": lambda: sk.f1_score(y, label, sample_weight=w, average="macro"),
        "precision": lambda: sk.precision_score(y, label, sample_weight=w),
        "recall": lambda: sk.recall_score(y, label, sample_weight=w),
        "mcc": lambda: sk.matthews_corrcoef(y, label, sample_weight=w),
        "rmse": lambda: sk.root_mean_squared_error(y, p, sample_weight=w),
        "mae": lambda: sk.mean_absolute_error(y, p, sample_weight=w),
        "mape": lambda: sk.mean_absolute_percentage_error(y, p, sample_weight=w),
        "r2": lambda: sk.r2_score(y, p, sample_weight=w),
        "rmsle": lambda: sk.root_mean_squared_log_error(y, p, sample_weight=w),
    }[metric]()


@pytest.mark.parametrize("metric", sorted(set(METRICS) - {"median_absolute_error"}))
def test_influence_is_the_derivative_by_the_weight_of_a_row(metric):
    random, n = np.random.default_rng(8), 300
    if METRICS[metric].needs == "value":
        y, p = random.lognormal(size=n), random.lognormal(size=n)
    else:
        y, p = (random.random(n) < 0.3).astype(int), np.round(random.random(n), 2)
    found = influences(metric, y, p, threshold=0.4)
    assert found.mean() == pytest.approx(0, abs=1e-9)
    for row in (0, 7, 123):
        w = np.ones(n)
        w[row] += 1e-5
        slope = (weighted(metric, y, p, w) - weighted(metric, y, p, np.ones(n))) / 1e-5 * n
        assert found[row] == pytest.approx(slope, rel=2e-2, abs=2e-3)


def test_standard_error_of_the_median_error_is_that_of_a_bootstrap():
    random = np.random.default_rng(9)
    y, p = random.standard_t(4, 800), np.zeros(800)
    draws = [np.median(np.abs(y[random.integers(0, 800, 800)])) for _ in range(1000)]
    assert measure_spread(influences("median_absolute_error", y, p)).variance ** 0.5 == pytest.approx(np.std(draws), rel=0.2)
