"""Plots of predicted numbers against true ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from tasks.modelling.plots.canvas import Sheet, few_ticks, note
from tasks.modelling.plots.labels import label, number, percent
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.probabilities import SQUARE
from tasks.modelling.plots.sampling import POINTS, Floats, sample_rows, shown_range
from tasks.modelling.plots.theme import ACCENT, CONTRAST, LINE, SOFT
from tasks.modelling.plots.view import EvaluationView


def draw_predicted_and_true(view: EvaluationView, folder: Path) -> Plot | None:
    """Predicted against true values, with the line of perfect prediction."""
    if not view.has_predictions:
        return None
    y, predicted = _values(view)
    low, high = shown_range(np.concatenate((y, predicted)))
    rows = sample_rows(len(y), POINTS)
    sheet = Sheet("Predicted and true values", SQUARE[1], SQUARE[0])
    axes = sheet.axes(0.75, 0.55)
    axes.plot((low, high), (low, high), color=SOFT, linewidth=1)
    axes.scatter(y[rows], predicted[rows], s=9, color=ACCENT, alpha=0.4, linewidths=0)
    _frame(axes, (low, high), (low, high))
    axes.set_xlabel(f"true {label(view.contract.target)}")
    axes.set_ylabel("predicted")
    off = np.abs(predicted - y)
    spread = float(np.sum((y - y.mean()) ** 2))
    explained = 1 - float(np.sum(off**2)) / spread if spread > 0 else 0.0
    note(axes, f"R² {number(explained)}", 0.03, ha="left")
    caption = (
        f"Half of {len(y):,} {view.rows_are} are less than {number(float(np.median(off)))} off, nine in ten less than "
        f"{number(float(np.quantile(off, 0.9)))}; R² is {number(explained)}."
    )
    return sheet.save(folder, "predicted_and_true", caption, 2, "errors")


def draw_residuals(view: EvaluationView, folder: Path) -> Plot | None:
    """Residuals over the prediction with their running median and quartiles, and their histogram at the side."""
    if not view.has_predictions:
        return None
    y, predicted = _values(view)
    residuals = y - predicted
    low, high = shown_range(predicted)
    bottom, top = shown_range(residuals)
    rows = sample_rows(len(y), POINTS)
    sheet = Sheet("Residuals", SQUARE[1], SQUARE[0])
    axes, side = sheet.axes(0.75, 0.55, 1.0), sheet.axes(SQUARE[0] - 0.95, 0.55, 0.15)
    axes.axhline(0, color=SOFT, linewidth=1)
    axes.scatter(predicted[rows], residuals[rows], s=9, color=ACCENT, alpha=0.35, linewidths=0)
    drift = _running(axes, predicted, residuals)
    _frame(axes, (low, high), (bottom, top))
    axes.set_xlabel(f"predicted {label(view.contract.target)}")
    axes.set_ylabel("true minus predicted")
    side.hist(residuals, 40, range=(bottom, top), orientation="horizontal", color=ACCENT, alpha=0.4, histtype="stepfilled")
    side.set_ylim(axes.get_ylim())
    side.set_axis_off()
    over = float(np.mean(residuals < 0))
    caption = (
        f"Of {len(y):,} {view.rows_are} {percent(over)} are too high; the median residual is {number(float(np.median(residuals)))}{drift}."
    )
    return sheet.save(folder, "residuals", caption, 4, "errors")


def _running(axes: Axes, predicted: Floats, residuals: Floats) -> str:
    """Median (line) and quartiles (band) of the residuals in ten groups of equal size by the prediction."""
    order = np.argsort(predicted, kind="stable")
    groups = [g for g in np.array_split(order, 10) if g.size >= 5]
    if len(groups) < 3:
        return ""
    x = [float(np.median(predicted[g])) for g in groups]
    q1, middle, q3 = (np.array([float(np.quantile(residuals[g], q)) for g in groups]) for q in (0.25, 0.5, 0.75))
    axes.fill_between(x, q1, q3, color=CONTRAST, alpha=0.18, linewidth=0)
    axes.plot(x, middle, color=CONTRAST)
    return f", from {number(middle[0])} for the lowest tenth of predictions to {number(middle[-1])} for the highest (line; the band holds the middle half)"


def _values(view: EvaluationView) -> tuple[Floats, Floats]:
    y, predicted = (np.asarray(v, dtype=np.float64).ravel() for v in (view.y, view.prediction))
    seen = np.isfinite(y) & np.isfinite(predicted)
    return np.clip(y[seen], -1e150, 1e150), np.clip(predicted[seen], -1e150, 1e150)


def _frame(axes: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    for (low, high), limit, axis in ((x, axes.set_xlim, axes.xaxis), (y, axes.set_ylim, axes.yaxis)):
        limit(low - 0.02 * (high - low), high + 0.02 * (high - low))
        few_ticks(axis)
    axes.spines["left"].set_color(LINE)
