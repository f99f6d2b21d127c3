"""What the analysed repository asks of Axiom in its `.axiom.yaml`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class RequestFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    suppress: tuple[dict[str, Any], ...] = ()
    """Entries as written, scalars only; the suppression rules decide which have an effect."""
    error: str | None = None
    """Why the file could not be used."""
