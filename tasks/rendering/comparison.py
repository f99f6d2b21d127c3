"""A comparison as people read it: a table on the terminal, rows for Prefect's and MLflow's tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tasks.rendering.plain import plain
from tasks.rules.registry.comparison import Comparison, DifferenceRow, MetricRow, RunHead, RunView

NAME_WIDTH = 40
CELL_WIDTH = 28
MARKS = {"better": "▲", "worse": "▼", "same": "=", "missing": "", "unknown": "", "first": ""}
ABSENT = "–"


def comparison_lines(compared: Comparison) -> list[str]:
    """The whole comparison as aligned text; the best value of a metric carries a star."""
    runs = compared.runs
    lines = [f"{_letter(i)}  {run.run_id[:8]}  {_day(run.started)}  {_clip(run.name, 60)}" for i, run in enumerate(runs)]
    lines += ["", *_grid(["metric", "better", *(_letter(i) for i in range(len(runs)))], [_metric_cells(row) for row in compared.metrics])]
    for title, rows in (("parameter", compared.params), ("circumstance", compared.circumstances)):
        if rows:
            lines += ["", *_grid([title, *(_letter(i) for i in range(len(runs)))], [_difference_cells(row) for row in rows])]
    lines += ["", *(f"Careful: {plain(w)}" for w in compared.warnings), plain(compared.summary)]
    return [*lines, f"MLflow: {compared.compare_url}"] if compared.compare_url else lines


def table_rows(compared: Comparison) -> list[dict[str, str]]:
    """Rows of a table artifact: a metric each, with values, deltas against the first run and the best."""
    labels = [f"{_letter(i)}: {_clip(run.name, NAME_WIDTH)} ({run.run_id[:8]})" for i, run in enumerate(compared.runs)]
    rows = [_table_row(row, labels) for row in compared.metrics]
    return rows or [{"metric": "none of the runs has a metric"}]


def run_lines(runs: Sequence[RunView]) -> list[str]:
    """A list of runs, newest first."""
    if not runs:
        return ["No runs yet: `axiom analyze` and `axiom execute` record them."]
    cells = [[r.run_id[:8], _day(r.started), r.experiment, r.status.lower(), _clip(r.name, 60), str(len(r.metrics))] for r in runs]
    return _grid(["run", "when", "experiment", "status", "name", "metrics"], cells)


def _metric_cells(row: MetricRow) -> list[str]:
    return [_clip(row.name, NAME_WIDTH), row.direction if row.direction != "unknown" else "?", *_value_cells(row)]


def _value_cells(row: MetricRow) -> list[str]:
    cells = []
    for i, value in enumerate(row.values):
        star = "*" if i in row.best else ""
        delta = row.deltas[i]
        told = "" if delta is None or row.verdicts[i] == "same" else f" ({delta:+.4g}{_percent(row.relative[i])})"
        mark = MARKS[row.verdicts[i]]
        cells.append(ABSENT if value is None else f"{_number(value)}{star}{told}{' ' + mark if mark else ''}")
    return cells


def _table_row(row: MetricRow, labels: Sequence[str]) -> dict[str, str]:
    cells = {"metric": plain(row.name), "better": row.direction}
    for i, label in enumerate(labels):
        cells[label] = ABSENT if row.values[i] is None else _number(float(row.values[i] or 0.0))
        if i:
            delta = row.deltas[i]
            cells[f"Δ {_letter(i)}"] = ABSENT if delta is None else f"{delta:+.6g}"
            cells[f"{_letter(i)} is"] = row.verdicts[i]
    cells["best"] = ", ".join(_letter(i) for i in row.best)
    return cells


def _difference_cells(row: DifferenceRow) -> list[str]:
    return [_clip(row.name, NAME_WIDTH), *(ABSENT if v is None else _clip(v, CELL_WIDTH) for v in row.values)]


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest cell."""
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows)]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths)).rstrip() for cells in (heads, *rows)]


def _number(value: float) -> str:
    return f"{value:.6g}"


def _percent(relative: float | None) -> str:
    return "" if relative is None else f", {relative:+.1%}"


def _letter(position: int) -> str:
    return "ABCDE"[position]


def _clip(text: str, width: int) -> str:
    text = plain(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _day(started: float) -> str:
    return f"{datetime.fromtimestamp(started):%Y-%m-%d %H:%M}"


def run_names(runs: Sequence[RunHead]) -> str:
    """`owner/name 1234 vs owner/name 5678`."""
    return " vs ".join(_clip(run.name, NAME_WIDTH) for run in runs)
