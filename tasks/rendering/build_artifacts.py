"""A build in the Prefect UI: Markdown of the profile, the contract, each loop and the end; the leaderboard as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tasks.evidence.scores.facts import Candidate
from tasks.evidence.table.facts import TableProfile
from tasks.rendering import build as telling
from tasks.rendering.markdown_text import prose as escape
from tasks.rules.building.contract import Contract
from tasks.rules.building.result import BuildResult, Loop

ROWS_SHOWN = 100


def profile_markdown(profile: TableProfile) -> str:
    """Columns with kind, nulls and distinct values."""
    rows = [(c.name, c.kind, c.semantic, f"{c.nulls:.1%}", f"{c.distinct:,}") for c in profile.columns[:ROWS_SHOWN]]
    return f"**{profile.rows:,} rows, {len(profile.columns):,} columns**\n\n{_table(('column', 'kind', 'meaning', 'missing', 'distinct'), rows)}"


def contract_markdown(contract: Contract) -> str:
    """Every field with its source, and what was ambiguous."""
    asked = [f"- {escape(a.question)} **{escape(a.chosen)}**: {escape(a.why)}" for a in contract.ambiguities]
    return _table(("field", "value", "source"), telling.contract_rows(contract)) + ("\n\n" + "\n".join(asked) if asked else "")


def loop_markdown(loop: Loop, contract: Contract) -> str:
    """The critic's verdict with its reasons."""
    change = f"\n\nChange: {escape(loop.change.sentence)}" if loop.change else ""
    reasons = "\n".join(f"- {escape(r)}" for r in loop.reasons)
    score = f"{telling.metric_words(contract.metric)} {telling.number(loop.score)} out of fold"
    return f"**Loop {loop.loop}: {telling.ROUTE_WORDS[loop.route]}** ({escape(score)})\n\n{reasons}{change}"


def leaderboard_rows(candidates: Sequence[Candidate], contract: Contract) -> list[dict[str, Any]]:
    """The best first."""
    return telling.candidate_rows(candidates, contract)[:ROWS_SHOWN] or [{"family": "none was tried"}]


def final_markdown(result: BuildResult) -> str:
    """Verdict, score, baselines, clauses."""
    bars = [(b.name, b.text, b.note) for b in telling.interval_bars(result)]
    clauses = "\n".join(f"- {telling.CLAUSE_WORDS[c.met]}: {escape(c.text)}: {escape(c.evidence)}" for c in result.clauses)
    reasons = "\n".join(f"- {escape(r)}" for r in result.reasons)
    head = f"**{escape(telling.headline(result))}**\n\n{escape(telling.score_words(result))}"
    return f"{head}\n\n{_table(('on the sealed test', 'score', ''), bars)}\n\n{clauses}\n\n{reasons}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(escape(str(cell)) for cell in row)} |" for row in rows)])
