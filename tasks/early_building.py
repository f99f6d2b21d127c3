"""A build begun while Prefect's server is still starting: the flow's steps find what was asked for ahead.

The order is the flow's own, and a step that is asked for twice runs once. A build that waits for a person, or asks a
language model for its contract or features, begins with reading only.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from blocks.environment import build_defaults
from tasks.adapters.builder import end_build, finish_build, open_build
from tasks.adapters.store import rule_version
from tasks.errors import SettingError
from tasks.evidence.table.facts import TableProfile
from tasks.evidence.table.hashing import hash_files
from tasks.rendering.build_progress import progress_line
from tasks.rules.building.request import BuildRequest, build_key

AHEAD = ("features", "plots", "train", "evaluate")
"""Of the first loop; the critic is the flow's."""
progress = logging.getLogger("axiom.progress")


class EarlyBuild:
    """One build on its way in this process."""

    def __init__(self, home: Path, request: BuildRequest, began: float, reads_only: bool) -> None:
        self._home, self.request, self.began = home, request, began
        self.key = key_of(request)
        self.builder, self.resumed = open_build(home, self.key, request, began)
        self.builder.listen(show)
        self._first = [self.builder.ask("read")]
        if not reads_only:
            self.go_on()

    def go_on(self) -> None:
        """Ask for all that the flow will ask for, up to the critic."""
        self._first += [self.builder.ask(step) for step in ("contract", "split")]
        for step in AHEAD:
            self.builder.ask(step, f"{step}#1", loop=1)

    def prove(self) -> None:
        """Wait until the data, and without a model the objective, are understood; raises what is wrong with them."""
        for step in self._first:
            step.result()

    def profile(self) -> TableProfile:
        """Of the data, as soon as they are read; raises what is wrong with them."""
        return TableProfile.model_validate(self.builder.ask("read").result()["profile"])

    def end(self) -> None:
        """End what still runs of it."""
        end_build(self.key)

    def finish(self) -> None:
        """The user has everything: the same command makes it anew."""
        finish_build(self._home, self.key)


def show(event: dict[str, Any]) -> None:
    """A line of progress."""
    progress.info(progress_line(event))


def key_of(request: BuildRequest) -> str:
    """The build's name; raises `DataRefused` for a file that is not there."""
    return build_key(request, hash_files(request.data), rule_version())


def parallel_defaults() -> dict[str, Any]:
    """How the environment lets fits run side by side."""
    try:
        return build_defaults()
    except ValueError as error:
        raise SettingError(str(error), "Correct the variable.") from error


_begun: list[EarlyBuild] = []


def begin(home: Path, request: BuildRequest, began: float, reads_only: bool) -> EarlyBuild:
    """Begin now; `begun` finds it. One build a process."""
    early = EarlyBuild(home, request, began, reads_only)
    _begun[:] = [early]
    return early


def begun(request: BuildRequest) -> EarlyBuild | None:
    """What this process has begun early, if it is this very request; anything else that was is ended."""
    early = _begun[0] if _begun else None
    if early is None or early.request == request:
        return early
    early.end()
    return None
