"""What the objective asks, as something that can be checked before training and tested after it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Task = Literal["binary", "multiclass", "regression"]
Direction = Literal["higher", "lower"]
Source = Literal["flag", "text", "data", "default", "model", "template", "person"]


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clause(Value):
    """One thing the objective demands, tested at the end on data nobody touched."""

    kind: Literal["metric", "calibrated", "latency"]
    text: str
    """As a person says it: `recall of churn at least 0.9`."""
    metric: str = ""
    """Of kind metric; of the positive class where the metric has one."""
    bound: float | None = None
    """Least or most value by `comparison`; milliseconds a row for latency; largest expected calibration error for calibrated."""
    comparison: Literal["at_least", "at_most"] = "at_least"


class Understood(Value):
    """One field of the contract, and where it comes from."""

    field: str
    value: str
    source: Source
    why: str


class Ambiguity(Value):
    """A question a person would ask back, and how it was settled without one."""

    question: str
    options: tuple[str, ...]
    chosen: str
    why: str
    field: Literal["target", "metric", "positive", "task", ""] = ""
    """What a person's answer fixes, each option a value of it; empty: nothing one flag could settle."""


class Contract(Value):
    """Fixed before anything is trained."""

    objective: str
    target: str
    task: Task
    classes: tuple[str, ...] = ()
    """Labels as text, in the order of the columns of predicted probabilities (sorted); empty for regression."""
    positive: str | None = None
    """Binary: the class the objective is about."""
    metric: str
    """One of `tasks.evidence.scores.metrics.METRICS`."""
    direction: Direction
    clauses: tuple[Clause, ...] = ()
    cost_ratio: float | None = None
    """Cost of a missed positive in false alarms, when the objective says which is worse."""
    time_column: str | None = None
    group_column: str | None = None
    forecast: bool = False
    """The objective is about the future, so the test must lie after the training."""
    forbidden: tuple[str, ...] = ()
    """Columns that must not be used."""
    understood: tuple[Understood, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()


class ClauseResult(Value):
    """A clause of `build.json`, met or not, with the number."""

    text: str
    met: bool | None
    """None: could not be tested, see `evidence`."""
    evidence: str
