"""analysis: a repository in, a readiness report out. The steps are in `tasks/analysis.py`.

clone > project > { dataset | training | evaluation | mlops_readiness } > monitoring > retraining > report > track
"""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.utilities.annotations import quote

from tasks.analysis import (
    AnalysisOutcome,
    analyze_dataset,
    analyze_evaluation,
    analyze_mlops,
    analyze_monitoring,
    analyze_project,
    analyze_retraining,
    analyze_training,
    clone,
    name_run,
    track,
    write_report,
)


@flow(name="analysis", flow_run_name=name_run)
def analysis(repository: str, ref: str | None = None, model: str | None = None) -> AnalysisOutcome:
    """Judge how ready an ML repository is. Nothing of it is imported or executed.

    Args:
        repository: https or ssh address of a git repository.
        ref: Branch, tag or commit; empty: the default branch.
        model: litellm model string; empty: the settings block's, or none, in which case facts and rules speak alone.
    """
    cloned = clone(repository, ref)
    project = analyze_project(cloned, model)

    # Every agent reads the checkout; quoted, it draws no edge that would hide who waits for whom.
    checkout: Any = quote(cloned)
    dataset = analyze_dataset.submit(checkout, model, project)
    training = analyze_training.submit(checkout, model, project)
    evaluation = analyze_evaluation.submit(checkout, model, project)
    mlops = analyze_mlops.submit(checkout, model, project)

    monitoring = analyze_monitoring(checkout, model, [dataset, training, evaluation, mlops])
    retraining = analyze_retraining(checkout, model, monitoring)

    outcome = write_report(checkout, model, [project, dataset, training, evaluation, mlops, monitoring, retraining])
    return track(outcome)
