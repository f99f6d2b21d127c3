"""Greedy selection of an ensemble from out-of-fold predictions (Caruana et al. 2004, Ensemble Selection from Libraries of Models).

Members are added with replacement, each time the one that helps the average most; it starts from the best few and is repeated over
random halves of the library, which guards against picking what merely fits these rows. A single candidate is kept unless the
ensemble does better. Deterministic: candidates are ordered by merit and id, the seed is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tasks.modelling.training.judge import Judge

STEPS = 24
BAGS = 8
LIBRARY = 30
"""Best candidates that are considered."""
LEAST_WEIGHT = 0.02
SELECTION_ROWS = 4000
"""Rows a bag looks at."""


@dataclass(frozen=True)
class Entry:
    """A finished candidate as the selection sees it."""

    id: str
    family: str
    merit: float
    prediction: np.ndarray


def select(entries: Sequence[Entry], y: np.ndarray, judge: Judge, seed: int = 0) -> dict[str, float]:
    """Weights by id, summing to 1; rows without a prediction must have been left out of `y` and the predictions."""
    ordered = sorted(entries, key=lambda entry: (-entry.merit, entry.id))[:LIBRARY]
    if len(ordered) <= 1:
        return {ordered[0].id: 1.0} if ordered else {}
    generator = np.random.default_rng(seed)
    votes = np.zeros(len(ordered))
    for bag in range(BAGS):
        library = np.arange(len(ordered)) if bag == 0 else np.sort(generator.choice(len(ordered), -(-len(ordered) * 2 // 3), replace=False))
        rows = np.arange(len(y)) if len(y) <= SELECTION_ROWS else np.sort(generator.choice(len(y), SELECTION_ROWS, replace=False))
        chosen = _select_greedily([ordered[i].prediction[rows] for i in library], y[rows], judge)
        votes[library] += chosen / chosen.sum() / BAGS
    votes[votes < LEAST_WEIGHT] = 0.0
    votes /= votes.sum()
    return _best_of(ordered, votes, y, judge)


def _best_of(ordered: Sequence[Entry], votes: np.ndarray, y: np.ndarray, judge: Judge) -> dict[str, float]:
    blended = blend([entry.prediction for entry in ordered], votes)
    if judge.merit(y, blended) < ordered[0].merit:
        return {ordered[0].id: 1.0}
    return {entry.id: float(weight) for entry, weight in zip(ordered, votes, strict=True) if weight > 0}


def _select_greedily(predictions: Sequence[np.ndarray], y: np.ndarray, judge: Judge) -> np.ndarray:
    """How often each was picked, `(m,)`."""
    counts = np.zeros(len(predictions))
    merits = np.array([judge.merit(y, prediction) for prediction in predictions])
    total = np.zeros_like(predictions[0])
    best, best_counts = -np.inf, counts.copy()
    for step in range(STEPS):
        if step == 0:
            tried = merits
        else:
            tried = np.array([judge.merit(y, (total + prediction) / (step + 1)) for prediction in predictions])
        pick = int(np.argmax(tried))
        total = total + predictions[pick]
        counts[pick] += 1
        if tried[pick] > best:
            best, best_counts = float(tried[pick]), counts.copy()
    return best_counts


def blend(predictions: Sequence[np.ndarray], weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """The weighted average; members of weight 0 are not looked at."""
    used = [(prediction, weight) for prediction, weight in zip(predictions, weights, strict=True) if weight > 0]
    return np.sum([prediction * weight for prediction, weight in used], axis=0) / sum(weight for _, weight in used)
