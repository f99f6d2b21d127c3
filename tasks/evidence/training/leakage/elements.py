"""What a loop variable holds, by what is looped over."""

from __future__ import annotations

from typing import Any

from tasks.evidence.training.leakage.joins import join
from tasks.evidence.training.leakage.rows import cut
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import NOTHING, Bundle, Columns, Data, Folds, Grouped


def element_of(run: Run, items: Any, line: int) -> Any:
    """One element standing for all of them."""
    if isinstance(items, Folds):
        label = run.label("k", items.line)
        run.findings.folds_seen = True
        return Bundle([Data(cut(items.rows, label, role), is_index=True, line=line) for role in ("train", "valid")])
    if isinstance(items, Bundle):
        found = None
        for item in [*items.items[:20], *([] if items.items else list(items.keys.values())[:20])]:
            found = item if found is None else join(found, item)
        return NOTHING if found is None else found
    if isinstance(items, Data):
        return items.derive(column=None, opaque=True, is_element=True)
    if isinstance(items, Columns):
        return Columns(items.data, is_open=True)
    if isinstance(items, Grouped):
        items.data.entities.update(items.keys)
        return Bundle([NOTHING, items.data.derive()])
    return NOTHING
