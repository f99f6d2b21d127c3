"""A plot as a small record: where its two files lie, and what one sees in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

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


INDEX = "plots.json"
_PLOTS = TypeAdapter(list[Plot])


def write_index(plots: Sequence[Plot], folder: Path) -> None:
    """Add these plots to the index of the folder they were drawn into; a name drawn again replaces its older record."""
    known = {p.name: p for p in read_index(folder)} | {p.name: p for p in plots}
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{INDEX}.partial"
    partial.write_bytes(_PLOTS.dump_json(sorted(known.values(), key=lambda p: (p.rank, p.name)), indent=1))
    partial.replace(folder / INDEX)


def read_index(folder: Path) -> list[Plot]:
    """Plots of a folder in the order of their rank; none where there is no index."""
    path = folder / INDEX
    return _PLOTS.validate_json(path.read_bytes()) if path.is_file() else []
