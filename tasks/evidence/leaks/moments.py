"""A target that is the time between two moments: the later one gives it away."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from tasks.evidence.leaks.columns import Table
from tasks.evidence.leaks.facts import LeakSuspect

MOST_MOMENTS, FEWEST_ROWS, FEWEST_VALUES = 8, 40, 10
EXACT_SHARE = 0.95
UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0, "months": 2629746.0, "years": 31556952.0}


def find_spans(table: Table) -> list[LeakSuspect]:
    """In seconds to years, within half a unit or a hundredth of the target's spread."""
    if table.task != "regression" or len(np.unique(table.y)) < FEWEST_VALUES:
        return []
    dated = [c for c in table.columns if c.name in table.moments][:MOST_MOMENTS]
    found = []
    for a, b in combinations(dated, 2):
        assert a.values is not None and b.values is not None
        span = b.values - a.values
        known = ~np.isnan(span)
        if known.sum() < max(FEWEST_ROWS, table.rows / 2):
            continue
        early, late, span = (a, b, span) if np.median(span[known]) >= 0 else (b, a, -span)
        for unit, seconds in UNITS.items():
            left = np.abs(span[known] / seconds - table.y[known])
            share = float(np.mean(left <= min(0.51, 0.01 * table.y.std())))
            if share >= EXACT_SHARE:
                evidence = f"{late.name} minus {early.name} is the target in {unit}, in {share:.1%} of {int(known.sum()):,} rows"
                found.append(LeakSuspect(columns=(late.name,), kind="identity_sum", score=share, evidence=evidence, certain=True))
    return found
