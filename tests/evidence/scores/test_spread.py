"""Variance of a mean of dependent rows."""

import numpy as np
import pytest

from tasks.evidence.scores.spread import Dependence, measure_spread, unit_sums


def test_variance_of_independent_rows_is_that_of_their_mean():
    values = np.array([-3.0, 1.0, 2.0, 0.0])
    assert measure_spread(values).variance == pytest.approx(np.var(values, ddof=1) / 4)


def test_rows_that_repeat_within_groups_are_worth_one_each():
    values = np.random.default_rng(0).normal(size=50)
    values -= values.mean()
    repeated, names = np.repeat(values, 10), np.repeat(np.arange(50), 10)
    assert measure_spread(repeated, Dependence(groups=names)).variance == pytest.approx(measure_spread(values).variance)
    assert measure_spread(repeated).variance < measure_spread(values).variance / 5


def test_groups_may_be_named_by_text_in_any_order():
    values = np.array([1.0, -2.0, 3.0, -2.0])
    assert sorted(unit_sums(values, Dependence(groups=np.array(["b", "a", "b", "a"], dtype=object)))) == [-4.0, 4.0]


def test_slow_swings_along_time_make_the_mean_less_sure():
    random = np.random.default_rng(1)
    swings = np.repeat(random.normal(size=40), 25)
    swings -= swings.mean()
    by_time = measure_spread(swings, Dependence(time=np.arange(1000)))
    assert by_time.variance > 8 * measure_spread(swings).variance
    mixed = random.permutation(1000)
    assert measure_spread(swings[mixed], Dependence(time=mixed)).variance == pytest.approx(by_time.variance)


def test_time_never_makes_the_mean_surer_than_independent_rows():
    alternating = np.tile([1.0, -1.0], 100)
    assert measure_spread(alternating, Dependence(time=np.arange(200))).variance >= measure_spread(alternating).variance * 0.999


def test_one_huge_value_leaves_few_degrees_of_freedom():
    normal = np.random.default_rng(2).normal(size=200)
    assert measure_spread(normal).freedom > 100
    assert measure_spread(np.r_[normal, 50.0]).freedom < 10


def test_nothing_that_moves_has_no_variance():
    assert measure_spread(np.zeros(10)).variance == 0
