"""What is known of a registered version: written once beside its files, its hash in the ledger."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.outputs.facts import Direction


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelMetric(_Facts):
    """One final value."""

    name: str
    value: float
    direction: Direction = "unknown"
    source: str = ""
    """stdout, file or mlflow; where the value was read."""


class ModelFile(_Facts):
    path: str
    size: int
    """Bytes."""
    sha256: str


class ModelClaim(_Facts):
    """A number the repository claims, and what became of it."""

    name: str
    verdict: Literal["reproduced", "not_reproduced", "better", "not_measured"]


class ModelFacts(_Facts):
    """The evidence a gate judges by; absent is said as None or empty, never guessed."""

    repository: str = ""
    commit: str = ""
    metrics: tuple[ModelMetric, ...] = ()
    flagged: dict[str, str] = {}
    """Values that cannot be true, by metric."""
    claims: tuple[ModelClaim, ...] = ()
    critical_findings: tuple[str, ...] = ()
    """Codes of critical findings that are open in the report, such as a leak."""
    readiness_score: float | None = None
    """0 to 10."""
    deployment_score: float | None = None
    held_out: str = ""
    """Hash of the data the metrics were measured on; empty: not known."""
    predictions: str = ""
    """Path, among the files, of the predictions on held-out data; empty: there are none."""
    files: tuple[ModelFile, ...] = ()
