"""Calibrators that travel with a model: they map its probabilities to ones that mean what they say.

Each holds plain numbers only and gives `transform(prediction)` of the shape it gets, `(n, k)` or, for two classes, `(n,)` of class 1.
Platt 1999 on the logit; temperature by Guo et al. 2017; isotonic by Zadrozny & Elkan 2002 with linear steps between its levels.
"""

from __future__ import annotations

import numpy as np

SMALLEST = 1e-7
"""Probabilities stay this far from 0 and 1 before a logarithm."""


NEWTON_STEPS = 50
TOLERANCE = 1e-8
RIDGE = 1e-9
"""Keeps a flat loss solvable."""
LEAST_SLOPE = 0.05
"""Probabilities that say nothing, or the contrary, are flattened, never turned round."""


def _sigmoid(s: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(s, -500, 500))))


def _loss(s: np.ndarray, t: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0, s) - t * s))


def _of_one(prediction: np.ndarray) -> np.ndarray:
    return prediction[:, 1] if prediction.ndim == 2 else prediction


def _like(prediction: np.ndarray, p: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - p, p]) if prediction.ndim == 2 else p


def logit(p: np.ndarray) -> np.ndarray:
    """Log odds of probabilities, kept finite."""
    q = np.clip(p, SMALLEST, 1 - SMALLEST)
    return np.log(q) - np.log1p(-q)


class PlattCalibrator:
    """Two classes: logit(p) is stretched by `slope` (> 0, so the order of rows stays) and moved by `shift`."""

    name = "platt"

    def __init__(self, slope: float = 1.0, shift: float = 0.0) -> None:
        self.slope = slope
        self.shift = shift

    def fit(self, prediction: np.ndarray, y: np.ndarray) -> PlattCalibrator:
        """Least log loss over slope and shift, by Newton's steps; targets keep off 0 and 1 by one row more of each class, as in Platt."""
        z, true = logit(_of_one(prediction)), np.asarray(y) == 1
        t = np.where(true, (true.sum() + 1) / (true.sum() + 2), 1 / ((~true).sum() + 2))
        x, w = np.column_stack([z, np.ones(len(z))]), np.array([1.0, 0.0])
        best = _loss(x @ w, t)
        for _ in range(NEWTON_STEPS):
            p = _sigmoid(x @ w)
            bend = (x * (p * (1 - p))[:, None]).T @ x / len(t) + RIDGE * np.eye(2)
            step = np.linalg.solve(bend, x.T @ (p - t) / len(t))
            while np.abs(step).max() > TOLERANCE and not _loss(x @ (w - step), t) < best:
                step = step / 2
            if np.abs(step).max() <= TOLERANCE:
                break
            w = w - step
            best = _loss(x @ w, t)
        self.slope, self.shift = float(max(w[0], LEAST_SLOPE)), float(w[1])
        return self

    def transform(self, prediction: np.ndarray) -> np.ndarray:
        s = self.slope * logit(_of_one(prediction)) + self.shift
        return _like(prediction, _sigmoid(s))


class TemperatureCalibrator:
    """Several classes: log probabilities are divided by `temperature` and normalised; the likeliest class stays."""

    name = "temperature"

    def __init__(self, temperature: float = 1.0) -> None:
        self.temperature = temperature

    def fit(self, prediction: np.ndarray, y: np.ndarray) -> TemperatureCalibrator:
        """Least log loss over the temperature."""
        from scipy.optimize import minimize_scalar

        rows, codes = np.arange(len(y)), np.asarray(y, dtype=int)
        logs = np.log(np.clip(prediction, SMALLEST, 1))

        def loss(log_temperature: float) -> float:
            z = logs / np.exp(log_temperature)
            z = z - z.max(axis=1, keepdims=True)
            return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[rows, codes]))

        self.temperature = float(np.exp(minimize_scalar(loss, bounds=(-2.3, 2.3), method="bounded").x))
        return self

    def transform(self, prediction: np.ndarray) -> np.ndarray:
        z = np.log(np.clip(prediction, SMALLEST, 1)) / self.temperature
        z = np.exp(z - z.max(axis=1, keepdims=True))
        return np.asarray(z / z.sum(axis=1, keepdims=True))


class IsotonicCalibrator:
    """Two classes: a rising curve through the points `at` (probabilities) and `level` (observed shares)."""

    name = "isotonic"

    def __init__(self, at: np.ndarray | None = None, level: np.ndarray | None = None) -> None:
        self.at = np.array([0.0, 1.0]) if at is None else at
        self.level = np.array([0.0, 1.0]) if level is None else level

    def fit(self, prediction: np.ndarray, y: np.ndarray) -> IsotonicCalibrator:
        """Pool adjacent violators; a level keeps half a row of the other class, so no probability becomes 0 or 1."""
        from scipy.optimize import isotonic_regression

        p, t = _of_one(prediction), np.asarray(y, dtype=float)
        order = np.argsort(p, kind="stable")
        pooled = isotonic_regression(t[order])
        starts = pooled.blocks[:-1]
        size = np.diff(pooled.blocks).astype(float)
        base = float(t.mean())
        self.at = np.add.reduceat(p[order], starts) / size
        self.level = np.maximum.accumulate((np.add.reduceat(t[order], starts) + base) / (size + 1))
        return self

    def transform(self, prediction: np.ndarray) -> np.ndarray:
        return _like(prediction, np.clip(np.interp(_of_one(prediction), self.at, self.level), SMALLEST, 1 - SMALLEST))
