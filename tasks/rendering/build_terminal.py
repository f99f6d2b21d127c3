"""The end of `axiom build` on the terminal: contract, champion, sealed test against the baselines, clauses, verdict, plots, files."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tasks.rendering import build as telling
from tasks.rendering.plain import plain
from tasks.rules.building.result import BuildResult

LEAST_WIDTH = 40
SHOWN = 8
"""Of leaks, baselines and clauses; the report has them all."""


def summary_lines(result: BuildResult, folder: Path, width: int, colour: bool) -> list[str]:
    """Wrapped to the width; coloured when `colour`."""
    width = max(width, LEAST_WIDTH)
    lines = ["", *_contract(result, width), *_leaks(result, width), "", *_tested(result, width), *_clauses(result, width), ""]
    code = "32" if result.verdict == "ship" else "31"
    lines += [_paint(line, f"1;{code}", colour) for line in _wrap(telling.headline(result), width)]
    plots = [f"Plot: {folder / p.path}" for p in telling.main_plots(result)]
    lines += ["", *map(plain, plots)]
    lines += [plain(f"Model: {folder / 'model'}")] if result.champion is not None else []
    return [*lines, plain(f"Report: {folder / 'report.html'}")]


def _contract(result: BuildResult, width: int) -> list[str]:
    contract = result.contract
    lines = _wrap(
        f"Contract: {telling.task_words(contract)}; {telling.metric_words(contract.metric)}, {telling.direction_words(contract)}", width
    )
    told = {"target", "task", "metric", "positive", "classes"}
    for field, value, why in telling.contract_rows(contract):
        if field not in told:
            lines += _wrap(f"  {field}: {value}{f' ({why})' if why else ''}", width)
    for asked in contract.ambiguities:
        lines += _wrap(f"  {asked.question} Taken: {asked.chosen}, {asked.why.rstrip('.')}", width)
    return lines


def _leaks(result: BuildResult, width: int) -> list[str]:
    rows = telling.leak_rows(result.leaks)
    lines = [line for r in rows[:SHOWN] for line in _wrap(f"Leak: {r['columns']}: {r['evidence']}; {r['done']}", width)]
    return lines + ([f"  {len(rows) - SHOWN} more are in the report"] if len(rows) > SHOWN else [])


def _tested(result: BuildResult, width: int) -> list[str]:
    lines = _wrap(f"Champion: {result.champion.name}", width) if result.champion is not None else []
    interval = " (95 % interval of the score on fresh data)" if result.test is not None else ""
    lines += _wrap(f"Sealed test: {telling.score_words(result)}{interval}", width)
    for bar in telling.interval_bars(result)[1 : SHOWN + 1]:
        kind = "" if bar.name == bar.role else f"{bar.role} "
        lines += _wrap(f"  against {kind}{bar.name}: {bar.text}{f', {bar.note}' if bar.note else ''}", width)
    return lines


def _clauses(result: BuildResult, width: int) -> list[str]:
    return [
        line
        for c in result.clauses[:SHOWN]
        for line in _wrap(f"Clause {telling.CLAUSE_WORDS[c.met]}: {c.text}{f': {c.evidence}' if c.evidence else ''}", width)
    ]


def _wrap(text: str, width: int) -> list[str]:
    indent = "  " if text.startswith("  ") else ""
    return textwrap.wrap(plain(text), width, initial_indent=indent, subsequent_indent=indent + "  ")


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
