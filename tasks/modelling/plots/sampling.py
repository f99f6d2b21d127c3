"""What of a column is drawn: a sample of rows, the range without far outliers, a density."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POINTS = 1_500
"""More points in a scatter hide one another."""
ROWS = 20_000
"""A histogram of more rows looks the same."""
FENCE = 6.0
"""Values further than so many interquartile ranges from the quartiles are left out of the axis, and told."""
GRID = 256
HUGE = 1e100
"""Beyond, the squares of values overflow: no density is drawn."""


def sample_rows(n: int, most: int, seed: int = 0) -> NDArray[np.int64]:
    """Row numbers in ascending order, all of them when there are no more than `most`."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


def finite(values: object) -> Floats:
    """The finite values as float64, clipped to what an axis can hold."""
    array = np.asarray(values, dtype=np.float64).ravel()
    return np.clip(array[np.isfinite(array)], -1e300, 1e300)


def shown_range(values: Floats) -> tuple[float, float]:
    """Least and most value within the fence; a constant gets room on both sides."""
    if not values.size:
        return 0.0, 1.0
    low, q1, q3, high = (float(v) for v in np.quantile(values, (0.0, 0.25, 0.75, 1.0)))
    spread = q3 - q1
    if spread > 0 and np.isfinite(spread):
        low, high = max(low, q1 - FENCE * spread), min(high, q3 + FENCE * spread)
    if high - low <= 1e-12 * max(abs(low), abs(high)) or high == low:
        room = max(abs(low) * 0.1, 0.5)
        return low - room, high + room
    return low, high


def density(values: Floats, low: float, high: float) -> tuple[Floats, Floats] | None:
    """Gaussian kernel density on a grid of 256 points; None for fewer than five values, a constant, or huge ones.

    Silverman's rule of thumb for the bandwidth (Density Estimation for Statistics and Data Analysis, 1986, eq. 3.31). Values are
    binned before smoothing, so the cost does not grow with the rows.
    """
    inside = values[(values >= low) & (values <= high)]
    if inside.size < 5 or not high > low or max(abs(low), abs(high)) > HUGE:
        return None
    q1, q3 = np.quantile(inside, (0.25, 0.75))
    spreads = [s for s in (float(np.std(inside)), float(q3 - q1) / 1.34) if s > 0]
    if not spreads or (np.unique(inside[:50]).size < 2 and np.unique(inside).size < 2):
        return None
    bandwidth = 0.9 * min(spreads) * inside.size**-0.2
    counts, edges = np.histogram(inside, GRID, (low, high))
    step = edges[1] - edges[0]
    reach = int(np.clip(np.ceil(4 * bandwidth / step), 1, GRID))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / max(bandwidth, step)) ** 2)
    smooth = np.convolve(counts, kernel / kernel.sum(), mode="full")[reach : reach + GRID]
    return 0.5 * (edges[1:] + edges[:-1]), smooth / (inside.size * step)


def bins_of(values: Floats, most: int = 40) -> int:
    """Bins of a histogram: one per value for few whole numbers, else by the square root of their number."""
    distinct = np.unique(values[:5000]).size
    return int(np.clip(distinct if distinct <= 12 else np.sqrt(values.size), 2, most))
