"""`execution.json`: the contract others depend on."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.outputs.facts import Artifact, MeasuredMetric
from tasks.rules.execution.plan import Attempt, CannotRun, ExecutionPlan

SCHEMA_VERSION = "1.0"
Status = Literal["succeeded", "failed", "not_run"]


class _Contract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClaimResult(_Contract):
    """A number the repository claims, against what this run measured."""

    name: str
    claimed: float
    unit: str = ""
    file: str
    line: int | None
    measured: float | None
    measured_at: str = ""
    difference: float | None
    """measured - claimed, in the claim's unit."""
    tolerance: float
    verdict: Literal["reproduced", "not_reproduced", "better", "not_measured"]
    reason: str = ""


class Registered(_Contract):
    model: str
    version: str
    state: str
    url: str | None = None


class Execution(_Contract):
    schema_version: str = SCHEMA_VERSION
    status: Status
    cause: str | None
    """Typed: see `Cause`; for `not_run` the reason class."""
    detail: str
    """One sentence for a lead."""
    remedy: str = ""
    attempts: list[Attempt]
    plan: ExecutionPlan | None
    cannot_run: CannotRun | None
    command: str
    image: str
    environment_key: str = ""
    requirements: list[str]
    metrics: list[MeasuredMetric]
    metrics_dropped: int = 0
    """Values beyond the bound on how many are kept."""
    artifacts: list[Artifact]
    skipped_outputs: dict[str, str] = {}
    claims: list[ClaimResult]
    registered: Registered | None
    registration: str = ""
    """Why it was registered, or why not."""
    isolation: dict[str, str]
    """Level and the settings in force."""
    notes: list[str] = []
    timings: dict[str, float] = {}
