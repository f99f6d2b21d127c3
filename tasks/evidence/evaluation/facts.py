"""How models are evaluated: which metrics, on which data, against what, with what doubt; and the state of notebooks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place

On = Literal["held_out", "training", "unknown"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Metric(_Facts):
    """One metric the code computes or reports."""

    name: str
    """In the field's standard words: `accuracy`, `r2`, `rmse`."""
    how: str = ""
    """The first way it was found: `call`, `score`, `scoring`, `compile`, `logged`, `by hand`, `config`."""
    places: tuple[Place, ...] = ()
    """First uses, at most five."""
    in_notebooks_only: bool = False


class Evaluated(_Facts):
    """One evaluation and the data it was computed on."""

    on: On = "unknown"
    """`held_out`: not the rows the model was fitted on, or cross-validated; `training`: the very variables given to fit."""
    data: str = ""
    """The variable evaluated on, as written."""
    place: Place


class NotebookState(_Facts):
    """How one notebook was left."""

    file: str
    language: str = "python"
    code_cells: int = 0
    with_outputs: bool = False
    out_of_order: bool = False
    """Execution counts fall or repeat from top to bottom."""
    never_run: bool = False
    """Has code, and no cell has an execution count."""
    with_errors: bool = False
    """A traceback is saved in an output."""
    python2: bool = False
    first_disorder: Place | None = None
    first_error: Place | None = None


class EvaluationFacts(_Facts):
    metrics: tuple[Metric, ...] = ()
    """Sorted by name."""
    evaluations: tuple[Evaluated, ...] = ()
    """In path and line order, at most 400."""
    cross_validated: tuple[Place, ...] = ()
    """Calls that score by cross-validation."""
    baselines: tuple[Place, ...] = ()
    """Dummy estimators, majority or naive predictions the model is compared with."""
    compared_models: int = 0
    """Number of different estimator classes fitted in the file that fits most: a comparison of models."""
    slices: tuple[Place, ...] = ()
    """Metrics by group or class: reports per class, grouped errors, fairness libraries."""
    uncertainty: tuple[Place, ...] = ()
    """Bootstraps, standard deviations over folds, repeated seeds, confidence intervals."""
    notebooks: tuple[NotebookState, ...] = ()

    @property
    def metric_names(self) -> tuple[str, ...]:
        return tuple(m.name for m in self.metrics)
