"""The first day on which something works, found with few trials."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

FIRST_STEP = timedelta(days=14)
PRECISION = timedelta(days=7)
"""One month matters: a project may run with the release before the one that appears next."""


def find_first_date(start: date, last: date, works: Callable[[date], bool]) -> date | None:
    """`start` if it works, else the first later day within a week that does; None when not even `last` works.

    Days are tried in growing steps and the gap is then halved: about fifteen trials for ten years. Assumes that what works
    on a day works later as well, which wheels on an index nearly always do.
    """
    if start >= last:
        return last if works(last) else None
    if works(start):
        return start
    failed, step = start, FIRST_STEP
    while True:
        tried = min(failed + step, last)
        if works(tried):
            break
        if tried == last:
            return None
        failed, step = tried, step * 2
    while tried - failed > PRECISION:
        middle = failed + (tried - failed) / 2
        if works(middle):
            tried = middle
        else:
            failed = middle
    return tried
