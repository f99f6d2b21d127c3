from __future__ import annotations

import math

from tasks.adapters.record.points import Points
from tasks.evidence.outputs.facts import MeasuredMetric


def told(name, value, step=None, source="stdout", **more):
    return MeasuredMetric(
        name=name, original=name, value=value, step=step, source=source, place="log:1", is_final=False, direction="unknown", **more
    )


def brief(points):
    return [(p.name, p.value, p.step) for p in points]


def test_what_appeared_live_is_not_a_point_again_when_the_whole_is_read():
    points = Points()
    live = [told("loss", 0.5, 1), told("loss", 0.4, 2)]
    assert brief(points.live(live)) == [("loss", 0.5, 1), ("loss", 0.4, 2)]
    assert brief(points.whole([*live, told("loss", 0.3, 3)])) == [("loss", 0.3, 3)]


def test_values_without_a_step_keep_their_order_and_equal_ones_stay_several():
    points = Points()
    assert brief(points.live([told("acc", 0.5), told("acc", 0.5)])) == [("acc", 0.5, 0), ("acc", 0.5, 1)]
    assert brief(points.whole([told("acc", 0.5), told("acc", 0.5), told("acc", 0.5)])) == [("acc", 0.5, 2)]


def test_a_number_that_a_line_and_a_file_tell_is_one_point():
    points = Points()
    assert len(points.whole([told("acc", 0.9), told("acc", 0.9, source="file"), told("acc", 0.8, source="mlflow")])) == 2


def test_a_percentage_is_logged_as_the_proportion_it_is():
    assert brief(Points().live([told("acc", 93.25, unit="%")])) == [("acc", 0.9325, 0)]


def test_what_is_not_finite_is_no_point():
    assert Points().live([told("loss", math.nan), told("loss", math.inf), told("loss", -math.inf)]) == []


def test_a_step_beyond_what_the_store_keeps_counts_as_none():
    assert brief(Points().live([told("loss", 1.0, 2**70)])) == [("loss", 1.0, 0)]


def test_points_taken_up_from_a_journal_are_not_made_again():
    first = Points()
    made = first.live([told("loss", 0.5, 1), told("acc", 0.7)])
    second = Points()
    second.restore(made)
    assert second.whole([told("loss", 0.5, 1), told("acc", 0.7)]) == []
    assert brief(second.live([told("acc", 0.7)])) == [("acc", 0.7, 1)]
