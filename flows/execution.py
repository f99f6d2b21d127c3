"""execution: the analysis, with training and evaluation really run. The steps are in `tasks/execution.py`.

clone > project > { dataset | training } > plan > ( build > training_execution || > critic )* > evaluation_execution ||
> model_loading || > model_registration > { evaluation | mlops_readiness } > monitoring > retraining > report > track
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from prefect import flow
from prefect.utilities.annotations import quote
from pydantic import Field

from tasks.analysis import (
    analyze_dataset,
    analyze_evaluation,
    analyze_mlops,
    analyze_monitoring,
    analyze_project,
    analyze_retraining,
    analyze_training,
    clone,
)
from tasks.execution import (
    MAX_ATTEMPTS,
    ExecutionOutcome,
    ask_a_person,
    build_environment,
    criticize,
    execute_evaluation,
    execute_training,
    load_model,
    name_run,
    plan_training,
    register_model,
    track,
    write_report,
)
from tasks.sandbox_run import reap_on_end


@flow(
    name="execution",
    flow_run_name=name_run,
    on_cancellation=[reap_on_end],
    on_crashed=[reap_on_end],
    on_failure=[reap_on_end],
)
def execution(
    repository: str,
    ref: str | None = None,
    entrypoint: str | None = None,
    timeout_seconds: Annotated[int, Field(ge=1, le=604_800)] = 3600,
    memory: str = "4g",
    cpus: Annotated[float, Field(ge=0.05, le=256)] = 2.0,
    disk: str = "4g",
    network: Literal["none", "bridge"] = "none",
    approve: bool = False,
    model: str | None = None,
) -> ExecutionOutcome:
    """Train and evaluate an ML repository in a locked-down container, check its claims, record and register the model.

    Args:
        repository: https or ssh address of a git repository.
        ref: Branch, tag or commit; empty: the default branch.
        entrypoint: Command that trains, such as `python train.py`; empty: what the analysis finds.
        timeout_seconds: Training is ended after so many seconds; metrics so far are kept.
        memory: Memory of the container, such as 4g.
        cpus: Processors of the container.
        disk: Size of the container's workspace, which is held in memory, such as 4g.
        network: none, or bridge to let the training reach the network, which lowers the isolation that the report states.
        approve: Pause before training and before registration until a person resumes the run.
        model: litellm model string; empty: the settings block's, or none.
    """
    cloned = clone(repository, ref)
    project = analyze_project(cloned, model)
    checkout: Any = quote(cloned)
    dataset = analyze_dataset.submit(checkout, model, project)
    training = analyze_training.submit(checkout, model, project)
    plan = plan_training(checkout, entrypoint, timeout_seconds, memory, cpus, disk, network, [dataset, training])
    if approve and plan.runs:
        ask_a_person("training", plan)

    for attempt in range(1, MAX_ATTEMPTS + 1):
        if not plan.runs:
            break
        built = build_environment(plan, attempt)
        trained = execute_training(checkout, built, attempt)
        plan = criticize(checkout, trained, attempt, model)
        if plan.finished:
            break

    evaluated = load_model(checkout, execute_evaluation(checkout, plan))
    if approve and evaluated.succeeded:
        ask_a_person("registration", evaluated)
    registered = register_model(checkout, evaluated)

    evaluation = analyze_evaluation.submit(checkout, model, project)
    mlops = analyze_mlops.submit(checkout, model, project)
    monitoring = analyze_monitoring(checkout, model, [dataset, training, evaluation, mlops])
    retraining = analyze_retraining(checkout, model, monitoring)
    report = write_report(checkout, model, registered, [project, dataset, training, evaluation, mlops, monitoring, retraining])
    return track(report)
