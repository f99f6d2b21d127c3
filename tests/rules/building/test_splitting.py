"""The right kind of split for tables of kinds people have, and how large its parts are."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tasks.rules.building.objective import Overrides, understand
from tasks.rules.building.splitting import plan_split
from tests.rules.building.tables import CASES, Case, houses_with_sale_dates, patients_with_visits, profile_of, stores_by_days


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_rows_are_kept_apart_by_what_makes_them_alike(make: Callable[[], Case]) -> None:
    case = make()
    profile = profile_of(case.frame)
    plan = plan_split(profile, understand(case.objective, profile))
    assert (plan.kind, plan.column) == (case.kind, case.column)
    assert plan.reasons


def test_a_date_that_only_describes_a_row_is_told() -> None:
    profile = profile_of(houses_with_sale_dates().frame)
    plan = plan_split(profile, understand("Estimate the price", profile))
    assert any("sale_date only describes each row" in r for r in plan.reasons)


def test_flags_win_over_the_profile() -> None:
    profile = profile_of(houses_with_sale_dates().frame)
    by_time = plan_split(profile, understand("Estimate the price", profile, Overrides(time="sale_date")))
    by_group = plan_split(profile, understand("Estimate the price", profile, Overrides(group="zipcode")))
    assert (by_time.kind, by_time.column) == ("time", "sale_date")
    assert (by_group.kind, by_group.column) == ("group", "zipcode")


def test_new_stores_are_groups_although_the_table_is_a_panel() -> None:
    profile = profile_of(stores_by_days().frame)
    plan = plan_split(profile, understand("Predict the sales of unseen stores", profile))
    assert (plan.kind, plan.column) == ("group", "store_id")


def _table(rows: int, positives: int) -> pd.DataFrame:
    y = np.zeros(rows, dtype=int)
    y[:positives] = 1
    return pd.DataFrame({"x": np.random.default_rng(0).normal(size=rows), "y": np.random.default_rng(1).permutation(y)})


@pytest.mark.parametrize(
    ("rows", "positives", "share", "folds"),
    [(1000, 300, 0.2, 5), (200, 100, 0.2, 5), (60_000, 9000, 0.1, 4), (2000, 80, 0.25, 5), (2000, 30, 0.3, 5)],
)
def test_sizes_follow_rows_and_the_rarest_class(rows: int, positives: int, share: float, folds: int) -> None:
    profile = profile_of(_table(rows, positives))
    plan = plan_split(profile, understand("Predict y", profile))
    assert (plan.test_share, plan.folds, plan.stratified) == (share, folds, True)


def test_folds_are_no_more_than_groups_allow() -> None:
    frame = patients_with_visits().frame
    few = frame[frame.patient_id < 5004].reset_index(drop=True)
    profile = profile_of(few)
    plan = plan_split(profile, understand("Predict the pressure", profile, Overrides(group="patient_id")))
    assert plan.folds == 3
