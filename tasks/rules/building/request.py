"""What the user asks of a build, and the key that names it: the same request on the same data is the same build."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import Field

from tasks.rules.building.change import Change
from tasks.rules.building.contract import Task, Value

MIN_BUDGET_SECONDS, MAX_BUDGET_SECONDS = 10.0, 7 * 24 * 3600.0
"""Starting and ending alone takes most of ten seconds."""
Executor = Literal["processes", "dask", "ray"]


class Trial(Value):
    """One configuration, as a template names it."""

    family: str
    view: str
    params: dict[str, Any]


class BuildRequest(Value):
    """Small JSON that crosses into the builder's process."""

    data: tuple[str, ...] = Field(min_length=1)
    """Absolute paths; the first is the base of a join."""
    objective: str = Field(min_length=1, max_length=4000)
    target: str | None = None
    metric: str | None = None
    positive: str | None = None
    task: Task | None = None
    group: str | None = None
    time: str | None = None
    forbid: tuple[str, ...] = ()
    time_budget: float = Field(default=60.0, ge=MIN_BUDGET_SECONDS, le=MAX_BUDGET_SECONDS)
    """Seconds of the whole command."""
    max_loops: int = Field(default=3, ge=1, le=10)
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    jobs: int = Field(default=2, ge=1, le=256)
    """Fits side by side."""
    executor: Executor = "processes"
    address: str = ""
    """Scheduler of dask or ray; empty: one of its own on this machine."""
    optuna_storage: str = ""
    """URL shared by several builds; empty: a journal file of this build."""
    max_candidates: int | None = Field(default=None, ge=1)
    """Stop the search after so many, so that it does not depend on the clock."""
    trials: tuple[Trial, ...] = ()
    """Of a template: tried before anything else."""
    changes: tuple[Change, ...] = ()
    """Of a template: made before the first loop."""


def build_key(request: BuildRequest, hashes: dict[str, str], rules: str) -> str:
    """`b` and twenty hex digits: what was asked, the content of the data, and our rules."""
    told = request.model_dump_json(exclude={"data"}) + repr(sorted(hashes.values())) + rules
    return "b" + hashlib.sha256(told.encode()).hexdigest()[:20]
