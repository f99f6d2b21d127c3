"""The project section's facts as flat keys for comparison with other systems."""

from __future__ import annotations

from typing import Any

from tasks.evidence.project.facts import Entrypoint, ProjectFacts


def canonical_facts(facts: ProjectFacts) -> dict[str, Any]:
    """Flat keys; entrypoints ranked, the best first."""
    return {
        "is_ml": facts.is_ml,
        "has_training": facts.has_training,
        "kind": facts.kind,
        "frameworks": list(facts.frameworks),
        "tasks": list(facts.tasks),
        "config": list(facts.config),
        "orchestrator": list(facts.orchestrator),
        "train_entrypoints": _ranked(facts.train_entrypoints),
        "eval_entrypoints": _ranked(facts.eval_entrypoints),
        "serve_entrypoints": _ranked(facts.serve_entrypoints),
        "claimed_metrics": [{"name": c.name, "value": c.value, "file": c.file, "line": c.line} for c in facts.claimed_metrics],
    }


def _ranked(entries: tuple[Entrypoint, ...]) -> list[dict[str, Any]]:
    return [{"file": e.file, "command": e.command, "confidence": e.confidence, "reasons": list(e.reasons)} for e in entries]
