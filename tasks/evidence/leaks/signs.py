"""Classes that are nothing but a column, or the difference of two, cut at a value."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np

from tasks.evidence.leaks.columns import Floats, Ints, Table
from tasks.evidence.leaks.facts import LeakSuspect

ERRORS = 0.002
"""Share of rows on the wrong side of the cut."""
FEWEST_PER_CLASS = 15
NARROW_GAP, WIDE_GAP = 3.0, 8.0
"""A gap at the cut so many times the usual spacing is one that nature left, as between two species, and no sign of a rule."""
NEAR, NEAR_SHARE = 0.125, 0.08
"""Between the two, rows must lie close to the cut, within a part of the central 90 % of values: tails thin out, rules cut through."""
NEIGHBOURS, VARIED = 15, 5
MOST_PAIRED = 40
KNOWN_SHARE = 0.8


def find_cuts(table: Table) -> list[LeakSuspect]:
    """Columns of which each class is an interval, dense up to the cut."""
    found = []
    for column in table.numeric:
        known = ~column.missing
        assert column.values is not None
        if known.sum() < KNOWN_SHARE * table.rows:
            continue
        cut = cut_between(column.values[known], table.y[known])
        if cut is None or not cut[1]:
            continue
        where = f"at {cut[0][0]:.4g}" if len(cut[0]) == 1 else f"at {len(cut[0])} values"
        evidence = f"the classes are {column.name} cut {where}, in {int(known.sum()):,} rows"
        found.append(LeakSuspect(columns=(column.name,), kind="sign", score=1.0, evidence=evidence, certain=True))
    return found


def find_apart(table: Table, names: set[str]) -> frozenset[str]:
    """Columns that separate the classes with a wide gap and vary on either side: kinds of things that differ, and no rule."""
    found = set()
    for column in table.numeric:
        if column.name not in names or column.values is None:
            continue
        known = ~column.missing
        x, y = column.values[known], table.y[known]
        cut = cut_between(x, y)
        if cut is not None and not cut[1] and all(len(np.unique(x[y == c])) >= VARIED for c in np.unique(y)):
            found.add(column.name)
    return frozenset(found)


def cut_between(x: Floats, y: Ints) -> tuple[list[float], bool] | None:
    """Values between which each class lies, and whether the numbers are dense at all of them; None when classes overlap.

    >>> cut_between(np.arange(40.0), (np.arange(40) >= 18).astype(int))
    ([17.5], True)
    """
    present, counts = np.unique(y, return_counts=True)
    if len(present) < 2 or counts.min() < FEWEST_PER_CLASS or len(np.unique(x)) <= len(present):
        return None
    medians = [float(np.median(x[y == c])) for c in present]
    ordered = present[np.argsort(medians)]
    cuts, dense, wrong = [], True, 0
    for low, high in pairwise(ordered):
        found = _cut(x[y == low], x[y == high])
        if found is None:
            return None
        cuts.append(found[0])
        dense = dense and found[1]
        wrong += found[2]
    if wrong > ERRORS * len(y):
        return None
    sides = np.searchsorted(np.asarray(cuts), x, side="left") if all(np.diff(cuts) > 0) else None
    if sides is None or np.mean(ordered[sides] != y) > ERRORS:
        return None
    return cuts, dense


def _cut(low: Floats, high: Floats) -> tuple[float, bool, int] | None:
    allowed = int(ERRORS * (len(low) + len(high)))
    low, high = np.sort(low), np.sort(high)
    for dropped in range(allowed + 1):
        top = low[len(low) - 1 - dropped] if dropped < len(low) else low[0]
        wrong = dropped + int((high <= top).sum())
        if wrong <= allowed:
            bottom = high[high > top]
            if not len(bottom):
                return None
            near = np.unique(np.concatenate([np.unique(low[low <= top])[-NEIGHBOURS:], np.unique(bottom)[:NEIGHBOURS]]))
            gap = float(bottom[0] - top)
            spacing = np.diff(near)
            usual = float(np.median(spacing)) if len(spacing) else gap
            sides = min(len(np.unique(low[low <= top])), len(np.unique(bottom)))
            return (
                float((top + bottom[0]) / 2),
                sides >= VARIED and _is_dense(gap / usual if usual else 0.0, float((top + bottom[0]) / 2), low, high),
                wrong,
            )
    return None


def _is_dense(gap: float, cut: float, low: Floats, high: Floats) -> bool:
    if gap <= NARROW_GAP or gap > WIDE_GAP:
        return gap <= NARROW_GAP
    both = np.concatenate([low, high])
    reach = NEAR * float(np.subtract(*np.quantile(both, [0.95, 0.05])))
    return float(np.mean(np.abs(both - cut) <= reach)) >= NEAR_SHARE


def find_differences(table: Table) -> list[LeakSuspect]:
    """Pairs of columns of which the larger one names the class: `home_goals > away_goals`."""
    numeric = [c for c in table.numeric if c.missing.mean() < 1 - KNOWN_SHARE][:MOST_PAIRED]
    for a, b in combinations(numeric, 2):
        assert a.values is not None and b.values is not None
        difference = a.values - b.values
        known = ~np.isnan(difference)
        sign = np.sign(difference[known]).astype(np.int64) + 1
        present, counts = np.unique(sign, return_counts=True)
        if len(present) < 2 or (counts < FEWEST_PER_CLASS).sum() > len(present) - 2:
            continue
        crossed = np.bincount(sign * table.classes + table.y[known], minlength=3 * table.classes).reshape(3, table.classes)
        pure = crossed.max(axis=1).sum() / crossed.sum()
        names = set(crossed.argmax(axis=1)[present])
        if len(names) == 2 and pure >= 1 - ERRORS and not _cuts_through(difference[known], table.y[known]):
            continue
        if pure >= 1 - ERRORS and len(names) >= 2 and len(names) == int((crossed.sum(axis=0) > 0).sum()):
            evidence = f"whether {a.name} is larger than {b.name} names the class in {pure:.1%} of {int(known.sum()):,} rows"
            return [LeakSuspect(columns=(a.name, b.name), kind="sign", score=float(pure), evidence=evidence, certain=True)]
    return []


def _cuts_through(difference: Floats, y: Ints) -> bool:
    cut = cut_between(difference, y)
    return cut is None or cut[1]


SUM_COLUMNS, SUM_ROWS, ALIKE_WEIGHTS, SINGLE_AT_MOST = 40, 200, 0.25, 0.98


def find_sum_cut(table: Table, best_single: float) -> list[LeakSuspect]:
    """Two classes that are a plain sum of columns cut at a value: `passed` by the sum of marks.

    A linear fit finds the columns, equal weights are then tried: honest classes are not divided without error by an unweighed sum.
    """
    numeric = [c for c in table.numeric if not c.missing.any() and c.name not in table.moments][:SUM_COLUMNS]
    if table.classes != 2 or table.rows < SUM_ROWS or len(numeric) < 2 or best_single > SINGLE_AT_MOST:
        return []
    x = np.column_stack([c.values for c in numeric])  # type: ignore[misc]
    spread = x.std(axis=0)
    weights = np.linalg.lstsq((x - x.mean(axis=0)) / spread, table.y - table.y.mean(), rcond=1e-10)[0] / spread
    strength = np.abs(weights) * spread
    chosen = np.flatnonzero(strength > 0.25 * strength.max())
    sizes = np.abs(weights[chosen])
    if not 2 <= len(chosen) <= 12 or np.ptp(sizes) > 2 * ALIKE_WEIGHTS * sizes.mean():
        return []
    cut = cut_between(x[:, chosen] @ np.sign(weights[chosen]), table.y)
    if cut is None or not cut[1]:
        return []
    names = tuple(numeric[i].name for i in chosen)
    formula = "".join(f" {'+' if weights[i] > 0 else '-'} {numeric[i].name}" for i in chosen).removeprefix(" + ").strip()
    evidence = f"the classes are {formula} cut at {cut[0][0]:.4g}, in {table.rows:,} rows"
    return [LeakSuspect(columns=names, kind="identity_sum", score=1.0, evidence=evidence, certain=True)]
