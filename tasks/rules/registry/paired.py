"""Paired tests of two models on the same held-out rows; "no difference" and "too few rows to tell" are answers.

Classification: exact McNemar test on the rows that just one model gets right (McNemar 1947; exact form: Binomial(n, 1/2)),
with the interval of Agresti & Min 2005 for the difference of two matched proportions. Regression: Wilcoxon's signed-rank
test on the difference of absolute errors (Wilcoxon 1945, zeros by Pratt 1959), with a bootstrap percentile interval of the
mean difference relative to the champion's mean error (Efron 1979). Predictions of the same rows are dependent, so a test
for two independent samples would be too timid.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

ALPHA = 0.05
"""Two-sided level of every paired test."""
ACCURACY_MARGIN = 0.01
"""Differences in accuracy up to one point are no difference anybody would deploy for. Our policy."""
ERROR_MARGIN = 0.02
"""Likewise, mean absolute errors within two per cent of the champion's."""
MIN_ROWS = 20
BOOTSTRAP_DRAWS = 2000
BOOTSTRAP_CELLS = 20_000_000
"""Draws times rows; fewer draws are made for very long predictions."""
Difference = Literal["b_better", "a_better", "no_difference", "too_few_rows"]


class PairedTest(BaseModel):
    """Result of a paired test; A is the champion, B the challenger."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    test: Literal["mcnemar_exact", "wilcoxon"]
    n: int
    """Rows both predicted."""
    p_value: float
    difference: float
    """B's gain: accuracy in proportion, or mean absolute error saved relative to A's; above 0: B is better."""
    low: float
    """95 % interval."""
    high: float
    margin: float
    answer: Difference
    sentence: str


def compare_correct(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> PairedTest:
    """Which classifier is right more often on the same rows; `a` and `b` say row by row whether it was right, `(n,)`.

    >>> compare_correct(np.array([True, False] * 10), np.array([True, False] * 10)).answer
    'too_few_rows'
    """
    from scipy.stats import binomtest

    n = len(a)
    only_a, only_b = int(np.sum(a & ~b)), int(np.sum(b & ~a))
    p = float(binomtest(only_b, only_a + only_b, 0.5).pvalue) if only_a + only_b else 1.0
    # Agresti & Min 2005: half a row more in each of the four cells.
    d = (only_b - only_a) / (n + 2)
    half = 1.959964 * math.sqrt(max(only_a + only_b + 1 - (n + 2) * d * d, 0.0)) / (n + 2)
    gain = (only_b - only_a) / n if n else 0.0
    answer = _answer(n, p, gain, d - half, d + half, ACCURACY_MARGIN)
    what = f"B alone is right on {only_b} rows, A alone on {only_a}, of {n:,} (exact McNemar p = {p:.2g})"
    return PairedTest(
        test="mcnemar_exact", n=n, p_value=p, difference=gain, low=d - half, high=d + half, margin=ACCURACY_MARGIN,
        answer=answer, sentence=_sentence(answer, what),
    )  # fmt: skip


def compare_errors(a: NDArray[np.float64], b: NDArray[np.float64]) -> PairedTest:
    """Which model errs less on the same rows; `a` and `b` are absolute errors, finite, `(n,)`."""
    from scipy.stats import wilcoxon

    n = len(a)
    saved = a - b
    moved = bool(n) and bool(np.any(saved != 0))
    p = float(wilcoxon(saved, zero_method="pratt").pvalue) if moved else 1.0
    base = float(np.mean(a)) if n else 0.0
    scale = base or 1.0
    gain = float(np.mean(saved)) / scale if n else 0.0
    low, high = _bootstrap(saved, scale) if moved else (0.0, 0.0)
    answer = _answer(n, p, gain, low, high, ERROR_MARGIN)
    what = f"B's mean absolute error is {abs(gain):.1%} {'lower' if gain > 0 else 'higher'} on {n:,} rows (Wilcoxon p = {p:.2g})"
    return PairedTest(
        test="wilcoxon", n=n, p_value=p, difference=gain, low=low, high=high, margin=ERROR_MARGIN,
        answer=answer, sentence=_sentence(answer, what),
    )  # fmt: skip


def _bootstrap(saved: NDArray[np.float64], scale: float) -> tuple[float, float]:
    random = np.random.default_rng(0)
    n = len(saved)
    draws = max(200, min(BOOTSTRAP_DRAWS, BOOTSTRAP_CELLS // n))
    means = np.array([saved[random.integers(0, n, n)].mean() for _ in range(draws)]) / scale
    low, high = np.quantile(means, [ALPHA / 2, 1 - ALPHA / 2])
    return float(low), float(high)


def _answer(n: int, p: float, gain: float, low: float, high: float, margin: float) -> Difference:
    """Better or worse needs the test and the interval to agree; no difference needs the whole interval within the margin."""
    if n >= MIN_ROWS and p < ALPHA and (low > 0 or high < 0) and abs(gain) > 0:
        return "b_better" if gain > 0 else "a_better"
    if n >= MIN_ROWS and -margin <= low and high <= margin:
        return "no_difference"
    return "too_few_rows"


def _sentence(answer: Difference, what: str) -> str:
    ends = {
        "b_better": "B is better",
        "a_better": "A is better",
        "no_difference": "no difference that matters",
        "too_few_rows": "no difference shown, and too few rows to rule one out",
    }
    return f"{what}: {ends[answer]}"
