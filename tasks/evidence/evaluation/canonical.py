"""The evaluation facts as flat keys for comparison with labels and for the report's `facts`."""

from __future__ import annotations

from typing import Any

from tasks.evidence.evaluation.facts import EvaluationFacts


def canonical_facts(facts: EvaluationFacts) -> dict[str, Any]:
    """`metrics` and the counts of `notebooks`."""

    def count(name: str) -> int:
        return sum(bool(getattr(n, name)) for n in facts.notebooks)

    return {
        "metrics": list(facts.metric_names),
        "notebooks": {
            "count": len(facts.notebooks),
            **{name: count(name) for name in ("with_outputs", "out_of_order", "never_run", "with_errors", "python2")},
        },
    }
