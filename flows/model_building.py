"""model_building: from a data set and a sentence to an honest model. The steps are in `tasks/model_building.py`.

profile > contract > split > ( features > { plots | train } > evaluate > critic )* > finalize > register > report
"""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.model_building import (
    MAX_LOOPS,
    BuildOutcome,
    ask_a_person,
    criticize,
    draw_plots,
    end_on_end,
    engineer_features,
    evaluate_models,
    finalize,
    name_run,
    profile_data,
    register_model,
    split_data,
    train_models,
    understand_objective,
    write_report,
)
from tasks.rules.building.overrides import Overrides


@flow(
    name="model_building",
    flow_run_name=name_run,
    on_cancellation=[end_on_end],
    on_crashed=[end_on_end],
    on_failure=[end_on_end],
)
def model_building(
    data: list[str],
    objective: str = "",
    target: str | None = None,
    metric: str | None = None,
    time_budget: Annotated[float, Field(ge=10, le=604_800)] = 60.0,
    max_loops: Annotated[int, Field(ge=1, le=10)] = MAX_LOOPS,
    approve: bool = False,
    seed: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None,
    template: str | None = None,
    model: str | None = None,
    fixed: Overrides | None = None,
    max_candidates: Annotated[int | None, Field(ge=1)] = None,
) -> BuildOutcome:
    """Build a model from a data set and an objective in plain English, and say honestly how good it is.

    Args:
        data: Data files: CSV, Parquet, JSON, JSONL, Arrow or XLSX, plain or compressed; several are joined.
        objective: What to predict and what matters, such as "predict churn, recall at least 0.9"; empty with a template.
        target: Column to predict; empty: what the objective says.
        metric: What to optimise, such as roc_auc, log_loss or rmse; empty: what the objective says.
        time_budget: Seconds for everything, from 10 on.
        max_loops: How often the critic may send the work through, 1 to 10.
        approve: Pause before training and before finalizing until a person resumes the run.
        seed: Of every random choice; empty: the template's, or 0.
        template: File of a saved configuration to replay on these data.
        model: litellm model string; empty: the settings block's, or none.
        fixed: What else of the contract is fixed, not read from the objective: positive class, task, columns of groups and of time, forbidden columns.
        max_candidates: End each loop's search after so many, so that the result does not depend on the clock; empty: the time decides.
    """
    profiled = profile_data(data, objective, target, metric, time_budget, max_loops, seed, template, fixed or Overrides(), max_candidates)
    agreed = understand_objective(profiled, model)
    state = split_data(agreed)
    if approve:
        ask_a_person("training", state)

    for loop in range(1, max_loops + 1):
        state = engineer_features(state, loop, model)
        plots = draw_plots.submit(state, loop, model)
        trained = train_models(state, loop)
        evaluated = evaluate_models(trained, loop)
        state = criticize(evaluated, loop, model, [plots])
        if state.finished:
            break

    if approve:
        ask_a_person("finalizing", state)
    final = finalize(state)
    registered = register_model(final)
    return write_report(registered)
