"""Columns that are the target under another name: the same values, a straight or bent scale of them, other labels, or bands."""

from __future__ import annotations

import numpy as np

from tasks.evidence.leaks.columns import Column, Floats, Ints, Table
from tasks.evidence.leaks.facts import LeakSuspect

SAME_SHARE = 0.995
"""Share of rows in which a copy agrees, among those where it has a value."""
FEWEST_ROWS, FEWEST_DISTINCT = 20, 12
PURE = 0.999
KNOWN_SHARE = 0.5
BAND_ROWS, BAND_VALUES = 5, 4
RELATIVE = 1e-6


def find_copies(table: Table) -> list[LeakSuspect]:
    """Each with how many rows agree."""
    find = _of_number if table.task == "regression" else _of_class
    return [leak for column in table.columns if (leak := find(column, table)) is not None]


def _of_class(column: Column, table: Table) -> LeakSuspect | None:
    known = np.flatnonzero(~column.missing)
    if len(known) < max(FEWEST_ROWS, KNOWN_SHARE * table.rows):
        return None
    raw = column.codes if column.codes is not None else column.values
    assert raw is not None
    levels, codes = np.unique(raw[known], return_inverse=True)
    y, k = table.y[known], table.classes
    if not 2 <= len(levels) <= 2 * k:
        return None
    crossed = np.bincount(codes * k + y, minlength=len(levels) * k).reshape(len(levels), k)
    agree = int(crossed.max(axis=1).sum())
    bijective = int(crossed.max(axis=0).sum())
    present = int((crossed.sum(axis=0) > 0).sum())
    if len(levels) != present or min(agree, bijective) < PURE * len(known) or len(set(crossed.argmax(axis=1))) != present:
        return None
    evidence = f"{column.name} has one value for each class, in {agree:,} of {len(known):,} rows"
    return LeakSuspect(columns=(column.name,), kind="copy", score=agree / len(known), evidence=evidence, certain=True)


def _of_number(column: Column, table: Table) -> LeakSuspect | None:
    known = np.flatnonzero(~column.missing)
    if len(known) < max(FEWEST_ROWS, KNOWN_SHARE * table.rows):
        return None
    y = table.y[known]
    if column.values is None or len(np.unique(column.values[known])) <= FEWEST_DISTINCT * 4:
        raw = column.codes if column.codes is not None else column.values
        assert raw is not None
        if found := _bands(column.name, raw[known], y):
            return found
    if column.values is None:
        return None
    return _scaled(column.name, column.values[known], y)


def _scaled(name: str, x: Floats, y: Floats) -> LeakSuspect | None:
    """The same number, a straight line through it, or any steadily rising or falling scale."""
    if len(np.unique(y)) < FEWEST_DISTINCT or x.std() == 0 or y.std() == 0:
        return None
    equal = np.abs(x - y) <= RELATIVE * (np.abs(y) + y.std())
    same, usual = float(np.mean(equal)), _commonest(y)
    if same >= SAME_SHARE and equal[y != usual].mean() >= SAME_SHARE - 0.05:
        return LeakSuspect(
            columns=(name,), kind="copy", score=same, evidence=f"{name} equals the target in {same:.1%} of {len(y):,} rows", certain=True
        )
    slope, offset = np.polyfit(x - x.mean(), y, 1)
    straight = float(np.mean(np.abs(y - offset - slope * (x - x.mean())) <= RELATIVE * y.std()))
    if straight >= SAME_SHARE:
        evidence = f"the target is {slope:.4g} times {name} plus a constant in {straight:.1%} of {len(y):,} rows"
        return LeakSuspect(columns=(name,), kind="copy", score=straight, evidence=evidence, certain=True)
    if len(np.unique(x)) < 0.5 * len(np.unique(y)) or len(np.unique(y)) < 5 * FEWEST_DISTINCT:
        return None
    order = np.lexsort((y, x))
    steps = np.diff(y[order])
    rising, falling = float(np.mean(steps >= 0)), float(np.mean(np.diff(y[np.lexsort((-y, x))]) <= 0))
    if max(rising, falling) >= SAME_SHARE:
        way = "rises" if rising >= falling else "falls"
        evidence = f"the target {way} with {name} without exception in {max(rising, falling):.1%} of {len(y):,} steps"
        return LeakSuspect(columns=(name,), kind="copy", score=max(rising, falling), evidence=evidence, certain=True)
    return None


def _commonest(y: Floats) -> float:
    values, counts = np.unique(y, return_counts=True)
    return float(values[counts.argmax()])


def _bands(name: str, raw: Floats | Ints, y: Floats) -> LeakSuspect | None:
    """Levels whose ranges of the target do not overlap, where the target is dense at their borders."""
    levels, codes = np.unique(raw, return_inverse=True)
    counts = np.bincount(codes)
    if not 2 <= len(levels) <= len(y) / BAND_ROWS or counts.min() < BAND_ROWS or len(np.unique(y)) < 3 * FEWEST_DISTINCT:
        return None
    low, high = np.full(len(levels), np.inf), np.full(len(levels), -np.inf)
    np.minimum.at(low, codes, y)
    np.maximum.at(high, codes, y)
    order = np.argsort(low)
    gaps = low[order][1:] - high[order][:-1]
    varied = [len(np.unique(y[codes == level])) >= BAND_VALUES for level in range(len(levels))]
    if gaps.min() < 0 or not all(varied) or (len(levels) == 2 and counts.min() < FEWEST_ROWS) or np.median(gaps) > 0.1 * y.std():
        return None
    evidence = f"the {len(levels)} levels of {name} are bands of the target that never overlap, in {len(y):,} rows"
    return LeakSuspect(columns=(name,), kind="copy", score=1.0, evidence=evidence, certain=True)
