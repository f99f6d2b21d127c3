"""Bends in a number for linear models: linear B-splines between quantiles, for the columns whose effect is not a straight line."""

from __future__ import annotations

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.interactions import SAMPLE_ROWS, binned_f
from tasks.modelling.runtime.step import Step, TrainingRows

KNOTS = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAST_F = 4.0
"""F statistic between quantile bins of what a straight line in every column leaves over; about 1 without a bend."""
LEAST_VALUES = 5
MOST_COLUMNS = 25


class Bends(Step):
    """Hat functions (0 to 1) at the quantiles of the bent columns, the first left out; missing is at the median."""

    keep_scale = True

    def __init__(self, numbers: list[str]) -> None:
        self.numbers = numbers

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        self.medians = np.array([_median(columns.numbers(c)) for c in self.numbers])
        bent = self._bent(columns, training)
        self.knots = {c: _knots(columns.numbers(c)).tolist() for c in bent}
        self.middles = {c: float(self.medians[self.numbers.index(c)]) for c in bent}
        names = [f"{c} near {knot:.4g}" for c, knots in self.knots.items() for knot in knots[1:]]
        self._tell(names, [c for c, knots in self.knots.items() for _ in knots[1:]])
        return self.transform(columns)

    def transform(self, columns: Columns) -> np.ndarray:
        made = [np.zeros((columns.rows, 0))]
        for name, knots in self.knots.items():
            values = columns.numbers(name)
            values = np.where(np.isnan(values), self.middles[name], values)
            made += [np.interp(values, knots, hat).reshape(-1, 1) for hat in np.eye(len(knots))[1:]]
        return np.hstack(made)

    def _bent(self, columns: Columns, training: TrainingRows) -> list[str]:
        if columns.rows < 50:
            return []
        rows = np.arange(columns.rows)
        if rows.size > SAMPLE_ROWS:
            rows = np.sort(np.random.default_rng(training.seed).choice(rows, SAMPLE_ROWS, replace=False))
        base = np.column_stack([columns.numbers(c)[rows] for c in self.numbers])
        base = np.where(np.isnan(base), self.medians, base)
        strength = binned_f(base, _left_by_lines(base, training.targets[rows]))
        order = [i for i in np.argsort(-strength, kind="stable")[:MOST_COLUMNS] if strength[i] > LEAST_F]
        return [self.numbers[i] for i in sorted(order) if _knots(columns.numbers(self.numbers[i])).size >= 3]


def _left_by_lines(base: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Residual of least squares on every column, slightly penalised so that copies do no harm."""
    deviations = base.std(axis=0)
    scaled = (base - base.mean(axis=0)) / np.where(deviations > 0, deviations, 1.0)
    wanted = targets - targets.mean(axis=0)
    penalty = 1e-3 * len(base) * np.eye(base.shape[1])
    return wanted - scaled @ np.linalg.solve(scaled.T @ scaled + penalty, scaled.T @ wanted)


def _knots(values: np.ndarray) -> np.ndarray:
    present = values[~np.isnan(values)]
    if not present.size or np.unique(present[:2000]).size < LEAST_VALUES:
        return np.empty(0)
    return np.unique(np.quantile(present, KNOTS))


def _median(values: np.ndarray) -> float:
    present = values[~np.isnan(values)]
    return float(np.median(present)) if present.size else 0.0
