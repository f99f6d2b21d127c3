"""Which features a view keeps: no constant, no copy, no doubtful one without a relation to the target, and not too many."""

from __future__ import annotations

import numpy as np

from tasks.modelling.runtime.interactions import SAMPLE_ROWS, binned_f

LEAST_F = 1.7
"""F statistic of the target between 16 quantile bins; a feature without any relation passes in one of twenty cases."""
LEAST_ROWS = 100
"""Below this a relation cannot be seen, and doubtful features stay."""


def useful_features(made: np.ndarray, doubtful: np.ndarray, targets: np.ndarray, budget: int) -> np.ndarray:
    """Positions kept, in order; `doubtful` (n_features,) marks those that must relate to a target. Never none of several."""
    if not made.size:
        return np.arange(made.shape[1])
    kept = _distinct(made)
    if made.shape[0] >= LEAST_ROWS:
        kept = _related(made, kept, doubtful, targets)
    kept = kept or [0]
    if len(kept) > budget:
        strength = _correlation(made[:, kept], targets)
        kept = sorted(kept[i] for i in np.argsort(-strength, kind="stable")[:budget])
    return np.array(kept, dtype=np.int64)


def _distinct(made: np.ndarray) -> list[int]:
    kept, seen = [], set()
    for position in range(made.shape[1]):
        values = np.ascontiguousarray(made[:, position])
        if (values[0] == values[-1] and (values == values[0]).all()) or np.isnan(values).all():
            continue
        key = hash(values.tobytes())
        if key not in seen:
            seen.add(key)
            kept.append(position)
    return kept


def _related(made: np.ndarray, kept: list[int], doubtful: np.ndarray, targets: np.ndarray) -> list[int]:
    asked = [i for i in kept if doubtful[i]]
    if not asked:
        return kept
    step = max(1, made.shape[0] // SAMPLE_ROWS)
    strength = binned_f(np.nan_to_num(made[::step][:, asked]), targets[::step])
    gone = {i for i, f in zip(asked, strength) if f < LEAST_F}
    return [i for i in kept if i not in gone]


def _correlation(made: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Largest correlation without sign of each feature with a target, missing values at the mean."""
    centred = np.nan_to_num(made - np.nanmean(made, axis=0))
    wanted = targets - targets.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)[:, None] * np.linalg.norm(wanted, axis=0)[None, :]
    return (np.abs(centred.T @ wanted) / np.where(lengths > 0, lengths, np.inf)).max(axis=1)
