"""One column after parsing: nulls, distinct values, outliers, quantiles, its commonest levels and what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tasks.evidence.table import names
from tasks.evidence.table.facts import ColumnProfile, Semantic
from tasks.evidence.table.parsing import levels, text_of
from tasks.evidence.table.schema import ColumnSchema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.evidence.table.delimited import ColumnCounts

FENCES = 3.0
"""Interquartile ranges beyond the quartiles where a value is an outlier (Tukey's outer fences)."""
LEVELS_LISTED = 10
LEVEL_LENGTH = 60
ORDINAL_MOST = 12
_MONEY = frozenset(
    [
        "price",
        "amount",
        "cost",
        "fee",
        "fees",
        "salary",
        "income",
        "wage",
        "revenue",
        "fare",
        "tip",
        "tips",
        "toll",
        "tolls",
        "balance",
        "payment",
        "budget",
        "sales",
        "usd",
        "eur",
        "gbp",
        "value",
    ]
)
_PERCENT = frozenset(["pct", "percent", "percentage", "rate", "ratio", "share", "proportion", "prob", "probability", "util"])
_COUNT = frozenset(
    [
        "count",
        "num",
        "number",
        "cnt",
        "n",
        "total",
        "qty",
        "quantity",
        "times",
        "visits",
        "rooms",
        "bedrooms",
        "children",
        "population",
        "households",
    ]
)
_PLACE = frozenset(["lat", "latitude", "lon", "lng", "long", "longitude"])


def profile_column(column: ColumnSchema, raw: pd.Series, canonical: pd.Series) -> ColumnProfile:
    """The column's facts."""
    if column.kind in ("numeric", "boolean") or (column.kind == "constant" and canonical.dtype.kind == "f"):
        facts = _numbers(column, raw, canonical.to_numpy())
    elif canonical.dtype.kind == "M":
        facts = _moments(canonical.to_numpy())
    else:
        facts = _texts(column, canonical)
    if column.kind == "boolean" or (column.kind == "numeric" and facts["distinct"] <= LEVELS_LISTED):
        facts["top"] = _top_raw(raw)
    return ColumnProfile(name=column.name, kind=column.kind, semantic=_semantic(column, facts), notes=column.notes, **facts)


def of_all_rows(profile: ColumnProfile, raw: pd.Series, counts: ColumnCounts | None) -> ColumnProfile:
    """The profile with the nulls and distinct values of the whole file, when the file was counted.

    Texts that stand for a missing value are no nulls to the counter: their share is added from the sample.
    """
    if counts is None:
        return profile
    spelled = max(0.0, profile.nulls - float(raw.isna().mean()))
    nulls = min(1.0, counts.nulls / max(1, counts.rows) + spelled)
    return profile.model_copy(update={"nulls": nulls, "distinct": max(profile.distinct, counts.distinct)})


def _numbers(column: ColumnSchema, raw: pd.Series, values: NDArray[np.float64]) -> dict[str, Any]:
    finite = values[np.isfinite(values)]
    infinite = _infinite(raw)
    base: dict[str, Any] = {"nulls": _share(len(values) - len(finite), len(values)), "distinct": 0, "infinite": infinite}
    if not len(finite):
        return base
    ordered = np.sort(finite)
    base["distinct"] = int(np.count_nonzero(np.diff(ordered))) + 1
    quantiles = np.quantile(ordered, (0, 0.25, 0.5, 0.75, 1))
    with np.errstate(over="ignore", invalid="ignore"):
        reach = FENCES * (quantiles[3] - quantiles[1])
        low, high = quantiles[1] - reach, quantiles[3] + reach
    outside = np.searchsorted(ordered, low, "left") + len(ordered) - np.searchsorted(ordered, high, "right")
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = float(finite.mean()), float(finite.std(ddof=1)) if len(finite) > 1 else 0.0
        skew = float(np.mean(((finite - mean) / std) ** 3)) if std > 0 else None
    return base | {
        "mean": _finite(mean),
        "std": _finite(std),
        "skew": None if skew is None else _finite(skew),
        "quantiles": tuple(float(q) for q in quantiles),
        "outliers": _share(int(outside), len(finite)) if reach > 0 else 0.0,
        "zeros": _share(int(np.count_nonzero(finite == 0)), len(finite)),
    }


def _infinite(raw: pd.Series) -> int:
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind == "f":
        return int(np.isinf(raw.to_numpy()).sum())
    return 0


def _moments(values: NDArray[np.datetime64]) -> dict[str, Any]:
    found = values[~np.isnat(values)]
    seconds = found.astype("datetime64[us]").astype(np.int64) / 1e6
    base: dict[str, Any] = {"nulls": _share(len(values) - len(found), len(values)), "distinct": len(np.unique(found))}
    return base | ({"quantiles": tuple(float(q) for q in np.quantile(seconds, (0, 0.25, 0.5, 0.75, 1)))} if len(found) else {})


def _texts(column: ColumnSchema, canonical: pd.Series) -> dict[str, Any]:
    codes, distinct = pd.factorize(canonical.to_numpy())
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
    facts: dict[str, Any] = {"nulls": _share(int((codes < 0).sum()), len(codes)), "distinct": len(distinct)}
    if column.kind in ("category", "constant"):
        facts["top"] = _listed(distinct, counts)
    if column.kind == "text":
        some = distinct[:: max(1, len(distinct) // 2000)]
        facts["words"] = float(np.mean([len(_WORDS.findall(text)) for text in some])) if len(some) else 0.0
    return facts


_WORDS = re.compile(r"\w+")


def _top_raw(raw: pd.Series) -> tuple[tuple[str, int], ...]:
    codes, distinct = levels(raw)
    return _listed(distinct, np.bincount(codes[codes >= 0], minlength=len(distinct)))


def _listed(distinct: NDArray[Any], counts: NDArray[np.int64]) -> tuple[tuple[str, int], ...]:
    first = np.argsort(-counts, kind="stable")[:LEVELS_LISTED]
    return tuple((text_of(distinct[i])[:LEVEL_LENGTH], int(counts[i])) for i in first)


def _semantic(column: ColumnSchema, facts: dict[str, Any]) -> Semantic:
    fixed: dict[str, Semantic] = {
        "identifier": "identifier",
        "constant": "constant",
        "empty": "empty",
        "boolean": "boolean",
        "datetime": "date",
        "text": "free_text",
        "category": "category",
    }
    if column.kind in fixed:
        return fixed[column.kind]
    parts = set(names.words(column.name))
    signs = column.notes[0] if column.parse == "number_text" and column.notes else ""
    quantiles = facts["quantiles"] or (0.0,) * 5
    if "%" in signs or (parts & _PERCENT and quantiles[0] >= -100 and quantiles[4] <= 100):
        return "percent"
    if any(sign in signs for sign in "$€£¥₹₽₩₺₫₴₪฿¢"):
        return "money"
    if parts & _PLACE and quantiles[0] >= -180 and quantiles[4] <= 180:
        return "coordinate"
    whole = facts["distinct"] <= 10_000 and all(float(q).is_integer() for q in (quantiles[0], quantiles[4]))
    if parts & _MONEY:
        return "money"
    if whole and facts["distinct"] <= ORDINAL_MOST and quantiles[0] >= 0 and quantiles[4] <= 100:
        return "ordinal"
    return "count" if parts & _COUNT and whole and quantiles[0] >= 0 else "measure"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _finite(value: float) -> float:
    return value if np.isfinite(value) else 0.0
