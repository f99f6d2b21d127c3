"""Metric values as points of an MLflow run, each once: what the live log told and the reader tells again is one point."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tasks.adapters.tracking import metric_name
from tasks.evidence.outputs.facts import MeasuredMetric

STEP_LIMIT = 2**62
"""MLflow keeps steps in 64 bits."""
PERCENT = 100.0


class Point(NamedTuple):
    """As the journal keeps it."""

    name: str
    value: float
    step: int
    said: bool
    """Whether the source said the step; otherwise it is the value's place among those of its name."""
    source: str


Value = tuple[str, int | None, float]
"""Name, step if the source said one, and number: what makes two tellings the same."""


class Points:
    """What of one run has become a point so far.

    One value may be told by several sources, such as a line and a file: it is as many points as the source that tells
    it most often has of it.
    """

    def __init__(self) -> None:
        self._made: Counter[Value] = Counter()
        self._live: Counter[tuple[str, Value]] = Counter()
        self._next: Counter[str] = Counter()

    def live(self, metrics: Iterable[MeasuredMetric]) -> list[Point]:
        """Points for values that have just appeared."""
        return self._take(metrics, self._live)

    def whole(self, metrics: Iterable[MeasuredMetric]) -> list[Point]:
        """Points for what a reading of everything tells beyond what is there."""
        return self._take(metrics, Counter())

    def own(self, points: Iterable[Point]) -> list[Point]:
        """Of points that are ours and not the code's, such as the time it took, those that are not there yet."""
        fresh = [p for p in points if not self._made[(p.name, p.step, p.value)]]
        self.restore(fresh)
        return fresh

    def restore(self, points: Iterable[Point]) -> None:
        """Count points of the journal as made."""
        for point in points:
            value = (point.name, point.step if point.said else None, point.value)
            self._made[value] += 1
            self._live[(point.source, value)] += 1
            self._advance(point)

    def _take(self, metrics: Iterable[MeasuredMetric], told: Counter[tuple[str, Value]]) -> list[Point]:
        points = []
        for metric in metrics:
            number = as_logged(metric)
            if not math.isfinite(number):
                continue
            name = metric_name(metric.name)
            step = metric.step if metric.step is not None and abs(metric.step) < STEP_LIMIT else None
            value = (name, step, number)
            told[(metric.source, value)] += 1
            if told[(metric.source, value)] <= self._made[value]:
                continue
            self._made[value] += 1
            point = Point(name, number, self._next[name] if step is None else step, step is not None, metric.source)
            self._advance(point)
            points.append(point)
        return points

    def _advance(self, point: Point) -> None:
        if not point.said:
            self._next[point.name] += 1


def as_logged(metric: MeasuredMetric) -> float:
    """The number that is compared between runs: a percentage as the proportion it is."""
    return metric.value / PERCENT if metric.unit == "%" else metric.value
