"""Slices: a part that is worse is found, chance is not, and small parts are left out."""

import numpy as np
import pytest

from tasks.evidence.scores.slices import MIN_ROWS, find_slices, score_slices


def errors(seed=0, n=1200):
    random = np.random.default_rng(seed)
    place = random.choice(np.array(["north", "south", "west", None], dtype=object), n)
    age = random.normal(40, 10, n)
    age[::7] = np.nan
    return place, age, random.normal(size=n)


def test_the_part_that_is_worse_comes_first():
    place, age, y = errors()
    y[place == "west"] *= 2
    found = score_slices("rmse", {"age": age, "place": place}, y, np.zeros(len(y)))
    assert (found[0].column, found[0].level, found[0].beyond_noise) == ("place", "west", True)
    assert found[0].rows == np.sum(place == "west") and found[0].estimate.value == pytest.approx(2, rel=0.15)
    assert not any(s.beyond_noise for s in found[1:])


def test_missing_values_are_a_part():
    place, age, y = errors()
    y[np.isnan(age)] *= 3
    found = score_slices("mae", {"age": age, "place": place}, y, np.zeros(len(y)))
    assert (found[0].column, found[0].level) == ("age", "missing")


def test_chance_is_seldom_called_worse():
    wrong = 0
    for seed in range(20):
        place, _, y = errors(seed, 600)
        columns = {"place": place, **{f"x{i}": np.random.default_rng([seed, i]).normal(size=600) for i in range(10)}}
        wrong += any(s.beyond_noise for s in score_slices("mae", columns, y, np.zeros(len(y))))
    assert wrong <= 4


def test_parts_of_too_few_rows_or_without_both_classes_are_left_out():
    place = np.array(["a"] * 500 + ["b"] * (MIN_ROWS - 1) + ["c"] * 60, dtype=object)
    assert {level for _, level, _ in find_slices({"place": place})} == {"a", "c"}
    y = np.r_[np.tile([0, 1], 250), np.zeros(MIN_ROWS - 1), np.zeros(60)].astype(int)
    p = np.random.default_rng(0).random(len(y))
    assert {s.level for s in score_slices("roc_auc", {"place": place}, y, p)} == set()


def test_numbers_are_cut_at_their_quartiles():
    rows = {level: int(r.sum()) for _, level, r in find_slices({"x": np.arange(400.0)})}
    assert len(rows) == 4 and set(rows.values()) == {100}
