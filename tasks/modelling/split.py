"""Drawing the split that was planned: which rows are sealed, and in which fold each of the others is validated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tasks.modelling.strata import Strata, strata_of
from tasks.rules.building.contract import Contract
from tasks.rules.building.split_plan import SplitPlan

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FEWEST_ROWS = 10
FEWEST_TO_SEAL = 5
"""Rows of a class from which one of them is sealed."""
MOST_BALANCED_GROUPS = 4000
"""More groups are dealt by chance: their sizes even out."""


@dataclass(frozen=True)
class Split:
    """Rows of the table by their part."""

    sealed: Bools
    """`(n,)`"""
    folds: NDArray[np.int16]
    """`(n_development,)`: fold in which a row is validated; -1: trained on only."""
    notes: tuple[str, ...] = ()


def draw_split(canonical: pd.DataFrame, contract: Contract, plan: SplitPlan, seed: int) -> Split:
    """The same for the same seed. Rows without a target must be gone. ValueError when rows are too few to keep any apart."""
    n = len(canonical)
    if n < FEWEST_ROWS:
        raise ValueError(f"{n} rows with a target are too few to keep some apart: at least {FEWEST_ROWS} are needed")
    if canonical[contract.target].isna().any():
        raise ValueError(f"rows without a value of {contract.target} must be dropped before the split")
    if plan.kind == "time":
        return _by_time(canonical, plan)
    strata = strata_of(canonical[contract.target], contract.task)
    if plan.kind == "group" and plan.column is not None:
        return _by_group(canonical[plan.column], strata, plan, seed)
    return _by_chance(strata, plan, seed)


def _by_chance(strata: Strata, plan: SplitPlan, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    sealed = _seal(strata, plan.test_share, rng)
    left = strata.codes[~sealed]
    folds = _deal(left, plan.folds, np.random.default_rng([seed, 1]))
    return Split(sealed, folds, tuple(_told_rare(strata, left, plan.folds)))


def _seal(strata: Strata, share: float, rng: np.random.Generator) -> Bools:
    """Of each stratum its share, rounded so that the whole share is met; classes of few rows stay in development."""
    sizes = np.bincount(strata.codes)
    wanted = sizes * share
    if strata.are_classes:
        wanted[sizes < FEWEST_TO_SEAL] = 0
    take = np.floor(wanted).astype(np.int64)
    short = min(round(wanted.sum()), len(strata.codes) - 1) - int(take.sum())
    order = np.lexsort((rng.random(len(sizes)), -(wanted - take)))
    take[[s for s in order if wanted[s] > 0][: max(short, 0)]] += 1
    if strata.are_classes:
        take[(sizes >= FEWEST_TO_SEAL) & (take == 0)] = 1
    rank = _rank_within(strata.codes, rng)
    return np.asarray(rank < take[strata.codes])


def _rank_within(codes: Ints, rng: np.random.Generator) -> Ints:
    """A chance place of each row among the rows of its stratum."""
    order = np.lexsort((rng.random(len(codes)), codes))
    sizes = np.bincount(codes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rank = np.empty(len(codes), dtype=np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(starts, sizes)
    return rank


def _deal(codes: Ints, folds: int, rng: np.random.Generator) -> NDArray[np.int16]:
    """Rows of each stratum dealt in turn, going on where the stratum before ended; a class of one row is only trained on."""
    order = np.lexsort((rng.random(len(codes)), codes))
    dealt = np.empty(len(codes), dtype=np.int16)
    dealt[order] = rng.permutation(folds)[np.arange(len(codes)) % folds]
    dealt[np.bincount(codes)[codes] == 1] = -1
    return dealt


def _told_rare(strata: Strata, left: Ints, folds: int) -> list[str]:
    if not strata.are_classes:
        return []
    sizes, kept = np.bincount(strata.codes), np.bincount(left, minlength=len(strata.labels))
    notes = []
    for code, label in enumerate(strata.labels):
        if sizes[code] == 1:
            notes.append(f"class {label!r} has one row: it is trained on, and no score can speak of it")
        elif sizes[code] < FEWEST_TO_SEAL:
            notes.append(f"class {label!r} has {sizes[code]} rows: all stay in development, the sealed test does not speak of it")
        elif kept[code] < folds:
            notes.append(f"class {label!r} has {kept[code]} development rows: some folds validate without it")
    return notes


def _by_group(groups: pd.Series, strata: Strata, plan: SplitPlan, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    codes, notes = group_codes(groups)
    parts = max(2, round(1 / plan.test_share))
    count = int(codes.max()) + 1
    if count < 3:
        raise ValueError(f"{groups.name} has {count} groups: three are needed to keep one apart and compare two")
    sealed = np.asarray(_deal_groups(codes, strata, min(parts, count), rng) == 0)
    left = np.unique(codes[~sealed], return_inverse=True)[1]
    folds = min(plan.folds, int(left.max()) + 1)
    if folds < plan.folds:
        notes.append(f"{folds} folds instead of {plan.folds}, for {int(left.max()) + 1} groups")
    dealt = _deal_groups(left, Strata(strata.codes[~sealed], strata.labels, strata.are_classes), folds, rng)
    return Split(sealed, dealt.astype(np.int16), tuple(notes + _told_missing(strata, sealed)))


def _told_missing(strata: Strata, sealed: Bools) -> list[str]:
    if not strata.are_classes:
        return []
    absent = [str(strata.labels[c]) for c in np.setdiff1d(strata.codes[~sealed], strata.codes[sealed])]
    unknown = [str(strata.labels[c]) for c in np.setdiff1d(strata.codes[sealed], strata.codes[~sealed])]
    notes = [f"the sealed test has no row of {', '.join(absent[:5])}: its groups lie in development"] if absent else []
    return notes + ([f"development has no row of {', '.join(unknown[:5])}: its groups are sealed"] if unknown else [])


def group_codes(groups: pd.Series) -> tuple[Ints, list[str]]:
    """Codes of groups, `(n,)`; a row without a group is a group of its own, and told."""
    codes = pd.factorize(groups)[0].astype(np.int64)
    lone = codes < 0
    codes[lone] = int(codes.max(initial=-1)) + 1 + np.arange(int(lone.sum()))
    notes = [f"{int(lone.sum())} rows without {groups.name} are each a group of their own"] if lone.any() else []
    return codes, notes


def _deal_groups(codes: Ints, strata: Strata, parts: int, rng: np.random.Generator) -> Ints:
    """Part of each row: whole groups, the largest first, each to where rows and classes are then most even."""
    count = int(codes.max()) + 1
    table = np.zeros((count, len(strata.labels)))
    np.add.at(table, (codes, strata.codes), 1)
    order = np.lexsort((rng.random(count), -table.sum(axis=1)))
    if count > MOST_BALANCED_GROUPS:
        order = rng.permutation(count)
    part = np.empty(count, dtype=np.int64)
    if count > MOST_BALANCED_GROUPS:
        part[order] = np.arange(count) % parts
        return part[codes]
    wanted = table.sum(axis=0) / parts
    held = np.zeros((parts, table.shape[1]))
    for group in order:
        cost = (((held + table[group]) - wanted) ** 2 - (held - wanted) ** 2) / np.maximum(wanted, 1)
        chosen = int(np.argmin(cost.sum(axis=1)))
        part[group] = chosen
        held[chosen] += table[group]
    return part[codes]


def _by_time(canonical: pd.DataFrame, plan: SplitPlan) -> Split:
    """The last moments sealed; of the rest the first block only trained on, each later one validated after all before it."""
    moments, notes = _moments(canonical, plan.column)
    start = _boundary(moments, 1 - plan.test_share)
    sealed = np.asarray(moments >= start)
    if not sealed.any() or sealed.all():
        raise ValueError(f"{plan.column or 'the order of rows'} has too few moments to keep the last ones apart")
    left = moments[~sealed]
    folds = np.full(len(left), -1, dtype=np.int16)
    bounds = [_boundary(left, k / (plan.folds + 1)) for k in range(1, plan.folds + 1)]
    bounds = sorted({b for b in bounds if b > left.min()})
    for number, bound in enumerate(bounds):
        folds[left >= bound] = number
    if len(bounds) < plan.folds:
        notes.append(f"{len(bounds)} folds instead of {plan.folds}, since a moment is never divided")
    if not bounds:
        raise ValueError(f"{plan.column or 'the order of rows'} has too few moments for folds in time")
    return Split(np.asarray(sealed), folds, tuple(notes))


def _moments(canonical: pd.DataFrame, column: str | None) -> tuple[Ints, list[str]]:
    """Rank of each row's moment, `(n,)`, the same for rows of the same moment; rows without one come first."""
    if column is None:
        return np.arange(len(canonical)), []
    values = canonical[column]
    if not pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_datetime64_any_dtype(values):
        values = pd.to_numeric(values, errors="coerce") if pd.to_numeric(values, errors="coerce").notna().any() else values.astype("str")
    ranks = pd.factorize(values, sort=True)[0].astype(np.int64)
    missing = int((ranks < 0).sum())
    notes = [f"{missing} rows without {column} are only trained on"] if missing else []
    return ranks, notes


def _boundary(moments: Ints, share: float) -> int:
    """The moment at which so large a share of rows lies before, nearest without dividing a moment."""
    ordered = np.sort(moments)
    at = int(ordered[min(len(ordered) - 1, round(share * len(ordered)))])
    before, through = int((ordered < at).sum()), int((ordered <= at).sum())
    nearer_end = abs(through - share * len(ordered)) < abs(before - share * len(ordered))
    return at + 1 if nearer_end and through < len(ordered) else at
