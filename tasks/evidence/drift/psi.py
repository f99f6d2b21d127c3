"""The population stability index: how far binned shares moved.

Formula: sum over bins of (p_ref - p_cur) ln(p_ref / p_cur), natural logarithm. Source: Lewis, An Introduction to Credit
Scoring (1994); its null distribution from Yurdakul & Naranjo, Statistical properties of the population stability index
(2020): PSI / (1/n + 1/m) follows chi-square with bins - 1 degrees of freedom.

A zero count becomes half a row of its side (0.5 / n); nothing else is touched. Limits: small samples give a high PSI by
chance (mean 0.36 for 50 against 50 rows in 10 bins), so compare it with `psi_noise_limit`; rows are taken as independent.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tasks.evidence.drift.binning import category_counts, numeric_counts

BIN_CHOICES = (10, 8, 6, 5, 4, 3, 2)
"""Tried from many to few when the number of bins is left to the sample size."""
HIGH_PSI = 0.25
FALSE_ALARM = 0.002
"""Accepted chance, over all features of a batch, that no drift looks like PSI >= 0.25 (checked by simulation for 5-10 bins)."""


def psi_of_counts(reference: Any, current: Any) -> float:
    """PSI of two count vectors over the same bins.

    >>> round(psi_of_counts([60, 40], [50, 50]), 12)
    0.040546510811
    >>> round(psi_of_counts([50, 50, 0], [45, 45, 10]), 12)
    0.295130617553
    """
    left, right = np.asarray(reference, dtype=float), np.asarray(current, dtype=float)
    used = (left + right) > 0
    if not left.sum() or not right.sum():
        raise ValueError("both sides need at least one row")
    p, q = _shares(left[used]), _shares(right[used])
    return float(max(0.0, np.sum((p - q) * np.log(p / q))))


def population_stability_index(reference: Any, current: Any, n_bins: int = 10) -> float:
    """PSI of two numeric samples over reference quantile bins; nulls are a bin of their own.

    >>> round(population_stability_index([1, 2, 3, 4, None], [3, 4, 5, None, None], n_bins=2), 12)
    0.63561076607
    """
    return psi_of_counts(*numeric_counts(reference, current, n_bins))


def categorical_population_stability_index(reference: Any, current: Any, lump_rare: bool = False) -> float:
    """PSI over the union of categories; with `lump_rare`, rare and unseen ones count as one.

    >>> round(categorical_population_stability_index(["a"] * 60 + ["b"] * 40, ["a"] * 50 + ["b"] * 50), 12)
    0.040546510811
    """
    return psi_of_counts(*category_counts(reference, current, lump_rare))


def expected_psi(n_reference: int, n_current: int, n_bins: int) -> float:
    """Mean PSI when nothing drifted.

    >>> round(expected_psi(1000, 100, 10), 12)
    0.099
    """
    return (n_bins - 1) * (1 / n_reference + 1 / n_current)


def psi_p_value(psi: float, n_reference: int, n_current: int, n_bins: int) -> float:
    """Chance of a PSI at least this large when nothing drifted."""
    from scipy.special import chdtrc

    return float(chdtrc(n_bins - 1, psi / (1 / n_reference + 1 / n_current))) if n_bins > 1 else 1.0


def psi_noise_limit(n_reference: int, n_current: int, n_bins: int, n_features: int = 1) -> float:
    """The PSI that chance alone exceeds in `FALSE_ALARM` of comparisons of `n_features` features."""
    from scipy.special import chdtri

    if n_bins < 2:
        return 0.0
    return float(chdtri(n_bins - 1, FALSE_ALARM / max(1, n_features))) * (1 / n_reference + 1 / n_current)


def bins_for(n_reference: int, n_current: int, n_features: int = 1) -> int | None:
    """Most bins for which chance stays below PSI 0.25; None when the rows do not allow even two."""
    if not n_reference or not n_current:
        return None
    return next((b for b in BIN_CHOICES if psi_noise_limit(n_reference, n_current, b, n_features) <= HIGH_PSI), None)


def _shares(counts: np.ndarray) -> np.ndarray:
    return np.where(counts == 0, 0.5, counts) / counts.sum()
