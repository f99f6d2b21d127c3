"""No leak survives in the crafted leaking tables, and nothing honest is dropped."""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.leaks.measuring import find_leaks
from tests.evidence.leaks.tables import (
    HONEST,
    LEAKING,
    Crafted,
    change_since_the_row_before,
    lagged_target,
    part_of_a_total,
    total_of_parts,
)


def _dropped(crafted: Crafted) -> set[str]:
    found = find_leaks(crafted.frame, crafted.y, None, target="target", task=crafted.task, time_ordered=crafted.time_ordered)
    return {column for leak in found if leak.certain for column in leak.columns}


@pytest.mark.parametrize("make", LEAKING, ids=lambda make: make.__name__)
def test_exactly_the_leaking_columns_are_certain(make: Callable[[], Crafted]) -> None:
    crafted = make()
    assert crafted.leaks
    assert _dropped(crafted) == crafted.leaks


@pytest.mark.parametrize("make", HONEST, ids=lambda make: make.__name__)
def test_no_honest_column_is_certain(make: Callable[[], Crafted]) -> None:
    assert _dropped(make()) == set()


def test_evidence_tells_the_identity_with_its_rows() -> None:
    crafted = total_of_parts()
    (leak,) = find_leaks(crafted.frame, crafted.y, None, target="cnt", task="regression")
    assert leak.kind == "identity_sum"
    assert "equals the target in 500 of 500 rows" in leak.evidence


def test_a_total_that_contains_the_target_is_dropped_and_the_other_parts_stay() -> None:
    assert _dropped(part_of_a_total()) == {"total"}


def test_a_leak_behind_a_leak_is_found_too() -> None:
    crafted = total_of_parts()
    doubled = Crafted(crafted.frame.assign(again=crafted.y * 2.0), crafted.y, "regression")
    assert _dropped(doubled) == {"casual", "members", "again"}


def test_lags_are_excused_in_a_file_that_begins_with_the_newest_row() -> None:
    crafted = lagged_target()
    dated = crafted.frame.assign(day=pd.date_range("2020-01-01", periods=len(crafted.y)))
    back = Crafted(dated.iloc[::-1].reset_index(drop=True), crafted.y[::-1].copy(), "regression", time_ordered=True)
    assert _dropped(back) == set()


def test_what_changed_since_the_row_before_leaks_and_the_row_before_does_not() -> None:
    assert _dropped(change_since_the_row_before()) == {"change"}


def test_rows_of_another_order_are_read_along_the_column_of_time() -> None:
    crafted = lagged_target()
    dated = crafted.frame.assign(day=pd.date_range("2020-01-01", periods=len(crafted.y)))
    mixed = np.random.default_rng(0).permutation(len(crafted.y))
    found = find_leaks(
        dated.iloc[mixed].reset_index(drop=True), crafted.y[mixed], None, target="t", task="regression", time_ordered=True, order="day"
    )
    assert [leak for leak in found if leak.certain] == []


def test_few_rows_one_class_and_no_columns_give_nothing() -> None:
    frame = pd.DataFrame({"a": np.arange(30.0)})
    assert find_leaks(frame.head(5), np.arange(5.0), None, target="y", task="regression") == ()
    assert find_leaks(frame, np.zeros(30, dtype=int), None, target="y", task="binary") == ()
    assert find_leaks(frame[[]], np.arange(30.0), None, target="y", task="regression") == ()


def test_a_wide_table_is_looked_at_in_bounded_time() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(1000, 1500)), columns=[f"f{i}" for i in range(1500)])
    began = time.process_time()
    find_leaks(frame, (frame.f3 + rng.normal(0, 1, 1000) > 0).astype(int).to_numpy(), None, target="y", task="binary")
    assert time.process_time() - began < 8


def test_petals_that_separate_a_species_are_no_leak() -> None:
    from sklearn.datasets import load_iris

    flowers = load_iris(as_frame=True)
    assert _dropped(Crafted(flowers.data, (flowers.target == 0).astype(int).to_numpy(), "binary")) == set()
