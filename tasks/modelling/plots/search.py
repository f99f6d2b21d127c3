"""Plots of the search: what was tried, what it brought, and whether more rows would help."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from tasks.evidence.scores.facts import Candidate
from tasks.modelling.plots.canvas import Sheet, few_ticks, margin_for
from tasks.modelling.plots.labels import labels, number
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.theme import ACCENT, CONTRAST, HUES, SOFT, TEXT
from tasks.modelling.plots.view import EvaluationView

FAMILIES = 14
DASHED = (0, (4, 3))


def draw_candidates(view: EvaluationView, folder: Path) -> Plot | None:
    """Scores of all candidates by family, the best of each with its folds, against the baselines and the champion."""
    done = [c for c in view.candidates if c.status == "done" and c.score is not None and np.isfinite(c.score)]
    if not done:
        return None
    best = _best_of_families(view, done)
    names = labels(list(best), 22)
    sheet = Sheet("Candidates by family", 1.25 + 0.29 * len(names))
    axes = sheet.axes(margin_for(names), 0.55)
    low, high = _score_range(view, done, list(best.values()))
    for row, family in zip(range(len(best))[::-1], best, strict=True):
        scores = np.clip([c.score for c in done if c.family == family and c.score is not None], low, high)
        axes.plot(scores, np.full(len(scores), row), "o", color=ACCENT, alpha=0.35, markersize=4, markeredgewidth=0)
        folds = best[family].fold_scores
        if folds:
            axes.plot((max(min(folds), low), min(max(folds), high)), (row, row), color=ACCENT, linewidth=1.2)
        axes.plot(np.clip(best[family].score or 0.0, low, high), row, "o", color=ACCENT, markersize=7)
    told = _lines(axes, view, low, high)
    axes.set_yticks(range(len(names))[::-1], names, color=TEXT)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlim(low, high)
    few_ticks(axes.xaxis, 6)
    axes.set_xlabel(f"{view.metric}, {'higher' if view.higher_is_better else 'lower'} is better")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, borderaxespad=0.1) if told else None
    first = next(iter(best.values()))
    caption = (
        f"{len(done)} candidates of {len({c.family for c in done})} families; the best single one is {first.family} with {view.metric} "
        f"{number(first.score or 0.0)}{told}; lines span the folds of each family's best."
    )
    return sheet.save(folder, "candidates", caption, 7, "search")


def _best_of_families(view: EvaluationView, done: list[Candidate]) -> dict[str, Candidate]:
    """Best candidate by family, the best family first."""
    ranked = sorted(done, key=lambda c: (c.score or 0.0) * (-1 if view.higher_is_better else 1))
    best: dict[str, Candidate] = {}
    for candidate in ranked:
        best.setdefault(candidate.family, candidate)
    return dict(list(best.items())[:FAMILIES])


def _score_range(view: EvaluationView, done: list[Candidate], best: list[Candidate]) -> tuple[float, float]:
    """From a little beyond the worse of the simple baselines to a little beyond the best; what is worse stands at the edge."""
    tops = [s for c in best for s in (c.score, *c.fold_scores) if s is not None and np.isfinite(s)]
    champion = [loop.estimate.value for loop in view.loops]
    simple = [e.value for e in view.loops[-1].baselines[1:]] if view.loops else []
    middle = sorted(c.score for c in best if c.score is not None)
    edge = (min if view.higher_is_better else max)([*simple, middle[len(middle) // 2], *champion])
    other = (max if view.higher_is_better else min)([*tops, *champion, *simple])
    low, high = sorted((edge, other))
    room = 0.06 * (high - low) or max(abs(high) * 0.05, 1e-6)
    return low - room, high + room


def _lines(axes: Axes, view: EvaluationView, low: float, high: float) -> str:
    told = ""
    if view.loops:
        value = view.loops[-1].estimate.value
        axes.axvline(value, color=CONTRAST, linewidth=1.4, label=f"champion {number(value)}")
        told = f", the champion has {number(value)}"
    simple, dummy = view.baseline(), view.baseline("dummy")
    if simple is not None:
        axes.axvline(simple[1], color=SOFT, linewidth=1.1, linestyle=DASHED, label=f"best baseline {number(simple[1])}")
        told += f", the best baseline {number(simple[1])}"
    if dummy is not None and low <= dummy[1] <= high and dummy != simple:
        axes.axvline(dummy[1], color=SOFT, linewidth=1.1, linestyle=(0, (1, 2)), label=f"dummy {number(dummy[1])}")
    return told


def draw_search_history(view: EvaluationView, folder: Path) -> Plot | None:
    """Scores of tuned candidates in the order they came, and the best so far."""
    tuned = [c for c in view.candidates if c.origin in ("tuned", "critic") and c.status == "done" and c.score is not None]
    if len(tuned) < 3:
        return None
    scores = np.array([c.score for c in tuned], dtype=np.float64)
    best = (np.maximum if view.higher_is_better else np.minimum).accumulate(scores)
    families = sorted({c.family for c in tuned}, key=lambda f: -sum(c.family == f for c in tuned))
    sheet = Sheet("Tuning", 3.1)
    axes = sheet.axes(0.8, 0.55, 1.6)
    order = np.arange(1, len(tuned) + 1)
    for i, family in enumerate(families[: len(HUES)]):
        own = np.array([c.family == family for c in tuned])
        axes.plot(order[own], scores[own], "o", color=HUES[i], markersize=4.5, alpha=0.75, markeredgewidth=0, label=labels([family], 18)[0])
    axes.plot(order, best, color=TEXT, linewidth=1.2, drawstyle="steps-post", label="best so far")
    good = np.quantile(scores, (0.15, 1.0) if view.higher_is_better else (0.0, 0.85))
    room = 0.08 * float(good[1] - good[0]) or max(abs(float(good[0])) * 0.02, 1e-9)
    axes.set_ylim(float(good[0]) - room, float(good[1]) + room)
    few_ticks(axes.xaxis, 6)
    few_ticks(axes.yaxis)
    axes.set_xlabel("candidate")
    axes.set_ylabel(view.metric)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    at = int(np.flatnonzero(best == best[-1])[0]) + 1
    caption = f"The best of {len(tuned)} tuned candidates was the {_ordinal(at)}, with {view.metric} {number(float(best[-1]))}; the first had {number(float(scores[0]))}."
    return sheet.save(folder, "search_history", caption, 11, "search")


def draw_loops(view: EvaluationView, folder: Path) -> Plot | None:
    """The champion's score after each pass of the critic, with the band in which a difference is noise."""
    if len(view.loops) < 2:
        return None
    numbers = [loop.loop for loop in view.loops]
    scores = np.array([loop.estimate.value for loop in view.loops])
    noise = np.array([loop.noise for loop in view.loops])
    sheet = Sheet("Loops of the critic", 2.6)
    axes = sheet.axes(0.8, 0.55)
    axes.fill_between(
        numbers, scores[0] - noise[0], scores[0] + noise[0], color=SOFT, alpha=0.18, linewidth=0, label="noise around the first loop"
    )
    axes.plot(numbers, scores, "o-", color=ACCENT, markersize=6)
    for n, value in zip(numbers, scores, strict=True):
        axes.annotate(number(float(value)), (n, float(value)), (0, 7), textcoords="offset points", ha="center", fontsize=8, color=TEXT)
    axes.set_xticks(numbers, [f"loop {n}" for n in numbers])
    axes.margins(0.08, 0.3)
    few_ticks(axes.yaxis, 4)
    axes.set_ylabel(view.metric)
    axes.legend(loc="lower right")
    best = int(np.argmax(scores) if view.higher_is_better else np.argmin(scores))
    gain = abs(float(scores[best] - scores[0]))
    beyond = "more than" if gain > noise[0] else "within"
    caption = f"Loop {numbers[best]} is the best with {view.metric} {number(float(scores[best]))}; against the first loop that is {number(gain)}, {beyond} the noise of {number(float(noise[0]))}."
    return sheet.save(folder, "loops", caption, 9, "search")


def draw_learning_curve(view: EvaluationView, folder: Path) -> Plot | None:
    """Scores on training and validation rows over the number of training rows."""
    points = sorted(view.learning_curve, key=lambda p: p.rows)
    if len(points) < 2:
        return None
    rows = [p.rows for p in points]
    validation, spread = np.array([p.validation for p in points]), np.array([p.validation_spread for p in points])
    sheet = Sheet("Learning curve", 3.0)
    axes = sheet.axes(0.8, 0.55)
    axes.plot(rows, [p.train for p in points], "o--", color=SOFT, markersize=4, label="on the rows trained on")
    axes.fill_between(rows, validation - spread, validation + spread, color=ACCENT, alpha=0.18, linewidth=0)
    axes.plot(rows, validation, "o-", color=ACCENT, markersize=5, label="on other rows")
    few_ticks(axes.xaxis, 6)
    few_ticks(axes.yaxis)
    axes.set_xlabel("training rows")
    axes.set_ylabel(view.metric)
    axes.legend(loc="best")
    gain = (validation[-1] - validation[-2]) * (1 if view.higher_is_better else -1)
    more = "more rows would probably help" if gain > max(float(spread[-1]) / 2, 0.0) else "more rows would help little"
    caption = f"From {rows[-2]:,} to {rows[-1]:,} rows the {view.metric} on other rows goes from {number(float(validation[-2]))} to {number(float(validation[-1]))}: {more}."
    return sheet.save(folder, "learning_curve", caption, 10, "search")


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
