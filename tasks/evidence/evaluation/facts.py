"""How models are evaluated: metrics, baselines, notebooks."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class EvaluationFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
