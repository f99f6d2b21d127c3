"""How the seconds of a build are shared: what the ending needs is kept back first, the loops share the rest."""

from __future__ import annotations

from tasks.rules.building.contract import Value

LEAST_ENDING_SECONDS = 4.0
"""Sealed test, model file, plots, record and report of a small table, measured on two cores."""
ENDING_SHARE = 0.10
"""Of the budget, besides: refitting, larger models, more plots."""
MOST_ENDING_SECONDS = 90.0
FIRST_LOOP_SHARE = 0.6
"""Of the time for searching, when more loops may follow; a later one takes as much of what is left."""
LEAST_LOOP_SECONDS = 4.0
"""A loop of less cannot finish one candidate of most families."""


class Schedule(Value):
    """Moments in Unix seconds."""

    loop_end: float
    """When the search of this loop must have ended."""
    search_end: float
    """When all searching must have ended."""
    deadline: float


def ending_seconds(budget: float, rows: int) -> float:
    """Seconds kept back for what follows the last loop."""
    size = min(rows / 50_000, 2.0)
    return min(LEAST_ENDING_SECONDS + ENDING_SHARE * budget + size, MOST_ENDING_SECONDS)


def plan_loop(now: float, deadline: float, budget: float, rows: int, loop: int, max_loops: int) -> Schedule:
    """When this loop's search ends. The last loop that fits takes all that is left."""
    search_end = deadline - ending_seconds(budget, rows)
    left = max(0.0, search_end - now)
    share = left * FIRST_LOOP_SHARE
    alone = loop >= max_loops or left - share < LEAST_LOOP_SECONDS
    return Schedule(loop_end=now + (left if alone else share), search_end=search_end, deadline=deadline)
