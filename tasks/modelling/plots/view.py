"""What the plots of an evaluation are drawn from; everything but the contract may be absent, and then its plot is too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.scores.facts import Candidate, LoopFacts, TestFacts
from tasks.evidence.scores.metrics import METRICS
from tasks.modelling.plots.labels import label, metric_label
from tasks.rules.building.contract import Contract


@dataclass(frozen=True)
class CurvePoint:
    """The champion's kind of model trained on fewer rows."""

    rows: int
    train: float
    validation: float
    validation_spread: float = 0.0
    """Standard deviation over folds."""


@dataclass(frozen=True)
class Explanation:
    """How features moved predictions, one row per explained row: SHAP values of one model."""

    names: Sequence[str]
    """(d,) features or source columns."""
    values: NDArray[np.floating]
    """(n, d) in the unit of the model's raw output."""
    data: NDArray[np.floating]
    """(n, d) feature values, for the colour; NaN allowed."""


@dataclass(frozen=True)
class EvaluationView:
    """The champion's predictions on rows it was not fitted on, and the search that led to it."""

    contract: Contract
    y: NDArray[np.generic] = field(default_factory=lambda: np.empty(0))
    """(n,) class codes or numbers."""
    prediction: NDArray[np.floating] = field(default_factory=lambda: np.empty(0))
    """(n, k) probabilities, (n,) that of code 1 of a binary task, or (n,) predicted numbers."""
    rows_are: str = "out-of-fold predictions"
    """What the rows are, for captions: also `sealed test rows`."""
    threshold: float | None = None
    """Of the positive class."""
    candidates: Sequence[Candidate] = ()
    loops: Sequence[LoopFacts] = ()
    test: TestFacts | None = None
    learning_curve: Sequence[CurvePoint] = ()
    explanation: Explanation | None = None

    @property
    def is_regression(self) -> bool:
        return self.contract.task == "regression"

    @property
    def has_predictions(self) -> bool:
        return len(self.y) > 1 and len(self.y) == len(self.prediction)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.contract.classes

    @property
    def positive_code(self) -> int:
        """Code of the positive class of a binary task."""
        positive = self.contract.positive
        return self.classes.index(positive) if positive in self.classes else 1

    @property
    def positive_name(self) -> str:
        """`churn = yes`."""
        return f"{label(self.contract.target, 20)} = {label(self.classes[self.positive_code], 20)}"

    @property
    def proba(self) -> NDArray[np.float64]:
        """(n, k) probabilities."""
        p = np.asarray(self.prediction, dtype=np.float64)
        return np.column_stack((1 - p, p)) if p.ndim == 1 else p

    @property
    def codes(self) -> NDArray[np.int64]:
        return np.asarray(self.y).astype(np.int64)

    @property
    def called(self) -> NDArray[np.int64]:
        """(n,) predicted codes, by the threshold where there is one."""
        if self.contract.task == "binary":
            positive, threshold = self.positive_code, 0.5 if self.threshold is None else self.threshold
            return np.where(self.proba[:, positive] >= threshold, positive, 1 - positive)
        return np.asarray(self.proba.argmax(axis=1), dtype=np.int64)

    @property
    def metric(self) -> str:
        return metric_label(self.contract.metric)

    @property
    def higher_is_better(self) -> bool:
        known = METRICS.get(self.contract.metric)
        return (known.direction if known else self.contract.direction) == "higher"

    def baseline(self, name_part: str = "") -> tuple[str, float] | None:
        """The best baseline of the last loop whose name holds `name_part`, with its score."""
        if not self.loops:
            return None
        last = self.loops[-1]
        found = [(n, e.value) for n, e in zip(last.baseline_names, last.baselines, strict=False) if name_part in n]
        return (max if self.higher_is_better else min)(found, key=lambda b: b[1]) if found else None
