"""How a question of the ML Test Score is put and answered, and what makes a check one that runs by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.place import Place
from tasks.rules.evidence import Evidence

Word = Literal["automated", "manual", "absent", "not_observable"]


class Answer(NamedTuple):
    word: Word
    evidence: str
    """One sentence."""


class Question(NamedTuple):
    id: str
    title: str
    """As in the paper."""
    ask: Callable[[Evidence], Answer]


def absent(evidence: str) -> Answer:
    return Answer("absent", evidence)


def not_observable(evidence: str) -> Answer:
    return Answer("not_observable", evidence)


def found(evidence: str, by_itself: bool) -> Answer:
    """A check that exists: automated when something other than a person starts it."""
    return Answer("automated" if by_itself else "manual", evidence)


def training_repeats(evidence: Evidence) -> bool:
    """CI, a pipeline tool or a schedule trains, so what training code checks is checked each time."""
    in_ci = {"train", "evaluate"} & evidence.mlops.ci_runs
    return bool(in_ci or evidence.project.orchestrator or evidence.monitoring.retraining)


def tests_repeat(evidence: Evidence) -> bool:
    return "tests" in evidence.mlops.ci_runs


def is_served(evidence: Evidence) -> bool:
    return bool(evidence.project.serve_entrypoints or any(s.predicts for s in evidence.deployment.services))


NOT_SERVED = not_observable("No service in this repository answers with the model.")


def seen_at(places: Sequence[Place]) -> str:
    """Where the first one is, as ` (train.py:12)`."""
    if not places:
        return ""
    first = places[0]
    return f" ({first.file}:{first.line})" if first.line else f" ({first.file})"


def named(tools: Sequence[Tool]) -> str:
    return ", ".join(t.name for t in tools[:4])
