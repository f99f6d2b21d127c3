"""The monitoring facts as flat keys for comparison with labels and for the report's `facts`."""

from __future__ import annotations

from typing import Any

from tasks.evidence.monitoring.facts import MonitoringFacts


def canonical_facts(facts: MonitoringFacts) -> dict[str, Any]:
    """`monitoring` and `validation`: names of what is really in code or configuration."""
    return {
        "monitoring": [tool.name for tool in facts.instrumentation],
        "validation": [tool.name for tool in facts.validation],
    }
