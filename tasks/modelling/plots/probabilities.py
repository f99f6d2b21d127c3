"""Plots of a classifier: which class is taken for which, how well it ranks, whether its probabilities mean what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from tasks.evidence.scores.ranking import area_under_roc, average_precision
from tasks.modelling.plots.canvas import Sheet, margin_for, note
from tasks.modelling.plots.labels import label, labels, number, percent
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.relations import wilson_interval
from tasks.modelling.plots.sampling import Floats
from tasks.modelling.plots.theme import ACCENT, CONTRAST, GROUND, HUES, LINE, SOFT, TEXT, colour_scale
from tasks.modelling.plots.view import EvaluationView

SQUARE = (5.0, 4.1)
"""Inches of plots that stand two in a row."""
MATRIX_CLASSES = 16
CURVES = 8
CURVE_POINTS = 400
BINS = 10


def draw_confusion_matrix(view: EvaluationView, folder: Path) -> Plot | None:
    """Counts of truth by prediction, coloured by the share of the true class."""
    if not view.has_predictions or view.is_regression:
        return None
    k = max(len(view.classes), int(view.codes.max()) + 1, int(view.called.max()) + 1)
    counts = np.bincount(view.codes * k + view.called, minlength=k * k).reshape(k, k)
    shown = _most_confused(counts)
    names = labels([view.classes[i] if i < len(view.classes) else i for i in shown], 18)
    part = counts[np.ix_(shown, shown)]
    few = f", the {len(shown)} classes with most errors" if len(shown) < k else ""
    sheet = Sheet(f"Confusion matrix{few}", SQUARE[1], SQUARE[0])
    axes = sheet.axes(margin_for(names, most=1.5) + 0.2, 0.4 + min(0.066 * max(map(len, names)) if len(shown) > 4 else 0.2, 1.3))
    shares = part / np.maximum(counts.sum(axis=1)[shown], 1)[:, None]
    axes.imshow(shares, cmap=colour_scale(), vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    _matrix_texts(axes, part, shares)
    _matrix_ticks(axes, names)
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    i, j = np.unravel_index(int(wrong.argmax()), wrong.shape)
    name = [label(view.classes[c], 20) if c < len(view.classes) else str(c) for c in (i, j)]
    worst = f"; the commonest error takes {name[0]} for {name[1]}, {wrong[i, j]:,} times" if wrong.any() else ""
    at = f" at threshold {number(view.threshold)}" if view.threshold is not None else ""
    caption = f"{percent(np.trace(counts) / counts.sum())} of {counts.sum():,} {view.rows_are} are right{at}{worst}."
    return sheet.save(folder, "confusion_matrix", caption, 2, "errors")


def _most_confused(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    k = len(counts)
    if k <= MATRIX_CLASSES:
        return np.arange(k)
    errors = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
    return np.sort(np.argsort(-errors, kind="stable")[:MATRIX_CLASSES])


def _matrix_texts(axes: Axes, counts: NDArray[np.int64], shares: Floats) -> None:
    k = len(counts)
    size = 10 if k <= 3 else 8 if k <= 8 else 6.5
    for i in range(k):
        for j in range(k):
            if counts[i, j] or k <= 8:
                text = f"{counts[i, j]:,}" + (f"\n{percent(shares[i, j])}" if k <= 5 else "")
                axes.text(j, i, text, ha="center", va="center", fontsize=size, color=GROUND if shares[i, j] > 0.55 else TEXT)


def _matrix_ticks(axes: Axes, names: list[str]) -> None:
    turned: dict[str, Any] = {"rotation": 50, "ha": "right", "rotation_mode": "anchor"} if len(names) > 4 else {}
    axes.set_xticks(range(len(names)), names, color=TEXT, **turned)
    axes.set_yticks(range(len(names)), names, color=TEXT)
    axes.tick_params(length=0)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    for side in axes.spines.values():
        side.set_visible(False)


def draw_roc(view: EvaluationView, folder: Path) -> Plot | None:
    """True against false positives over all thresholds; of several classes each against the rest."""
    curves = _classes_drawn(view)
    if not curves:
        return None
    sheet = Sheet("ROC curve", SQUARE[1], SQUARE[0])
    axes = sheet.axes(0.65, 0.55)
    axes.plot((0, 1), (0, 1), color=LINE, linewidth=1)
    areas = {}
    for i, code in enumerate(curves):
        scores, true = view.proba[:, code], view.codes == code
        areas[code] = area_under_roc(true, scores)
        hits, false, _ = _counts_by_threshold(true, scores)
        x, y = _thinned(false / max(false[-1], 1), hits / max(hits[-1], 1))
        axes.plot(x, y, color=ACCENT if len(curves) == 1 else HUES[i], label=_curve_label(view, code, areas[code], len(curves)))
    if len(curves) == 1 and view.threshold is not None:
        called, true = view.called == curves[0], view.codes == curves[0]
        point = (float(np.mean(called[~true])), float(np.mean(called[true])))
        axes.plot(*point, "o", color=CONTRAST, markersize=7)
        axes.annotate(f"threshold {number(view.threshold)}", point, (8, -12), textcoords="offset points", color=CONTRAST, fontsize=8)
    _unit_axes(axes, "share of the others called", "share found (recall)")
    axes.legend(loc="lower right")
    caption = _area_caption(view, areas, "ROC AUC", "0.5 is chance")
    return sheet.save(folder, "roc", caption, 5, "probabilities")


def draw_precision_recall(view: EvaluationView, folder: Path) -> Plot | None:
    """Precision against recall over all thresholds, the chosen one marked."""
    curves = _classes_drawn(view)
    if not curves:
        return None
    sheet = Sheet("Precision and recall", SQUARE[1], SQUARE[0])
    axes = sheet.axes(0.65, 0.55)
    areas = {}
    for i, code in enumerate(curves):
        scores, true = view.proba[:, code], view.codes == code
        areas[code] = average_precision(true, scores)
        hits, false, _ = _counts_by_threshold(true, scores)
        x, y = _thinned(hits[1:] / max(hits[-1], 1), hits[1:] / np.maximum(hits[1:] + false[1:], 1))
        axes.plot(x, y, color=ACCENT if len(curves) == 1 else HUES[i], label=_curve_label(view, code, areas[code], len(curves)))
    chosen = ""
    if len(curves) == 1:
        share = float(np.mean(view.codes == curves[0]))
        axes.axhline(share, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)), label=f"without a model {percent(share)}")
        chosen = _chosen_point(axes, view, curves[0])
    _unit_axes(axes, "recall", "precision")
    axes.legend(loc="lower left")
    caption = _area_caption(view, areas, "average precision", "")[:-1] + chosen + "."
    return sheet.save(folder, "precision_recall", caption, 3, "probabilities")


def _chosen_point(axes: Axes, view: EvaluationView, code: int) -> str:
    called, true = view.called == code, view.codes == code
    if not called.any() or not true.any():
        return ""
    recall, precision = float(np.mean(called[true])), float(np.mean(true[called]))
    threshold = 0.5 if view.threshold is None else view.threshold
    axes.plot(recall, precision, "o", color=CONTRAST, markersize=7)
    left = recall > 0.6
    axes.annotate(
        f"threshold {number(threshold)}", (recall, precision), (-8 if left else 8, -13 if left else 8), textcoords="offset points",
        ha="right" if left else "left", color=CONTRAST, fontsize=8,
    )  # fmt: skip
    return f"; at threshold {number(threshold)} it finds {percent(recall)} and is right in {percent(precision)} of its calls"


def draw_calibration(view: EvaluationView, folder: Path) -> Plot | None:
    """Observed against predicted frequency in ten bins of equal count, with 95 % intervals; below, the predictions' histogram."""
    if not view.has_predictions or view.is_regression:
        return None
    binary = view.contract.task == "binary"
    stated = view.proba[:, view.positive_code] if binary else view.proba.max(axis=1)
    true = view.codes == (view.positive_code if binary else view.proba.argmax(axis=1))
    order = np.argsort(stated, kind="stable")
    parts = [p for p in np.array_split(order, min(BINS, max(2, len(order) // 10))) if p.size]
    x, y = (np.array([float(np.mean(v[p])) for p in parts]) for v in (stated, true))
    n = np.array([p.size for p in parts], dtype=np.float64)
    low, high = wilson_interval(y, n)
    sheet = Sheet("Calibration", SQUARE[1], SQUARE[0])
    axes, below = sheet.axes(0.65, 1.2), sheet.axes(0.65, 0.55, top=SQUARE[1] - 1.05)
    axes.plot((0, 1), (0, 1), color=LINE, linewidth=1)
    axes.vlines(x, low, high, color=ACCENT, linewidth=1.2)
    axes.plot(x, y, "o-", color=ACCENT, markersize=4.5)
    what = f"probability of {view.positive_name}" if binary else "probability of the predicted class"
    _unit_axes(axes, "", "observed share")
    axes.set_xticklabels([])
    below.hist(stated, 40, range=(0, 1), color=SOFT, alpha=0.45, histtype="stepfilled")
    below.set_xlim(-0.02, 1.02)
    below.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
    below.set_yticks([])
    below.spines["left"].set_visible(False)
    below.set_xlabel(what)
    error = float(np.average(np.abs(x - y), weights=n))
    note(axes, f"expected calibration error {number(error)}", 0.03, ha="left")
    i = int(np.argmax(np.abs(x - y)))
    caption = (
        f"Stated and observed shares differ by {percent(error)} on average; the worst of {len(parts)} bins ({int(n[i]):,} rows) states "
        f"{percent(x[i])} where {percent(y[i])} were observed."
    )
    return sheet.save(folder, "calibration", caption, 6, "probabilities")


def draw_thresholds(view: EvaluationView, folder: Path) -> Plot | None:
    """Precision, recall, F1, and the cost where the contract has one, by the threshold."""
    if not view.has_predictions or view.contract.task != "binary":
        return None
    scores, true = view.proba[:, view.positive_code], view.codes == view.positive_code
    grid = np.linspace(0.01, 0.99, 99)
    positives = max(int(true.sum()), 1)
    called = len(scores) - np.searchsorted(np.sort(scores), grid, side="left")
    hits = positives - np.searchsorted(np.sort(scores[true]), grid, side="left")
    recall, precision = hits / positives, np.where(called > 0, hits / np.maximum(called, 1), np.nan)
    f1 = 2 * hits / np.maximum(called + positives, 1)
    sheet = Sheet("What the threshold decides", 3.4)
    axes = sheet.axes(0.65, 0.55, 1.65)
    lines = [
        ("recall", recall, ACCENT, "-"),
        ("precision", precision, HUES[2], "-"),
        ("F1", f1, HUES[3], "-"),
        ("rows called", called / len(scores), SOFT, (0, (4, 3))),
    ]
    ratio = view.contract.cost_ratio
    if ratio is not None:
        cost = ratio * (positives - hits) + (called - hits)
        lines.append(("cost, of the worst", cost / max(float(cost.max()), 1e-12), CONTRAST, "-"))
    for name, values, colour, style in lines:
        axes.plot(grid, values, color=colour, linestyle=style, label=name)
    threshold = 0.5 if view.threshold is None else view.threshold
    axes.axvline(threshold, color=TEXT, linewidth=1)
    _unit_axes(axes, f"threshold on the probability of {view.positive_name}", "")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    at = int(np.argmin(np.abs(grid - threshold)))
    told = f" and {percent(precision[at])} of its calls are right" if np.isfinite(precision[at]) else ""
    caption = f"At the chosen threshold {number(threshold)} {percent(called[at] / len(scores))} of the rows are called, {percent(recall[at])} of {view.positive_name} are found{told}."
    return sheet.save(folder, "thresholds", caption, 4, "probabilities")


def _classes_drawn(view: EvaluationView) -> list[int]:
    """Codes whose curve is drawn: the positive one, or the commonest that occur with others beside them."""
    if not view.has_predictions or view.is_regression:
        return []
    counts = np.bincount(view.codes, minlength=view.proba.shape[1])
    if view.contract.task == "binary":
        return [view.positive_code] if 0 < counts[view.positive_code] < len(view.codes) else []
    return [int(c) for c in np.argsort(-counts, kind="stable")[:CURVES] if 0 < counts[c] < len(view.codes)]


def _counts_by_threshold(true: NDArray[np.bool_], scores: Floats) -> tuple[Floats, Floats, Floats]:
    """Hits, false calls and thresholds from the strictest down, starting with no call; ties fall together."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    hits = np.append(0, np.cumsum(true[order])[ends]).astype(np.float64)
    called = np.append(0, ends + 1).astype(np.float64)
    return hits, called - hits, np.append(np.inf, scores[order][ends])


def _thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if len(x) <= CURVE_POINTS:
        return x, y
    kept = np.unique(np.linspace(0, len(x) - 1, CURVE_POINTS).astype(int))
    return x[kept], y[kept]


def _curve_label(view: EvaluationView, code: int, area: float, drawn: int) -> str:
    return f"area {number(area)}" if drawn == 1 else f"{labels([view.classes[code]], 16)[0]} {number(area)}"


def _area_caption(view: EvaluationView, areas: dict[int, float], what: str, meaning: str) -> str:
    if len(areas) == 1:
        return f"The {what} is {number(next(iter(areas.values())))}{f' ({meaning})' if meaning else ''} over {len(view.codes):,} {view.rows_are}."
    best, worst = max(areas, key=lambda c: areas[c]), min(areas, key=lambda c: areas[c])
    few = f" among the {len(areas)} commonest" if len(areas) < len(view.classes) else ""
    return (
        f"Each class against the rest{few}: {label(view.classes[best], 20)} is told apart best ({what} {number(areas[best])}), "
        f"{label(view.classes[worst], 20)} worst ({number(areas[worst])})."
    )


def _unit_axes(axes: Axes, x: str, y: str) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.04)
    axes.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
    axes.set_yticks((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
    axes.set_xlabel(x)
    axes.set_ylabel(y)
