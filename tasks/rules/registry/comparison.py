"""Two to five runs side by side, metric by metric: what is better than in the first, and what forbids saying so.

`compare_runs(views)` is pure. A metric whose better direction nobody knows gets deltas and no verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.errors import SettingError
from tasks.evidence.outputs.direction import direction_of
from tasks.evidence.outputs.facts import Direction

FEWEST, MOST = 2, 5
SAME = 1e-9
"""Relative difference below which two values are one: what a detour through text leaves."""
DATA = "dataset/"
"""Prefix of a fact that holds the hash of a data file."""
Verdict = Literal["first", "better", "worse", "same", "missing", "unknown"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunView(_Value):
    """One run as it is compared; children count with the run they belong to."""

    run_id: str
    name: str
    experiment: str = ""
    status: str = "FINISHED"
    started: float = 0.0
    """Unix seconds."""
    url: str | None = None
    metrics: dict[str, float] = {}
    params: dict[str, str] = {}
    facts: dict[str, str] = {}
    """Where it comes from: repository, commit, image, environment, hashes of the data as `dataset/PATH`."""


class RunHead(_Value):
    run_id: str
    name: str
    status: str
    started: float
    url: str | None


class MetricRow(_Value):
    """One metric over the runs, in their order."""

    name: str
    direction: Direction
    values: tuple[float | None, ...]
    """None: the run has no such metric."""
    deltas: tuple[float | None, ...]
    """Value minus the first run's; None where one of the two is missing, and for the first."""
    relative: tuple[float | None, ...]
    """Delta as a proportion of the first run's absolute value; None also where that is zero."""
    verdicts: tuple[Verdict, ...]
    """Against the first run."""
    best: tuple[int, ...]
    """Positions of the best value; empty when the direction is unknown, one run alone has it, or all are the same."""


class DifferenceRow(_Value):
    """A parameter or a circumstance that is not the same in all runs."""

    name: str
    values: tuple[str | None, ...]


class Comparison(_Value):
    runs: tuple[RunHead, ...]
    metrics: tuple[MetricRow, ...]
    params: tuple[DifferenceRow, ...]
    """Only those that differ."""
    circumstances: tuple[DifferenceRow, ...]
    """Repository, commit, image, environment and data, where they differ."""
    warnings: tuple[str, ...]
    """What makes the numbers not comparable."""
    summary: str
    compare_url: str | None = None
    """MLflow's page with the same runs side by side."""


def compare_runs(runs: Sequence[RunView]) -> Comparison:
    """The comparison against the first run. Raises `SettingError` for fewer than two, more than five, or one run twice."""
    check_number(len(runs))
    twice = next((r.name for i, r in enumerate(runs) if r.run_id in {o.run_id for o in runs[:i]}), None)
    if twice is not None:
        raise SettingError(f"The run {twice} is named twice", "Name different runs; `axiom runs list` shows them.")
    rows = tuple(_compare_metric(name, [r.metrics.get(name) for r in runs]) for name in _names(r.metrics for r in runs))
    return Comparison(
        runs=tuple(RunHead(run_id=r.run_id, name=r.name, status=r.status, started=r.started, url=r.url) for r in runs),
        metrics=rows,
        params=_differences([r.params for r in runs]),
        circumstances=_differences([r.facts for r in runs]),
        warnings=tuple(_warnings(runs, rows)),
        summary=_summary(runs, rows),
    )


def check_number(runs: int) -> None:
    """Raise `SettingError` unless so many runs can be compared."""
    if not FEWEST <= runs <= MOST:
        raise SettingError(
            f"{runs} run{'' if runs == 1 else 's'} cannot be compared", f"Name {FEWEST} to {MOST}; `axiom runs list` shows them."
        )


def better_direction(name: str) -> Direction:
    """Which way the metric is better; a group in front of its name, such as `claimed/`, says nothing of it.

    >>> better_direction("system/seconds"), better_direction("claimed/accuracy"), better_direction("epochs")
    ('lower', 'higher', 'unknown')
    """
    group, _, own = name.rpartition("/")
    if group in ("system", "findings"):
        return "lower"
    if group == "claims":  # a difference to what was claimed: neither way is better
        return "unknown"
    return "higher" if group == "section" else direction_of(own)


def _compare_metric(name: str, values: Sequence[float | None]) -> MetricRow:
    direction, first = better_direction(name), values[0]
    deltas = [None if i == 0 or v is None or first is None else v - first for i, v in enumerate(values)]
    return MetricRow(
        name=name,
        direction=direction,
        values=tuple(values),
        deltas=tuple(deltas),
        relative=tuple(None if d is None or not first else d / abs(first) for d in deltas),
        verdicts=tuple(_judge(i, v, first, direction) for i, v in enumerate(values)),
        best=_best(values, direction),
    )


def _judge(position: int, value: float | None, first: float | None, direction: Direction) -> Verdict:
    if value is None or first is None:
        return "missing" if value is None else "first" if position == 0 else "unknown"
    if position == 0:
        return "first"
    if _same(value, first):
        return "same"
    if direction == "unknown":
        return "unknown"
    return "better" if (value > first) == (direction == "higher") else "worse"


def _best(values: Sequence[float | None], direction: Direction) -> tuple[int, ...]:
    known = [v for v in values if v is not None]
    if direction == "unknown" or len(known) < FEWEST:
        return ()
    top = max(known) if direction == "higher" else min(known)
    best = tuple(i for i, v in enumerate(values) if v is not None and _same(v, top))
    return () if len(best) == len(known) else best


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=SAME, abs_tol=1e-12)


def _names(mappings: Iterable[dict[str, float] | dict[str, str]]) -> list[str]:
    """Names of all, those of the measured results before groups such as `system/`."""
    return sorted({name for mapping in mappings for name in mapping}, key=lambda n: ("/" in n, n))


def _differences(mappings: Sequence[dict[str, str]]) -> tuple[DifferenceRow, ...]:
    rows = [DifferenceRow(name=name, values=tuple(m.get(name) for m in mappings)) for name in _names(mappings)]
    return tuple(row for row in rows if len(set(row.values)) > 1)


def _warnings(runs: Sequence[RunView], rows: Sequence[MetricRow]) -> list[str]:
    warnings = [f"{r.name} has not finished well: {r.status}." for r in runs if r.status != "FINISHED"]
    if len({r.experiment for r in runs}) > 1:
        warnings.append("The runs are of different experiments: equal names need not mean the same thing.")
    if len({r.facts.get("repository") for r in runs}) > 1:
        warnings.append("The runs are of different repositories: their metrics may be of different tasks.")
    warnings += _data_warnings(runs)
    if rows and all(sum(v is not None for v in row.values) < FEWEST for row in rows):
        warnings.append("The runs have no metric in common.")
    return warnings


def _data_warnings(runs: Sequence[RunView]) -> list[str]:
    data = [{n: v for n, v in r.facts.items() if n.startswith(DATA)} for r in runs]
    changed = [row.name.removeprefix(DATA) for row in _differences(data)]
    if changed and all(data):
        return [f"The data differ ({_few(changed)}): the metrics were not measured on the same held-out data."]
    if changed:
        return ["The data of some runs are not known: whether the metrics were measured on the same held-out data cannot be said."]
    return []


def _few(names: Sequence[str], shown: int = 3) -> str:
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")


def _summary(runs: Sequence[RunView], rows: Sequence[MetricRow]) -> str:
    """One sentence for each run against the first."""
    if not rows:
        return "None of the runs has a metric."
    told = []
    for i, run in enumerate(runs[1:], start=1):
        counts = {v: sum(row.verdicts[i] == v for row in rows) for v in ("better", "worse", "same")}
        judged = ", ".join(f"{n} {v}" for v, n in counts.items() if n) or "no metric that can be judged"
        told.append(f"{run.name}: {judged} against {runs[0].name}.")
    return " ".join(told)
