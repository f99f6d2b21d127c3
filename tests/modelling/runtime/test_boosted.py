import pickle
import time

import numpy as np
import pytest

from tasks.modelling.runtime.boosted import CatBoostModel, LightGBMModel

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(300, 3)).astype(np.float32)
X[:, 2] = GENERATOR.integers(0, 4, 300)
X[::10, 0] = np.nan
VALUE = np.nan_to_num(X[:, 0]) + 3 * (X[:, 2] == 2)
KINDS = [LightGBMModel, CatBoostModel]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_classes", [0, 2, 3])
def test_levels_and_missing_values_are_learned_and_survive_a_pickle(kind, n_classes):
    y = VALUE if not n_classes else np.digitize(VALUE, [0.5, 2.0][: n_classes - 1])
    model = kind({"learning_rate": 0.2}, n_classes, rounds=40).fit(X, y, categorical=[2])
    again = pickle.loads(pickle.dumps(model))
    if n_classes:
        assert model.predict_proba(X).shape == (300, n_classes)
        assert (model.predict(X) == y).mean() > 0.9
        assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    else:
        assert np.corrcoef(model.predict(X), y)[0, 1] > 0.9
        assert np.array_equal(again.predict(X), model.predict(X))


@pytest.mark.parametrize("kind", KINDS)
def test_held_rows_stop_boosting_on_noise(kind):
    noise = GENERATOR.normal(size=300)
    model = kind({"learning_rate": 0.3}, 0, rounds=300, patience=10).fit(X[:200], noise[:200], validation=(X[200:], noise[200:]))
    assert model.rounds_ < 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_moment_that_has_passed_ends_boosting_with_the_trees_it_has(kind):
    model = kind({}, 0, rounds=5000, until=time.time()).fit(X, VALUE)
    assert model.rounds_ < 20 and np.isfinite(model.predict(X)).all()


def test_a_level_never_seen_is_predicted():
    model = CatBoostModel({}, 0, rounds=10).fit(X, VALUE, categorical=[2])
    assert np.isfinite(model.predict(np.array([[0, 0, 99], [0, 0, np.nan]], dtype=np.float32))).all()
