"""What a complaint of the resolver or installer means for the repository: typed cause, reason class, one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from tasks.rules.environment.resolver_words import Complaint, Kind
from tasks.rules.execution.plan import BuildFailure, ReasonClass
from tasks.rules.sandbox.job import Cause

CAUSES: dict[Kind, Cause] = {"network": "network", "disk": "disk", "timeout": "timeout", "memory": "oom", "engine": "engine"}
"""Everything else is the fault of what was asked for."""
SHOWN_NAMES = 5


def explain(complaint: Complaint, step: Literal["resolve", "install"], python: str, asked: Iterable[str]) -> BuildFailure:
    """The failure; `asked` are the requirement lines, whose names go first."""
    ours = {re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0].lower() for line in asked}
    names = tuple(sorted(complaint.packages, key=lambda name: name not in ours))[:20]
    return BuildFailure(
        cause=CAUSES.get(complaint.kind, "input"),
        reason=_reason(complaint),
        step=step,
        detail=_detail(complaint.kind, names[:SHOWN_NAMES], step, python),
        packages=names,
        tail=complaint.tail,
    )


def _reason(complaint: Complaint) -> ReasonClass:
    return "python_version" if complaint.kind == "python" else "dependencies"


def _detail(kind: Kind, names: tuple[str, ...], step: str, python: str) -> str:
    listed = ", ".join(names) or "the requirements"
    sentences: dict[Kind, str] = {
        "unknown": f"no package of the index is called {listed}",
        "wheels": f"no wheel of {listed} fits Python {python}",
        "python": f"{listed} needs another Python than {python}",
        "conflict": f"no versions of {listed} go together on Python {python}",
        "network": "the package index cannot be reached from here",
        "disk": "the environment does not fit on the engine's disk or its limit",
        "engine": "the container engine failed while the image was built",
        "memory": "installing took more memory than the build may use",
        "timeout": f"the {step} step did not end within its time limit",
    }
    return sentences.get(kind, f"the {step} step failed on {listed}")
