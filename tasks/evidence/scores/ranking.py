"""How well scores rank positives before negatives: area under the ROC curve, its placements, average precision, in O(n log n).

Sources: ROC AUC as the Mann-Whitney statistic with mid-ranks (Hanley & McNeil 1982); placements (DeLong et al. 1988) by ranks
(Sun & Xu 2014); average precision as scikit-learn: sum over thresholds of precision times the step of recall, ties at one threshold.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mid_ranks(values: NDArray) -> Floats:
    """Ranks from 1, ties get their mean rank, `(n,)`.

    >>> mid_ranks(np.array([3.0, 1.0, 3.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, inverse, size = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(size)
    return cast(Floats, (last - (size - 1) / 2)[inverse])


def area_under_roc(positive: NDArray[np.bool_], scores: NDArray) -> float:
    """Share of pairs of a positive and a negative in the right order, ties half; 0.5 without a pair."""
    n1 = int(positive.sum())
    n0 = len(positive) - n1
    if not n1 or not n0:
        return 0.5
    return float((mid_ranks(scores)[positive].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def placements(positive: NDArray[np.bool_], scores: NDArray) -> Floats:
    """Per positive the share of negatives below it, per negative the share of positives above it, `(n,)`; 0.5 without a pair."""
    n1 = int(positive.sum())
    n0 = len(positive) - n1
    placed = np.full(len(positive), 0.5)
    if n1 and n0:
        ranks = mid_ranks(scores)
        placed[positive] = (ranks[positive] - mid_ranks(scores[positive])) / n0
        placed[~positive] = 1 - (ranks[~positive] - mid_ranks(scores[~positive])) / n1
    return placed


def _tied_ends(ordered: NDArray) -> NDArray[np.intp]:
    """For scores in falling order, the index of the last one that ties with each, `(n,)`."""
    ends = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    return cast("NDArray[np.intp]", np.repeat(ends, np.diff(np.r_[-1, ends])))


def average_precision(positive: NDArray[np.bool_], scores: NDArray) -> float:
    """Mean over positives of the precision at their score; 0 without positives."""
    n1 = int(positive.sum())
    if not n1:
        return 0.0
    order = np.argsort(-scores, kind="stable")
    hit, ends = positive[order], _tied_ends(scores[order])
    precision = np.cumsum(hit)[ends] / (ends + 1)
    return float(precision[hit].sum() / n1)


def average_precision_influence(positive: NDArray[np.bool_], scores: NDArray) -> Floats:
    """Derivative of average precision by the weight of each row times n, `(n,)`, with mean 0; zeros without positives.

    With T and R the positives and all rows at or above a score, AP is the mean of T / R over positives. One more weight on a row
    adds its own term and moves T / R of every positive at or below it.
    """
    n, n1 = len(positive), int(positive.sum())
    if not n1:
        return np.zeros(n)
    order = np.argsort(-scores, kind="stable")
    hit, ends = positive[order], _tied_ends(scores[order])
    t, r = np.cumsum(hit)[ends].astype(np.float64), (ends + 1).astype(np.float64)
    starts = np.searchsorted(ends, ends, side="left")
    up = np.cumsum((hit / r)[::-1])[::-1][starts]
    down = np.cumsum((hit * t / r**2)[::-1])[::-1][starts]
    precision = t / r
    value = precision[hit].sum() / n1
    moved = np.where(hit, precision - value + up, 0.0) - down
    influence = np.empty(n)
    influence[order] = moved * n / n1
    return influence
