"""From out-of-fold predictions to the form in which the champion answers: its calibrator and its decision threshold.

Both are chosen on rows the members were not fitted on. What they do is measured once more across folds: fitted on all folds but one,
applied to that one, so their choice flatters no score. A calibrator is kept only when it lowers the log loss beyond noise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasks.evidence.scores.metrics import METRICS, as_matrix, choose_labels, log_losses, prepare
from tasks.evidence.scores.spread import Dependence, measure_spread
from tasks.evidence.scores.thresholds import AIMS, ChosenThreshold, Demand, choose_threshold, threshold_spread
from tasks.modelling.runtime.calibration import IsotonicCalibrator, PlattCalibrator, TemperatureCalibrator
from tasks.rules.building.contract import Contract

KEEP_ERRORS = 1.64
"""A calibrator must lower the log loss by so many standard errors of the paired difference: one-sided 95 %."""
ISOTONIC_ROWS = 2000
"""Isotonic regression needs about a thousand rows or more (scikit-learn's guide); ours also many of each class."""
ISOTONIC_CLASS_ROWS = 200
RANKING = frozenset({"roc_auc", "average_precision"})
"""Isotonic steps would tie rows that these metrics tell apart."""


@dataclass(frozen=True)
class Decision:
    """How the champion's raw predictions become its answer."""

    calibrator: Any | None
    """Gives `transform`; None: the probabilities stay as they are."""
    threshold: ChosenThreshold | None
    """Binary tasks only; of the calibrated probability of the positive class."""
    threshold_spread: float | None
    """Standard deviation of the best threshold over folds."""
    rows: np.ndarray
    """`(n,)` bool: rows with an out-of-fold prediction."""
    honest: np.ndarray
    """Calibrated across folds, of those rows."""
    labelled: np.ndarray
    """The same as 0 and 1 by thresholds chosen across folds; equals `honest` where no threshold is needed."""

    @property
    def calibration(self) -> str:
        return "none" if self.calibrator is None else str(self.calibrator.name)


def positive_code(contract: Contract) -> int:
    """Code of the positive class; 1 when the contract names none."""
    return contract.classes.index(contract.positive) if contract.positive in contract.classes else 1


def decide_output(contract: Contract, y: np.ndarray, oof: np.ndarray, folds: np.ndarray, dependence: Dependence | None = None) -> Decision:
    """Choose calibrator and threshold; `oof` is NaN where a row was never held out. The same input gives the same decision."""
    rows = np.isfinite(oof) if oof.ndim == 1 else np.isfinite(oof).all(axis=1)
    t, raw, fold = y[rows], oof[rows], folds[rows]
    if contract.task == "regression":
        return Decision(None, None, None, rows, raw, raw)
    raw = as_matrix(raw)
    calibrator, honest = _choose_calibrator(contract, t, raw, fold, dependence or Dependence())
    if contract.task != "binary":
        return Decision(calibrator, None, None, rows, honest, honest)
    positive = positive_code(contract)
    final = raw if calibrator is None else calibrator.transform(raw)
    chosen = choose(contract, t == positive, final[:, positive])
    spread, labelled = _threshold_across_folds(contract, t == positive, honest, fold, positive)
    return Decision(calibrator, chosen, spread, rows, honest, labelled)


def choose(contract: Contract, truth: np.ndarray, p: np.ndarray) -> ChosenThreshold:
    """The threshold the contract asks for: its demands first, then cost, its metric, F1."""
    demands = tuple(
        Demand(c.metric, c.bound, c.comparison == "at_least")
        for c in contract.clauses
        if c.kind == "metric" and c.bound is not None and c.metric in AIMS
    )
    return choose_threshold(truth, p, aim=_aim(contract, demands), demands=demands, cost_ratio=contract.cost_ratio)


def _aim(contract: Contract, demands: tuple[Demand, ...]) -> str:
    if contract.cost_ratio is not None:
        return "cost"
    metric = contract.metric if contract.metric in AIMS else "f1"
    # Recall alone is best when every row is called, precision when hardly any is.
    demanded = {d.metric for d in demands}
    if "recall" in demanded and metric in ("recall", "f1"):
        return "precision" if metric == "recall" else "f1"
    return "f1" if metric in ("recall", "precision") and metric not in demanded else "recall" if "precision" in demanded else metric


def _choose_calibrator(
    contract: Contract, y: np.ndarray, raw: np.ndarray, folds: np.ndarray, dependence: Dependence
) -> tuple[Any | None, np.ndarray]:
    """The simplest calibrator that helps beyond noise, fitted on all rows, and the probabilities calibrated across folds."""
    best, best_honest = None, raw
    for make in _calibrators(contract, y):
        honest = _across_folds(make, y, raw, folds)
        if honest is not None and _helps(y, honest, best_honest, dependence):
            best, best_honest = make, honest
    return (None, raw) if best is None else (best().fit(raw, y), best_honest)


def _calibrators(contract: Contract, y: np.ndarray) -> list[Callable[[], Any]]:
    if contract.task == "multiclass":
        return [TemperatureCalibrator]
    rarest = int(np.bincount(y.astype(int), minlength=2).min())
    enough = len(y) >= ISOTONIC_ROWS and rarest >= ISOTONIC_CLASS_ROWS
    return [PlattCalibrator, IsotonicCalibrator] if enough and contract.metric not in RANKING else [PlattCalibrator]


def _across_folds(make: Callable[[], Any], y: np.ndarray, raw: np.ndarray, folds: np.ndarray) -> np.ndarray | None:
    """Each fold calibrated by the others; None when a part lacks a class."""
    honest = raw.copy()
    for fold in np.unique(folds):
        held = folds == fold
        if len(np.unique(y[~held])) < raw.shape[1]:
            return None
        honest[held] = make().fit(raw[~held], y[~held]).transform(raw[held])
    return honest


def _helps(y: np.ndarray, new: np.ndarray, old: np.ndarray, dependence: Dependence) -> bool:
    saved = log_losses(prepare(y, old, needs="proba")) - log_losses(prepare(y, new, needs="proba"))
    if dependence.name != "rows" and len(next(v for v in (dependence.groups, dependence.time) if v is not None)) != len(saved):
        dependence = Dependence()
    error = float(np.sqrt(measure_spread(saved - saved.mean(), dependence).variance))
    return bool(saved.mean() > KEEP_ERRORS * error and saved.mean() > 0)


def _threshold_across_folds(
    contract: Contract, truth: np.ndarray, honest: np.ndarray, folds: np.ndarray, positive: int
) -> tuple[float, np.ndarray]:
    """Spread of the threshold over folds, and labels by thresholds of the other folds, `(n, 2)`."""
    labelled, found = np.zeros_like(honest), []
    p = honest[:, positive]
    for fold in np.unique(folds):
        held = folds == fold
        other = choose(contract, truth[~held], p[~held]).threshold if (~held).any() else 0.5
        labels = choose_labels(honest[held], other, positive)
        labelled[np.flatnonzero(held), labels] = 1.0
        if truth[held].any() and not truth[held].all():
            found.append(choose(contract, truth[held], p[held]).threshold)
    return threshold_spread(np.array(found)), labelled


def for_metric(metric: str, contract: Contract, decision: Decision) -> np.ndarray:
    """What a metric is to be taken of: labels of binary tasks as 0 and 1, else probabilities or values."""
    return decision.labelled if METRICS[metric].needs == "label" and contract.task == "binary" else decision.honest
