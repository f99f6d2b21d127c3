"""The dataset section's facts as flat keys for comparison with other systems."""

from __future__ import annotations

from typing import Any

from tasks.evidence.dataset.facts import DatasetFacts


def canonical_facts(facts: DatasetFacts) -> dict[str, Any]:
    """`columns` is their number; `rows` and `target` are None when they could not be told."""
    return {
        "datasets": [
            {"path": d.path, "format": d.format, "rows": d.rows, "columns": d.n_columns, "target": d.target} for d in facts.datasets
        ]
    }
