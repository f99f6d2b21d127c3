"""Paired tests: DeLong against the pairwise formula, permutation by hand, level under no difference."""

import itertools

import numpy as np
import pytest

from tasks.evidence.scores.paired import ALPHA, compare_models
from tasks.evidence.scores.spread import Dependence


def delong_by_pairs(y, a, b):
    """z of DeLong et al. 1988 from all pairs of a positive and a negative."""
    pairs = [(s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0]) for s in (a, b)]
    tens, ones = np.cov([p.mean(axis=1) for p in pairs]), np.cov([p.mean(axis=0) for p in pairs])
    s = tens / (y == 1).sum() + ones / (y == 0).sum()
    return (pairs[0].mean() - pairs[1].mean()) / np.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1])


def test_auc_is_compared_as_delong_has_it():
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 150)
    a, b = y + random.normal(size=150), np.round(y + 1.5 * random.normal(size=150), 1)
    found = compare_models("roc_auc", y, a, b)
    assert found.method == "delong"
    assert found.gain / found.standard_error == pytest.approx(delong_by_pairs(y, a, b), rel=1e-9)


def test_permutation_agrees_with_all_changes_of_sides():
    y = np.zeros(8)
    a, b = np.array([1, 1, 2, 1, 3, 1, 2, 1.5]), np.array([2, 3, 2.5, 1, 4, 3, 1, 4])
    saved = b - a
    exact = np.mean([np.dot(signs, saved) >= saved.sum() - 1e-12 for signs in itertools.product([-1, 1], repeat=8)])
    assert compare_models("mae", y, a, b).p_value == pytest.approx(exact, abs=0.01)


def test_a_better_model_is_better_and_the_worse_one_is_not():
    random = np.random.default_rng(1)
    y = random.normal(size=200)
    near, far = y + 0.3 * random.normal(size=200), np.zeros(200)
    assert compare_models("rmse", y, near, far).is_better
    assert not compare_models("rmse", y, far, near).is_better
    assert compare_models("rmse", y, near, far).gain == pytest.approx(-compare_models("rmse", y, far, near).gain)


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "f1", "rmse"])
def test_the_same_predictions_are_no_better(metric):
    y = np.array([0, 1, 0, 1, 1, 0])
    p = np.array([0.2, 0.8, 0.4, 0.6, 0.3, 0.1])
    found = compare_models(metric, y, p, p)
    assert (found.gain, found.p_value, found.is_better) == (0, 1, False)


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "rmse"])
def test_noise_is_rarely_called_better_than_a_dummy(metric):
    random, claimed = np.random.default_rng(2), 0
    for _ in range(200):
        y = random.normal(size=80) if metric == "rmse" else (random.random(80) < 0.4).astype(int)
        noise = 0.05 * random.normal(size=80)
        middle = 0.0 if metric == "rmse" else 0.4
        claimed += compare_models(metric, y, middle + noise, np.full(80, middle)).is_better
    # Binomial(200, 0.05) stays at or below 18 in 99 % of cases.
    assert claimed <= 18


def test_rows_of_one_group_change_sides_together():
    random = np.random.default_rng(3)
    shift = np.repeat(random.normal(0.2, 1, 6), 50)
    y, better = np.zeros(300), np.ones(300)
    worse = np.abs(1 + shift)
    assert (
        compare_models("mae", y, better, worse).p_value
        < compare_models("mae", y, better, worse, dependence=Dependence(groups=np.repeat(range(6), 50))).p_value
    )


def test_many_rows_give_the_same_answer_by_t_as_few_by_permutation():
    random = np.random.default_rng(4)
    y, a, b = random.normal(size=6000), np.zeros(6000), 0.02 * random.normal(size=6000) + 0.01
    many = compare_models("mae", y, a, b)
    t = many.gain / many.standard_error
    from scipy.stats import norm

    assert many.p_value == pytest.approx(norm.sf(t), abs=0.005) and 0 < ALPHA < 0.1
