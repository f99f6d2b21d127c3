"""What a run left: metrics with their source, artifacts with their content's type."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Direction = Literal["higher", "lower", "unknown"]
"""Which way is better."""
Phase = Literal["training", "evaluation"]
ArtifactType = Literal["model", "checkpoint", "plot", "metrics", "data", "log", "tracking", "report", "other"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasuredMetric(_Facts):
    """One value that this run printed, wrote or logged."""

    name: str
    """In the field's standard words where known, `train_`, `validation_` or `test_` in front where the source says so."""
    original: str
    """As the source wrote it."""
    value: float
    """As written: 93.2 of `93.2%` with `unit` telling it."""
    unit: str = ""
    """`%` for a metric between 0 and 1 that was told in percent, else empty."""
    step: int | None = None
    """Epoch, step or iteration the value belongs to; None for a value that is no point of a curve."""
    source: Literal["stdout", "file", "mlflow"]
    place: str
    """`log:120`, `metrics.json`, `mlflow run 3f…`."""
    is_final: bool
    """The last value of its name in its source: the log, one file, one MLflow run. Never true of an unnamed number."""
    direction: Direction
    phase: Phase = "training"


class Artifact(_Facts):
    """A file this run wrote."""

    path: str
    type: ArtifactType
    format: str
    """`pickle`, `joblib`, `onnx`, `safetensors`, `keras`, `hdf5`, `torch`, `png`, … by content, not by name alone."""
    size: int
    """Bytes."""
    sha256: str
    phase: Phase = "training"
    replaces_committed: bool = False
    check: str = ""
    """Result of the static check, for formats that have one."""
    dangerous: bool = False
    """A pickle that imports what no fitted model needs, such as `posix.system`; `check` names it."""


class OutputFacts(_Facts):
    """Everything one job left, read in a child with limits."""

    metrics: tuple[MeasuredMetric, ...] = ()
    metrics_dropped: int = 0
    parameters: dict[str, str] = {}
    """From an MLflow run the code made itself."""
    artifacts: tuple[Artifact, ...] = ()
    artifacts_dropped: int = 0
    """Files beyond the bound on how many are described."""
    flagged: dict[str, str] = {}
    """Values that cannot be true, such as an accuracy of 7.5, by metric and place; never registered."""
    problems: dict[str, str] = {}
    """What could not be read, with the reason."""
