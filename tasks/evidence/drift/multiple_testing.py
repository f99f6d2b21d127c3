"""Benjamini-Hochberg: which of many p-values are small beyond what so many tests give by chance.

Formula: the k-th smallest of m p-values is multiplied by m / k, then made monotone from the largest down. Source: Benjamini &
Hochberg, Controlling the false discovery rate (1995). Limits: holds for independent or positively dependent tests.
"""

from __future__ import annotations

from collections.abc import Sequence


def adjusted_p_values(p_values: Sequence[float]) -> list[float]:
    """Adjusted values in the given order; those at or below q are discoveries at the false discovery rate q.

    >>> [round(p, 12) for p in adjusted_p_values([0.01, 0.02, 0.03, 0.5])]
    [0.04, 0.04, 0.04, 0.5]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [1.0] * len(p_values)
    smallest = 1.0
    for rank in range(len(order), 0, -1):
        index = order[rank - 1]
        smallest = min(smallest, p_values[index] * len(order) / rank)
        adjusted[index] = smallest
    return adjusted
