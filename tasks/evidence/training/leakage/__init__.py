"""Leaks in code: what of the held-out rows or of the target reaches the model, followed through each module.

An abstract interpreter: `rows` says which rows a value holds, `values` what a variable can hold; `statements`,
`expressions`, `calls` and the modules they hand on to say what happens to them, `findings` collects. Nothing is run.
Bounded by `state.STEP_LIMIT` for each module; a module that cannot be followed is a problem of the snapshot.
"""

from __future__ import annotations

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.facts import Leak


def find_leaks(snapshot: Snapshot) -> tuple[Leak, ...]:
    """All leaks, in path and line order."""
    from tasks.evidence.training.leakage.repository import follow_repository

    return follow_repository(snapshot)
