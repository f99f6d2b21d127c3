"""How far an execution has come: what its steps hand to one another."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tasks.evidence.outputs.facts import OutputFacts
from tasks.rules.execution.contract import Registered
from tasks.rules.execution.plan import BuildFailure, BuiltEnvironment, CannotRun, ExecutionPlan, Repair
from tasks.rules.execution.request import ExecutionRequest
from tasks.rules.registry.registration import RegistrationPolicy
from tasks.rules.sandbox.job import Cause, JobOutcome


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Trial(_Value):
    """One attempt: a plan, the environment it got, what became of the command and what it left."""

    number: int
    plan: ExecutionPlan
    environment: BuiltEnvironment | None = None
    failure: BuildFailure | None = None
    """Set instead of `environment` when no image could be made."""
    job: str = ""
    """Id of the job; its folder holds log and outputs."""
    outcome: JobOutcome | None = None
    outputs: OutputFacts = OutputFacts()

    @property
    def cause(self) -> Cause | None:
        """Why it failed; None when the command succeeded."""
        if self.failure is not None:
            return self.failure.cause
        return self.outcome.cause if self.outcome is not None else None

    @property
    def detail(self) -> str:
        if self.failure is not None:
            return self.failure.detail
        return self.outcome.detail if self.outcome is not None else ""


class Verdict(_Value):
    """What the critic says after an attempt."""

    finished: bool
    repair: Repair | None = None
    reason: str = ""
    """Class of the reason, when it is one that no repair can help, such as `data_missing`."""
    failing_step: str = ""
    evidence: str = ""
    """The line that shows the failure."""
    remedy: str = ""
    """What a person should do, when nothing in the closed set helps."""


class ExecutionState(_Value):
    """Grows from step to step; small enough to be JSON."""

    key: str
    """Names the jobs and the MLflow runs; the same when a crashed run is taken up again."""
    repository: str
    request: ExecutionRequest
    plan: ExecutionPlan | None = None
    """The one to try next."""
    cannot_run: CannotRun | None = None
    trials: tuple[Trial, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    evaluation: Trial | None = None
    registered: Registered | None = None
    registration: str = ""
    isolation: dict[str, str] = {}
    policy: RegistrationPolicy = RegistrationPolicy()
    """Thresholds of registering, read once: what an execution began under holds to its end."""
    datasets: dict[str, str] = {}
    """SHA-256 of the data files in the repository, by path."""

    @property
    def runs(self) -> bool:
        """Whether there is a command to run."""
        return self.plan is not None

    @property
    def finished(self) -> bool:
        """Whether the critic has nothing more to try."""
        return bool(self.verdicts) and self.verdicts[-1].finished

    @property
    def succeeded(self) -> bool:
        """Whether the last attempt ended without a failure and left a metric or a model; a log or a prepared table is no result."""
        last = self.trials[-1] if self.trials else None
        if last is None or last.outcome is None or last.cause is not None:
            return False
        return bool(last.outputs.metrics) or any(a.type in ("model", "checkpoint") for a in last.outputs.artifacts)
