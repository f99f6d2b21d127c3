"""Columns whose values name what several rows belong to, so that rows of one may not be on both sides of a split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasks.evidence.table import names
from tasks.evidence.table.facts import GroupCandidate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.evidence.table.schema import ColumnSchema, TableSchema

GROUPS_LEAST = 5
GROUPS_UNNAMED = 20
ROWS_A_GROUP = 1.3
"""Fewer rows per value on average: nearly every row stands for itself."""
CONSTANT_WITHIN = 0.95
COMMON_ANYWAY = 0.8
"""A column in which two rows agree so often by chance says nothing when it stays the same within a group."""
OTHERS_LOOKED_AT = 40
ROWS_LOOKED_AT = 20_000
CANDIDATES_LISTED = 10


def find_groups(canonical: pd.DataFrame, schema: TableSchema) -> tuple[GroupCandidate, ...]:
    """Candidates, likeliest first: by their name, and by the columns that stay the same within each of their values."""
    others = _others(canonical, schema)
    found = []
    for column in schema.columns:
        if not _may_name(column):
            continue
        codes = pd.factorize(canonical[column.name].to_numpy())[0]
        groups, present = int(codes.max(initial=-1)) + 1, int((codes >= 0).sum())
        if groups < GROUPS_LEAST or present < ROWS_A_GROUP * groups or present < 0.5 * len(codes):
            continue
        constant = _constant_within(codes[:ROWS_LOOKED_AT], {n: c for n, c in others.items() if n != column.name})
        score = _score(column, groups, constant, len(others))
        if score > 0:
            found.append((score, _candidate(column.name, groups, present, constant)))
    return tuple(candidate for _, candidate in sorted(found, key=lambda item: -item[0])[:CANDIDATES_LISTED])


def _may_name(column: ColumnSchema) -> bool:
    if column.kind == "numeric":
        return column.parse == "number" and names.names_single_entity(column.name)
    return column.kind in ("category", "identifier", "text") and column.parse == "text"


def _others(canonical: pd.DataFrame, schema: TableSchema) -> dict[str, NDArray[np.intp]]:
    """Codes of columns that could stay the same within a group."""
    used = [c.name for c in schema.columns if c.kind in ("numeric", "boolean", "category", "datetime", "text")][:OTHERS_LOOKED_AT]
    return {name: pd.factorize(canonical[name].iloc[:ROWS_LOOKED_AT].to_numpy())[0] for name in used}


def _constant_within(codes: NDArray[np.intp], others: dict[str, NDArray[np.intp]]) -> list[str]:
    """Columns that hardly ever change within one value, though they do between values."""
    order = np.argsort(codes, kind="stable")
    order = order[codes[order] >= 0]
    same_group = np.diff(codes[order]) == 0
    if not same_group.any():
        return []
    found = []
    for name, values in others.items():
        ordered = values[order]
        if float((ordered[1:] == ordered[:-1])[same_group].mean()) >= CONSTANT_WITHIN and _agreement_by_chance(values) < COMMON_ANYWAY:
            found.append(name)
    return found


def _agreement_by_chance(values: NDArray[np.intp]) -> float:
    """Probability that two random rows hold the same value, missing being one."""
    counts = np.bincount(values + 1)
    return float(((counts / max(1, len(values))) ** 2).sum())


def _score(column: ColumnSchema, groups: int, constant: list[str], others: int) -> float:
    """0 for no candidate. A key by its name counts most, then an entity with constant columns, then constant columns alone."""
    keyed, entity = names.names_identifier(column.name), names.names_entity(column.name)
    measured = min(2.0, 0.5 * len(constant))
    if keyed:
        return 3.0 + entity + measured
    if names.names_subject(column.name):
        return 2.5 + measured
    if entity and constant and groups >= GROUPS_UNNAMED:
        return 1.5 + measured
    return measured if groups >= GROUPS_UNNAMED and len(constant) >= 3 and len(constant) >= 0.4 * (others - 1) else 0.0


def _candidate(name: str, groups: int, present: int, constant: list[str]) -> GroupCandidate:
    mean_rows = present / groups
    parts = [f"{groups:,} values with {mean_rows:.1f} rows each on average"]
    if names.names_entity(name):
        parts.append("named like something rows belong to")
    if constant:
        parts.append(
            f"{', '.join(constant[:3])}{' …' if constant[3:] else ''} stay{'s' if len(constant) == 1 else ''} the same within each"
        )
    return GroupCandidate(column=name, groups=groups, mean_rows=round(mean_rows, 3), reason="; ".join(parts))
