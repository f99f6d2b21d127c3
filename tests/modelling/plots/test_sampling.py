"""What of a column is drawn."""

import numpy as np
import pytest

from tasks.modelling.plots.sampling import density, finite, sample_rows, shown_range


def test_a_sample_has_each_row_at_most_once_in_order_and_all_when_they_fit():
    rows = sample_rows(1000, 50)
    assert len(rows) == 50
    assert (np.diff(rows) > 0).all()
    assert sample_rows(3, 50).tolist() == [0, 1, 2]


def test_the_density_of_a_normal_sample_has_its_height_and_integrates_to_one():
    values = np.random.default_rng(0).normal(size=20_000)
    x, y = density(values, -5.0, 5.0)
    assert y.max() == pytest.approx(1 / np.sqrt(2 * np.pi), rel=0.05)
    assert np.trapezoid(y, x) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("values", [[], [1.0] * 20, [1.0, 2.0, 3.0], [1e200, -1e200, 1e201, 0, 1, 2]])
def test_there_is_no_density_of_few_constant_or_huge_values(values):
    numbers = finite(values)
    assert density(numbers, *shown_range(numbers)) is None


def test_a_far_outlier_does_not_stretch_the_axis_and_a_constant_gets_room():
    low, high = shown_range(np.append(np.linspace(0, 1, 101), 1e6))
    assert (low, high) == (0.0, pytest.approx(0.75 + 6 * 0.5, abs=0.05))
    assert shown_range(np.array([5.0, 5.0]))[0] < 5.0 < shown_range(np.array([5.0, 5.0]))[1]
