"""One value as its source told it, before it is judged."""

from __future__ import annotations

from typing import NamedTuple


class Seen(NamedTuple):
    name: str
    """As `naming.metric_name` gives it; empty for a number without a word."""
    original: str
    value: float
    unit: str = ""
    step: int | None = None
    place: str = ""
    origin: str = "stdout"
    """Where the last value of a name is looked for: `stdout`, a file's path, a run's id."""
    cell: int | None = None
    """The notebook cell that printed it."""
