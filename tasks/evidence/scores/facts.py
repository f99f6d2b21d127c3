"""Facts of candidates, of a loop and of the sealed test, as small JSON. Arrays lie in files beside them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(Fact):
    """A score with its uncertainty."""

    metric: str
    value: float
    low: float | None = None
    high: float | None = None
    """95 % interval for the score on fresh data of about this size, see `tasks.evidence.scores.intervals`."""
    confidence_low: float | None = None
    confidence_high: float | None = None
    """Plain 95 % confidence interval for the score on unlimited data; narrower."""
    standard_error: float | None = None
    rows: int = 0


class Candidate(Fact):
    """One configuration tried by cross-validation. Its out-of-fold predictions are `candidates/<id>/oof.npy`."""

    id: str
    """Stable: hash of family, view, parameters and recipe."""
    loop: int
    family: str
    view: str
    params: dict[str, Any]
    origin: Literal["baseline", "portfolio", "tuned", "critic", "generated"]
    status: Literal["done", "pruned", "failed", "timeout"]
    detail: str = ""
    fold_scores: tuple[float, ...] = ()
    """By the contract's metric, one per fold; NaN never."""
    score: float | None = None
    """By the contract's metric over all out-of-fold predictions; None unless done."""
    train_score: float | None = None
    """Mean over folds of the score on the rows it was fitted on, for the overfit gap."""
    seconds: float = 0.0
    """Sum of its fits."""


class Member(Fact):
    """A candidate in the ensemble."""

    id: str
    family: str
    weight: float


class LoopFacts(Fact):
    """What one pass of features, training and evaluation found; all of it on out-of-fold predictions."""

    loop: int
    candidates: int
    best: str
    """Id of the best single candidate."""
    members: tuple[Member, ...]
    """The champion: one member, or a weighted ensemble."""
    estimate: Estimate
    """Out-of-fold score of the champion."""
    baselines: tuple[Estimate, ...]
    """Dummy first, then simple models; `metric` is the contract's, the name stands in `baseline_names`."""
    baseline_names: tuple[str, ...]
    overfit_gap: float | None
    """Train minus out-of-fold score of the best single candidate, positive when training looks better."""
    calmer_lead: float | None = None
    """Out of fold, the best candidate with at most half that gap minus the best one: near zero, fitting so closely was for nothing.
    None: no candidate has so small a gap."""
    fold_spread: float | None
    """Standard deviation of the champion's fold scores."""
    folds: int = 5
    """Folds that `fold_spread` is of."""
    noise: float
    """Standard error of a paired difference between two candidates: gains below it are noise."""
    threshold: float | None = None
    threshold_spread: float | None = None
    """Standard deviation of the best threshold over folds."""
    threshold_reason: str = ""
    calibration: str = "none"
    """none, platt, temperature or isotonic: what was fitted on the out-of-fold predictions."""
    calibration_error: float | None = None
    """Expected calibration error of the champion's probabilities, 10 equal-count bins."""
    calibration_noise: float | None = None
    """What perfect probabilities stay below in 95 of 100 samples of this size."""
    clauses_expected: tuple[tuple[str, float | None, float | None, bool], ...] = ()
    """Per clause of the contract: text, out-of-fold value, its standard error, met so far."""
    gain_noise: float | None = None
    """Standard error of `gain`, paired with the champion of the loop before; None when that could not be paired."""
    gain: float | None = None
    """Better than the champion of the loop before by so much, by the metric's direction; None in the first loop."""
    features_in: int = 0
    features_out: int = 0
    features_new: tuple[str, ...] = ()
    features_dropped: tuple[str, ...] = ()
    importances: tuple[tuple[str, float], ...] = ()
    """Permutation or gain importance of source columns, strongest first, at most 30, summing to 1."""
    seconds: float = 0.0


class SliceScore(Fact):
    """The champion on a part of the sealed test."""

    column: str
    level: str
    rows: int
    estimate: Estimate
    beyond_noise: bool
    """Worse than the rest beyond noise, with correction for the number of slices."""


class TestFacts(Fact):
    """The sealed test, opened once."""

    __test__ = False

    estimate: Estimate
    others: tuple[Estimate, ...]
    """Further metrics of the same predictions."""
    baselines: tuple[Estimate, ...]
    baseline_names: tuple[str, ...]
    p_value: float | None
    """Paired test of the champion against the best trivial baseline (dummy), one-sided; see `tasks.evidence.scores.paired`."""
    beats_baseline: bool
    """The champion is better than every trivial baseline beyond noise."""
    baseline_p_values: tuple[float | None, ...] = ()
    """The same test against each of `baselines`; None where one could not be scored."""
    baseline_gains: tuple[float | None, ...] = ()
    """Better than each of `baselines` by so much, in units of the metric."""
    calibration_noise: float | None = None
    """Calibration error that perfect probabilities stay below in 95 of 100 samples of this size."""
    slices: tuple[SliceScore, ...] = ()
    calibration_error: float | None = None
    threshold: float | None = None
    threshold_table: tuple[dict[str, float], ...] = ()
    """Per threshold: precision, recall, f1, alarms per 100 rows, cost."""
    confusion: tuple[tuple[int, ...], ...] = ()
    milliseconds_per_row: float | None = None
    optimism: float | None = None
    """Out-of-fold score minus sealed score, in standard errors of the latter, positive when the former looked better."""
