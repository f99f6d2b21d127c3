"""What a readiness rule is: a stable code, its words, and a check that answers with one of four outcomes.

The outcomes are never confused: `Passed`, `Failed` (with places), `NotApplicable` (there is nothing to judge) and
`Undetermined` (there may be, but a repository cannot show it). Only `Failed` costs points; the last two leave the
section's denominator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place

Severity = Literal["critical", "high", "medium", "low"]
Effort = Literal["low", "medium", "high"]
Section = Literal["project", "dataset", "training", "evaluation", "mlops", "monitoring", "retraining", "deployment"]

SECTION_TITLES: dict[str, str] = {
    "project": "Project",
    "dataset": "Data",
    "training": "Training",
    "evaluation": "Evaluation",
    "mlops": "MLOps",
    "monitoring": "Monitoring",
    "retraining": "Retraining",
    "deployment": "Deployment",
}
"""As a reader sees them."""
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Worst first."""
EFFORT_HOURS: dict[Effort, float] = {"low": 1.0, "medium": 4.0, "high": 16.0}
"""Working hours behind the three words, used to order actions by points gained per effort."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Passed(_Frozen):
    """The rule looked and found nothing wrong."""


class Failed(_Frozen):
    """The rule found something wrong at one or more places."""

    places: tuple[Place, ...] = ()
    """Worst or first place first; empty only when the fault is an absence that no file shows."""
    detail: str = ""
    """One sentence with what was measured here: "3 of 12 requirements have no version"."""


class NotApplicable(_Frozen):
    """There is nothing to judge: no data in the repository, an unsupervised task."""

    reason: str


class Undetermined(_Frozen):
    """There may be something to judge, but it could not be read or a repository does not show it."""

    reason: str


Outcome = Passed | Failed | NotApplicable | Undetermined


class Rule(_Frozen):
    """One question asked of the evidence. The code names its documentation section and its test."""

    code: str
    """Stable, upper case: section prefix and number, `TRN003`."""
    name: str
    """Stable slug: `preprocessing-before-split`."""
    title: str
    """What is wrong, in one line, as a reader of the report sees it."""
    section: Section
    severity: Severity
    effort: Effort
    detected: str
    """How it is detected, for the documentation."""
    why: str
    """Why it matters: one or two sentences."""
    remedy: str
    """What to do, concretely."""
    check: Callable[[Any], Outcome]
    """Takes the `Evidence` bundle."""
