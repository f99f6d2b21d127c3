"""Datasets in the repository: profiles, pairs, references."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class DatasetFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
