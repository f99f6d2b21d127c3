"""Where a run through one module stands: names and their values, the way here, the budget."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tasks.evidence.training.leakage.findings import Findings
from tasks.evidence.training.leakage.rows import Rows
from tasks.evidence.training.leakage.values import NOTHING, Data, Pending, Taint, Unknown

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.networks import ForwardPass

STEP_LIMIT = 40_000
"""Expressions and statements followed in one module, calls included."""
DEPTH_LIMIT = 12
"""Calls inside calls."""


class OutOfSteps(Exception):
    """The module needs more steps than it is given; what was found so far stands."""


@dataclass(slots=True)
class Module:
    """One file with its names. Lines are unique in the whole repository: the file's own plus `offset`."""

    path: str
    tree: ast.Module
    offset: int = 0
    scope: dict[str, Any] = field(default_factory=dict)
    loaded: bool = False
    is_cut: bool = False
    """Followed only up to the step limit."""


class Program(Protocol):
    """The repository's own modules, for imports, and the files they exchange."""

    written: dict[str, frozenset[Taint]]
    readers: dict[str, set[str]]

    def find(self, dotted: str, importer: Module) -> str | None: ...

    def module(self, path: str) -> Module | None: ...


@dataclass(slots=True)
class Run:
    module: Module
    program: Program
    evaluate_with: Callable[[Run, ast.expr], Any]
    execute_with: Callable[[Run, list[ast.stmt]], bool]
    load_with: Callable[[Run, Pending], Any]
    findings: Findings = field(default_factory=Findings)
    scope: dict[str, Any] = field(default_factory=dict)
    steps: int = 0
    labels: int = 0
    loops: list[int] = field(default_factory=list)
    stack: list[int] = field(default_factory=list)
    """Nodes of the functions being followed, by identity."""
    switches: dict[str, bool] = field(default_factory=dict)
    """Parameters of the function being followed that are plainly true or false in this call."""
    called: set[int] = field(default_factory=set)
    """First lines of the functions that were followed."""
    returns: list[Any] = field(default_factory=list)
    plain_results: dict[int, Any] = field(default_factory=dict)
    passes: dict[int, ForwardPass] = field(default_factory=dict)
    """The last rows that went through each network since it last learnt."""
    samples: dict[Rows, str] = field(default_factory=dict)
    """Rows that samples were drawn from, with the part the first became."""

    def evaluate(self, node: ast.expr | None) -> Any:
        return NOTHING if node is None else self.evaluate_with(self, node)

    def execute(self, body: list[ast.stmt]) -> bool:
        """Follow statements; whether the flow left them by return, raise, break or continue."""
        return self.execute_with(self, body)

    def step(self) -> None:
        self.steps += 1
        if self.steps > STEP_LIMIT:
            raise OutOfSteps

    def lookup(self, name: str) -> Any:
        scope = self.scope if name in self.scope else self.module.scope
        value = scope.get(name)
        if isinstance(value, Pending):
            value = scope[name] = self.load_with(self, value)
        return Unknown(name) if value is None else value

    def label(self, letter: str, line: int) -> str:
        """A name for an origin or a split that no other has."""
        self.labels += 1
        return f"{letter}{line}.{self.labels}"

    def new_data(self, line: int, role: str = "full", **fields: Any) -> Data:
        """Rows that come from outside."""
        origin = self.label("o", line)
        return Data(frozenset([f"{origin}:{role}"]), table=origin, line=line, is_element=bool(self.loops), **fields)

    def part_by_name(self, line: int, role: str) -> Data:
        """Rows of unknown origin whose variable tells that they are one part of a division made elsewhere."""
        rows: Rows = frozenset([f"p{self.stack[-1] if self.stack else 0}:full/p:{role}"])
        return Data(rows, table=self.label("t", line), line=line, opaque=True, is_element=bool(self.loops))

    def restore(self, scope: dict[str, Any]) -> None:
        self.scope.clear()
        self.scope.update(scope)
