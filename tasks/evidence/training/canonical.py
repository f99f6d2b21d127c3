"""The training section's facts as flat keys for comparison with other systems."""

from __future__ import annotations

from typing import Any

from tasks.evidence.training.facts import TrainingFacts


def canonical_facts(facts: TrainingFacts) -> dict[str, Any]:
    """Flat keys; only leaks that are certain or likely."""
    return {
        "seeded": facts.seeded,
        "split_present": facts.split_present,
        "cv": facts.cv,
        "artifact_formats": list(facts.artifact_formats),
        "leakage": [
            {"file": leak.place.file, "line": leak.place.line, "kind": leak.kind} for leak in facts.leaks if leak.certainty != "possible"
        ],
    }
