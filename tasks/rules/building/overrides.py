"""What the user fixed by flags; it wins over whatever the text seems to say."""

from __future__ import annotations

from tasks.rules.building.contract import Task, Value


class Overrides(Value):
    """None: not said, so the text and the data decide."""

    target: str | None = None
    metric: str | None = None
    positive: str | None = None
    task: Task | None = None
    group: str | None = None
    time: str | None = None
    forbid: tuple[str, ...] = ()
