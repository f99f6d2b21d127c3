"""How good a loop's champion is, on predictions for rows its members were not fitted on.

What the sealed rows say, once, at the end, is in `sealed_test.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tasks.evidence.scores.calibration import Calibration, measure_calibration
from tasks.evidence.scores.facts import Candidate, Estimate, LoopFacts
from tasks.evidence.scores.influence import influences
from tasks.evidence.scores.intervals import estimate_score
from tasks.evidence.scores.metrics import METRICS, gain, score
from tasks.evidence.scores.paired import compare_models
from tasks.evidence.scores.spread import INDEPENDENT, Dependence, measure_spread
from tasks.modelling.deciding import Decision, decide_output, for_metric, positive_code
from tasks.modelling.sealed_test import SealedRows, is_dummy, open_sealed
from tasks.modelling.training.data import SearchOutcome, TrainingData
from tasks.rules.building.contract import Clause, Contract

__all__ = ["SealedRows", "evaluate_loop", "is_dummy", "open_sealed"]

CALM_SHARE = 0.5
"""Of the best candidate's training gap."""
RIVALS = 3
"""Next best candidates whose paired difference to the best one gives the noise."""


def dependence_of(data: TrainingData, rows: np.ndarray) -> Dependence:
    """How development rows hang together: by group, along time, or not at all."""
    if data.groups is not None:
        return Dependence(groups=data.groups[rows])
    return Dependence(time=np.flatnonzero(rows)) if data.in_time else INDEPENDENT


def evaluate_loop(
    data: TrainingData, outcome: SearchOutcome, previous: LoopFacts | None = None, *, folder: Path | None = None,
    features_in: int = 0, features_out: int = 0, features_new: Sequence[str] = (), features_dropped: Sequence[str] = (),
    importances: tuple[tuple[str, float], ...] = (), seconds: float = 0.0,
) -> LoopFacts:  # fmt: skip
    """Facts of one loop. `folder`: the build's, for baselines and paired differences from the candidates' own predictions."""
    contract, metric = data.contract, data.contract.metric
    decision = decide_output(contract, data.y, outcome.oof, data.folds)
    dependence, y = dependence_of(data, decision.rows), data.y[decision.rows]
    estimate = _estimate(contract, metric, y, decision, dependence)
    best = _best_single(metric, outcome.candidates)
    calibration = _calibration(contract, y, decision.honest)
    better, better_noise = _gain(data, estimate, decision, previous, folder, dependence)
    return LoopFacts(
        loop=max([c.loop for c in outcome.candidates], default=1) if previous is None else previous.loop + 1,
        candidates=len(outcome.candidates), best=best.id if best else "", members=outcome.members, estimate=estimate,
        baselines=tuple(_baseline(data, c, decision.rows, folder, dependence) for c in outcome.baselines),
        baseline_names=tuple(c.family for c in outcome.baselines),
        overfit_gap=_overfit_gap(metric, best), calmer_lead=_calmer_lead(metric, outcome.candidates, best), fold_spread=_fold_spread(data, decision), folds=len(data.fold_numbers),
        noise=_noise(data, outcome.candidates, best, folder, estimate, decision.rows, dependence),
        threshold=decision.threshold.threshold if decision.threshold else None,
        threshold_reason=decision.threshold.reason if decision.threshold else "", threshold_spread=decision.threshold_spread,
        calibration=decision.calibration, calibration_error=calibration.error if calibration else None,
        calibration_noise=calibration.noise if calibration else None,
        clauses_expected=tuple(_expect(c, contract, y, decision, calibration, dependence) for c in contract.clauses),
        gain=better, gain_noise=better_noise, features_in=features_in, features_out=features_out, features_new=tuple(features_new),
        features_dropped=tuple(features_dropped), importances=importances[:30], seconds=seconds,
    )  # fmt: skip


def _estimate(contract: Contract, metric: str, y: np.ndarray, decision: Decision, dependence: Dependence) -> Estimate:
    prediction = for_metric(metric, contract, decision)
    return estimate_score(metric, y, prediction, positive=positive_code(contract), dependence=dependence)


def _calibration(contract: Contract, y: np.ndarray, honest: np.ndarray) -> Calibration | None:
    return None if contract.task == "regression" else measure_calibration(y, honest, positive=positive_code(contract))


def _best_single(metric: str, candidates: Sequence[Candidate]) -> Candidate | None:
    done = [c for c in candidates if c.score is not None and c.origin != "baseline"] or [c for c in candidates if c.score is not None]
    return max(done, key=lambda c: gain(metric, c.score or 0.0, 0.0), default=None)


def _overfit_gap(metric: str, best: Candidate | None) -> float | None:
    if best is None or best.score is None or best.train_score is None:
        return None
    return gain(metric, best.train_score, best.score)


def _calmer_lead(metric: str, candidates: Sequence[Candidate], best: Candidate | None) -> float | None:
    gap = _overfit_gap(metric, best)
    if best is None or best.score is None or gap is None or gap <= 0:
        return None
    gaps = [(c, _overfit_gap(metric, c)) for c in candidates if c.id != best.id]
    leads = [gain(metric, c.score, best.score) for c, own in gaps if c.score is not None and own is not None and own <= CALM_SHARE * gap]
    return max(leads, default=None)


def _oof(folder: Path | None, id: str) -> np.ndarray | None:
    path = folder / "candidates" / id / "oof.npy" if folder is not None else None
    return np.load(path).astype(float) if path is not None and path.is_file() else None


def _baseline(data: TrainingData, candidate: Candidate, rows: np.ndarray, folder: Path | None, dependence: Dependence) -> Estimate:
    """From its predictions when they are there and complete, otherwise its score alone."""
    metric, oof = data.contract.metric, _oof(folder, candidate.id)
    if oof is None or not np.isfinite(oof[rows]).all():
        return Estimate(metric=metric, value=candidate.score if candidate.score is not None else 0.0)
    if METRICS[metric].needs == "label" and data.contract.task == "binary":
        decision = decide_output(data.contract, data.y, oof, data.folds)
        return _estimate(data.contract, metric, data.y[rows], decision, dependence)
    return estimate_score(metric, data.y[rows], oof[rows], positive=positive_code(data.contract), dependence=dependence)


def _fold_spread(data: TrainingData, decision: Decision) -> float | None:
    """Over folds that hold more than one class."""
    metric, y, folds = data.contract.metric, data.y[decision.rows], data.folds[decision.rows]
    prediction, several = for_metric(metric, data.contract, decision), data.contract.task != "regression"
    scores = [
        score(metric, y[folds == f], prediction[folds == f], positive=positive_code(data.contract))
        for f in np.unique(folds)
        if not several or len(np.unique(y[folds == f])) > 1
    ]
    return float(np.std(scores, ddof=1)) if len(scores) > 1 else None


def _noise(
    data: TrainingData, candidates: Sequence[Candidate], best: Candidate | None, folder: Path | None, estimate: Estimate,
    rows: np.ndarray, dependence: Dependence,
) -> float:  # fmt: skip
    """Median standard error of the paired difference between the best candidate and the next best of other families."""
    metric = data.contract.metric
    own = _oof(folder, best.id) if best else None
    rivals = _rivals(metric, candidates, best)
    errors = []
    if own is not None and np.isfinite(own[rows]).all():
        first = influences(metric, data.y[rows], own[rows], positive=positive_code(data.contract))
        for rival in rivals:
            other = _oof(folder, rival.id)
            if other is not None and np.isfinite(other[rows]).all():
                moved = first - influences(metric, data.y[rows], other[rows], positive=positive_code(data.contract))
                errors.append(float(np.sqrt(measure_spread(moved, dependence).variance)))
    elif best is not None:
        errors = [_of_folds(best, r) for r in rivals if len(r.fold_scores) == len(best.fold_scores) > 1]
    return float(np.median(errors)) if errors else (estimate.standard_error or 0.0) / 2


def _of_folds(a: Candidate, b: Candidate) -> float:
    differences = np.subtract(a.fold_scores, b.fold_scores)
    return float(np.std(differences, ddof=1) / np.sqrt(len(differences)))


def _rivals(metric: str, candidates: Sequence[Candidate], best: Candidate | None) -> list[Candidate]:
    done = sorted((c for c in candidates if c.score is not None and c is not best), key=lambda c: -gain(metric, c.score or 0.0, 0.0))
    families: dict[str, Candidate] = {}
    for candidate in done:
        if best is not None and candidate.family != best.family and candidate.origin != "baseline":
            families.setdefault(candidate.family, candidate)
    return (list(families.values()) or done)[:RIVALS]


def _gain(
    data: TrainingData, estimate: Estimate, decision: Decision, previous: LoopFacts | None, folder: Path | None, dependence: Dependence
) -> tuple[float | None, float | None]:
    """Against the champion of the loop before, and its paired standard error when that one's predictions can be built again."""
    if previous is None:
        return None, None
    metric = data.contract.metric
    better = gain(metric, estimate.value, previous.estimate.value)
    parts = [(_oof(folder, m.id), m.weight) for m in previous.members]
    if not parts or any(p is None or not np.isfinite(p[decision.rows]).all() for p, _ in parts):
        return better, None
    before = np.sum([p * w for p, w in parts if p is not None], axis=0) / sum(w for _, w in parts)
    old = decide_output(data.contract, data.y, before, data.folds)
    now, then = (for_metric(metric, data.contract, d) for d in (decision, old))
    if len(now) != len(then):
        return better, None
    paired = compare_models(metric, data.y[decision.rows], now, then, positive=positive_code(data.contract), dependence=dependence)
    return better, paired.standard_error


def _expect(
    clause: Clause, contract: Contract, y: np.ndarray, decision: Decision, calibration: Calibration | None, dependence: Dependence
) -> tuple[str, float | None, float | None, bool]:
    """What the out-of-fold rows say about a clause; latency is not known before the end."""
    if clause.kind == "calibrated" and calibration is not None:
        return clause.text, calibration.error, None, calibration.error <= max(clause.bound or 0.0, calibration.noise)
    if clause.kind == "metric" and clause.bound is not None and clause.metric in METRICS and contract.task in METRICS[clause.metric].tasks:
        found = _estimate(contract, clause.metric, y, decision, dependence)
        met = found.value >= clause.bound if clause.comparison == "at_least" else found.value <= clause.bound
        return clause.text, found.value, found.standard_error, bool(met)
    return clause.text, None, None, True
