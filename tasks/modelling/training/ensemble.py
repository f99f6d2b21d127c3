"""Greedy selection of an ensemble from out-of-fold predictions (Caruana et al. 2004, Ensemble Selection from Libraries of Models).

Members are added with replacement, each time the one that helps the average most. It is repeated on random halves of the rows and the
picks are averaged: what helps only because of a few rows gets little weight. (Random parts of the library, as in the paper, were
measured too: they leave out a candidate that is far ahead, and cost a tenth of the log loss where a kernel leads.) At most `PER_FAMILY`
candidates of a family are considered, so that a family that was tuned for long does not outvote the others. A single candidate is kept
unless the ensemble does better. Deterministic: candidates are ordered by merit and id, the seed is fixed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tasks.evidence.scores.ranking import area_under_roc
from tasks.modelling.training.judge import Judge

TIMED = 5
STEPS = 20
BAGS = 8
PER_FAMILY = 3
LIBRARY = 20
"""Best candidates that are considered."""
LEAST_WEIGHT = 0.02
SELECTION_ROWS, SELECTION_CELLS = 3000, 10_000
"""Rows a bag looks at, and rows times classes, at most; a third for ROC AUC of several classes, which takes longest."""


@dataclass(frozen=True)
class Entry:
    """A finished candidate as the selection sees it."""

    id: str
    family: str
    merit: float
    prediction: np.ndarray


def select(entries: Sequence[Entry], y: np.ndarray, judge: Judge, seed: int = 0) -> dict[str, float]:
    """Weights by id, summing to 1; rows without a prediction must have been left out of `y` and the predictions."""
    library = _choose_library(entries)
    if len(library) <= 1:
        return {library[0].id: 1.0} if library else {}
    generator = np.random.default_rng(seed)
    votes = np.zeros(len(library))
    for _ in range(BAGS):
        rows = np.sort(generator.choice(len(y), _rows_of_bag(len(y), judge), replace=False))
        chosen = _select_greedily([entry.prediction[rows] for entry in library], _fast_merit(y[rows], judge))
        votes += chosen / chosen.sum() / BAGS
    votes[votes < LEAST_WEIGHT] = 0.0
    return _best_of(library, votes / votes.sum(), y, judge)


def guess_seconds(y: np.ndarray, judge: Judge) -> float:
    """What a selection from a full library takes at most, by timing the metric on rows of this target."""
    rows = y[: _rows_of_bag(len(y), judge)]
    chance = np.random.default_rng(0).random((len(rows), judge.n_classes) if judge.n_classes else len(rows))
    prediction = chance / chance.sum(axis=1, keepdims=True) if judge.n_classes else chance
    merit = _fast_merit(rows, judge)
    began = time.perf_counter()
    for _ in range(TIMED):
        merit(prediction)
    return (time.perf_counter() - began) / TIMED * BAGS * STEPS * LIBRARY


def _rows_of_bag(rows: int, judge: Judge) -> int:
    cells = SELECTION_CELLS // 3 if judge.metric == "roc_auc" and judge.n_classes > 2 else SELECTION_CELLS
    return min(SELECTION_ROWS, cells // max(1, judge.n_classes), -(-rows // 2))


def _choose_library(entries: Sequence[Entry]) -> list[Entry]:
    seen: Counter[str] = Counter()
    library = []
    for entry in sorted(entries, key=lambda one: (-one.merit, one.id)):
        seen[entry.family] += 1
        if seen[entry.family] <= PER_FAMILY:
            library.append(entry)
    return library[:LIBRARY]


def _best_of(library: Sequence[Entry], votes: np.ndarray, y: np.ndarray, judge: Judge) -> dict[str, float]:
    blended = blend([entry.prediction for entry in library], votes)
    if judge.merit(y, blended) < library[0].merit:
        return {library[0].id: 1.0}
    return {entry.id: float(weight) for entry, weight in zip(library, votes, strict=True) if weight > 0}


def _select_greedily(predictions: Sequence[np.ndarray], merit: Callable[[np.ndarray], float]) -> np.ndarray:
    """How often each was picked up to the best average, `(m,)`."""
    counts = np.zeros(len(predictions))
    total = np.zeros_like(predictions[0])
    best, best_counts = -np.inf, counts
    for step in range(STEPS):
        tried = [merit((total + prediction) / (step + 1)) for prediction in predictions]
        pick = int(np.argmax(tried))
        total = total + predictions[pick]
        counts[pick] += 1
        if tried[pick] > best:
            best, best_counts = tried[pick], counts.copy()
    return best_counts


def _fast_merit(y: np.ndarray, judge: Judge) -> Callable[[np.ndarray], float]:
    """The judge's merit of these rows; ROC AUC without the cost of ties where there are none."""
    if judge.metric != "roc_auc" or judge.n_classes != 2:
        return lambda prediction: judge.merit(y, prediction)
    positive = y == judge.positive
    n1, n0 = int(positive.sum()), int((~positive).sum())

    def area(prediction: np.ndarray) -> float:
        chance = prediction[:, judge.positive]
        order = np.argsort(chance)
        ordered = chance[order]
        if n1 == 0 or n0 == 0 or (ordered[1:] == ordered[:-1]).any():
            return area_under_roc(positive, chance)
        return float((np.flatnonzero(positive[order]).sum() + n1 - n1 * (n1 + 1) / 2) / (n1 * n0))

    return area


def blend(predictions: Sequence[np.ndarray], weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """The weighted average; members of weight 0 are not looked at."""
    used = [(prediction, weight) for prediction, weight in zip(predictions, weights, strict=True) if weight > 0]
    return np.asarray(np.sum([prediction * weight for prediction, weight in used], axis=0) / sum(weight for _, weight in used))
