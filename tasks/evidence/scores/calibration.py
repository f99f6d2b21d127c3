"""Whether probabilities mean what they say: reliability curve, expected calibration error with its noise, Brier decomposition.

Bins hold equally many rows (Naeini et al. 2015; Nixon et al. 2019), rows with one and the same probability stay together. In multiclass
tasks the probability is that of the likeliest class, and the event that it is right. Even perfect probabilities have an error on
finite rows, so the error is told beside what perfect ones would show (Bröcker & Smith 2007, consistency resampling).
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.scores.facts import Fact
from tasks.evidence.scores.metrics import as_matrix
from tasks.evidence.scores.ranking import mid_ranks

BINS = 10
DRAWS = 200
DRAW_ROWS = 20_000
"""Beyond so many rows the noise is taken from a sample and scaled by the square root."""


class ReliabilityBin(Fact):
    """Rows with about the same probability."""

    predicted: float
    """Mean probability."""
    observed: float
    """Share in which the event happened."""
    rows: int


class Calibration(Fact):
    """Expected calibration error and what it is made of."""

    error: float
    """Mean over rows of |observed - predicted| per bin."""
    noise: float
    """What perfect probabilities stay below on as many rows in 95 of 100 cases."""
    curve: tuple[ReliabilityBin, ...]
    reliability: float
    resolution: float
    uncertainty: float
    """Brier score = reliability - resolution + uncertainty, up to the spread inside bins (Murphy 1973)."""
    rows: int

    @property
    def beyond_noise(self) -> bool:
        """The probabilities are off by more than chance explains."""
        return self.error > self.noise


def events(y: NDArray, prediction: NDArray, positive: int = 1) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """What happened and the probability it had, both `(n,)`: the positive class, or the likeliest one of several."""
    proba = as_matrix(prediction)
    if proba.shape[1] == 2:
        return np.asarray(y) == positive, proba[:, positive]
    called = proba.argmax(axis=1)
    return np.asarray(y) == called, proba[np.arange(len(called)), called]


def measure_calibration(y: NDArray, prediction: NDArray, *, positive: int = 1, bins: int = BINS, seed: int = 0) -> Calibration:
    """Calibration of probabilities `(n,)` or `(n, k)`; ValueError without rows."""
    happened, p = events(y, prediction, positive)
    if not len(p):
        raise ValueError("calibration needs at least one row")
    bin_of = _bin_rows(p, bins)
    size = np.bincount(bin_of).astype(np.float64)
    predicted, observed = np.bincount(bin_of, p) / size, np.bincount(bin_of, happened) / size
    base = float(happened.mean())
    share = size / len(p)
    curve = tuple(ReliabilityBin(predicted=float(a), observed=float(b), rows=int(n)) for a, b, n in zip(predicted, observed, size))
    return Calibration(
        error=float(share @ np.abs(observed - predicted)), noise=_noise(p, bin_of, seed), curve=curve,
        reliability=float(share @ (observed - predicted) ** 2), resolution=float(share @ (observed - base) ** 2),
        uncertainty=base * (1 - base), rows=len(p),
    )  # fmt: skip


def _bin_rows(p: NDArray, bins: int) -> NDArray[np.int64]:
    """Bin number of each row, without gaps."""
    wanted = np.minimum(((mid_ranks(p) - 0.5) / len(p) * bins).astype(np.int64), bins - 1)
    return cast("NDArray[np.int64]", np.unique(wanted, return_inverse=True)[1])


def _noise(p: NDArray, bin_of: NDArray[np.int64], seed: int) -> float:
    """95 % quantile of the error if every probability were true."""
    random, kept = np.random.default_rng(seed), np.arange(len(p))
    if len(p) > DRAW_ROWS:
        kept = np.sort(random.choice(len(p), DRAW_ROWS, replace=False))
    q, bins = np.clip(p[kept], 0, 1), bin_of[kept]
    expected = np.bincount(bins, q)
    drawn = [np.abs(np.bincount(bins, random.random(len(q)) < q) - expected).sum() / len(q) for _ in range(DRAWS)]
    return float(np.quantile(drawn, 0.95) * np.sqrt(len(kept) / len(p)))
