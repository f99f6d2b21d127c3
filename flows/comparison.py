"""comparison: two to five runs in, metric by metric with deltas out; or champion and challenger, and what to do about them.

collect_runs > compare > track          compare_models

The steps are in `tasks/comparison.py`.
"""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.comparison import ComparisonOutcome, ModelComparisonOutcome, collect_runs, compare, compare_models, name_models, name_run, track


@flow(name="comparison", flow_run_name=name_run)
def comparison(runs: Annotated[list[str], Field(min_length=2, max_length=5)]) -> ComparisonOutcome:
    """Compare runs of Axiom metric by metric against the first: deltas, which is better, what makes them not comparable.

    Args:
        runs: Two to five runs by their MLflow id, a beginning of it that only they have, or their name.
    """
    views = collect_runs(runs)
    compared = compare(views)
    return track(compared)


@flow(name="model_comparison", flow_run_name=name_models)
def model_comparison(model: str, champion: str, challenger: str, metric: str | None = None) -> ModelComparisonOutcome:
    """Set two versions of a governed model side by side: promote_b, reject_b or investigate. Nothing is moved.

    Args:
        model: Name of the registered model.
        champion: Number of version A, such as the one in production.
        challenger: Number of version B.
        metric: Metric that decides; empty: the first both have of held-out data.
    """
    return compare_models(model, champion, challenger, metric)
