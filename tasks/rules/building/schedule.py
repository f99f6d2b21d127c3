"""How the seconds of a build are shared: what the ending needs is kept back first, the loops share the rest."""

from __future__ import annotations

from tasks.rules.building.contract import Value

RECORDING_SECONDS = 2.5
"""Registration, report, record and the end of the process, for a small model on two cores."""
WRITING_SECONDS = 3.0
"""Sealed test, model file and pictures of a small table."""
REFIT_SHARE = 0.08
"""Of the budget: fitting the champion again with the opened rows."""
SLOWNESS_SHARE = 0.05
"""Of the budget, kept for a machine that others use too."""
MOST_ENDING_SECONDS = 90.0
FIRST_LOOP_SHARE = 0.6
"""Of the time for searching, when more loops may follow; a later one takes as much of what is left."""
LEAST_LOOP_SECONDS = 4.0
"""A loop of less cannot finish one candidate of most families."""
LEAST_SECOND_LOOP_SECONDS = 8.0
"""What must be left for a second loop, or the first takes all."""


class Schedule(Value):
    """Moments in Unix seconds."""

    loop_end: float
    """When the search of this loop must have ended."""
    search_end: float
    """When all searching must have ended."""
    deadline: float


def recording_seconds(budget: float) -> float:
    """Seconds kept back for what the flow does after the builder has finished."""
    return RECORDING_SECONDS + SLOWNESS_SHARE * budget


def writing_seconds(rows: int) -> float:
    """Seconds kept back for the sealed test, the model's files and pictures."""
    return WRITING_SECONDS + min(rows / 50_000, 3.0)


def ending_seconds(budget: float, rows: int) -> float:
    """Seconds kept back for what follows the last loop."""
    return min(recording_seconds(budget) + writing_seconds(rows) + REFIT_SHARE * budget, MOST_ENDING_SECONDS)


def plan_loop(now: float, deadline: float, budget: float, rows: int, loop: int, max_loops: int) -> Schedule:
    """When this loop's search ends. The last loop that fits takes all that is left."""
    search_end = deadline - ending_seconds(budget, rows)
    left = max(0.0, search_end - now)
    share = left * FIRST_LOOP_SHARE
    alone = loop >= max_loops or left - share < LEAST_SECOND_LOOP_SECONDS
    return Schedule(loop_end=now + (left if alone else share), search_end=search_end, deadline=deadline)
