"""What each decision threshold would do, and the one an aim asks for.

A threshold t calls a row positive when its probability is at least t. The table and the choice look at probabilities of rows the model
was not fitted on. Of thresholds that do equally well within noise the middle one is taken: the very best one of a sample is mostly luck.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.scores.facts import Fact

GRID = 400
"""Thresholds that are compared, at quantiles of the probabilities."""
TABLE_ROWS = 21
PLATEAU = 0.5
"""Thresholds within so many standard errors of the best count as equally good."""
MARGIN = 1.0
"""Standard errors by which a demand must be exceeded here, so that it holds on other rows too."""
AIMS = ("cost", "f1", "accuracy", "balanced_accuracy", "mcc", "f1_macro", "precision", "recall")


@dataclass(frozen=True)
class Demand:
    """`recall` at least 0.9, as an aim must respect it."""

    metric: str
    bound: float
    at_least: bool = True


class ChosenThreshold(Fact):
    """A threshold with its reason."""

    threshold: float
    aim: str
    value: float
    """Of the aim at this threshold, on the rows it was chosen on."""
    met: bool
    """Every demand is met here with the margin."""
    reason: str


@dataclass(frozen=True)
class Outcomes:
    """Counts per threshold, each `(t,)`."""

    at: NDArray[np.float64]
    hits: NDArray[np.float64]
    false: NDArray[np.float64]
    missed: NDArray[np.float64]
    quiet: NDArray[np.float64]

    @property
    def rows(self) -> float:
        return float(self.hits[0] + self.false[0] + self.missed[0] + self.quiet[0])

    def measure(self, name: str, cost_ratio: float | None = None) -> NDArray[np.float64]:
        """Values of a metric per threshold; 0 where it is undefined. `cost` is per row, in false alarms."""
        h, f, m, q = self.hits, self.false, self.missed, self.quiet
        if name == "cost":
            return (f + (1.0 if cost_ratio is None else cost_ratio) * m) / self.rows
        if name == "accuracy":
            return (h + q) / self.rows
        recall, f1 = _share(h, h + m), _share(2 * h, 2 * h + f + m)
        if name == "mcc":
            return _share(h * q - f * m, np.sqrt((h + f) * (h + m) * (q + f) * (q + m)))
        return {
            "recall": recall,
            "precision": _share(h, h + f),
            "f1": f1,
            "balanced_accuracy": (recall + _share(q, q + f)) / 2,
            "f1_macro": (f1 + _share(2 * q, 2 * q + f + m)) / 2,
        }[name]


def _share(over: NDArray, under: NDArray) -> NDArray[np.float64]:
    return cast("NDArray[np.float64]", np.divide(over, under, out=np.zeros(len(over)), where=under > 0))


def count_outcomes(truth: NDArray[np.bool_], p: NDArray, at: NDArray) -> Outcomes:
    """Counts for each threshold in `at`."""
    order = np.argsort(p, kind="stable")
    start = np.searchsorted(p[order], at, side="left")
    before = np.r_[0, np.cumsum(truth[order])].astype(np.float64)
    missed, called = before[start], (len(p) - start).astype(np.float64)
    hits = before[-1] - missed
    return Outcomes(np.asarray(at, dtype=np.float64), hits, called - hits, missed, start - missed)


def candidate_thresholds(p: NDArray, most: int = GRID) -> NDArray[np.float64]:
    """Midpoints between neighbouring probabilities, and one at or below all of them, thinned to `most` by rows."""
    values = np.unique(p)
    if len(values) > most:
        values = np.unique(np.quantile(p, np.linspace(0, 1, most), method="nearest"))
    return np.r_[values[0], (values[1:] + values[:-1]) / 2]


def tabulate_thresholds(truth: NDArray[np.bool_], p: NDArray, cost_ratio: float | None = None) -> tuple[dict[str, float], ...]:
    """Precision, recall, F1, alarms per 100 rows and cost for thresholds 0, 0.05, ... 1."""
    outcomes = count_outcomes(truth, p, np.linspace(0, 1, TABLE_ROWS))
    columns = {name: outcomes.measure(name, cost_ratio) for name in ("precision", "recall", "f1", "cost")}
    alarms = 100 * (outcomes.hits + outcomes.false) / outcomes.rows
    return tuple(
        {"threshold": float(t), **{name: float(v[i]) for name, v in columns.items()}, "alarms_per_100": float(alarms[i])}
        for i, t in enumerate(outcomes.at)
    )


def choose_threshold(
    truth: NDArray[np.bool_], p: NDArray, *, aim: str, demands: tuple[Demand, ...] = (), cost_ratio: float | None = None
) -> ChosenThreshold:
    """The threshold that does best by `aim` among those that meet all demands with a margin, else those that miss them least.

    `aim` is one of `AIMS`. With one class only there is nothing to choose: 0.5.
    """
    if not truth.any() or truth.all() or len(np.unique(p)) < 2:
        return ChosenThreshold(threshold=0.5, aim=aim, value=0.0, met=not demands, reason="one class or one probability only: the middle")
    outcomes = count_outcomes(truth, p, candidate_thresholds(p))
    lack = _lack(outcomes, demands)
    allowed = lack <= lack.min() + 1e-12
    value = outcomes.measure(aim, cost_ratio)
    merit = np.where(allowed, -value if aim == "cost" else value, -np.inf)
    pick = _middle(merit, _noise(merit, aim, outcomes, truth, cost_ratio))
    met = bool(lack[pick] <= 0)
    return ChosenThreshold(
        threshold=float(outcomes.at[pick]), aim=aim, value=float(value[pick]), met=met, reason=_reason(aim, demands, cost_ratio, met)
    )


def _lack(outcomes: Outcomes, demands: tuple[Demand, ...]) -> NDArray[np.float64]:
    """By how much demands with their margin are missed in sum, per threshold; 0 where all are met."""
    lack = np.zeros(len(outcomes.at))
    for demand in demands:
        value = outcomes.measure(demand.metric)
        rows = outcomes.hits + (outcomes.false if demand.metric == "precision" else outcomes.missed)
        margin = MARGIN * np.sqrt(max(demand.bound * (1 - demand.bound), 0.0) / np.maximum(rows, 1))
        short = demand.bound + margin - value if demand.at_least else value - demand.bound + margin
        # A perfect value cannot be exceeded by a margin.
        perfect = value >= 1 if demand.at_least else value <= 0
        lack += np.where(perfect, 0.0, np.maximum(short, 0.0))
    return lack


def _noise(merit: NDArray, aim: str, outcomes: Outcomes, truth: NDArray[np.bool_], cost_ratio: float | None) -> float:
    """About the standard error of the difference to a neighbouring threshold: of the aim on half the rarer class."""
    rarer = float(min(truth.sum(), len(truth) - truth.sum()))
    best = int(np.argmax(merit))
    if aim == "cost":
        ratio = 1.0 if cost_ratio is None else cost_ratio
        spread = math.sqrt(outcomes.false[best] + ratio**2 * outcomes.missed[best])
        return PLATEAU / 2 * spread / outcomes.rows
    value = min(max(float(merit[best]), 0.05), 0.95)
    return PLATEAU / 2 * math.sqrt(value * (1 - value) / (len(truth) if aim == "accuracy" else max(rarer, 1.0)))


def _middle(merit: NDArray, noise: float) -> int:
    """Middle of the stretch of thresholds around the best one that do as well within noise."""
    best = int(np.argmax(merit))
    good = merit >= merit[best] - noise
    low = best
    while low > 0 and good[low - 1]:
        low -= 1
    high = best
    while high + 1 < len(merit) and good[high + 1]:
        high += 1
    return (low + high) // 2


def _reason(aim: str, demands: tuple[Demand, ...], cost_ratio: float | None, met: bool) -> str:
    wanted = " and ".join(f"{d.metric} {'at least' if d.at_least else 'at most'} {d.bound:g}" for d in demands)
    what = f"cost, a miss counting {cost_ratio:g} false alarms" if aim == "cost" and cost_ratio is not None else aim.replace("_", " ")
    best = f"{'least' if aim == 'cost' else 'best'} {what}"
    if not demands:
        return f"{best} on out-of-fold predictions"
    if met:
        return f"{best} among thresholds with {wanted} by a margin of {MARGIN:g} standard error"
    return f"no threshold gives {wanted} with a margin: the one that comes nearest"


def threshold_spread(thresholds: NDArray) -> float:
    """Standard deviation of the thresholds chosen on each fold; 0 for one fold."""
    return float(np.std(thresholds, ddof=1)) if len(thresholds) > 1 else 0.0
