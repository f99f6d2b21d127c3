"""Plots of the champion and of the search for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tasks.modelling.plots.choice import wanted_plots
from tasks.modelling.plots.drawing import draw_in_turn
from tasks.modelling.plots.explaining import draw_importances, draw_shap, draw_slices
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.probabilities import draw_calibration, draw_confusion_matrix, draw_precision_recall, draw_roc, draw_thresholds
from tasks.modelling.plots.regression import draw_predicted_and_true, draw_residuals
from tasks.modelling.plots.search import draw_candidates, draw_learning_curve, draw_loops, draw_search_history
from tasks.modelling.plots.view import EvaluationView


def draw_evaluation_plots(view: EvaluationView, folder: Path, deadline: float, *, notes: list[str] | None = None) -> list[Plot]:
    """Plots of what `view` holds, those that matter for the contract first, written to `folder` before `deadline` (Unix seconds)."""
    task = (
        (draw_predicted_and_true, draw_residuals)
        if view.is_regression
        else (draw_confusion_matrix, draw_precision_recall, draw_roc, draw_calibration, draw_thresholds)
    )
    drawers = (*task, draw_importances, draw_candidates, draw_shap, draw_loops, draw_slices, draw_learning_curve, draw_search_history)
    named = {d.__name__.removeprefix("draw_"): partial(d, view, folder) for d in drawers}
    first = [name for name in wanted_plots(view.contract) if name in named]
    return draw_in_turn([(name, named[name]) for name in dict.fromkeys([*first, *named])], deadline, notes)
