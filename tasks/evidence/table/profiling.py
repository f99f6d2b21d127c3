"""What the data_profiler hands on: every column, duplicates, correlations, groups and orders in time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasks.evidence.table.column_profiles import of_all_rows, profile_column
from tasks.evidence.table.correlations import COLUMNS_MOST, spearman_pairs
from tasks.evidence.table.facts import TableProfile
from tasks.evidence.table.grouping import find_groups
from tasks.evidence.table.time_order import find_orders

if TYPE_CHECKING:
    from tasks.evidence.table.reading import Reading
    from tasks.evidence.table.schema import TableSchema

DUPLICATE_COLUMNS = 500
"""Rows are compared in so many columns; what differs only in later ones counts as a duplicate and is told."""


def profile_table(reading: Reading, schema: TableSchema, canonical: pd.DataFrame) -> TableProfile:
    """The profile of the rows that were read. Every number is finite."""
    started = time.monotonic()
    columns = tuple(
        of_all_rows(profile_column(c, reading.frame[c.name], canonical[c.name]), reading.frame[c.name], reading.counts.get(c.name))
        for c in schema.columns
    )
    numeric = [c.name for c in columns if c.kind in ("numeric", "boolean") and c.distinct > 1]
    notes = list(reading.notes)
    if len(numeric) > COLUMNS_MOST:
        notes.append(f"correlations are of the first {COLUMNS_MOST} of {len(numeric):,} numeric columns")
    if reading.counts:
        notes.append("nulls and distinct values are of all rows, everything else of the sample")
    if canonical.shape[1] > DUPLICATE_COLUMNS:
        notes.append(f"duplicates are rows equal in the first {DUPLICATE_COLUMNS} columns")
    return TableProfile(
        rows=len(canonical),
        rows_in_files=reading.rows_in_files,
        sampled=reading.sampled,
        columns=columns,
        sources=reading.sources,
        duplicates=count_duplicates(canonical),
        correlations=spearman_pairs(canonical, numeric),
        groups=find_groups(canonical, schema),
        orders=find_orders(canonical, schema),
        notes=tuple(notes),
        seconds=round(time.monotonic() - started, 4),
    )


def count_duplicates(canonical: pd.DataFrame) -> int:
    """Rows that repeat an earlier row in every column, missing cells being equal; by 64-bit sums of hashes."""
    total = np.zeros(len(canonical), dtype=np.uint64)
    for position, name in enumerate(canonical.columns[:DUPLICATE_COLUMNS]):
        values = canonical[name].to_numpy()
        codes = pd.factorize(values)[0].astype(np.uint64) if values.dtype == object else _bits(values)
        total ^= _mixed(codes + np.uint64(position * 0x9E3779B97F4A7C15 % 2**64))
        total = _mixed(total)
    return len(total) - len(np.unique(total))


def _bits(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "f":
        return np.where(np.isnan(values), np.nan, values + 0.0).view(np.uint64)
    return values.astype("datetime64[us]").view(np.uint64)


def _mixed(x: np.ndarray) -> np.ndarray:
    """SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit of the argument."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
