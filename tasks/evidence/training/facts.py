"""How models are trained: seeds, splits, leakage, artifacts."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class TrainingFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
