"""Governed models for a terminal: plain tables, texts of strangers without control characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.rendering.plain import plain
from tasks.rules.registry.comparison import RunView, compare_runs
from tasks.rules.registry.facts import ModelFacts
from tasks.rules.registry.gate import GateResult
from tasks.rules.registry.ledger import Ledger

CELL_LIMIT = 60
"""Characters of a cell; the last column is whole."""
Row = dict[str, Any]


def table_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A table with a head, columns as wide as what stands in them; nothing for no rows.

    >>> table_lines([{"model": "churn", "state": "candidate"}])
    ['model  state', 'churn  candidate']
    """
    if not rows:
        return []
    heads = list(rows[0])
    shown = [heads, *([_cell(row[h], last=h == heads[-1]) for h in heads] for row in rows)]
    widths = [max(len(line[i]) for line in shown) for i in range(len(heads))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in shown]


def model_row(name: str, ledger: Ledger, drift: Sequence[str]) -> Row:
    """One model: what is in production, how many versions stand where, whether MLflow shows it truly."""
    counts = {s: list(ledger.states.values()).count(s) for s in ("candidate", "approved", "archived", "rejected")}
    return {"model": name, "production": ledger.production or "–", **counts, "changed by hand": len(drift) or "no"}


def version_rows(ledger: Ledger) -> list[Row]:
    """One row a version, newest first."""
    rows = []
    for version, state in sorted(ledger.states.items(), key=lambda item: -int(item[0])):
        last = [e for e in ledger.entries if version in e.set][-1]
        shown = f"{state} (deleted)" if version in ledger.lost else state
        rows.append({"version": version, "state": shown, "since": last.ts, "by": last.actor, "reason": last.reason})
    return rows


def metric_rows(a: ModelFacts, b: ModelFacts, name_a: str, name_b: str) -> list[Row]:
    """Metric by metric: B's value minus A's, what that means, and the better value marked `*`."""
    views = [RunView(run_id=n, name=n, metrics={m.name: m.value for m in f.metrics}) for n, f in ((name_a, a), (name_b, b))]
    return [
        {
            "metric": row.name,
            "better is": row.direction,
            **{n: _value(v, i in row.best) for i, (n, v) in enumerate(zip((name_a, name_b), row.values))},
            "delta": "–" if row.deltas[1] is None else f"{row.deltas[1]:+.6g}",
            "B is": row.verdicts[1],
        }
        for row in compare_runs(views).metrics
    ]


def gate_rows(gate: GateResult) -> list[Row]:
    return [{"requirement": c.requirement, "result": c.result.replace("_", " "), "evidence": c.evidence} for c in gate.checks]


def _value(value: float | None, best: bool) -> str:
    return "–" if value is None else f"{value:.6g}{' *' if best else ''}"


def _cell(value: Any, last: bool) -> str:
    shown = plain(str(value))
    return shown if last or len(shown) <= CELL_LIMIT else shown[: CELL_LIMIT - 1] + "…"
