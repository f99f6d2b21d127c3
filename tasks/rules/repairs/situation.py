"""What a repair is given and gives: the situation after a failed attempt, and a changed plan with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from tasks.evidence.launch.facts import LaunchFacts, Program
from tasks.rules.execution.plan import BuildFailure, BuiltEnvironment, ExecutionPlan, Repair
from tasks.rules.execution.steps import program_of
from tasks.rules.execution.tree import Tree
from tasks.rules.repairs.failure import Failure
from tasks.rules.sandbox.job import JobOutcome


@dataclass(frozen=True)
class Candidate:
    """A repair that would apply, with the plan it makes."""

    repair: Repair
    plan: ExecutionPlan


@dataclass(frozen=True)
class Situation:
    """A failed attempt in full."""

    plan: ExecutionPlan
    failure: Failure
    tree: Tree
    launch: LaunchFacts
    outcome: JobOutcome | None = None
    built: BuiltEnvironment | None = None
    build: BuildFailure | None = None
    number: int = 1
    """Of the repair, from 1."""
    measured: bool = False
    """The attempt left metrics, whatever its end."""

    @property
    def source(self) -> str:
        return f"repair {self.number}"

    @property
    def program(self) -> Program:
        return program_of(self.launch, self.plan.train.file)

    @cached_property
    def _specifiers(self) -> dict[str, str]:
        return {r.name: r.specifier for r in self.plan.environment.requirements}

    @cached_property
    def _installed(self) -> dict[str, str]:
        pairs = (line.partition("==") for line in (self.built.resolved if self.built else ()))
        return {name: version for name, _, version in pairs}

    def wants(self, name: str) -> bool:
        """Whether the package is asked for or installed."""
        return bool(name) and (name in self._specifiers or name in self._installed)

    def specifier(self, name: str) -> str:
        return self._specifiers.get(name, "")

    def installed(self, name: str) -> str:
        """The installed version, or empty."""
        return self._installed.get(name, "")

    def owns_module(self, module: str) -> bool:
        """Whether a dotted name is a file or folder of the repository."""
        tail = module.split(".")[0]
        names = (f"{tail}.py", f"{tail}/__init__.py")
        return any(self.tree.ending(n) for n in names) or any(
            f == tail or f.endswith(f"/{tail}") for f in self.tree.folders if self._has_code(f)
        )

    def _has_code(self, folder: str) -> bool:
        return any(p.startswith(folder + "/") and p.endswith(".py") for p in self.tree.sizes)

    def line(self, match: re.Match[str] | None) -> str:
        """The line of the log that a match stands in."""
        return (match.string if match else self.failure.line)[:300]
