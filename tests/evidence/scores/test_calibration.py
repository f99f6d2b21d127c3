"""Calibration by hand, its decomposition, and its noise."""

import numpy as np
import pytest

from tasks.evidence.scores.calibration import events, measure_calibration


def test_error_of_two_bins_by_hand():
    y, p = np.array([0, 0, 0, 1, 1, 1, 1, 0]), np.array([0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9])
    found = measure_calibration(y, p, bins=2)
    # Observed 1/4 where 0.1 was said, 3/4 where 0.9 was said.
    assert found.error == pytest.approx(0.15)
    assert [(b.predicted, b.observed, b.rows) for b in found.curve] == [(pytest.approx(0.1), 0.25, 4), (pytest.approx(0.9), 0.75, 4)]
    assert found.reliability - found.resolution + found.uncertainty == pytest.approx(np.mean((p - y) ** 2))


def test_true_probabilities_are_within_noise_and_overconfident_ones_are_not():
    random, inside = np.random.default_rng(0), 0
    for seed in range(40):
        z = random.normal(size=500)
        p = 1 / (1 + np.exp(-z))
        y = random.random(500) < p
        inside += not measure_calibration(y.astype(int), p, seed=seed).beyond_noise
        assert measure_calibration(y.astype(int), 1 / (1 + np.exp(-4 * z))).beyond_noise
    assert 34 <= inside <= 40


def test_rows_with_one_probability_stay_together_in_any_order():
    y = np.random.default_rng(1).integers(0, 2, 100)
    found = measure_calibration(y, np.full(100, 0.4))
    assert len(found.curve) == 1
    assert found.error == pytest.approx(abs(y.mean() - 0.4))


def test_of_several_classes_the_likeliest_one_counts():
    happened, p = events(np.array([2, 0]), np.array([[0.1, 0.2, 0.7], [0.3, 0.6, 0.1]]))
    assert happened.tolist() == [True, False] and p.tolist() == [0.7, 0.6]


def test_the_positive_class_may_be_the_first_one():
    happened, p = events(np.array([0, 1]), np.array([0.2, 0.9]), positive=0)
    assert happened.tolist() == [True, False] and p == pytest.approx([0.8, 0.1])
