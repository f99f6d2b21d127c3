"""The ending keeps its seconds, and the loops share what is left."""

import pytest

from tasks.rules.building.schedule import LEAST_SECOND_LOOP_SECONDS, ending_seconds, plan_loop, recording_seconds, writing_seconds

NOW = 1_000_000.0


def plan(budget, loop=1, max_loops=3, rows=500, left=None):
    left = budget if left is None else left
    return plan_loop(NOW, NOW + left, budget, rows, loop, max_loops)


def test_the_ending_of_a_minute_on_a_small_table_is_worked_out_by_hand():
    """Recording 2.5 + 5 % of 60, writing 3 + 500 / 50,000, refitting 8 % of 60."""
    assert ending_seconds(60.0, 500) == pytest.approx(5.5 + 3.01 + 4.8)


def test_a_first_loop_takes_three_fifths_when_others_may_follow():
    search = 60.0 - ending_seconds(60.0, 500)
    assert plan(60.0).loop_end == pytest.approx(NOW + 0.6 * search)
    assert plan(60.0).search_end == pytest.approx(NOW + search)


@pytest.mark.parametrize("loop", [2, 3])
def test_the_last_loop_allowed_takes_all_that_is_left(loop):
    planned = plan(60.0, loop=loop, max_loops=loop)
    assert planned.loop_end == planned.search_end


def test_a_first_loop_takes_all_when_the_rest_would_be_too_short_for_a_second():
    """Two fifths of what is left must be eight seconds, so twenty in all."""
    ending = ending_seconds(60.0, 500)
    enough, short = (plan(60.0, left=ending + LEAST_SECOND_LOOP_SECONDS / 0.4 + d) for d in (0.1, -0.1))
    assert enough.loop_end < enough.search_end and short.loop_end == short.search_end


def test_a_build_whose_time_is_used_up_searches_no_more_and_is_not_planned_into_the_past():
    planned = plan(60.0, left=-20.0)
    assert planned.loop_end == NOW and planned.deadline == NOW - 20.0


def test_what_is_kept_back_for_recording_lies_within_the_ending_and_large_tables_cost_at_most_three_seconds_more():
    assert recording_seconds(20.0) + writing_seconds(500) < ending_seconds(20.0, 500)
    assert writing_seconds(10**9) == writing_seconds(0) + 3.0
