"""The target, single columns, and what is missing of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tasks.modelling.plots.canvas import Sheet, bare, bars, end_ticks, few_ticks, margin_for, note
from tasks.modelling.plots.columns import TableView
from tasks.modelling.plots.labels import label, labels, number, percent
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.sampling import HUGE, Floats, bins_of, density, finite, shown_range
from tasks.modelling.plots.theme import ACCENT, CONTRAST, HUES, SOFT, TEXT

CLASSES_SHOWN = 20
MULTIPLES = 12
CLASS_LINES = 4
"""More densities in one small multiple cannot be told apart."""
MISSING_SHOWN = 20
PERIODS = 60
DISCRETE = 10
"""Up to so many distinct values are drawn as bars, not as a density."""


def draw_target(view: TableView, folder: Path) -> Plot | None:
    """Counts of the classes, or the histogram of a number to be predicted."""
    return _target_histogram(view, folder) if view.is_regression else _class_counts(view, folder)


def _class_counts(view: TableView, folder: Path) -> Plot:
    counts = np.bincount(view.y.astype(np.int64), minlength=len(view.classes))
    order = np.argsort(-counts, kind="stable")
    shown = order[:CLASSES_SHOWN] if len(order) > CLASSES_SHOWN + 1 else order
    names, values = labels([view.classes[i] for i in shown]), [int(counts[i]) for i in shown]
    total = max(int(counts.sum()), 1)
    few = f", the {len(shown)} commonest" if len(shown) < len(order) else ""
    sheet = Sheet(f"Classes of {label(view.contract.target)}{few}", 0.75 + 0.27 * len(values))
    colours = [CONTRAST if view.classes[i] == view.contract.positive else ACCENT for i in shown]
    axes = sheet.axes(margin_for(names), 0.15)
    bars(axes, names, values, [f"{v:,}  ({percent(v / total)})" for v in values], colours)
    rarest = int(order[-1])
    caption = (
        f"{label(view.contract.target)} has {len(order)} classes in {total:,} {_rows(view)}: {label(view.classes[order[0]])} is the commonest with "
        f"{percent(counts[order[0]] / total)}, {label(view.classes[rarest])} the rarest with {percent(counts[rarest] / total)}."
    )
    return sheet.save(folder, "class_counts", caption, 1, "target")


def _target_histogram(view: TableView, folder: Path) -> Plot:
    values = finite(view.y)
    low, high = shown_range(values)
    sheet = Sheet(f"Distribution of {label(view.contract.target)}", 3.1)
    axes = sheet.axes(0.3, 0.5)
    draw_density(axes, values, low, high, bins_of(values, 60))
    middle = float(np.median(values)) if values.size else 0.0
    axes.axvline(middle, color=CONTRAST, linewidth=1.2)
    few_ticks(axes.xaxis, 7)
    axes.set_xlabel(label(view.contract.target, 60))
    outside = int(((values < low) | (values > high)).sum())
    note(axes, f"median {number(middle)}" + (f"; {outside:,} values lie outside" if outside else ""))
    q1, q3 = np.quantile(values, (0.25, 0.75)) if values.size else (0.0, 0.0)
    caption = (
        f"Half of {values.size:,} {_rows(view)} lie between {number(q1)} and {number(q3)}, the median is {number(middle)}"
        f"{f', and {outside:,} values lie outside of what is shown' if outside else ''}."
    )
    return sheet.save(folder, "target_histogram", caption, 1, "target")


def draw_histograms(view: TableView, folder: Path) -> Plot | None:
    """Histograms with densities of the numeric columns that go with the target most, as small multiples."""
    names = view.numeric[:MULTIPLES]
    if not names:
        return None
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    sheet = Sheet("Numeric columns, strongest first", 0.75 + 1.3 * rows)
    split = not view.is_regression and 2 <= len(view.classes) <= CLASS_LINES
    for axes, name, text in zip(sheet.grid(rows, columns), names, labels(names, 20), strict=False):
        _multiple(axes, view, name, text, split)
    if split:
        _legend(sheet, view.classes)
    sheet_axes = sheet.figure.axes[len(names) :]
    for axes in sheet_axes:
        axes.remove()
    by = "; colours are classes" if split else ""
    more = f" of {len(view.numeric)}" if len(names) < len(view.numeric) else ""
    told = f"{len(names)}{more} numeric {'column' if len(names) == 1 else 'columns'}"
    lead = ", ".join(f"{label(n)} {view.strengths[n]:.2f}" for n in names[:3])
    caption = f"{told}, those first whose ranks the target explains most (share 0 to 1: {lead}){by}."
    return sheet.save(folder, "histograms", caption, 4, "columns")


def _multiple(axes: Axes, view: TableView, name: str, text: str, split: bool) -> None:
    column = view.frame[name].to_numpy(dtype=np.float64)
    values = finite(column)
    axes.set_title(text, fontsize=8, pad=3)
    bare(axes)
    if not values.size:
        axes.set_xticks([])
        axes.text(0.5, 0.5, "no values", transform=axes.transAxes, ha="center", va="center", color=SOFT, fontsize=8)
        return
    low, high = shown_range(values)
    if max(abs(low), abs(high)) > HUGE:
        axes.set_xticks([])
        axes.text(
            0.5,
            0.5,
            f"values up to {number(max(abs(low), abs(high)))}",
            transform=axes.transAxes,
            ha="center",
            va="center",
            color=SOFT,
            fontsize=8,
        )
        return
    levels = np.unique(values[:5000])
    if split and levels.size <= DISCRETE:
        _bars_by_class(axes, view, column, levels)
        return
    if not split:
        draw_density(axes, values, low, high, bins_of(values))
    else:
        axes.hist(values, bins_of(values), range=(low, high), color=ACCENT, alpha=0.25, density=True, histtype="stepfilled")
        for code in range(len(view.classes)):
            line = density(finite(column[view.y == code]), low, high)
            if line is not None:
                axes.plot(*line, color=class_colour(view, code), linewidth=1.3)
    axes.set_xlim(low, high)
    end_ticks(axes, low, high)


def _bars_by_class(axes: Axes, view: TableView, column: Floats, levels: Floats) -> None:
    """Few distinct values: how often each comes within each class, side by side."""
    k = len(view.classes)
    places = np.arange(levels.size)
    for code in range(k):
        part = column[view.y == code]
        shares = [float(np.mean(part == level)) if part.size else 0.0 for level in levels]
        axes.bar(places + (code - (k - 1) / 2) * 0.8 / k, shares, width=0.8 / k, color=class_colour(view, code), alpha=0.8)
    step = -(-levels.size // 6)
    axes.set_xticks(places[::step], [number(v) for v in levels[::step]], fontsize=7)


def draw_density(axes: Axes, values: Floats, low: float, high: float, bins: int) -> None:
    """A histogram in density with its kernel density over it."""
    line = density(values, low, high)
    axes.hist(values, bins, range=(low, high), color=ACCENT, alpha=0.35, density=line is not None, histtype="stepfilled")
    if line is not None:
        axes.plot(*line, color=ACCENT, linewidth=1.5)
    axes.set_xlim(low, high)
    bare(axes)


def class_colour(view: TableView, code: int) -> str:
    """The positive class is set against the other; of several classes each has its hue."""
    if view.contract.task == "binary":
        return CONTRAST if view.classes[code] == (view.contract.positive or view.classes[-1]) else ACCENT
    return HUES[code % len(HUES)]


def positive_label(view: TableView) -> str:
    """`Survived = 1`: the class alone says little where it is a number."""
    return f"{label(view.contract.target, 20)} = {label(view.contract.positive or view.classes[-1], 20)}"


def _legend(sheet: Sheet, classes: tuple[str, ...]) -> None:
    """Names of the classes in their colours, at the right of the title."""
    from matplotlib.lines import Line2D

    hues = HUES if len(classes) != 2 else (ACCENT, CONTRAST)
    lines = [Line2D([], [], color=hues[i % len(hues)], linewidth=2) for i in range(len(classes))]
    sheet.figure.legend(
        lines, labels(classes, 14), loc="upper right", ncols=len(classes), bbox_to_anchor=(1 - 0.08 / sheet.width, 1 - 0.04 / sheet.height),
        borderaxespad=0, columnspacing=1.2,
    )  # fmt: skip


def draw_missing(view: TableView, folder: Path) -> Plot | None:
    """Shares of rows without a value, by column."""
    missing = sorted(((c.nulls, c.name) for c in view.profile.columns if c.nulls > 0 and c.name != view.contract.target), reverse=True)
    if not missing:
        return None
    shown = missing[:MISSING_SHOWN]
    names = labels([name for _, name in shown])
    sheet = Sheet("Missing values", 0.7 + 0.25 * len(shown))
    axes = sheet.axes(margin_for(names), 0.15)
    bars(axes, names, [share for share, _ in shown], [percent(share) for share, _ in shown], ACCENT, whole=1.0)
    more = f", of which the {len(shown)} emptiest are shown" if len(missing) > len(shown) else ""
    total = len(view.profile.columns)
    verb = "lacks" if len(missing) == 1 else "lack"
    caption = f"{len(missing)} of {total} columns {verb} values{more}; {label(shown[0][1])} is empty in {percent(shown[0][0])} of the rows."
    return sheet.save(folder, "missing_values", caption, 7, "columns")


def draw_target_over_time(view: TableView, folder: Path) -> Plot | None:
    """The target's mean and the number of rows over the contract's time column, or over the first date."""
    name = view.contract.time_column or next((c.name for c in view.profile.columns if c.kind == "datetime"), None)
    if name is None or name not in view.frame or not pd.api.types.is_datetime64_any_dtype(view.frame[name]):
        return None
    if len(view.classes) > 2:
        return None
    moments = view.frame[name]
    seen = moments.notna().to_numpy() & np.isfinite(view.y)
    stamps = moments[seen].to_numpy().astype("datetime64[us]").astype(np.int64)
    if np.unique(stamps).size < 3:
        return None
    edges = np.linspace(stamps.min(), stamps.max(), min(PERIODS, max(4, stamps.size // 10)) + 1)
    period = np.clip(np.searchsorted(edges, stamps, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(period, minlength=len(edges) - 1)
    sums = np.bincount(period, weights=_outcome(view)[seen], minlength=len(edges) - 1)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    days = np.asarray((0.5 * (edges[1:] + edges[:-1])).astype(np.int64), dtype="datetime64[us]")
    return _time_plot(view, folder, name, days, means, counts)


def _time_plot(view: TableView, folder: Path, name: str, days: np.ndarray, means: np.ndarray, counts: np.ndarray) -> Plot:
    what = label(view.contract.target) if view.is_regression else f"Share of {positive_label(view)}"
    sheet = Sheet(f"{what} over {label(name)}", 3.0)
    axes = sheet.axes(0.7, 0.8)
    below = sheet.axes(0.7, 0.4, top=sheet.height - 0.75)
    known = means[np.isfinite(means)]
    low, high = float(known.min()), float(known.max())
    below.fill_between(days, counts, step="mid", color=SOFT, alpha=0.35, linewidth=0)
    below.set_yticks([int(counts.max())], [f"{number(float(counts.max()))} rows"], fontsize=7)
    below.spines["left"].set_visible(False)
    axes.plot(days, means, color=ACCENT, marker="o", markersize=2.5)
    few_ticks(axes.yaxis)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    below.set_xlim(axes.get_xlim())
    _date_ticks(below)
    first, last = str(days[0])[:10], str(days[-1])[:10]
    caption = f"From {first} to {last} the mean of a period lies between {number(low)} and {number(high)}; it begins at {number(known[0])} and ends at {number(known[-1])}."
    return sheet.save(folder, "target_over_time", caption, 8, "target")


def _date_ticks(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.tick_params(axis="x", labelcolor=SOFT)
    axes.xaxis.get_offset_text().set_color(TEXT)


def _outcome(view: TableView) -> Floats:
    """What is averaged: the number itself, or 1 for the positive class."""
    if view.is_regression:
        return view.y
    positive = view.contract.positive or view.classes[-1]
    return (view.y == view.classes.index(positive)).astype(np.float64)


def _rows(view: TableView) -> str:
    return "development rows" if len(view.y) == view.rows else f"sampled rows of {view.rows:,}"
