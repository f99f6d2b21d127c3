"""What an execution has to say for the model it trained: the evidence that a registration and later gates judge by."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from tasks.evidence.outputs.facts import Artifact, MeasuredMetric, OutputFacts
from tasks.evidence.outputs.predictions import FORMATS
from tasks.rules.assembly import judge_all
from tasks.rules.evidence import Evidence
from tasks.rules.execution.contract import Execution
from tasks.rules.registry.facts import ModelClaim, ModelFacts, ModelFile, ModelMetric
from tasks.rules.registry.registration import MODEL_TYPES
from tasks.rules.scoring import overall_score

PREDICTIONS = re.compile(r"(?<![a-z])(?:predictions?|preds?|y_pred)(?![a-z])", re.IGNORECASE)


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
        metrics=tuple(
            ModelMetric(name=n, value=as_proportion(m), direction=m.direction, source=m.source) for n, m in sorted(finals.items())
        ),
        flagged={k: v for o in outputs for k, v in o.flagged.items()},
        claims=tuple(ModelClaim(name=c.name, verdict=c.verdict) for c in execution.claims),
        critical_findings=tuple(sorted({f.code for j in judgements.values() for f in j.findings if f.severity == "critical"})),
        readiness_score=overall_score(judgements),
        deployment_score=judgements["deployment"].score,
        held_out=data_hash(datasets),
        predictions=next((a.path for a in execution.artifacts if is_predictions(a)), ""),
        files=tuple(ModelFile(path=a.path, size=a.size, sha256=a.sha256) for a in kept_files(execution.artifacts)),
    )


def kept_files(artifacts: Sequence[Artifact]) -> list[Artifact]:
    """What is registered: the model, and its predictions on held-out rows where the run wrote some."""
    models = model_files(artifacts)
    return models + [a for a in artifacts if is_predictions(a)][:1] if models else []


def is_predictions(artifact: Artifact) -> bool:
    """A table of predictions by its name; whether it holds truth and prediction is seen when two models are compared."""
    path = PurePosixPath(artifact.path)
    return path.suffix in FORMATS and PREDICTIONS.search(path.stem) is not None and artifact.phase == "training"


def as_proportion(metric: MeasuredMetric) -> float:
    """The value in one unit, whichever the run printed: 93.2 % is 0.932."""
    return metric.value / 100 if metric.unit == "%" else metric.value


def data_hash(datasets: Mapping[str, str]) -> str:
    """Identity of the data in the repository; empty when there are none, since other data cannot be seen from here."""
    told = "\n".join(f"{path} {digest}" for path, digest in sorted(datasets.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def model_key(repository: str, commit: str | None, environment_key: str, files: Sequence[Artifact]) -> str:
    """The same bytes from the same commit and environment are the same version, however often they are registered."""
    parts = [repository, commit or "", environment_key, *(f"{a.path} {a.sha256}" for a in sorted(files, key=lambda a: a.path))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
