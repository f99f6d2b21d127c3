"""How rows are kept apart: the sealed test and the folds."""

from __future__ import annotations

from typing import Literal

from tasks.rules.building.contract import Value


class SplitPlan(Value):
    """Decided by `tasks.rules.building.splitting.plan_split` before anything is trained."""

    kind: Literal["iid", "group", "time"]
    column: str | None = None
    """Of groups, or of time; None with kind time: the order of the rows."""
    stratified: bool = False
    test_share: float
    """Proportion 0-1 of rows that are sealed."""
    folds: int
    reasons: tuple[str, ...]
