"""Strata of rows that every part of a split should hold alike: classes, or tenths of a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

BINS = 10
ROWS_PER_BIN = 10


@dataclass(frozen=True)
class Strata:
    codes: NDArray[np.int64]
    """`(n,)`"""
    labels: NDArray[Any]
    """What each code stands for: a class, or the number of a tenth."""
    are_classes: bool


def strata_of(target: pd.Series, task: str) -> Strata:
    """Classes of the target; in a regression up to ten parts of equal size, fewer for few rows."""
    if task != "regression":
        codes, labels = pd.factorize(target, sort=True)
        return Strata(codes.astype(np.int64), np.asarray(labels), True)
    values = pd.to_numeric(target, errors="coerce").to_numpy(dtype=np.float64)
    bins = max(1, min(BINS, len(values) // ROWS_PER_BIN))
    edges = np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1])
    codes = np.unique(np.searchsorted(edges, values, side="right"), return_inverse=True)[1]
    return Strata(codes.astype(np.int64), np.arange(int(codes.max()) + 1), False)
