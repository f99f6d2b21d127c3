"""The room of model evaluation: metrics, the data they were computed on, baselines, doubt, and the state of notebooks."""

from __future__ import annotations

from tasks.evidence.evaluation.facts import EvaluationFacts
from tasks.evidence.snapshot import Snapshot


def collect(snapshot: Snapshot) -> EvaluationFacts:
    """Everything the repository shows about how its models are evaluated."""
    from tasks.evidence.evaluation.baseline import count_compared_models, find_baselines
    from tasks.evidence.evaluation.held_out import find_cross_validation, find_evaluations
    from tasks.evidence.evaluation.metrics import find_metrics
    from tasks.evidence.evaluation.notebooks import find_notebooks
    from tasks.evidence.evaluation.slices import find_slices
    from tasks.evidence.evaluation.uncertainty import find_uncertainty

    metrics = find_metrics(snapshot)
    return EvaluationFacts(
        metrics=metrics,
        evaluations=find_evaluations(snapshot),
        cross_validated=find_cross_validation(snapshot),
        baselines=find_baselines(snapshot),
        compared_models=count_compared_models(snapshot),
        slices=find_slices(snapshot, metrics),
        uncertainty=find_uncertainty(snapshot),
        notebooks=find_notebooks(snapshot),
    )
