"""What MLflow's pages say of a run besides its numbers: tags, and the description above it."""

from __future__ import annotations

import re

from tasks.adapters.record.tables import final_values
from tasks.evidence.outputs.facts import OutputFacts
from tasks.evidence.redaction import redact
from tasks.rules.execution.contract import Execution
from tasks.rules.sandbox.job import JobOutcome

NOTE = "mlflow.note.content"
"""What MLflow's pages show above a run, as Markdown."""
TABLES = '[{"path": "metrics.json", "type": "table"}, {"path": "artifacts.json", "type": "table"}]'
"""MLflow's mark of what its pages show as a table."""


def describe(execution: Execution, more: str) -> str:
    """Markdown: the result in one sentence, then `more`, which is taken as it is."""
    return f"{_inert(execution.status)}: {_inert(redact(execution.detail))}\n\n{more}".strip()


def job_tags(outcome: JobOutcome, outputs: OutputFacts) -> dict[str, str]:
    """Of a child run: what became of the job, its final values, what was dropped."""
    finals = ", ".join(f"{n}={v:.6g}" for n, v in sorted(final_values(outputs.metrics).items()))
    return {
        "status": outcome.status, "cause": outcome.cause or "", "detail": redact(outcome.detail), "exit_code": str(outcome.exit_code),
        "oom": str(outcome.oom).lower(), "log_dropped_bytes": str(outcome.log_dropped_bytes), "final": finals,
        "metrics_dropped": str(outputs.metrics_dropped), "mlflow.loggedArtifacts": TABLES,
    }  # fmt: skip


def result_tags(execution: Execution) -> dict[str, str]:
    """Of the execution\'s own run."""
    return {
        "status": execution.status, "cause": execution.cause or "", "detail": redact(execution.detail), "command": execution.command,
        "image": execution.image, "environment_key": execution.environment_key, "isolation": execution.isolation.get("level", ""),
        "attempts": str(len(execution.attempts)),
        "registered": f"{execution.registered.model}/{execution.registered.version}" if execution.registered else "",
    }  # fmt: skip


def _inert(text: str) -> str:
    """Text in Markdown that is neither mark-up nor an address."""
    return re.sub(r"([\\`*_{}\[\]<>()#!|~])", r"\\\1", text).replace("://", ": //")
