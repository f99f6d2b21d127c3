"""What is believed, what is final, what is kept."""

import math

import pytest

from tasks.evidence.outputs.judging import MAX_METRICS, judge
from tasks.evidence.outputs.plausible import fits, why_impossible
from tasks.evidence.outputs.seen import Seen


def seen(name, value, **more):
    return Seen(name, more.pop("original", name), value, place=more.pop("place", "log:1"), **more)


def test_the_last_value_of_a_name_in_a_source_is_final_and_the_others_stay():
    judged = judge([seen("r2", 0.8), seen("r2", 0.886), seen("r2", 0.88), seen("r2", 0.7, origin="metrics.json")], "training")
    assert [(m.value, m.is_final) for m in judged.metrics] == [(0.8, False), (0.886, False), (0.88, True), (0.7, True)]


def test_an_unnamed_number_is_never_final():
    assert [m.is_final for m in judge([seen("unnamed", 0.5)], "training").metrics] == [False]


@pytest.mark.parametrize(
    ("name", "value"),
    [("accuracy", 7.5), ("rmse", -0.1), ("r2", 1.2), ("mcc", -1.1), ("loss", math.nan), ("mae", math.inf), ("accuracy", 101.0)],
)
def test_an_impossible_value_is_flagged_not_reported(name, value):
    judged = judge([seen(name, value)], "training")
    assert judged.metrics == [] and list(judged.flagged) == [f"{name} at log:1"]


def test_percent_without_its_sign_is_told_by_the_series():
    judged = judge([seen("accuracy", 9.8, step=1), seen("accuracy", 50.0, step=2)], "training")
    assert [(m.value, m.unit) for m in judged.metrics] == [(9.8, "%"), (50.0, "%")]


def test_edges_of_the_possible():
    assert why_impossible("accuracy", 1.0, "") == "" and why_impossible("accuracy", 1.001, "") != ""
    assert why_impossible("accuracy", 100.0, "%") == "" and why_impossible("accuracy", 100.1, "%") != ""
    assert fits("r2", -3.0, "") and not fits("accuracy", -3.0, "") and fits("rmse", 3.0, "")


def test_a_percentage_of_an_error_is_no_unit():
    (metric,) = judge([seen("mape", 30.0, unit="%")], "training").metrics
    assert (metric.value, metric.unit) == (30.0, "")


def test_a_long_curve_is_thinned_and_keeps_its_last_value():
    judged = judge([seen("loss", float(i), step=i) for i in range(10_000)], "training")
    assert len(judged.metrics) <= 300 and judged.metrics[-1].value == 9999.0 and judged.metrics[-1].is_final
    assert judged.dropped == 10_000 - len(judged.metrics)


def test_a_million_names_are_bounded_and_counted():
    judged = judge([seen(f"accuracy_{i}", 0.5) for i in range(5000)], "training")
    assert len(judged.metrics) == MAX_METRICS and judged.dropped == 3000
