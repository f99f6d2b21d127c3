import pytest

from tasks.rules.performance import find_declines, lower_is_better


def test_a_fall_of_a_ninth_is_a_high_decline():
    (decline,) = find_declines({"accuracy": [0.90, 0.80]})
    assert (decline.level, decline.decline) == ("high", pytest.approx(0.1111, abs=1e-4))


@pytest.mark.parametrize(("latest", "levels"), [(0.951, []), (0.95, ["medium"]), (0.901, ["medium"]), (0.90, ["high"])])
def test_declines_of_five_and_ten_percent_are_walked_from_both_sides(latest, levels):
    assert [d.level for d in find_declines({"f1": [1.0, latest]})] == levels


def test_an_error_that_grows_is_a_decline_and_one_that_shrinks_is_not():
    assert [d.metric for d in find_declines({"claimed/rmse": [10.0, 12.0], "val/loss": [1.0, 0.5]})] == ["claimed/rmse"]


def test_the_latest_value_is_compared_with_the_best_earlier_one():
    (decline,) = find_declines({"accuracy": [0.80, 1.00, 0.92]})
    assert decline.earlier == 1.00
    assert decline.level == "medium"


def test_one_value_or_a_best_of_zero_says_nothing():
    assert find_declines({"accuracy": [0.9], "r2": [0.0, -0.5]}) == ()


@pytest.mark.parametrize(
    ("name", "lower"), [("rmse", True), ("test_mae", True), ("val/loss", True), ("accuracy", False), ("glossary", False)]
)
def test_direction_of_a_metric(name, lower):
    assert lower_is_better(name) is lower
