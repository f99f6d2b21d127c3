import numpy as np
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from tasks.modelling.runtime.estimators import AllClasses, BoundedInput, Clipped, Hurdle, MarginClassifier, Mean, TransformedTarget

X = np.arange(12.0).reshape(-1, 1)


class Fixed:
    """Predicts what it was given."""

    classes_ = np.array([0, 1])

    def __init__(self, value):
        self.value = np.asarray(value, dtype=float)

    def predict(self, X):
        return self.value

    predict_proba = decision_function = predict


def test_a_class_the_training_rows_lacked_has_probability_zero():
    y = np.where(X[:, 0] > 5, 2, 0)
    proba = AllClasses(LogisticRegression(), 4).fit(X, y).predict_proba(X)
    assert proba.shape == (12, 4) and (proba[:, [1, 3]] == 0).all() and np.allclose(proba.sum(axis=1), 1)


def test_a_target_that_is_exponential_is_linear_on_the_log_scale():
    y = np.expm1(0.3 * X[:, 0])
    assert TransformedTarget(LinearRegression(), "log").fit(X, y).predict(X) == pytest.approx(y, rel=1e-6, abs=1e-6)


def test_negative_targets_can_be_transformed_too():
    y = X[:, 0] - 5
    assert np.isfinite(TransformedTarget(LinearRegression(), "root").fit(X, y).predict(X)).all()


def test_smearing_brings_the_mean_back():
    y = np.array([0.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.0, 1.0])
    constant = DummyRegressor()  # on the log scale it predicts 1/6 log 2, whose back-transform is below the mean of 1/6
    assert TransformedTarget(constant, "log").fit(X, y).predict(X) == pytest.approx(np.full(12, 1 / 6))
    assert TransformedTarget(constant, "log", smear=False).fit(X, y).predict(X)[0] == pytest.approx(2 ** (1 / 6) - 1)


def test_predictions_stay_in_the_range_seen():
    assert Clipped(Fixed([-3, 0.5, 9]), 0, 1).predict(X).tolist() == [0, 0.5, 1]


def test_mean_of_two_models():
    assert Mean([Fixed([1, 2]), Fixed([3, 4])]).predict(X).tolist() == [2, 3]


def test_hurdle_multiplies_chance_and_amount():
    assert Hurdle(Fixed([[0.75, 0.25], [0, 1]]), Fixed([8, -2])).predict(X).tolist() == [2, 0]


def test_margin_zero_is_even_odds_and_scale_sharpens():
    soft, sharp = (MarginClassifier(Fixed([0.0, 1.0]), 2, scale).predict_proba(X)[:, 1] for scale in (1.0, 3.0))
    assert soft[0] == sharp[0] == 0.5 and soft[1] == pytest.approx(1 / (1 + np.e**-1)) and sharp[1] > soft[1]


def test_inputs_far_outside_are_bounded():
    line = LinearRegression().fit(X, X[:, 0])
    assert BoundedInput(line, 8.0).predict(np.array([[1e6]])) == pytest.approx([8.0])
