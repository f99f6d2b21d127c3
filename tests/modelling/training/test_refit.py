import time

import numpy as np
import pandas as pd

from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.refit import refit
from tasks.modelling.training.search import search


def predict(fitted, frame):
    views, parts = fitted
    return sum(part.weight * part.estimator.predict(views[part.view].transform(frame)) for part in parts)


def build(make_data, recipe, folder, folds=None):
    data = make_data("regression", folds=folds)
    outcome = search(data, folder, 1, recipe, SearchOptions(families=("ridge",), max_candidates=2), time.time() + 60)
    ridge = [m for m in outcome.members if m.family == "ridge"]
    return data, [m.model_copy(update={"weight": 1.0}) for m in ridge]


def test_opened_rows_change_the_model_and_weights_still_sum_to_one(make_data, recipe, tmp_path):
    data, members = build(make_data, recipe, tmp_path)
    sealed = pd.DataFrame({"a": np.linspace(5, 6, 60), "b": 0.0, "noise": 0.0})
    y = np.full(60, float(data.y.max()))
    fitted = refit(data, sealed, y, members, tmp_path, time.time() + 60)
    _views, parts = fitted
    assert len(parts) == 3 and abs(sum(part.weight for part in parts) - 1) < 1e-9
    from tasks.modelling.assembling import parts_of
    from tasks.modelling.training.store import Store

    before = predict(parts_of(Store(tmp_path), members, data.fold_numbers), sealed)
    assert np.abs(predict(fitted, sealed) - y).mean() < np.abs(before - y).mean()


def test_after_a_split_by_time_one_model_sees_all_rows(make_data, recipe, tmp_path):
    data, members = build(make_data, recipe, tmp_path, np.repeat([-1, 0, 1], 50))
    _, parts = refit(data, data.frame[:20], data.y[:20], members, tmp_path, time.time() + 60)
    assert len(parts) == 1


def test_without_time_nothing_is_refitted(make_data, recipe, tmp_path):
    data, members = build(make_data, recipe, tmp_path)
    assert refit(data, data.frame[:20], data.y[:20], members, tmp_path, time.time()) is None
