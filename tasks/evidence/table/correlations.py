"""Strongest pairs of numeric columns by Spearman's rank correlation, on bounded rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

COLUMNS_MOST = 100
ROWS_MOST = 5_000
PAIRS_LISTED = 50
LEAST = 0.1
FEWEST_ROWS = 5


def spearman_pairs(canonical: pd.DataFrame, columns: Sequence[str]) -> tuple[tuple[str, str, float], ...]:
    """Pairs with |rho| of at least 0.1, strongest first, at most 50.

    Of more than 100 columns the first 100 are used, of more than 5,000 rows evenly spaced ones. Missing cells take the mean rank, which
    draws rho towards 0 for columns with many of them.
    """
    used = list(columns[:COLUMNS_MOST])
    step = -(-len(canonical) // ROWS_MOST)
    if len(used) < 2 or len(canonical) < FEWEST_ROWS:
        return ()
    rho = _correlate(_ranks(canonical[used].iloc[::step].to_numpy(dtype=np.float64)))
    left, right = np.triu_indices(len(used), 1)
    values = rho[left, right]
    order = np.argsort(-np.abs(values), kind="stable")[:PAIRS_LISTED]
    return tuple((used[left[i]], used[right[i]], round(float(values[i]), 4)) for i in order if abs(values[i]) >= LEAST)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centred average ranks per column, zero for missing, shape (n_rows, n_columns)."""
    ranks = pd.DataFrame(values).rank().to_numpy()
    centred = ranks - np.nanmean(np.where(np.isnan(ranks).all(axis=0), 0.0, ranks), axis=0)
    return np.nan_to_num(centred)


def _correlate(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.sqrt((centred**2).sum(axis=0))
    unit = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    return unit.T @ unit
