"""comparison: two to five runs in, metric by metric with deltas out. The steps are in `tasks/comparison.py`.

collect_runs > compare > track
"""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.comparison import ComparisonOutcome, collect_runs, compare, name_run, track


@flow(name="comparison", flow_run_name=name_run)
def comparison(runs: Annotated[list[str], Field(min_length=2, max_length=5)]) -> ComparisonOutcome:
    """Compare runs of Axiom metric by metric against the first: deltas, which is better, what makes them not comparable.

    Args:
        runs: Two to five runs by their MLflow id, a beginning of it that only they have, or their name.
    """
    views = collect_runs(runs)
    compared = compare(views)
    return track(compared)
