"""Several rows per key as one: how many, and their mean, least, most, commonest or latest values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tasks.evidence.table.inference import infer_schema
from tasks.evidence.table.parsing import apply_schema

if TYPE_CHECKING:
    from numpy.typing import NDArray


def aggregate(facts: pd.DataFrame, keys: NDArray[Any], stem: str) -> tuple[pd.DataFrame, NDArray[Any]]:
    """One row per key in order of first appearance, and the keys; rows without a key are left out.

    `{stem}_rows` counts; of numbers the mean, least, most and sum, of levels the number of different ones and the commonest, of dates
    the first and the last. Prose and identifiers are counted only.
    """
    codes, distinct = pd.factorize(keys)
    kept = codes >= 0
    codes = codes[kept]
    schema = infer_schema(facts)
    canonical = apply_schema(facts, schema).loc[kept]
    columns: dict[str, Any] = {f"{stem}_rows": np.bincount(codes, minlength=len(distinct)).astype(np.float64)}
    for column in schema.columns:
        grouped = canonical[column.name].groupby(codes)
        name = f"{stem}_{column.name}"
        if column.kind in ("numeric", "boolean"):
            statistics = grouped.agg(["mean", "min", "max", "sum"])
            columns |= {f"{name}_{statistic}": statistics[statistic].to_numpy() for statistic in statistics}
        elif column.kind == "datetime":
            columns |= {f"{name}_first": grouped.min().to_numpy(), f"{name}_last": grouped.max().to_numpy()}
        elif column.kind == "category":
            columns[f"{name}_distinct"] = grouped.nunique().to_numpy().astype(np.float64)
            columns[f"{name}_commonest"] = _commonest(canonical[column.name], codes, len(distinct))
    return pd.DataFrame(columns), np.asarray(distinct, dtype=object)


def _commonest(levels: pd.Series, codes: NDArray[np.intp], groups: int) -> pd.Series:
    """The commonest level of each group, the first in the alphabet among equals; missing for none."""
    found = pd.Series(np.full(groups, None, dtype=object), dtype=object)
    counts = pd.DataFrame({"group": codes, "level": levels.to_numpy()}).dropna().groupby(["group", "level"]).size().reset_index(name="rows")
    best = counts.sort_values(["group", "rows", "level"], ascending=[True, False, True]).drop_duplicates("group")
    found.iloc[best["group"].to_numpy()] = best["level"].to_numpy(dtype=object)
    return found
