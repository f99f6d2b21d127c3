"""Several raw tables as one: stacked, or brought to the rows of the first by keys that the values bear out.

The first table keeps its rows, one each: what stands several times for a key is aggregated, never multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from tasks.errors import DataRefused
from tasks.evidence.table.aggregation import aggregate
from tasks.evidence.table.facts import JoinFacts
from tasks.evidence.table.keys import Key, KeyColumns, find_key

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Joined(NamedTuple):
    """One table out of several."""

    frame: pd.DataFrame
    joins: tuple[JoinFacts, ...]
    notes: tuple[str, ...]
    base: int
    """Position of the table whose rows these are; of the first one when stacked."""
    stacked: bool


def join_tables(tables: Sequence[tuple[str, pd.DataFrame]], *, target: str | None = None) -> Joined:
    """One table of named ones. DataRefused when a table has no key that any other bears out.

    The first one keeps its rows, unless the target is only in another one. Tables of the same columns are stacked.
    """
    if all(set(frame.columns) == set(tables[0][1].columns) for _, frame in tables):
        return _stack(tables)
    base = _base_of(tables, target)
    _refuse_unlabelled(tables, base)
    name, frame = tables[base]
    left = _Left(name, frame.reset_index(drop=True))
    waiting = [table for position, table in enumerate(tables) if position != base]
    joins: list[JoinFacts] = []
    while waiting:
        done = next(((table, step) for table in waiting if (step := _step(left, *table)) is not None), None)
        if done is None:
            raise DataRefused(
                f"No key joins {waiting[0][0]} to {name}: no columns of like names whose values agree",
                "Give the key the same column name in both files, or join them before.",
            )
        (right_name, _), (left, facts) = done
        joins.append(facts)
        waiting = [table for table in waiting if table[0] != right_name]
    notes = tuple(_told(facts) for facts in joins)
    if base:
        notes = (f"{name} keeps its rows: the target is only there", *notes)
    return Joined(left.frame, tuple(joins), notes, base, False)


class _Left(NamedTuple):
    name: str
    frame: pd.DataFrame


def _stack(tables: Sequence[tuple[str, pd.DataFrame]]) -> Joined:
    """All rows below each other; the columns are the same in all."""
    name, first = tables[0]
    frame = pd.concat([frame[list(first.columns)] for _, frame in tables], ignore_index=True)
    joins, rows = [], len(first)
    for other, part in tables[1:]:
        rows += len(part)
        evidence = f"the same {len(first.columns)} columns"
        joins.append(
            JoinFacts(
                left=name, right=other, kind="stacked", rows_left=rows - len(part), rows_right=len(part), rows_after=rows, evidence=evidence
            )
        )
    counted = ", ".join(f"{len(part):,} of {other}" for other, part in tables)
    note = f"files of the same columns stacked: {rows:,} rows ({counted}); which file a row is from is no column"
    return Joined(frame, tuple(joins), (note,), 0, True)


def _base_of(tables: Sequence[tuple[str, pd.DataFrame]], target: str | None) -> int:
    holding = [i for i, (_, frame) in enumerate(tables) if target is not None and target in frame.columns]
    return holding[0] if holding and 0 not in holding else 0


def _refuse_unlabelled(tables: Sequence[tuple[str, pd.DataFrame]], base: int) -> None:
    """A second file with every column but one is rows without a label, not something to join."""
    wanted = set(tables[base][1].columns)
    for position, (name, frame) in enumerate(tables):
        lacking = wanted - set(frame.columns)
        if position != base and len(lacking) == 1 and set(frame.columns) < wanted and len(wanted) > 4:
            raise DataRefused(
                f"{name} has the columns of {tables[base][0]} except `{lacking.pop()}`: rows without a label, not facts to join",
                f"Build with {tables[base][0]} alone, and predict {name} with the model.",
            )


def _step(left: _Left, right_name: str, right: pd.DataFrame) -> tuple[_Left, JoinFacts] | None:
    """The left table with the right one's columns, and the facts; None when no key joins them."""
    right = right[~_repeated(right)].reset_index(drop=True)
    left_keys, right_keys = KeyColumns(left.frame), KeyColumns(right)
    key = find_key(left_keys, right_keys, Path(right_name).stem)
    if key is None:
        return None
    left_texts = left_keys.texts(tuple(pair[0] for pair in key.columns))
    right_texts = right_keys.texts(tuple(pair[1] for pair in key.columns))
    stem = Path(right_name.rpartition(": ")[2]).name.split(".")[0]
    facts = right.drop(columns=[pair[1] for pair in key.columns])
    if key.is_unique:
        added, texts = facts.rename(columns=_distinct_names(facts, left.frame, stem)), right_texts
    else:
        added, texts = aggregate(facts, right_texts, stem)
        added = added.rename(columns=_distinct_names(added, left.frame, stem))
    frame = pd.concat([left.frame, _looked_up(added, texts, left_texts, counts=None if key.is_unique else f"{stem}_rows")], axis=1)
    if len(frame) != len(left.frame):
        raise AssertionError("a join changed the number of rows")
    return left._replace(frame=frame), _facts(left, right_name, len(right), key, tuple(added.columns))


def _repeated(frame: pd.DataFrame) -> NDArray[np.bool_]:
    try:
        return frame.duplicated().to_numpy()
    except TypeError:
        return np.zeros(len(frame), dtype=bool)


def _distinct_names(added: pd.DataFrame, left: pd.DataFrame, stem: str) -> dict[str, str]:
    """New names for columns that the left table has too."""
    renamed: dict[str, str] = {}
    taken = {*left.columns, *added.columns}
    for name in added.columns:
        if name in left.columns:
            new, count = f"{stem}_{name}", 2
            while new in taken:
                new, count = f"{stem}_{name}.{count}", count + 1
            renamed[name] = new
            taken.add(new)
    return renamed


def _looked_up(added: pd.DataFrame, right_texts: NDArray[Any], left_texts: NDArray[Any], counts: str | None) -> pd.DataFrame:
    """A row of the right table for every left row, missing where the key is unknown."""
    known = np.array([text is not None for text in right_texts], dtype=bool)
    positions = np.flatnonzero(known)
    found = pd.Index(right_texts[known]).get_indexer(pd.Index(left_texts, dtype=object)) if len(positions) else np.full(len(left_texts), -1)
    rows = np.where(found >= 0, positions[found] if len(positions) else -1, -1)
    looked_up = added.reset_index(drop=True).reindex(rows).reset_index(drop=True)
    if counts in looked_up.columns:
        looked_up[counts] = looked_up[counts].fillna(0)
    return looked_up


def _facts(left: _Left, right_name: str, right_rows: int, key: Key, added: tuple[str, ...]) -> JoinFacts:
    pairs = " and ".join(a if a == b else f"{a} = {b}" for a, b in key.columns)
    evidence = (
        f"{pairs}: {key.left_coverage:.1%} of the rows of {left.name} find their key in {right_name}, {key.right_coverage:.1%} of its keys are used, "
        + ("each stands there once" if key.is_unique else f"each stands there {1 / key.right_uniqueness:.1f} times on average")
    )
    kind = ("one_to_one" if key.left_uniqueness == 1.0 else "many_to_one") if key.is_unique else "aggregated"
    return JoinFacts(
        left=left.name,
        right=right_name,
        kind=kind,  # type: ignore[arg-type]
        keys=key.columns,
        left_coverage=round(key.left_coverage, 4),
        right_coverage=round(key.right_coverage, 4),
        left_uniqueness=round(key.left_uniqueness, 4),
        right_uniqueness=round(key.right_uniqueness, 4),
        rows_left=len(left.frame),
        rows_right=right_rows,
        rows_after=len(left.frame),
        columns_added=added,
        evidence=evidence,
    )


def _told(facts: JoinFacts) -> str:
    how = {"many_to_one": "joined many to one", "one_to_one": "joined one to one", "aggregated": "aggregated and joined"}[facts.kind]
    return f"{facts.right} {how} on {facts.evidence}; {facts.rows_after:,} rows before and after, {len(facts.columns_added)} columns added"
