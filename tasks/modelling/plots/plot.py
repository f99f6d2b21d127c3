"""A plot as a small record: where its two files lie, and what one sees in it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["target", "columns", "relations", "scores", "errors", "probabilities", "search", "explanation"]


class Plot(BaseModel):
    """One plot, drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """Stable: `confusion_matrix`. Also the name of the file."""
    title: str
    caption: str
    """What one sees, in one sentence with its numbers."""
    file_light: str
    file_dark: str
    """PNG, 150 dpi, relative to the folder the plots were drawn into."""
    rank: int
    """1 is what a reader should see first."""
    kind: Kind
    width: int = 0
    height: int = 0
    """Pixels."""
