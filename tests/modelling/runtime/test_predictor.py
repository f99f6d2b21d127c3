"""Raw rows in any shape a user gives them, predictions out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tasks.modelling.runtime import predictor as module
from tests.modelling.models import PLAIN, fit_predictor, raw_table


@pytest.fixture(scope="module")
def model():
    return fit_predictor(["logistic", "lightgbm"], weights=[3.0, 1.0])


def test_columns_may_stand_in_any_order_among_others(model):
    table = raw_table(30, seed=3)
    shuffled = table[[*reversed(table.columns)]].assign(more="x")
    assert np.array_equal(model.predict_proba(shuffled), model.predict_proba(table))


def test_rows_without_a_column_are_refused_by_its_name(model):
    with pytest.raises(ValueError, match=r"lack `age`, `price`\. The model reads 5 columns"):
        model.predict(raw_table(3).drop(columns=["age", "price"]))


def test_missing_and_unheard_of_values_are_predicted(model):
    table = raw_table(2).assign(age=[None, "unknown"], colour=["mauve", None], member=["perhaps", None], price=[None, "free"])
    assert np.isfinite(model.predict_proba(table)).all()


def test_a_row_is_predicted_the_same_alone_and_in_company(model, monkeypatch):
    table = raw_table(12, seed=4)
    together = model.predict_proba(table)
    alone = np.vstack([model.predict_proba(table.iloc[[i]]) for i in range(12)])
    assert together == pytest.approx(alone, abs=1e-7)
    monkeypatch.setattr(module, "LARGEST_CHUNK", 5)
    assert model.predict_proba(table) == pytest.approx(together, abs=1e-7)


def test_no_rows_give_no_predictions(model):
    assert model.predict_proba(raw_table(5).head(0)).shape == (0, 2)
    assert model.predict(raw_table(5).head(0)).shape == (0,)


def test_an_ensemble_is_the_weighted_mean_of_its_members(model):
    table = raw_table(20, seed=5)
    one, two = (replace(model, parts=(part,)).predict_proba(table) for part in model.parts)
    assert model.predict_proba(table) == pytest.approx(0.75 * one + 0.25 * two)


def test_the_threshold_is_the_least_probability_of_the_positive_class(model):
    chances = np.array([[0.6, 0.4], [0.601, 0.399]])
    assert replace(model, threshold=0.4).decide(chances).tolist() == ["yes", "no"]
    assert replace(model, threshold=0.4, positive="no").decide(chances).tolist() == ["no", "no"]
    assert model.decide(chances).tolist() == ["no", "no"]


def test_what_a_table_holds_is_not_changed(model):
    table = raw_table(5)
    before = table.copy()
    model.predict(table)
    pd.testing.assert_frame_equal(table, before)


def test_a_regression_has_values_and_no_probabilities():
    model = fit_predictor(["ridge"], "regression")
    assert model.predict(raw_table(4)).dtype == float
    with pytest.raises(ValueError, match="use predict"):
        model.predict_proba(raw_table(4))
    assert model.columns == PLAIN
