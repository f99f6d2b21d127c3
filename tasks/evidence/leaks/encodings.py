"""Columns made from the target itself: its mean by the level of another column, with or without the row's own value."""

from __future__ import annotations

import numpy as np

from tasks.evidence.leaks.columns import Column, Floats, Ints, Table
from tasks.evidence.leaks.facts import LeakSuspect

FEWEST_LEVELS, FEWEST_ROWS = 5, 50
EXACT_SHARE = 0.25
"""Share of levels with two and more rows whose value is exactly their mean; some rows of a level may be sealed, so not all can be."""
WITHIN = 0.98
MOST_LEVEL_COLUMNS, MOST_NUMBERS = 12, 60


def find_encodings(table: Table) -> list[LeakSuspect]:
    """Each names the column whose levels it was made by."""
    levels = [c for c in table.columns if _has_levels(c, table.rows)][:MOST_LEVEL_COLUMNS]
    numbers = [c for c in table.numeric if c.name not in table.moments and not c.missing.any()][:MOST_NUMBERS]
    targets = (
        [table.y.astype(np.float64)] if table.classes <= 2 else [(table.y == c).astype(np.float64) for c in range(min(table.classes, 5))]
    )
    found = []
    for number in numbers:
        for by in levels:
            if by.name != number.name and (leak := _made_by(number, by, targets)) is not None:
                found.append(leak)
                break
    return found


def _has_levels(column: Column, rows: int) -> bool:
    codes = _codes(column)
    return rows >= FEWEST_ROWS and codes is not None and FEWEST_LEVELS <= len(np.unique(codes)) <= 0.7 * rows


def _codes(column: Column) -> Ints | None:
    if column.codes is not None:
        return column.codes + 1
    values = column.values
    if values is None or column.missing.any() or np.any(values != np.round(values)):
        return None
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _made_by(number: Column, by: Column, targets: list[Floats]) -> LeakSuspect | None:
    codes, x = _codes(by), number.values
    if codes is None or x is None or x.std() == 0:
        return None
    counts = np.bincount(codes)
    several = counts[codes] >= 2
    if several.sum() < FEWEST_ROWS:
        return None
    mean_x = np.bincount(codes, weights=x) / np.maximum(counts, 1)
    same_within = np.mean(np.abs(x - mean_x[codes])[several] <= 1e-9 + 1e-6 * x.std())
    for y in targets:
        mean_y = np.bincount(codes, weights=y) / np.maximum(counts, 1)
        if same_within >= 0.999:
            share = _exact_levels(mean_x, mean_y, counts, y)
            if share >= EXACT_SHARE:
                evidence = f"{number.name} is the mean of the target by {by.name}, exactly so for {share:.0%} of its levels"
                return LeakSuspect(columns=(number.name,), kind="copy", score=float(share), evidence=evidence, certain=True)
        elif (share := _leaves_one_out(x, y, codes, counts, mean_x, mean_y)) >= WITHIN:
            evidence = f"{number.name} is the mean of the target over the other rows of the same {by.name}: within a level it falls as the target rises"
            return LeakSuspect(columns=(number.name,), kind="copy", score=float(share), evidence=evidence, certain=True)
    return None


def _exact_levels(mean_x: Floats, mean_y: Floats, counts: Ints, y: Floats) -> float:
    levels = np.flatnonzero((counts >= 2) & (mean_y != y.min()) & (mean_y != y.max()))
    if len(levels) < FEWEST_LEVELS:
        return 0.0
    return float(np.mean(np.abs(mean_x[levels] - mean_y[levels]) <= 1e-6 * (y.std() + np.abs(mean_y[levels]))))


def _leaves_one_out(x: Floats, y: Floats, codes: Ints, counts: Ints, mean_x: Floats, mean_y: Floats) -> float:
    """How nearly, within levels, the column times its other rows falls one for one with the target: minus their correlation."""
    rows = (counts[codes] >= 3) & (np.abs(y - mean_y[codes]) > 0)
    if rows.sum() < FEWEST_ROWS:
        return 0.0
    a, b = (x - mean_x[codes])[rows] * (counts[codes][rows] - 1), (y - mean_y[codes])[rows]
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return -float(np.corrcoef(a, b)[0, 1])
