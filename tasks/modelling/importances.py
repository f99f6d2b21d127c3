"""How much the champion relies on each column: the score lost when the column's values change places among the rows (Breiman 2001).

Measured on the whole predictor, so it is of columns a person knows, whatever features were made of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from tasks.evidence.scores.metrics import METRICS, gain, score
from tasks.modelling.deciding import positive_code
from tasks.rules.building.contract import Contract

ROWS = 1000
MOST_TOLD = 30


def measure_importances(
    predict: Callable[[pd.DataFrame], np.ndarray], frame: pd.DataFrame, y: np.ndarray, contract: Contract, *,
    deadline: float, columns: Sequence[str] | None = None, rows: int = ROWS, seed: int = 0,
) -> tuple[tuple[str, float], ...]:  # fmt: skip
    """Columns with their share of all losses, strongest first, at most 30, summing to 1; empty when the deadline leaves no time.

    `predict` gives `(n,)` values or `(n, k)` probabilities of canonical rows. Columns not reached before `deadline` (Unix seconds) are
    left out, so pass the likely ones first. A loss below 0 counts as 0.
    """
    random = np.random.default_rng(seed)
    chosen = np.sort(random.choice(len(frame), rows, replace=False)) if len(frame) > rows else np.arange(len(frame))
    sample, truth = frame.iloc[chosen].reset_index(drop=True), y[chosen]
    metric = contract.metric if METRICS[contract.metric].needs != "label" else "log_loss"
    positive, began = positive_code(contract), time.time()
    if began >= deadline:
        return ()
    base = score(metric, truth, predict(sample), positive=positive)
    once, lost = time.time() - began, {}
    for name in columns or sample.columns:
        if time.time() + once > deadline:
            break
        shuffled = sample.copy()
        shuffled[name] = sample[name].to_numpy()[random.permutation(len(sample))]
        lost[str(name)] = max(0.0, gain(metric, base, score(metric, truth, predict(shuffled), positive=positive)))
    total = sum(lost.values())
    ranked = sorted(((name, value / total) for name, value in lost.items() if total > 0), key=lambda pair: (-pair[1], pair[0]))[:MOST_TOLD]
    told = sum(value for _, value in ranked)
    return tuple((name, value / told) for name, value in ranked if value > 0)
