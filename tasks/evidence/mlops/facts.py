"""How the repository is kept: dependencies, tests, CI, containers, secrets."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class MlopsFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
