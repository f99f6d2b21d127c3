"""What watches the model once it runs: instrumentation, recorded predictions, checks of data, alerts, retraining."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tool(_Facts):
    """One tool or own means that is really used, with where."""

    name: str
    """As the field says it: `prometheus`, `great_expectations`, `own schema check`."""
    places: tuple[Place, ...] = ()
    """First uses, at most five."""
    of_model: bool = False
    """Looks at data or predictions (drift, explanations), not only at the service."""


class MonitoringFacts(_Facts):
    services: tuple[Place, ...] = ()
    """Files that answer requests, at most twenty."""
    instrumentation: tuple[Tool, ...] = ()
    """Sorted by name."""
    prediction_log: tuple[Place, ...] = ()
    """Predictions written somewhere by serving code."""
    validation: tuple[Tool, ...] = ()
    """Checks of data against expectations; sorted by name."""
    request_validation: tuple[Place, ...] = ()
    """Typed request models of a web service."""
    alerting: tuple[Tool, ...] = ()
    retraining: tuple[Tool, ...] = ()
    """Schedules and triggers that train again."""
    logging: tuple[Place, ...] = ()
    """Files that use a logging library, at most twenty."""
    logging_files: int = 0
    printing_files: int = 0
    """Files with a print call and no logging."""

    @property
    def monitoring(self) -> tuple[str, ...]:
        """Names of what measures the running model or service."""
        return tuple(tool.name for tool in self.instrumentation)
