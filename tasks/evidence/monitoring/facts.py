"""What watches the model: instrumentation, validation, alerting."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class MonitoringFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
