"""The two-sample Kolmogorov-Smirnov statistic: the largest distance between two empirical distribution functions.

Formula: max over x of |F_ref(x) - F_cur(x)|, compared after whole ties. Source: Smirnov (1948). Limits: nulls are not seen
(compare null shares beside it), categories without order are not for it, and with ties the p-value is conservative.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tasks.evidence.drift.binning import as_numbers

EXACT_CELLS = 250_000
"""Largest n * m for which the exact p-value is computed; beyond it the Kolmogorov limit."""
_TERMS = 100


def kolmogorov_smirnov(reference: Any, current: Any) -> float | None:
    """The statistic, 0 to 1; None when a side has no value.

    >>> kolmogorov_smirnov([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    left, right = _sorted(reference), _sorted(current)
    if not left.size or not right.size:
        return None
    both = np.concatenate((left, right))
    below = np.searchsorted(left, both, side="right") * right.size - np.searchsorted(right, both, side="right") * left.size
    return float(np.abs(below).max() / (left.size * right.size))


def ks_p_value(statistic: float, n_reference: int, n_current: int) -> float:
    """Chance of a statistic at least this large when nothing drifted; exact for small samples without ties.

    >>> round(ks_p_value(0.5, 4, 4), 12)
    0.771428571429
    """
    if n_reference * n_current <= EXACT_CELLS:
        return _exact(statistic, n_reference, n_current)
    return kolmogorov_limit(math.sqrt(n_reference * n_current / (n_reference + n_current)) * statistic)


def kolmogorov_limit(scaled: float) -> float:
    """Upper tail of the Kolmogorov distribution at `sqrt(nm / (n + m)) * D`."""
    if scaled < 0.1:
        return 1.0
    total = sum((-1) ** (k - 1) * math.exp(-2 * k * k * scaled * scaled) for k in range(1, _TERMS))
    return min(1.0, max(0.0, 2 * total))


def _exact(statistic: float, n: int, m: int) -> float:
    """One minus the share of orderings whose path stays nearer to the diagonal than the statistic."""
    limit = round(statistic * n * m)
    inside = np.zeros(m + 1)
    for i in range(n + 1):
        allowed = np.abs(i * m - np.arange(m + 1) * n) < limit
        row = np.zeros(m + 1)
        for j in range(m + 1):
            if not allowed[j]:
                continue
            if i == 0 and j == 0:
                row[j] = 1.0
                continue
            row[j] = (inside[j] * i / (i + j) if i else 0.0) + (row[j - 1] * j / (i + j) if j else 0.0)
        inside = row
    return float(min(1.0, max(0.0, 1.0 - inside[m])))


def _sorted(values: Any) -> np.ndarray:
    numbers = as_numbers(values)
    return np.sort(numbers[~np.isnan(numbers)])
