"""Ratios, differences and products of two numbers, kept where they explain what a tree on the numbers alone leaves over."""

from __future__ import annotations

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.step import Step, TrainingRows

SAMPLE_ROWS = 4000
CANDIDATE_COLUMNS = 8
TREE_LEAVES = 16
"""A larger tree stands in for the ratio it should reveal."""
BINS = 16
LEAST_F = 4.0
"""F statistic of the residual between bins of the feature; about 1 without a relation."""
LEAST_ADVANTAGE = 1.2
"""... and how many times that of the better of its two parents."""
MOST_ALIKE = 0.95
BACKFITS = 2
OPERATIONS = ("/", "\\", "-", "*")


class Arithmetic(Step):
    """At most `at_most` features. A missing parent is a missing feature, filled with the median when `fill`."""

    def __init__(self, numbers: list[str], at_most: int, fill: bool) -> None:
        self.numbers = numbers
        self.at_most = at_most
        self.fill = fill

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        self.chosen = self._choose(columns, training)
        self._tell([_named(*c) for c in self.chosen], [left for left, _, _ in self.chosen])
        self.medians = np.zeros(len(self.chosen))
        made = self._make(columns)
        for position in range(len(self.chosen)):
            present = made[~np.isnan(made[:, position]), position]
            self.medians[position] = np.median(present) if present.size else 0.0
        return self._filled(made)

    def transform(self, columns: Columns) -> np.ndarray:
        return self._filled(self._make(columns))

    def _make(self, columns: Columns) -> np.ndarray:
        made = np.empty((columns.rows, len(self.chosen)), dtype=np.float64)
        for position, (left, operation, right) in enumerate(self.chosen):
            made[:, position] = combine(columns.numbers(left), operation, columns.numbers(right))
        return made

    def _filled(self, made: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(made), self.medians, made) if self.fill else made

    def _choose(self, columns: Columns, training: TrainingRows) -> list[tuple[str, str, str]]:
        if columns.rows < 50 or len(self.numbers) < 2 or not self.at_most:
            return []
        random = np.random.default_rng(training.seed)
        rows = np.arange(columns.rows)
        if rows.size > SAMPLE_ROWS:
            rows = np.sort(random.choice(rows, SAMPLE_ROWS, replace=False))
        base = np.column_stack([columns.numbers(c)[rows] for c in self.numbers])
        medians = np.array([np.median(v[~np.isnan(v)]) if (~np.isnan(v)).any() else 0.0 for v in base.T])
        base = np.where(np.isnan(base), medians, base)
        residual, ranking = _left_over(base, training.targets[rows], training.seed)
        names = [self.numbers[i] for i in ranking[:CANDIDATE_COLUMNS]]
        base = base[:, ranking[:CANDIDATE_COLUMNS]]
        return _paying(base, names, residual, self.at_most)


def combine(left: np.ndarray, operation: str, right: np.ndarray) -> np.ndarray:
    """`/` left by right, `\\` right by left, `-`, `*`; a division by zero is NaN."""
    with np.errstate(all="ignore"):
        if operation == "/":
            made = np.where(right == 0, np.nan, left / right)
        elif operation == "\\":
            made = np.where(left == 0, np.nan, right / left)
        else:
            made = left - right if operation == "-" else left * right
    # A float32 is what the views hand on.
    return np.clip(made, -3e38, 3e38)


def binned_f(features: np.ndarray, residual: np.ndarray) -> np.ndarray:
    """F statistic (n_features,) of each residual between quantile bins of each feature, the largest over residuals."""
    rows, width = features.shape
    cell = (_quantile_bins(features) + np.arange(width) * BINS).ravel()
    counts = np.bincount(cell, minlength=width * BINS).astype(np.float64)
    best = np.zeros(width)
    for k in range(residual.shape[1]):
        centred = residual[:, k] - residual[:, k].mean()
        total = float(centred @ centred)
        if total <= 0:
            continue
        sums = np.bincount(cell, weights=np.repeat(centred, width), minlength=width * BINS)
        between = (sums**2 / np.maximum(counts, 1)).reshape(width, BINS).sum(axis=1)
        best = np.maximum(best, between / (BINS - 1) / np.maximum((total - between) / max(1, rows - BINS), 1e-12))
    return best


def _left_over(base: np.ndarray, targets: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What a small tree leaves unexplained, and the columns by their importance in it."""
    from sklearn.tree import DecisionTreeRegressor

    leaves = int(np.clip(base.shape[0] // 40, 2, TREE_LEAVES))
    tree = DecisionTreeRegressor(max_leaf_nodes=leaves, min_samples_leaf=max(5, base.shape[0] // 200), random_state=seed)
    spread = targets.std(axis=0)
    scaled = (targets - targets.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    predicted = tree.fit(base, scaled).predict(base).reshape(scaled.shape)
    return _without_main_effects(base, scaled - predicted), np.argsort(-tree.feature_importances_, kind="stable")


def _without_main_effects(base: np.ndarray, residual: np.ndarray) -> np.ndarray:
    """The residual less what each column alone explains of it, so that a product is not chosen for what a factor does."""
    bins = _quantile_bins(base)
    for column in [*range(base.shape[1])] * BACKFITS:
        counts = np.maximum(np.bincount(bins[:, column], minlength=BINS), 1)
        for k in range(residual.shape[1]):
            residual[:, k] -= (np.bincount(bins[:, column], weights=residual[:, k], minlength=BINS) / counts)[bins[:, column]]
    return residual


def _quantile_bins(values: np.ndarray) -> np.ndarray:
    """Bin 0 to BINS - 1 of each value in its column, as many rows in each; ties are broken by order."""
    return np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable") * BINS // max(1, values.shape[0])


def _paying(base: np.ndarray, names: list[str], residual: np.ndarray, at_most: int) -> list[tuple[str, str, str]]:
    alone = binned_f(base, residual)
    pairs = [(i, o, j) for i in range(len(names)) for j in range(i + 1, len(names)) for o in OPERATIONS]
    made = np.column_stack([np.nan_to_num(combine(base[:, i], o, base[:, j])) for i, o, j in pairs])
    gains = binned_f(made, residual)
    pays = [p for p in np.argsort(-gains, kind="stable") if gains[p] > LEAST_F]
    chosen: list[int] = []
    for p in pays:
        i, _, j = pairs[p]
        if gains[p] < LEAST_ADVANTAGE * max(alone[i], alone[j]) or len(chosen) >= at_most:
            continue
        if all(_alike(made[:, p], made[:, other]) < MOST_ALIKE for other in chosen):
            chosen.append(int(p))
    return [(names[pairs[p][0]], pairs[p][1], names[pairs[p][2]]) for p in chosen]


def _alike(left: np.ndarray, right: np.ndarray) -> float:
    """Spearman's rank correlation without sign, ties broken by order."""
    a, b = (np.argsort(np.argsort(v, kind="stable"), kind="stable") for v in (left, right))
    return abs(float(np.corrcoef(a, b)[0, 1]))


def _named(left: str, operation: str, right: str) -> str:
    return f"{right} / {left}" if operation == "\\" else f"{left} {operation} {right}"
