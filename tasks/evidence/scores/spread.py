"""How much the mean of dependent rows varies: variance of a mean over single rows, over groups, or along time.

Groups: sums of the influences per group (Liang & Zeger 1986). Time: Bartlett-weighted autocovariances (Newey & West 1987) with the
bandwidth 2 sqrt(n), wide because narrow ones are too sure (Lazarus et al. 2018), never less than for independent rows.
Degrees of freedom come from the kurtosis of what is averaged, 2 n / (kurtosis - 1), since a variance from few or heavy-tailed values
is itself a guess (Satterthwaite 1946).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

MIN_FREEDOM = 4.0
"""Below it the t distribution says nothing usable."""
BANDWIDTH = 2.0


@dataclass(frozen=True)
class Dependence:
    """Which rows belong together; neither given means independent rows."""

    groups: NDArray | None = None
    """`(n,)` names or codes of groups."""
    time: NDArray | None = None
    """`(n,)` moments or order numbers, by which rows are sorted."""

    @property
    def name(self) -> str:
        """`groups`, `time` or `rows`."""
        return "groups" if self.groups is not None else "time" if self.time is not None else "rows"


INDEPENDENT = Dependence()


@dataclass(frozen=True)
class Spread:
    """Variance of a mean, and how sure the variance itself is."""

    variance: float
    freedom: float
    skew: float = 0.0
    """Skewness of the mean itself: that of the rows over the square root of their number, of groups or blocks likewise."""


def unit_sums(values: NDArray, dependence: Dependence = INDEPENDENT) -> NDArray[np.float64]:
    """What is exchangeable: the rows, sums per group, or sums per block of about n^(1/3) rows in time order."""
    v = np.asarray(values, dtype=np.float64)
    if dependence.groups is not None:
        _, codes = np.unique(np.asarray(dependence.groups), return_inverse=True)
        return cast("NDArray[np.float64]", np.bincount(codes, weights=v))
    if dependence.time is not None:
        ordered = v[np.argsort(np.asarray(dependence.time), kind="stable")]
        blocks = np.arange(len(v)) // max(1, round(len(v) ** (1 / 3)))
        return cast("NDArray[np.float64]", np.bincount(blocks, weights=ordered))
    return v


def measure_spread(influence: NDArray, dependence: Dependence = INDEPENDENT) -> Spread:
    """Variance of the mean of influences with mean 0; 0 when nothing moves."""
    n = len(influence)
    if dependence.time is not None and dependence.groups is None:
        return _along_time(influence[np.argsort(np.asarray(dependence.time), kind="stable")])
    sums = unit_sums(influence, dependence)
    m = len(sums)
    if m < 2:
        return Spread(0.0, MIN_FREEDOM)
    variance = float(np.sum(sums**2)) / n**2 * m / (m - 1)
    freedom = _freedom(sums)
    if dependence.groups is not None:
        variance = max(variance, float(np.sum(influence**2)) / n**2)
        freedom = min(freedom, m - 1.0)
    return Spread(variance, max(freedom, MIN_FREEDOM), _skew(sums))


def _along_time(ordered: NDArray) -> Spread:
    n = len(ordered)
    if n < 2:
        return Spread(0.0, MIN_FREEDOM)
    own = float(ordered @ ordered) / n
    reach = min(n - 1, max(1, math.ceil(BANDWIDTH * math.sqrt(n))))
    total = own + 2 * sum((1 - k / (reach + 1)) * float(ordered[k:] @ ordered[:-k]) / n for k in range(1, reach + 1))
    # t with n / reach degrees of freedom is within 2 % of the fixed-bandwidth critical values of Kiefer & Vogelsang 2005.
    freedom = min(_freedom(ordered), n / reach)
    return Spread(max(total, own) / (n - 1), max(freedom, MIN_FREEDOM), _skew(ordered))


def _freedom(values: NDArray) -> float:
    n = len(values)
    square = float(np.mean((values - values.mean()) ** 2))
    if square == 0:
        return float(n - 1)
    kurtosis = float(np.mean((values - values.mean()) ** 4)) / square**2
    return min(n - 1.0, 2 * n / max(kurtosis - 1, 1e-9))


def _skew(values: NDArray) -> float:
    centred = values - values.mean()
    square = float(np.mean(centred**2))
    return float(np.mean(centred**3)) / square**1.5 / math.sqrt(len(values)) if square > 0 else 0.0
