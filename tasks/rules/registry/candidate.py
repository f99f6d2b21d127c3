"""What an execution has to say for the model it trained: the evidence that a registration and later gates judge by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from tasks.evidence.outputs.facts import Artifact, OutputFacts
from tasks.rules.assembly import judge_all
from tasks.rules.evidence import Evidence
from tasks.rules.execution.contract import Execution
from tasks.rules.registry.facts import ModelClaim, ModelFacts, ModelFile, ModelMetric
from tasks.rules.registry.registration import MODEL_TYPES
from tasks.rules.scoring import overall_score


def model_files(artifacts: Sequence[Artifact]) -> list[Artifact]:
    """Files that are the model: finished models where there are any, else checkpoints."""
    for kind in MODEL_TYPES:
        found = [a for a in artifacts if a.type == kind and a.size > 0 and a.phase == "training"]
        if found:
            return found
    return []


def model_facts(
    evidence: Evidence,
    execution: Execution,
    outputs: Sequence[OutputFacts],
    repository: str,
    commit: str | None,
    datasets: Mapping[str, str],
) -> ModelFacts:
    """Metrics, claims, scores and open critical findings, as they stood when the model was trained."""
    judgements = judge_all(evidence.model_copy(update={"execution": execution}))
    finals = {m.name: m for m in execution.metrics if m.is_final}
    return ModelFacts(
        repository=repository,
        commit=commit or "",
        metrics=tuple(ModelMetric(name=n, value=m.value, direction=m.direction, source=m.source) for n, m in sorted(finals.items())),
        flagged={k: v for o in outputs for k, v in o.flagged.items()},
        claims=tuple(ModelClaim(name=c.name, verdict=c.verdict) for c in execution.claims),
        critical_findings=tuple(sorted({f.code for j in judgements.values() for f in j.findings if f.severity == "critical"})),
        readiness_score=overall_score(judgements),
        deployment_score=judgements["deployment"].score,
        held_out=data_hash(datasets),
        files=tuple(ModelFile(path=a.path, size=a.size, sha256=a.sha256) for a in model_files(execution.artifacts)),
    )


def data_hash(datasets: Mapping[str, str]) -> str:
    """Identity of the data in the repository; empty when there are none, since other data cannot be seen from here."""
    told = "\n".join(f"{path} {digest}" for path, digest in sorted(datasets.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def model_key(repository: str, commit: str | None, environment_key: str, files: Sequence[Artifact]) -> str:
    """The same bytes from the same commit and environment are the same version, however often they are registered."""
    parts = [repository, commit or "", environment_key, *(f"{a.path} {a.sha256}" for a in sorted(files, key=lambda a: a.path))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
