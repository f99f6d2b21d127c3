"""Plots of what the champion looks at, and of where it is worse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tasks.modelling.plots.canvas import Sheet, bars, few_ticks, margin_for
from tasks.modelling.plots.labels import label, labels, number, percent
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.sampling import Floats, sample_rows, shown_range
from tasks.modelling.plots.theme import ACCENT, CONTRAST, LINE, LOW_TO_HIGH, SOFT, TEXT, colour_scale
from tasks.modelling.plots.view import EvaluationView

SHOWN = 15
BEES = 300
"""Points of each feature; fifteen features are drawn."""


def draw_importances(view: EvaluationView, folder: Path) -> Plot | None:
    """Importance of source columns to the champion."""
    found = next((loop.importances for loop in reversed(view.loops) if loop.importances), ())
    if not found:
        return None
    shown = found[:SHOWN]
    names = labels([name for name, _ in shown])
    sheet = Sheet("Importance of columns", 0.7 + 0.26 * len(shown))
    bars(sheet.axes(margin_for(names), 0.15), names, [max(v, 0.0) for _, v in shown], [percent(max(v, 0.0)) for _, v in shown], ACCENT)
    half = int(np.searchsorted(np.cumsum([v for _, v in found]), 0.8)) + 1
    few = f" of {len(found)}" if len(found) > len(shown) else ""
    spread = f"; {half} columns carry four fifths of it" if 1 < half <= len(found) else ""
    caption = (
        f"{label(found[0][0])} matters most with {percent(found[0][1])} of the importance of all columns{spread} ({len(shown)}{few} shown)."
    )
    return sheet.save(folder, "importances", caption, 3 if view.is_regression else 4, "explanation")


def draw_shap(view: EvaluationView, folder: Path) -> Plot | None:
    """SHAP values of the strongest features, a point per row, coloured by the feature's value."""
    told = view.explanation
    if told is None or len(told.values) < 2:
        return None
    rows = sample_rows(len(told.values), BEES)
    values = np.nan_to_num(np.asarray(told.values, dtype=np.float64))
    strength = np.abs(values).mean(axis=0)
    order = [int(i) for i in np.argsort(-strength, kind="stable")[:SHOWN] if strength[i] > 0]
    if not order:
        return None
    names = labels([told.names[i] for i in order])
    sheet = Sheet("How features move the prediction (SHAP)", 1.05 + 0.3 * len(order))
    axes = sheet.axes(margin_for(names), 0.5, 0.95)
    low, high = shown_range(values[rows][:, order].ravel())
    low, high = min(low, 0.0), max(high, 0.0)
    axes.axvline(0, color=SOFT, linewidth=0.8)
    for row, i in zip(range(len(order))[::-1], order, strict=True):
        _bees(axes, row, np.clip(values[rows, i], low, high), np.asarray(told.data)[rows, i], high - low)
    axes.set_yticks(range(len(order))[::-1], names, color=TEXT)
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    few_ticks(axes.xaxis, 6)
    axes.set_xlabel("lowers the prediction  ·  raises it")
    _value_scale(sheet, axes)
    caption = (
        f"{label(told.names[order[0]])} moves predictions most, by {number(float(strength[order[0]]))} on average (in the model's raw unit), "
        f"over {len(values):,} rows of one model of the champion; orange is a low value of the feature, blue a high one."
    )
    return sheet.save(folder, "shap", caption, 5, "explanation")


def _bees(axes: Axes, row: int, values: Floats, data: Floats, span: float) -> None:
    """Points spread upwards and downwards where many share a value."""
    bins = np.round(values / (span or 1.0) * 80).astype(np.int64)
    place = pd.Series(bins).groupby(bins).cumcount().to_numpy()
    size = pd.Series(bins).groupby(bins).transform("size").to_numpy()
    offset = (place - (size - 1) / 2) * min(0.05, 0.8 / max(int(size.max()), 1))
    ranks = pd.Series(data).rank(pct=True).to_numpy()
    known = np.isfinite(ranks)
    axes.scatter(values[~known], row + offset[~known], s=6, color=SOFT, linewidths=0)
    colours = colour_scale(LOW_TO_HIGH)(ranks[known])
    axes.scatter(values[known], row + offset[known], s=6, c=colours, linewidths=0)


def _value_scale(sheet: Sheet, axes: Axes) -> None:
    from matplotlib.cm import ScalarMappable

    box = axes.get_position()
    scale = sheet.figure.add_axes((1 - 0.62 / sheet.width, box.y0 + 0.2 * box.height, 0.08 / sheet.width, 0.6 * box.height))
    bar = sheet.figure.colorbar(ScalarMappable(cmap=colour_scale(LOW_TO_HIGH)), cax=scale, ticks=(0.0, 1.0))
    bar.ax.set_yticklabels(["low", "high"])
    bar.outline.set_visible(False)
    scale.tick_params(length=0)


def draw_slices(view: EvaluationView, folder: Path) -> Plot | None:
    """The sealed test on parts of its rows, with 95 % intervals, against the whole."""
    if view.test is None or not view.test.slices:
        return None
    shown = view.test.slices[:SHOWN]
    names = labels([f"{label(s.column, 18)} = {label(s.level, 14)}" for s in shown], 36)
    sheet = Sheet("Parts of the sealed test", 1.05 + 0.27 * len(shown))
    axes = sheet.axes(margin_for(names, most=3.0), 0.5, 0.8)
    whole = view.test.estimate
    if whole.low is not None and whole.high is not None:
        axes.axvspan(whole.low, whole.high, color=SOFT, alpha=0.15, linewidth=0)
    axes.axvline(whole.value, color=SOFT, linewidth=1)
    for row, part in zip(range(len(shown))[::-1], shown, strict=True):
        colour = CONTRAST if part.beyond_noise else ACCENT
        low, high = part.estimate.low, part.estimate.high
        if low is not None and high is not None:
            axes.plot((low, high), (row, row), color=colour, linewidth=1.3)
        axes.plot(part.estimate.value, row, "o", color=colour, markersize=5.5)
        axes.text(1.02, row, f"{part.rows:,}", transform=axes.get_yaxis_transform(), va="center", fontsize=8, color=SOFT)
    axes.text(1.02, len(shown) - 0.35, "rows", transform=axes.get_yaxis_transform(), va="bottom", fontsize=8, color=SOFT)
    axes.set_yticks(range(len(shown))[::-1], names, color=TEXT)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    few_ticks(axes.xaxis, 6)
    axes.set_xlabel(f"{view.metric}; the line is the whole test with its interval")
    axes.spines["left"].set_color(LINE)
    worse = [s for s in view.test.slices if s.beyond_noise]
    verdict = f"{len(worse)} worse than the rest beyond noise (orange)" if worse else "none worse than the rest beyond noise"
    first = shown[0]
    caption = f"Of {len(view.test.slices)} parts {verdict}; {label(first.column)} = {label(first.level)} has {view.metric} {number(first.estimate.value)} against {number(whole.value)} of the whole."
    return sheet.save(folder, "slices", caption, 8, "errors")
