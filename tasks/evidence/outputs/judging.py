"""From values as told to measured metrics: units, impossible values, which one is final, and how many are kept.

Exactly one value of a name is final in each source, where a source is the log, one file or one MLflow run: the last one.
What was printed before it under the same name, such as the scores of other models, is kept in order and not final.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from tasks.evidence.outputs.bare_numbers import UNNAMED
from tasks.evidence.outputs.direction import direction_of
from tasks.evidence.outputs.facts import MeasuredMetric, Phase
from tasks.evidence.outputs.plausible import unit_of_series, why_impossible
from tasks.evidence.outputs.seen import Seen

MAX_METRICS = 2000
"""Kept of one job; training curves are thinned before anything else is dropped."""
MAX_PER_SERIES = 300
"""Points of one curve, or values of one name."""
MAX_FLAGGED = 50
_Series = tuple[str, str, str]


def printable(text: str, limit: int) -> str:
    """Text that can be shown and stored: no control characters, no halves of characters."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:limit])


class Judged:
    """Metrics that are believed, values that cannot be true, and how many were dropped."""

    def __init__(self) -> None:
        self.metrics: list[MeasuredMetric] = []
        self.flagged: dict[str, str] = {}
        self.dropped = 0


def judge(seen: Sequence[Seen], phase: Phase) -> Judged:
    """Everything about the values of one job, in their order."""
    judged = Judged()
    believed = _believe(seen, judged)
    last = {(s.origin, s.name): index for index, s in enumerate(believed) if s.name != UNNAMED}
    kept = _bounded(believed, set(last.values()))
    judged.dropped += len(believed) - len(kept)
    judged.metrics = [_measured(believed[i], last.get((believed[i].origin, believed[i].name)) == i, phase) for i in kept]
    return judged


def _believe(seen: Iterable[Seen], judged: Judged) -> list[Seen]:
    series: dict[_Series, list[Seen]] = {}
    for value in seen:
        series.setdefault((value.origin, value.name, value.original), []).append(value)
    units = {
        key: unit_of_series(key[1], [v.value for v in values], next((v.unit for v in values if v.unit), ""))
        for key, values in series.items()
    }
    believed = []
    for value in seen:
        told = value._replace(unit=units[(value.origin, value.name, value.original)])
        reason = why_impossible(told.name, told.value, told.unit)
        if not reason:
            believed.append(told)
        elif len(judged.flagged) < MAX_FLAGGED:
            judged.flagged.setdefault(printable(f"{told.name} at {told.place}", 400), reason)
        else:
            judged.dropped += 1
    return believed


def _bounded(believed: Sequence[Seen], finals: set[int]) -> list[int]:
    """Positions that are kept: finals first, then curves evenly thinned, the rest in order up to the limit."""
    by_series: dict[_Series, list[int]] = {}
    for index, value in enumerate(believed):
        by_series.setdefault((value.origin, value.name, value.original), []).append(index)
    chosen: set[int] = set()
    for indices in by_series.values():
        stride = -(-len(indices) // MAX_PER_SERIES)
        chosen.update(indices[::-1][::stride])
    order = sorted(chosen | finals, key=lambda i: (i not in finals, believed[i].step is not None, i))
    return sorted(order[:MAX_METRICS])


def _measured(value: Seen, is_final: bool, phase: Phase) -> MeasuredMetric:
    source: Literal["stdout", "mlflow", "file"] = (
        "stdout" if value.origin == "stdout" else "mlflow" if value.origin.startswith("mlflow ") else "file"
    )
    return MeasuredMetric(
        name=printable(value.name, 120),
        original=printable(value.original, 200),
        value=value.value,
        unit=value.unit,
        step=value.step,
        source=source,
        place=printable(value.place, 300),
        is_final=is_final,
        direction=direction_of(value.name),
        phase=phase,
    )
