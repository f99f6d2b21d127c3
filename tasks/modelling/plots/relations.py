"""How columns go with each other and with the target."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tasks.modelling.plots.canvas import Sheet, bare, end_ticks, few_ticks, margin_for
from tasks.modelling.plots.columns import LEVELS_SHOWN, TableView
from tasks.modelling.plots.distributions import class_colour, positive_label
from tasks.modelling.plots.labels import label, labels, number, percent
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.sampling import Floats, density, finite, sample_rows, shown_range
from tasks.modelling.plots.theme import ACCENT, CONTRAST, DIVERGING, GROUND, HUES, LINE, SOFT, TEXT, colour_scale

HEATMAP_COLUMNS = 14
NUMBERS_UP_TO = 12
"""Cells of a larger heatmap are too small for their numbers."""
VIOLINS = 6
FEW = 8
"""A column of fewer distinct values makes a poor violin."""
CLASSES_BESIDE = 6
MATRIX = 4
MATRIX_POINTS = 600
"""Per panel; ten panels are drawn."""


def draw_correlations(view: TableView, folder: Path) -> Plot | None:
    """Spearman's rank correlations of the strongest numeric columns and, if it has an order, the target."""
    names = list(view.numeric[:HEATMAP_COLUMNS])
    table = view.frame[names].iloc[sample_rows(len(view.frame), 5_000)].copy()
    if len(view.classes) <= 2:
        table["\0target"] = view.y[sample_rows(len(view.frame), 5_000)]
        names = [*names, view.contract.target]
    if len(names) < 2:
        return None
    matrix = _rank_correlation(table.to_numpy(dtype=np.float64))
    _heatmap_sheet = Sheet("Rank correlations", min(7.0, 1.9 + 0.28 * len(names) + 0.6))
    texts = labels(names, 20)
    _heatmap(_heatmap_sheet, matrix, texts)
    return _heatmap_sheet.save(folder, "correlations", _correlation_caption(matrix, texts), 5, "relations")


def _rank_correlation(values: Floats) -> Floats:
    """Spearman's rho (d, d) over rows where both are known; NaN for constants."""
    with np.errstate(all="ignore"):
        return pd.DataFrame(values).rank().corr(min_periods=3).to_numpy()


def _heatmap(sheet: Sheet, matrix: Floats, texts: list[str]) -> None:
    d = len(texts)
    left = margin_for(texts)
    axes = sheet.axes(left, 0.2 + 0.06 * max(len(t) for t in texts), 0.9)
    below = np.tri(d, k=-1, dtype=bool)
    image = axes.imshow(
        np.where(below, matrix, np.nan)[1:, :-1], cmap=colour_scale(DIVERGING), vmin=-1, vmax=1, aspect="auto", interpolation="nearest"
    )
    axes.set_yticks(range(d - 1), texts[1:], color=TEXT)
    axes.set_xticks(range(d - 1), texts[:-1], rotation=50, ha="right", rotation_mode="anchor", color=TEXT)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    for i, j in zip(*np.nonzero(below), strict=True):
        if d <= NUMBERS_UP_TO and np.isfinite(matrix[i, j]):
            strong = abs(matrix[i, j]) > 0.55
            axes.text(j, i - 1, f"{matrix[i, j]:.2f}", ha="center", va="center", fontsize=7, color=GROUND if strong else TEXT)
    scale = sheet.figure.add_axes((1 - 0.55 / sheet.width, axes.get_position().y0, 0.1 / sheet.width, axes.get_position().height))
    bar = sheet.figure.colorbar(image, cax=scale, ticks=(-1, -0.5, 0, 0.5, 1))
    bar.outline.set_visible(False)
    scale.tick_params(length=0)


def _correlation_caption(matrix: Floats, texts: list[str]) -> str:
    pairs = np.abs(np.where(np.tri(len(texts), k=-1, dtype=bool), matrix, np.nan))
    if not np.isfinite(pairs).any():
        return "No pair of columns varies enough to be compared."
    i, j = np.unravel_index(int(np.nanargmax(pairs)), pairs.shape)
    close = int((pairs > 0.9).sum())
    beyond = f"; {close} {'pair lies' if close == 1 else 'pairs lie'} beyond 0.9" if close else "; no pair lies beyond 0.9"
    return f"{texts[i]} and {texts[j]} go together most (Spearman's rho {matrix[i, j]:.2f}){beyond}."


def draw_violins(view: TableView, folder: Path) -> Plot | None:
    """Strong numeric columns by class; for regression the target by the levels of the strongest category."""
    return _target_by_level(view, folder) if view.is_regression else _columns_by_class(view, folder)


def _columns_by_class(view: TableView, folder: Path) -> Plot | None:
    names = _varied(view)[:VIOLINS]
    counts = np.bincount(view.y.astype(np.int64), minlength=len(view.classes))
    codes = np.sort(np.argsort(-counts, kind="stable")[:CLASSES_BESIDE])
    if not names or len(codes) < 2:
        return None
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    texts = labels([view.classes[c] for c in codes], 12)
    side = margin_for(texts, most=1.2)
    hues = [class_colour(view, int(c)) if len(view.classes) <= len(HUES) else HUES[i] for i, c in enumerate(codes)]
    sheet = Sheet(f"Numeric columns by {label(view.contract.target)}", 0.75 + rows * (0.75 + 0.17 * len(codes)))
    for i, (axes, name, text) in enumerate(
        zip(sheet.grid(rows, columns, margins=(side, 0.3, 0.2)), names, labels(names, 24), strict=False)
    ):
        column = view.frame[name].to_numpy(dtype=np.float64)
        violins(
            axes,
            [finite(column[view.y == c]) for c in codes],
            texts if i % columns == 0 else [""] * len(codes),
            hues,
        )
        axes.set_title(text, fontsize=8, pad=3)
    for axes in sheet.figure.axes[len(names) :]:
        axes.remove()
    first = view.frame[names[0]].to_numpy(dtype=np.float64)
    middles = [(float(np.median(v)), view.classes[c]) for c in codes if (v := finite(first[view.y == c])).size]
    more = f" (the {len(codes)} commonest of {len(view.classes)} classes)" if len(codes) < len(view.classes) else ""
    caption = (
        f"The median of {label(names[0])} runs from {number(min(middles)[0])} for {label(min(middles)[1])} to {number(max(middles)[0])} for {label(max(middles)[1])}{more}; the dots are medians."
        if middles
        else "No values to compare."
    )
    return sheet.save(folder, "violins", caption, 6, "relations")


def _target_by_level(view: TableView, folder: Path) -> Plot | None:
    name = next((c for c in view.categories if view.frame[c].nunique() >= 2), None)
    if name is None:
        return None
    column = view.frame[name].astype("object").where(view.frame[name].notna(), "(missing)").map(str).to_numpy()
    counts = pd.Series(column).value_counts()
    levels = list(counts.index[:LEVELS_SHOWN])
    levels.sort(key=lambda level: float(np.median(view.y[column == level])))
    texts = labels(levels, 24)
    sheet = Sheet(f"{label(view.contract.target)} by {label(name)}", 0.95 + 0.36 * len(levels))
    axes = sheet.axes(margin_for(texts), 0.5)
    violins(axes, [finite(view.y[column == level]) for level in levels], texts, [ACCENT] * len(levels))
    few_ticks(axes.xaxis, 6)
    for tick in axes.get_xticklabels():
        tick.set_horizontalalignment("center")
        tick.set_fontsize(8)
    axes.set_xlabel(label(view.contract.target, 60))
    low, high = float(np.median(view.y[column == levels[0]])), float(np.median(view.y[column == levels[-1]]))
    more = f", of {len(counts)} levels the {len(levels)} commonest" if len(counts) > len(levels) else ""
    caption = f"The median of {label(view.contract.target)} runs from {number(low)} for {texts[0]} to {number(high)} for {texts[-1]}{more}; the dots are medians."
    return sheet.save(folder, "violins", caption, 6, "relations")


def violins(axes: Axes, groups: list[Floats], texts: list[str], colours: list[str]) -> None:
    """Densities lying on their side, one above the other, with median and quartiles; too few values are drawn as points."""
    known = [g for g in groups if g.size]
    low, high = shown_range(np.concatenate(known)) if known else (0.0, 1.0)
    rows = list(range(len(groups)))[::-1]
    for row, values, colour in zip(rows, groups, colours, strict=True):
        line = density(values, low, high)
        if line is None:
            axes.plot(values[:50], np.full(min(values.size, 50), row), "|", color=colour, markersize=7, alpha=0.7)
        else:
            half = 0.42 * line[1] / max(float(line[1].max()), 1e-300)
            axes.fill_between(line[0], row - half, row + half, color=colour, alpha=0.4, linewidth=0)
        if values.size:
            q1, middle, q3 = np.quantile(values, (0.25, 0.5, 0.75))
            axes.plot((q1, q3), (row, row), color=colour, linewidth=2.2)
            axes.plot(middle, row, "o", color=GROUND, markeredgecolor=colour, markersize=4, markeredgewidth=1.4)
    axes.set_yticks(rows, texts, color=TEXT)
    axes.set_ylim(-0.6, len(groups) - 0.4)
    axes.set_xlim(low - 0.02 * (high - low), high + 0.02 * (high - low))
    axes.spines["left"].set_visible(False)
    end_ticks(axes, low, high)


def draw_categories(view: TableView, folder: Path) -> Plot | None:
    """How often the positive class comes in the levels of the strongest categories."""
    names = [c for c in view.categories if view.frame[c].nunique(dropna=False) >= 2][:VIOLINS]
    if not names or view.is_regression or view.contract.task != "binary":
        return None
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    positive = view.contract.positive or view.classes[-1]
    outcome = (view.y == view.classes.index(positive)).astype(float)
    sheet = Sheet(f"Share of {positive_label(view)} by level", 0.75 + rows * 1.5)
    for axes, name, text in zip(
        sheet.grid(rows, columns, gaps=(1.1, 0.5), margins=(1.1, 0.3, 0.25)), names, labels(names, 24), strict=False
    ):
        _level_shares(axes, view.frame[name], outcome)
        axes.set_title(text, fontsize=8, pad=3)
    for axes in sheet.figure.axes[len(names) :]:
        axes.remove()
    shares = _shares(view.frame[names[0]], outcome)
    low, high = shares["mean"].idxmin(), shares["mean"].idxmax()
    caption = (
        f"Over all rows {percent(float(outcome.mean()))} have {positive_label(view)} (the line); in {label(names[0])} it is {percent(shares['mean'][low])} "
        f"for {label(low)} and {percent(shares['mean'][high])} for {label(high)}; the commonest {LEVELS_SHOWN} levels are shown."
    )
    return sheet.save(folder, "categories", caption, 6, "relations")


def _shares(column: pd.Series, outcome: Floats) -> pd.DataFrame:
    levels = column.astype("object").where(column.notna(), "(missing)").map(lambda v: f"{v:g}" if isinstance(v, float) else str(v))
    table = pd.DataFrame({"level": levels.to_numpy(), "outcome": outcome}).groupby("level")["outcome"].agg(["mean", "size"])
    return table.sort_values("size", ascending=False).head(LEVELS_SHOWN)


def _level_shares(axes: Axes, column: pd.Series, outcome: Floats) -> None:
    shares = _shares(column, outcome).sort_values("mean")
    low, high = wilson_interval(shares["mean"].to_numpy(), shares["size"].to_numpy())
    rows = np.arange(len(shares))
    axes.barh(rows, shares["mean"], height=0.7, color=CONTRAST, alpha=0.7)
    axes.hlines(rows, low, high, color=TEXT, linewidth=0.9)
    axes.axvline(float(outcome.mean()), color=SOFT, linewidth=0.9)
    axes.set_yticks(rows, labels(list(shares.index), 14), fontsize=7, color=TEXT)
    axes.set_ylim(len(shares) - max(len(shares), 4) - 0.6, len(shares) - 0.4)
    end = min(1.0, max(float(high.max()) * 1.05, 0.02))
    axes.set_xlim(0, end)
    axes.set_xticks([0, end], ["0", percent(end)])
    axes.get_xticklabels()[1].set_horizontalalignment("right")
    axes.tick_params(axis="x", labelsize=7)


def wilson_interval(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    """95 % interval of a proportion (Wilson 1927), also where it is 0 or 1."""
    z2 = 1.96**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = 1.96 * np.sqrt(share * (1 - share) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return centre - half, centre + half


def _varied(view: TableView) -> list[str]:
    """Numeric columns, those first that take more than a few values; each group strongest first."""
    distinct = {c.name: c.distinct for c in view.profile.columns}
    return sorted(view.numeric, key=lambda c: distinct.get(c, FEW) < FEW)


def draw_scatter_matrix(view: TableView, folder: Path) -> Plot | None:
    """The strongest four numeric columns against each other, coloured by the target."""
    names = _varied(view)[:MATRIX]
    d = len(names)
    if d < 2:
        return None
    rows = sample_rows(len(view.frame), MATRIX_POINTS)
    data = np.clip(view.frame[list(names)].to_numpy(dtype=np.float64)[rows], -1e300, 1e300)
    data = _jittered(data)
    colours = _point_colours(view, view.y[rows])
    sheet = Sheet("The strongest columns against each other", 0.9 + 1.15 * d)
    grid = sheet.grid(d, d, gaps=(0.12, 0.12), margins=(0.35, 0.4, 0.15))
    ranges = [_with_room(*shown_range(finite(data[:, j]))) for j in range(d)]
    texts = labels(names, 17)
    for i in range(d):
        for j in range(d):
            axes = grid[i * d + j]
            if j > i:
                axes.remove()
                continue
            _panel(axes, data, i, j, ranges, colours)
            if i == d - 1:
                axes.set_xlabel(texts[j], fontsize=8)
            if j == 0 and i > 0:
                axes.set_ylabel(texts[i], fontsize=8)
    if not view.is_regression and len(view.classes) <= len(HUES):
        _class_legend(sheet, view)
    by = "light to dark by the target" if view.is_regression else f"coloured by {label(view.contract.target)}"
    return sheet.save(folder, "scatter_matrix", f"{', '.join(texts[:-1])} and {texts[-1]} in {len(rows):,} rows, {by}.", 8, "relations")


def _with_room(low: float, high: float) -> tuple[float, float]:
    return low - 0.03 * (high - low), high + 0.03 * (high - low)


def _panel(axes: Axes, data: Floats, i: int, j: int, ranges: list[tuple[float, float]], colours: np.ndarray) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(*ranges[j])
    if i == j:
        axes.hist(finite(data[:, i]), 24, range=ranges[i], color=ACCENT, alpha=0.35)
        bare(axes)
        return
    axes.scatter(data[:, j], data[:, i], s=5, c=colours, alpha=0.55, linewidths=0)
    axes.set_ylim(*ranges[i])
    axes.spines["left"].set_color(LINE)


def _jittered(data: Floats) -> Floats:
    """Columns of few distinct values spread a little, so that points do not hide one another."""
    noise = np.random.default_rng(0).uniform(-0.25, 0.25, data.shape)
    moved = data.copy()
    for j in range(data.shape[1]):
        levels = np.unique(data[np.isfinite(data[:, j]), j])
        if 2 <= levels.size <= FEW:
            moved[:, j] += noise[:, j] * float(np.diff(levels).min())
    return moved


def _class_legend(sheet: Sheet, view: TableView) -> None:
    from matplotlib.lines import Line2D

    points = [Line2D([], [], marker="o", linestyle="", markersize=5, color=class_colour(view, i)) for i in range(len(view.classes))]
    place = (1 - 0.15 / sheet.width, 1 - 0.55 / sheet.height)
    sheet.figure.legend(
        points, labels(view.classes, 24), loc="upper right", bbox_to_anchor=place, borderaxespad=0, title=label(view.contract.target)
    )


def _point_colours(view: TableView, y: Floats) -> np.ndarray:
    from matplotlib.colors import to_rgba_array

    if not view.is_regression:
        return to_rgba_array([class_colour(view, int(code)) for code in y])
    ranks = pd.Series(y).rank(pct=True).to_numpy()
    return colour_scale()(0.15 + 0.85 * np.nan_to_num(ranks))
