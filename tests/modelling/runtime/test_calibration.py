"""Calibrators against scikit-learn, and the order of rows they keep."""

import numpy as np
import pytest

from tasks.modelling.runtime.calibration import IsotonicCalibrator, PlattCalibrator, TemperatureCalibrator, logit


def overconfident(n=4000, seed=0):
    random = np.random.default_rng(seed)
    z = 2 * random.normal(size=n)
    y = (random.random(n) < 1 / (1 + np.exp(-(0.5 * z - 1)))).astype(int)
    return 1 / (1 + np.exp(-z)), y


def test_platt_is_a_logistic_regression_on_the_logit():
    from sklearn.linear_model import LogisticRegression

    p, y = overconfident()
    found = PlattCalibrator().fit(p, y)
    reference = LogisticRegression(C=1e9, max_iter=1000).fit(logit(p)[:, None], y)
    assert found.slope == pytest.approx(reference.coef_[0, 0], rel=0.01)
    assert found.shift == pytest.approx(reference.intercept_[0], rel=0.01)


def test_classes_told_apart_do_not_make_the_slope_infinite():
    y = np.repeat([0, 1], 30)
    moved = PlattCalibrator().fit(np.repeat([0.2, 0.8], 30), y).transform(np.array([0.2, 0.8]))
    # Platt 1999: 31 / 32 and 1 / 32 for thirty rows of each class.
    assert moved == pytest.approx([1 / 32, 31 / 32], abs=1e-3)


def test_probabilities_that_say_the_contrary_are_flattened_not_turned_round():
    y = np.repeat([0, 1], 30)
    moved = PlattCalibrator().fit(np.repeat([0.8, 0.2], 30), y).transform(np.array([0.2, 0.8]))
    assert moved[0] < moved[1] < moved[0] + 0.1


@pytest.mark.parametrize("kind", [PlattCalibrator, IsotonicCalibrator])
def test_the_order_of_rows_stays_and_both_columns_sum_to_one(kind):
    p, y = overconfident(1000)
    moved = kind().fit(np.column_stack([1 - p, p]), y).transform(np.column_stack([1 - p, p]))
    assert moved.sum(axis=1) == pytest.approx(np.ones(1000))
    assert np.all(np.diff(moved[np.argsort(p), 1]) >= -1e-12)
    assert ((moved > 0) & (moved < 1)).all()


def test_isotonic_recovers_the_shares():
    p, y = overconfident(20_000)
    moved = IsotonicCalibrator().fit(p, y).transform(np.array([1 / (1 + np.exp(-2.0)), 0.5]))
    assert moved == pytest.approx([0.5, 1 / (1 + np.e)], abs=0.04)


def test_temperature_finds_how_much_too_sure_the_model_is():
    random = np.random.default_rng(1)
    z = random.normal(size=(8000, 3)) * 2
    true = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    y = (true.cumsum(axis=1) < random.random((8000, 1))).sum(axis=1)
    sharp = true**3 / (true**3).sum(axis=1, keepdims=True)
    found = TemperatureCalibrator().fit(sharp, y)
    assert found.temperature == pytest.approx(3, rel=0.1)
    assert (found.transform(sharp).argmax(axis=1) == sharp.argmax(axis=1)).all()


@pytest.mark.parametrize(
    "calibrator", [PlattCalibrator(0.7, 0.1), TemperatureCalibrator(1.3), IsotonicCalibrator(np.array([0.1, 0.8]), np.array([0.2, 0.7]))]
)
def test_it_survives_the_safe_file(calibrator, tmp_path):
    import skops.io as sio

    from tasks.modelling.runtime.trusted import is_trusted

    sio.dump(calibrator, tmp_path / "c.skops")
    asked = sio.get_untrusted_types(file=tmp_path / "c.skops")
    assert all(is_trusted(name) for name in asked)
    p = np.array([[0.4, 0.6], [0.9, 0.1]])
    assert sio.load(tmp_path / "c.skops", trusted=asked).transform(p).tolist() == calibrator.transform(p).tolist()
