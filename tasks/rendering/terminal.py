"""What the command line shows: a line for each agent as it finishes, and the end of the analysis in a few."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tasks.rendering.execution import VERDICT_WORDS, claim_rows, number, status_words
from tasks.rendering.plain import plain
from tasks.rendering.wording import of_ten
from tasks.rules.contract import ModelUse, PriorityAction, Report
from tasks.rules.execution.contract import Execution

NAME_WIDTH = 20
"""The longest agent's name and a space."""
ACTIONS_SHOWN = 3
CLAIMS_SHOWN = 10
LEAST_WIDTH = 40
"""Narrower terminals get lines that are too long rather than one word in each."""
COLOURS = {"ready": "32", "nearly_ready": "33", "not_ready": "31", "partial": "2", "not_applicable": "2"}


def agent_line(name: str, score: float | None, seconds: float, note: str = "") -> str:
    """One aligned line: who finished, its score of ten if it has one, how long it took.

    >>> agent_line("training_analysis", 6.4, 0.83)
    'training_analysis     6.4 / 10     0.8 s'
    """
    told = f"{score:4.1f} / 10" if score is not None else " " * 9
    return f"{plain(name):<{NAME_WIDTH}} {told} {seconds:7.1f} s  {plain(note)}".rstrip()


def summary_lines(report: Report, folder: Path, width: int, colour: bool) -> list[str]:
    """Score and verdict, the three most valuable fixes, where the report is; wrapped to the width."""
    width = max(width, LEAST_WIDTH)
    code = COLOURS[report.verdict.level]
    lines = ["", _paint(plain(report.repository.name), "1", colour)]
    if report.score is not None:
        lines.append(_paint(f"Score {of_ten(report.score)} of 10", f"1;{code}", colour))
    lines += [_paint(line, code, colour) for line in textwrap.wrap(plain(report.verdict.sentence), width)]
    if report.execution is not None:
        lines += _ran(report.execution, width)
    lines += _fixes(report, width)
    if report.model.fallbacks:
        lines += ["", *textwrap.wrap(plain(_without_words(report.model)), width)]
    return [*lines, "", f"Report: {folder / 'report.html'}"]


def _fixes(report: Report, width: int) -> list[str]:
    actions = report.priority_actions[:ACTIONS_SHOWN]
    if not actions:
        return []
    heading = "Worth doing first:" if report.score is not None else "Worth doing anyway:"
    return ["", heading, *(line for action in actions for line in _fix(action, width))]


def _ran(execution: Execution, width: int) -> list[str]:
    """What came of running it: the outcome, each claim against what was measured, what was registered."""
    told = [f"{status_words(execution)}. {execution.detail}", *([execution.remedy] if execution.remedy else [])]
    lines = ["", *(line for sentence in told for line in textwrap.wrap(plain(sentence), width))]
    for claim in claim_rows(execution)[:CLAIMS_SHOWN]:
        measured = f", measured {number(claim.measured)}" if claim.measured is not None else ""
        lines.append(f"  {plain(claim.name)} claimed {number(claim.claimed)}{plain(claim.unit)}{measured}: {VERDICT_WORDS[claim.verdict]}")
    left = len(execution.claims) - CLAIMS_SHOWN
    lines += [f"  {left} more claims are in the report"] if left > 0 else []
    if execution.registered is not None:
        lines.append(f"Registered: {execution.registered.model} version {execution.registered.version}, {execution.registered.state}")
    return lines


def _without_words(use: ModelUse) -> str:
    """A model was asked for and said nothing that stands: whoever pays for it wants to know now, not in the report."""
    reason = next((note.partition(": ")[2] for note in use.notes), "")
    stand = "1 assessment stands" if use.fallbacks == 1 else f"{use.fallbacks} assessments stand"
    return f"Of {use.name} {stand} without an opinion. {reason}".strip()


def _fix(action: PriorityAction, width: int) -> list[str]:
    place = f" ({plain(action.file)}{f':{action.line}' if action.line else ''})" if action.file else ""
    gain = f", +{action.score_gain:.2f} points" if action.score_gain >= 0.005 else ""
    lines = textwrap.wrap(f"{plain(action.title)}{place}", width, initial_indent=f"  {action.rank}. ", subsequent_indent="     ")
    return lines + textwrap.wrap(
        f"{plain(action.remedy)} [effort {action.effort}{gain}]", width, initial_indent="     ", subsequent_indent="     "
    )


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
