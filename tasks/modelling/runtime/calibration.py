"""Calibrators that travel with a model: they map its probabilities to ones that mean what they say.

Each holds plain numbers only and gives `transform(prediction)` of the shape it gets, `(n, k)` or, for two classes, `(n,)` of class 1.
Platt 1999 on the logit; temperature by Guo et al. 2017; isotonic by Zadrozny & Elkan 2002 with linear steps between its levels.
"""

from __future__ import annotations

import numpy as np

SMALLEST = 1e-7
"""Probabilities stay this far from 0 and 1 before a logarithm."""


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
        """Least log loss over slope and shift."""
        from scipy.optimize import minimize

        z, t = logit(_of_one(prediction)), np.asarray(y, dtype=float)

        def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
            slope = np.exp(w[0])
            s = slope * z + w[1]
            residual = 1 / (1 + np.exp(-np.clip(s, -500, 500))) - t
            return float(np.mean(np.logaddexp(0, s) - t * s)), np.array([np.mean(residual * z) * slope, np.mean(residual)])

        best = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=[(-3, 3), (-10, 10)])
        self.slope, self.shift = float(np.exp(best.x[0])), float(best.x[1])
        return self

    def transform(self, prediction: np.ndarray) -> np.ndarray:
        s = self.slope * logit(_of_one(prediction)) + self.shift
        return _like(prediction, 1 / (1 + np.exp(-s)))


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
