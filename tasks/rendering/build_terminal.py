"""The end of `axiom build` on the terminal: contract, winner, score with its interval, clauses, verdict, plots, files."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tasks.rendering import build as telling
from tasks.rendering.plain import plain
from tasks.rules.building.result import BuildResult

LEAST_WIDTH = 40


def summary_lines(result: BuildResult, folder: Path, width: int, colour: bool) -> list[str]:
    """Wrapped to the width; coloured when `colour`."""
    width = max(width, LEAST_WIDTH)
    code = "32" if result.verdict == "ship" else "31"
    lines = ["", *_wrap(f"Contract: {telling.task_words(result.contract)}; {telling.metric_words(result.contract.metric)}, "
                        f"{telling.direction_words(result.contract)}.", width)]  # fmt: skip
    for ambiguity in result.contract.ambiguities:
        lines += _wrap(f"  {ambiguity.question} Taken: {ambiguity.chosen}, {ambiguity.why}.", width)
    for leak in telling.leak_rows(result.leaks):
        lines += _wrap(f"Leak: {leak['columns']}: {leak['evidence']}; {leak['done']}.", width)
    if result.champion is not None:
        lines += _wrap(f"Winner: {result.champion.name}.", width)
    lines += _wrap(f"Sealed test: {telling.score_words(result)} (95 % interval of the score on fresh data).", width)
    for b in result.baselines:
        beaten = telling.beaten_words(b.beaten, b.p_value)
        lines += _wrap(f"  {b.kind} {b.name}: {telling.number(b.value)}{f', {beaten}' if beaten else ''}", width)
    for clause in result.clauses:
        lines += _wrap(f"Clause {telling.CLAUSE_WORDS[clause.met]}: {clause.text}: {clause.evidence}.", width)
    lines += [_paint(line, f"1;{code}", colour) for line in _wrap(telling.headline(result), width)]
    lines += ["", *(f"Plot: {folder / p.path}" for p in telling.main_plots(result))]
    return [*lines, f"Model: {folder / 'model'}", f"Report: {folder / 'report.html'}"]


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(plain(text), width, subsequent_indent="  " if text.startswith("  ") else "")


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
