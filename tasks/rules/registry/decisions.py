"""The ledger for a reader: each decision with who, when, from, to and on what evidence."""

from __future__ import annotations

import html
import json

from tasks.rules.registry.ledger import Entry, Ledger


def tell_changes(entry: Entry) -> str:
    """`2: approved > production; 1: production > archived`."""
    return "; ".join(f"{v}: {entry.before.get(v) or 'new'} > {s}" for v, s in entry.set.items())


def decision_rows(ledger: Ledger) -> list[dict[str, str]]:
    """One row a decision, oldest first."""
    return [
        {
            "no": str(e.seq),
            "when": e.ts,
            "who": e.actor,
            "what": e.operation,
            "change": tell_changes(e),
            "reason": e.reason,
            "evidence": _told(e.evidence),
            "thresholds": _told(e.thresholds),
        }
        for e in ledger.entries
    ]


def decisions_markdown(model: str, ledger: Ledger) -> str:
    """A table of all decisions; texts of strangers are escaped."""
    rows = decision_rows(ledger)
    heads = ["no", "when", "who", "what", "change", "reason", "evidence", "thresholds"]
    lines = [f"# Decisions about {model}", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(_cell(row[h]) for h in heads)} |" for row in rows]
    lines += ["", *(f"- Void: {_cell(sentence)}" for sentence in ledger.void)]
    return "\n".join(lines) + "\n"


def _told(values: dict[str, object]) -> str:
    return ", ".join(f"{k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in values.items())


def _cell(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return html.escape(shown).replace("|", "\\|").replace("[", "\\[").replace("`", "\\`")
