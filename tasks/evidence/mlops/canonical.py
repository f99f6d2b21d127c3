"""The flat keys of the report that come from the MLOps facts."""

from __future__ import annotations

from typing import Any

from tasks.evidence.mlops.facts import MlopsFacts


def canonical_facts(facts: MlopsFacts) -> dict[str, Any]:
    """Names and shapes as section 6 of the design has them."""
    return {
        "deps": [{"file": d.file, "pin": d.pin} for d in facts.dependencies],
        "lock": [lock.file for lock in facts.locks],
        "python": facts.python[0].version if facts.python else None,
        "dockerfiles": [d.file for d in facts.dockerfiles],
        "compose": [c.file for c in facts.compose],
        "ci_systems": sorted({p.system for p in facts.ci}),
        "ci_runs": sorted(facts.ci_runs),
        "tests": {"framework": facts.tests.framework, "files": len(facts.tests.files), "functions": facts.tests.functions},
        "tracking": sorted(set(facts.tracking)),
        "registry": sorted({r.registry for r in facts.registrations}),
        "license": facts.licences[0].spdx if facts.licences else None,
        "model_card": bool(facts.model_cards),
        "secrets": [{"file": s.file, "line": s.line, "kind": s.kind} for s in facts.secrets if s.severity == "live"],
    }
