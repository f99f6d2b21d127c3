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
    rows = [(c.name, c.kind, c.semantic, telling.percent(c.nulls), f"{c.distinct:,}") for c in profile.columns[:ROWS_SHOWN]]
    more = f"\n\n{len(profile.columns) - ROWS_SHOWN:,} more columns." if len(profile.columns) > ROWS_SHOWN else ""
    head = f"**{profile.rows:,} rows, {len(profile.columns):,} columns**"
    return f"{head}\n\n{table(('column', 'kind', 'meaning', 'missing', 'distinct'), rows)}{more}"


def contract_markdown(contract: Contract) -> str:
    """Every field with its source, and what was ambiguous."""
    asked = [f"{a.question} Taken: {a.chosen}, {a.why}" for a in contract.ambiguities]
    rows = table(("field", "understood as", "from"), telling.contract_rows(contract))
    return f"> {escape(contract.objective)}\n\n{rows}" + (f"\n\n{bullets(asked)}" if asked else "")


def loop_markdown(loop: Loop, contract: Contract) -> str:
    """The critic's decision with its reasons, the change it asks for, and who decided."""
    score = f"{telling.metric_words(contract.metric)} {telling.number(loop.score)} out of fold"
    gain = telling.gain_words(loop)
    parts = [f"**Loop {loop.loop}: {telling.ROUTE_WORDS[loop.route]}** ({escape(score)}{f', gain {gain}' if gain != '–' else ''})"]
    parts += [bullets(loop.reasons)] if loop.reasons else []
    parts += [f"Change for the next loop: {escape(loop.change.sentence)}"] if loop.change else []
    if loop.allowed:
        routes = ", ".join(telling.ROUTE_WORDS[r] for r in loop.allowed)
        parts.append(f"Routes the rules leave open: {routes}; decided by {telling.DECIDER_WORDS[loop.decided_by]}.")
    parts += [f"> {escape(loop.argument)}"] if loop.argument else []
    return "\n\n".join(parts)


def leaderboard_rows(candidates: Sequence[Candidate], contract: Contract) -> list[dict[str, Any]]:
    """The best first."""
    return telling.candidate_rows(candidates, contract)[:ROWS_SHOWN] or [{"family": "none was tried"}]


def final_markdown(result: BuildResult) -> str:
    """Verdict, score, baselines, clauses."""
    parts = [f"**{escape(telling.headline(result))}**", escape(telling.score_words(result))]
    parts += [bullets(result.reasons[1:])] if len(result.reasons) > 1 else []
    bars = [(b.name, b.text, b.note) for b in telling.interval_bars(result)]
    parts += [table(("on the sealed test", "score and 95 % interval", ""), bars)] if bars else []
    clauses = [(c.text, telling.CLAUSE_WORDS[c.met], c.evidence) for c in result.clauses]
    parts += [table(("clause", "verdict", "evidence"), clauses)] if clauses else []
    return "\n\n".join(parts)


def bullets(items: Iterable[str]) -> str:
    """A list whose items cannot be markup."""
    return "\n".join(f"- {escape(item)}" for item in items)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table whose cells cannot be markup."""
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(escape(str(cell)) for cell in row)} |" for row in rows)])
