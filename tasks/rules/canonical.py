"""The flat facts of `report.json`: stable names others read, one place for all sections."""

from __future__ import annotations

from typing import Any

from tasks.evidence.dataset import canonical as dataset
from tasks.evidence.evaluation import canonical as evaluation
from tasks.evidence.mlops import canonical as mlops
from tasks.evidence.monitoring import canonical as monitoring
from tasks.evidence.project import canonical as project
from tasks.evidence.training import canonical as training
from tasks.rules.evidence import Evidence

CANONICAL_NAMES: tuple[str, ...] = (
    "is_ml",
    "has_training",
    "kind",
    "python",
    "license",
    "seeded",
    "split_present",
    "cv",
    "model_card",
    "frameworks",
    "tasks",
    "tracking",
    "registry",
    "config",
    "orchestrator",
    "metrics",
    "monitoring",
    "validation",
    "artifact_formats",
    "lock",
    "dockerfiles",
    "compose",
    "ci_systems",
    "ci_runs",
    "train_entrypoints",
    "eval_entrypoints",
    "serve_entrypoints",
    "datasets",
    "deps",
    "tests",
    "leakage",
    "secrets",
    "notebooks",
    "claimed_metrics",
)
"""In the order of the design's section 6."""


def canonical_facts(evidence: Evidence) -> dict[str, Any]:
    """All canonical names; None for those whose section could not be read."""
    found: dict[str, Any] = dict.fromkeys(CANONICAL_NAMES)
    for facts, section in (
        (evidence.project_facts, project),
        (evidence.dataset_facts, dataset),
        (evidence.training_facts, training),
        (evidence.evaluation_facts, evaluation),
        (evidence.mlops_facts, mlops),
        (evidence.monitoring_facts, monitoring),
    ):
        if facts is not None:
            found |= section.canonical_facts(facts)
    return found
