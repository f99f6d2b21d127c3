"""What the sealed rows say about the champion, once, at the end.

They come as arguments: this module never reads them itself. Predictions and truth are arrays, so a test needs no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.evidence.scores.calibration import measure_calibration
from tasks.evidence.scores.facts import Estimate, SliceScore, TestFacts
from tasks.evidence.scores.intervals import estimate_score
from tasks.evidence.scores.metrics import METRICS, as_matrix, choose_labels, confusion_matrix, gain, score
from tasks.evidence.scores.paired import PairedGain, compare_models
from tasks.evidence.scores.slices import score_slices
from tasks.evidence.scores.spread import INDEPENDENT, Dependence
from tasks.evidence.scores.thresholds import tabulate_thresholds
from tasks.modelling.deciding import positive_code
from tasks.rules.building.contract import Contract

DUMMY_WORDS = ("dummy", "prior", "majority", "mean", "median")


@dataclass(frozen=True)
class SealedRows:
    """The sealed rows, opened once, with the champion's answers."""

    y: np.ndarray
    """`(n,)` values or codes."""
    prediction: np.ndarray
    """`(n,)` values or `(n, k)` probabilities of the champion, calibrated."""
    baselines: Mapping[str, np.ndarray]
    """Predictions of the baselines by name, the dummy first."""
    frame: pd.DataFrame | None = None
    """Canonical columns, for slices."""
    groups: np.ndarray | None = None
    in_time: bool = False
    """Rows stand in time order and depend on their neighbours."""

    @property
    def dependence(self) -> Dependence:
        if self.groups is not None:
            return Dependence(groups=self.groups)
        return Dependence(time=np.arange(len(self.y))) if self.in_time else INDEPENDENT


def open_sealed(
    contract: Contract, sealed: SealedRows, *, threshold: float | None = None, out_of_fold: Estimate | None = None,
    baseline_thresholds: Mapping[str, float] | None = None, milliseconds_per_row: float | None = None, slices: bool = True,
) -> TestFacts:  # fmt: skip
    """Everything measured on the sealed rows: scores with intervals, paired tests, slices, calibration, thresholds."""
    metric, positive, dependence = contract.metric, positive_code(contract), sealed.dependence
    estimate = estimate_score(metric, sealed.y, sealed.prediction, threshold=threshold, positive=positive, dependence=dependence)
    rivals = {n: _rival(contract, sealed, n, p, (baseline_thresholds or {}).get(n), threshold) for n, p in sealed.baselines.items()}
    dummies = [paired for name, (_, paired) in rivals.items() if is_dummy(name)] or [paired for _, paired in rivals.values()][:1]
    worst = max(dummies, key=lambda paired: paired.p_value, default=None)
    several = contract.task != "regression"
    calibration = measure_calibration(sealed.y, sealed.prediction, positive=positive) if several else None
    return TestFacts(
        estimate=estimate, others=_others(contract, sealed, threshold),
        baselines=tuple(e for e, _ in rivals.values()), baseline_names=tuple(rivals),
        baseline_p_values=tuple(p.p_value for _, p in rivals.values()), baseline_gains=tuple(p.gain for _, p in rivals.values()),
        p_value=worst.p_value if worst else None, beats_baseline=worst is not None and all(p.is_better for p in dummies),
        slices=_slices(contract, sealed, threshold) if slices else (),
        calibration_error=calibration.error if calibration else None, calibration_noise=calibration.noise if calibration else None,
        threshold=threshold, threshold_table=_table(contract, sealed), confusion=_confusion(contract, sealed, threshold),
        milliseconds_per_row=milliseconds_per_row, optimism=_optimism(metric, out_of_fold, estimate),
    )  # fmt: skip


def is_dummy(name: str) -> bool:
    """A baseline that looks at no feature."""
    return any(word in name.lower() for word in DUMMY_WORDS)


def _rival(
    contract: Contract, sealed: SealedRows, name: str, prediction: np.ndarray, own: float | None, threshold: float | None
) -> tuple[Estimate, PairedGain]:
    """A baseline's score and the champion's gain over it. A dummy calls all rows or none, whichever is better for it."""
    metric, positive = contract.metric, positive_code(contract)
    if own is None and is_dummy(name) and contract.task == "binary" and METRICS[metric].needs == "label":
        own = max((0.0, 1.1), key=lambda t: gain(metric, score(metric, sealed.y, prediction, threshold=t, positive=positive), 0.0))
    estimate = estimate_score(metric, sealed.y, prediction, threshold=own, positive=positive, dependence=sealed.dependence)
    paired = compare_models(
        metric, sealed.y, sealed.prediction, prediction, thresholds=(threshold, own), positive=positive, dependence=sealed.dependence
    )
    return estimate, paired


def _others(contract: Contract, sealed: SealedRows, threshold: float | None) -> tuple[Estimate, ...]:
    """Every other metric of the task that can be computed."""
    found = []
    for name, metric in METRICS.items():
        impossible = (name == "rmsle" and (sealed.y < 0).any()) or (name == "mape" and (sealed.y == 0).any())
        if contract.task in metric.tasks and name != contract.metric and not impossible:
            found.append(
                estimate_score(
                    name, sealed.y, sealed.prediction, threshold=threshold, positive=positive_code(contract), dependence=sealed.dependence
                )
            )
    return tuple(found)


def _slices(contract: Contract, sealed: SealedRows, threshold: float | None) -> tuple[SliceScore, ...]:
    if sealed.frame is None:
        return ()
    columns = {str(name): sealed.frame[name].to_numpy() for name in sealed.frame.columns if sealed.frame[name].dtype.kind in "fiubO"}
    return score_slices(contract.metric, columns, sealed.y, sealed.prediction, threshold=threshold, positive=positive_code(contract))


def _table(contract: Contract, sealed: SealedRows) -> tuple[dict[str, float], ...]:
    if contract.task != "binary":
        return ()
    positive = positive_code(contract)
    return tabulate_thresholds(sealed.y == positive, as_matrix(sealed.prediction)[:, positive], contract.cost_ratio)


def _confusion(contract: Contract, sealed: SealedRows, threshold: float | None) -> tuple[tuple[int, ...], ...]:
    if contract.task == "regression":
        return ()
    proba = as_matrix(sealed.prediction)
    table = confusion_matrix(sealed.y, choose_labels(proba, threshold, positive_code(contract)), proba.shape[1])
    return tuple(tuple(int(v) for v in row) for row in table)


def _optimism(metric: str, out_of_fold: Estimate | None, sealed: Estimate) -> float | None:
    if out_of_fold is None or not sealed.standard_error:
        return None
    return gain(metric, out_of_fold.value, sealed.value) / sealed.standard_error
