"""One build inside the builder's process: the steps by name, the data between them, what was finished before."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.table.facts import TableProfile
from tasks.evidence.table.schema import TableSchema
from tasks.modelling.generated.kept import beside, kept_features, values_file, wider_schema
from tasks.modelling.tables import TABLE, Sealed, load, load_development, load_sealed
from tasks.modelling.workspace import Clock, Workspace
from tasks.rules.building.change import Change
from tasks.rules.building.contract import Contract
from tasks.rules.building.request import BuildRequest
from tasks.rules.building.result import Loop, SplitResult
from tasks.rules.building.schedule import recording_seconds

Emit = Callable[[dict[str, Any]], None]


class Session:
    """What the steps share. Everything is read from the workspace when it is not in memory."""

    def __init__(self, workspace: Workspace, began: float, emit: Emit) -> None:
        self.workspace = workspace
        self.request = workspace.read("request.json", BuildRequest)
        self.clock = Clock(workspace, self.request.time_budget, began)
        self._emit = emit
        self._told: set[Any] = set()
        """Candidates that whoever watches has heard of."""
        self.outcomes: dict[int, Any] = {}
        """Search outcomes by loop."""
        self.seconds: dict[str, float] = {}
        """By step."""

    def run(self, step: str, name: str, arguments: dict[str, Any]) -> Any:
        """The step's result as JSON: kept from before, or made now. One that says `keep: False` is for this process only."""
        kept = self.workspace.finished(name)
        if kept is not None:
            return kept
        from tasks.modelling.steps import STEPS

        began = time.time()
        result = STEPS[step](self, **arguments)
        self.seconds[name] = round(time.time() - began, 2)
        told = result.pop("told", None)
        if told is not None:
            self.emit("phase", phase=step, name=name, seconds=self.seconds[name], note=told)
        return self.workspace.finish(name, result) if result.pop("keep", True) else result

    def emit(self, kind: str, **event: Any) -> None:
        """Tell whoever watches; seconds left of the budget stand beside every event."""
        if kind == "candidate" and event.get("id") in self._told:
            return  # a later loop starts with the candidates of the earlier ones
        self._told.add(event.get("id"))
        self._emit({"kind": kind, **event, "seconds_left": round(self.clock.deadline - time.time(), 1)})

    @property
    def written_by(self) -> float:
        """Unix time at which everything must be written: the flow registers and records after it."""
        return self.clock.deadline - recording_seconds(self.request.time_budget)

    @cached_property
    def table(self) -> Any:
        """The raw and the canonical frame, all rows; of use before the split only."""
        return load(self.workspace, TABLE)

    @cached_property
    def profile(self) -> TableProfile:
        return self.workspace.read("profile.json", TableProfile)

    @cached_property
    def schema(self) -> TableSchema:
        """Of the table, and of the generated columns that were kept."""
        return wider_schema(self.workspace.read("schema.json", TableSchema), kept_features(self.workspace))

    @cached_property
    def contract(self) -> Contract:
        return self.workspace.read("contract.json", Contract)

    @cached_property
    def split(self) -> SplitResult:
        return self.workspace.read("split.json", SplitResult)

    @cached_property
    def leaks(self) -> tuple[LeakSuspect, ...]:
        kept = self.workspace.finished("split")
        return tuple(LeakSuspect.model_validate(leak) for leak in kept["leaks"])

    def changes(self, loop: int) -> tuple[Change, ...]:
        """What a template asked for, and the critic of the loops before this one."""
        judged = [Loop.model_validate(self.workspace.finished(f"judged#{n}")["loop"]) for n in range(1, loop)]
        return (*self.request.changes, *(one.change for one in judged if one.change is not None))

    def dropped(self, loop: int) -> tuple[str, ...]:
        """Columns that leak for certain, and those the critic dropped up to this loop."""
        leaking = [c for leak in self.leaks if leak.certain for c in leak.columns]
        return tuple(dict.fromkeys([*leaking, *(c for change in self.changes(loop) for c in change.columns)]))

    @cached_property
    def development(self) -> Any:
        """`Development`: all rows that may be looked at, with the generated columns that were kept."""
        found = load_development(self.workspace)
        for one in kept_features(self.workspace):
            found = replace(found, frame=beside(found.frame, load(self.workspace, values_file(one.loop))))
        return found

    def forget_columns(self) -> None:
        """Columns came: what was read without them is read again."""
        for name in ("development", "schema"):
            self.__dict__.pop(name, None)

    def open_sealed(self) -> Sealed:
        """The sealed rows; leaves the mark that they were opened."""
        return load_sealed(self.workspace)
