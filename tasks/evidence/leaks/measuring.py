"""All leak probes on development rows, again and again without what was found, until nothing certain is left."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tasks.evidence.leaks.columns import Table, read_columns
from tasks.evidence.leaks.copies import find_copies
from tasks.evidence.leaks.dominance import find_dominant
from tasks.evidence.leaks.encodings import find_encodings
from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.leaks.identities import blame, find_product, find_sum
from tasks.evidence.leaks.missingness import find_missingness
from tasks.evidence.leaks.moments import find_spans
from tasks.evidence.leaks.order import earlier_values, find_counting, persistence
from tasks.evidence.leaks.signs import find_apart, find_cuts, find_differences, find_sum_cut
from tasks.evidence.leaks.single_column import single_scores
from tasks.evidence.table.schema import TableSchema

FEWEST_ROWS = 20
ROUNDS = 5


def find_leaks(
    development: pd.DataFrame, y: NDArray, schema: TableSchema | None, *, target: str, task: str, time_ordered: bool = False, order: str | None = None,
    seed: int = 0, deadline: float | None = None,
) -> tuple[LeakSuspect, ...]:  # fmt: skip
    """Certain leaks first, then suspects. `development` is canonical, `y` codes or values without NaN.

    `time_ordered`: rows follow each other in time, so a column may hold earlier values of the target without leaking. `order` names
    the column of time when rows do not stand in its order; without it, rows of which every date falls are read from the last.
    Past `deadline` (seconds of `time.time()`) no further round is begun.
    """
    unused = frozenset(c.name for c in schema.columns if c.kind in ("constant", "empty")) if schema is not None else frozenset()
    if len(y) < FEWEST_ROWS or len(np.unique(y)) < 2:
        return ()
    if time_ordered:
        rows = _in_time(development, order)
        development, y = development.iloc[rows], np.asarray(y)[rows]
    whole, table = read_columns(development, y, task, skip=unused | {target}, seed=seed)
    certain: list[LeakSuspect] = []
    for _ in range(ROUNDS):
        gone = {c for leak in certain for c in leak.columns}
        found, suspects = _round(whole.without(gone), table.without(gone), time_ordered=time_ordered)
        certain += found
        if not found or (deadline is not None and time.time() > deadline):
            break
    known = {c for leak in certain for c in leak.columns}
    return (*certain, *(s for s in suspects if not known & set(s.columns)))


def _in_time(frame: pd.DataFrame, order: str | None) -> NDArray[np.intp]:
    """Positions of the rows from the earliest on."""
    if order is not None and order in frame.columns:
        return np.asarray(np.argsort(pd.factorize(frame[order], sort=True)[0], kind="stable"))
    dates = [frame[c].dropna() for c in frame.columns if pd.api.types.is_datetime64_any_dtype(frame[c])]
    falls = bool(dates) and all(d.is_monotonic_decreasing and not d.is_monotonic_increasing for d in dates)
    rows = np.arange(len(frame))
    return rows[::-1] if falls else rows


def _round(whole: Table, table: Table, *, time_ordered: bool) -> tuple[list[LeakSuspect], list[LeakSuspect]]:
    """What is certain without the columns found before, and what is suspect."""
    if not table.columns:
        return [], []
    exact = _one_each(
        find_copies(table) + find_spans(table) + (_of_numbers(whole, table) if table.task == "regression" else find_cuts(table))
    )
    if exact:
        return _excuse(exact, whole, time_ordered), []
    scores = single_scores(table)
    earlier = (
        earlier_values(whole, tuple(n for n, s in scores.items() if s > 0.9)) if time_ordered or table.task == "regression" else frozenset()
    )
    ceiling = persistence(whole.y.astype(float)) if time_ordered and table.task == "regression" else 0.0
    found = find_missingness(table) + find_counting(whole, {} if time_ordered else scores) + find_encodings(table)
    apart = find_apart(table, {n for n, s in scores.items() if s > 0.9}) if table.task != "regression" else frozenset()
    found += find_dominant(scores, table.task, ceiling=ceiling, excused=earlier, apart=apart)
    found = _one_each(found)
    if table.task != "regression" and not any(f.certain for f in found):
        found = _one_each(find_differences(table) + find_sum_cut(table, max(scores.values())) + found)
    return [f for f in found if f.certain], [f for f in found if not f.certain]


def _of_numbers(whole: Table, table: Table) -> list[LeakSuspect]:
    found = []
    for kind, identity in (("identity_sum", find_sum(table)), ("identity_product", find_product(table))):
        if identity is None:
            continue
        earlier = earlier_values(whole, (*identity.plus, *identity.minus))
        leak = blame(identity, kind, earlier)
        found += [leak] if leak is not None else []
    return found


def _excuse(found: list[LeakSuspect], whole: Table, time_ordered: bool) -> list[LeakSuspect]:
    """A copy of the row before is known in time."""
    if not time_ordered:
        return found
    return [f for f in found if not set(f.columns) <= earlier_values(whole, f.columns)]


def _one_each(found: list[LeakSuspect]) -> list[LeakSuspect]:
    """The first, most exact accusation of each column; certain ones first."""
    kept: list[LeakSuspect] = []
    for leak in sorted(found, key=lambda f: not f.certain):
        if not any(set(leak.columns) & set(k.columns) for k in kept):
            kept.append(leak)
    return kept
