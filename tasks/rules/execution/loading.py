"""Whether the model that a training left can be loaded: tried inside the sandbox, told beside the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from tasks.evidence.outputs.facts import Artifact
from tasks.rules.execution.plan import ExecutionPlan, Step
from tasks.rules.sandbox.job import Limits

LOADER = "/opt/axiom/load_model.py"
MARK = "MODEL "
MAX_FILES = 10
SECONDS = 120
NAME_LIMIT = 120


def loading_step(plan: ExecutionPlan, models: Sequence[Artifact]) -> Step:
    """The command that loads them, in the folder and with the variables of the training."""
    pairs = [text for a in models[:MAX_FILES] for text in (a.format, f"/work/repo/{a.path}")]
    command = ("python", LOADER, *pairs)
    return plan.train.model_copy(update={"kind": "script", "command": command, "display": "load the model", "bound": ""})


def loading_limits(limits: Limits) -> Limits:
    """The same limits, without the network and with little time."""
    return limits.model_copy(update={"network": "none", "timeout_seconds": min(SECONDS, limits.timeout_seconds)})


def tell_loading(artifacts: Sequence[Artifact], log: Iterable[str]) -> tuple[Artifact, ...]:
    """The artifacts with what became of loading each model; what was not tried stays as it is."""
    found: dict[str, str] = {}
    for line in log:
        if line.startswith(MARK) and (answer := _parse(line[len(MARK) :])):
            path = str(answer.get("path", "")).removeprefix("/work/repo/")
            kind, why = str(answer.get("type", ""))[:NAME_LIMIT], str(answer.get("why", ""))[:NAME_LIMIT]
            found[path] = f"loads in the sandbox as {kind}" if kind else f"does not load by itself: {why}"
    return tuple(a.model_copy(update={"check": _joined(a.check, found[a.path])}) if a.path in found else a for a in artifacts)


def _parse(text: str) -> dict[str, object]:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _joined(before: str, after: str) -> str:
    return f"{before.removeprefix('not loaded; ')}; {after}" if before else after
