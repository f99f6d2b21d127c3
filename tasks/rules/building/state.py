"""What the steps of a build hand on: small JSON. Tables, predictions and models stay in the build's folder."""

from __future__ import annotations

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import LoopFacts
from tasks.rules.building.change import Change
from tasks.rules.building.contract import Contract, Value
from tasks.rules.building.request import BuildRequest
from tasks.rules.building.result import Loop, SplitResult


class BuildState(Value):
    """Grows from step to step; what is None has not been done yet."""

    key: str
    folder: str
    name: str
    """For people, runs and the registry: the stem of the first data file."""
    request: BuildRequest
    began: float
    """Unix time at which the user's command began."""
    deadline: float
    resumed: bool = False
    rows: int = 0
    contract: Contract | None = None
    split: SplitResult | None = None
    leaks: tuple[LeakSuspect, ...] = ()
    dropped: tuple[str, ...] = ()
    """Columns the critic or the leak rules took out."""
    facts: LoopFacts | None = None
    """Of the loop that is under way, once it is evaluated."""
    loops: tuple[Loop, ...] = ()

    @property
    def change(self) -> Change | None:
        """What the critic asked of the loop that comes now."""
        return self.loops[-1].change if self.loops else None

    @property
    def finished(self) -> bool:
        """The critic ended the loops."""
        return bool(self.loops) and self.loops[-1].route == "finalize"
