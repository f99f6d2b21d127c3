"""Permutation importances of columns, within a deadline."""

import time

import numpy as np
import pandas as pd
import pytest

from tasks.modelling.importances import measure_importances
from tests.modelling.predictions import contract


def rows():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"strong": random.normal(size=500), "weak": random.normal(size=500), "none": random.normal(size=500)})
    return frame, (3 * frame.strong + frame.weak).to_numpy()


def predict(frame):
    return (3 * frame.strong + frame.weak).to_numpy()


def test_a_column_is_worth_the_score_lost_without_its_order():
    frame, y = rows()
    found = measure_importances(predict, frame, y, contract("rmse", "regression"), deadline=time.time() + 30)
    assert [name for name, _ in found] == ["strong", "weak"]
    # RMSE rises from 0 to |coefficient| x sqrt(2).
    assert dict(found)["strong"] == pytest.approx(0.75, abs=0.03)
    assert sum(share for _, share in found) == pytest.approx(1)


def test_no_time_gives_nothing_and_little_time_the_first_columns():
    frame, y = rows()
    calls = []

    def slow(part):
        calls.append(1)
        time.sleep(0.05)
        return predict(part)

    assert measure_importances(slow, frame, y, contract("rmse", "regression"), deadline=time.time() - 1) == ()
    found = measure_importances(
        slow, frame, y, contract("rmse", "regression"), deadline=time.time() + 0.17, columns=["weak", "strong", "none"]
    )
    assert "none" not in dict(found) and len(calls) <= 4


def test_the_frame_it_was_given_stays_as_it_was():
    frame, y = rows()
    before = frame.copy()
    measure_importances(predict, frame, y, contract("rmse", "regression"), deadline=time.time() + 30)
    pd.testing.assert_frame_equal(frame, before)
