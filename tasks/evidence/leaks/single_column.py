"""How well one column alone tells the target on rows it was not fitted on."""

from __future__ import annotations

import numpy as np

from tasks.evidence.leaks.columns import Column, Floats, Ints, Table
from tasks.evidence.scores.ranking import area_under_roc

BINS, FOLDS, MOST_LEVELS = 64, 4, 400
"""Bins of equal count of a number with many values; more levels of a category than the last are folded by chance into it."""
PRIOR_ROWS = 0.5
MOST_CLASSES = 30


def single_scores(table: Table, *, seed: int = 0) -> dict[str, float]:
    """ROC AUC (macro over classes) of each column, or R2, 0-1, by cross-fitted means of bins."""
    folds = np.random.default_rng(seed).permutation(table.rows) % FOLDS
    return {c.name: score_column(c, table, folds) for c in table.columns}


def score_column(column: Column, table: Table, folds: Ints) -> float:
    """0.5 or 0 for a column that tells nothing."""
    bins = bin_column(column)
    if table.task == "regression":
        y = table.y
        total = float(((y - y.mean()) ** 2).sum())
        left = float(((y - _means(bins, y, folds)) ** 2).sum())
        return max(0.0, 1 - left / total if total else 0.0, _straight(column, y))
    classes = np.unique(table.y)[:MOST_CLASSES]
    if table.classes == 2:
        classes = classes[-1:]
    return float(np.mean([area_under_roc(table.y == c, _means(bins, (table.y == c).astype(np.float64), folds)) for c in classes]))


def _straight(column: Column, y: Floats) -> float:
    """R2 of a straight line, where no value is missing in most rows."""
    if column.values is None:
        return 0.0
    known = ~column.missing
    if known.sum() < 0.95 * len(y) or known.sum() < 20:
        return 0.0
    x, y = column.values[known], y[known]
    if x.std() == 0 or y.std() == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1] ** 2)


def bin_column(column: Column) -> Ints:
    """Codes 0..k-1, `(n,)`; missing values are a bin of their own."""
    if column.codes is not None:
        codes = column.codes + 1
        if int(codes.max()) > MOST_LEVELS * 10:
            codes = np.where(codes > 0, codes % (MOST_LEVELS * 10) + 1, 0)
        return codes
    values, missing = column.values, column.missing
    assert values is not None
    known = values[~missing]
    edges = np.unique(known)
    if len(edges) > MOST_LEVELS // 2:
        edges = np.unique(np.quantile(known, np.linspace(0, 1, min(BINS, max(2, len(known) // 15)) + 1)))[1:-1]
        bins = np.searchsorted(edges, np.where(missing, 0, values), side="right") + 1
    else:
        bins = np.searchsorted(edges, np.where(missing, edges[0], values)) + 1
    return np.where(missing, 0, bins).astype(np.int64)


def _means(bins: Ints, y: Floats, folds: Ints) -> Floats:
    """Mean of y of each row's bin over the other folds, `(n,)`, drawn a little to the mean of all."""
    size = int(bins.max()) + 1
    both = folds * size + bins
    sums = np.bincount(both, weights=y, minlength=FOLDS * size).reshape(FOLDS, size)
    counts = np.bincount(both, minlength=FOLDS * size).reshape(FOLDS, size)
    other_sums, other_counts = sums.sum(axis=0) - sums, counts.sum(axis=0) - counts
    means = (other_sums + PRIOR_ROWS * y.mean()) / (other_counts + PRIOR_ROWS)
    return np.asarray(means[folds, bins])
