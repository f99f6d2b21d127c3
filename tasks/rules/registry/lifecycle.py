"""The states of a model version and the moves between them: one table, one check.

candidate > approved > production > archived; candidate, approved > rejected. Archived and rejected are terminal. The one
named exception is a rollback: it brings back the version that was in production directly before, and no other.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from tasks.errors import SettingError, TransitionRefused

State = Literal["candidate", "approved", "production", "archived", "rejected"]
STATES: tuple[State, ...] = get_args(State)
LEGAL_MOVES: dict[State, tuple[State, ...]] = {
    "candidate": ("approved", "rejected"),
    "approved": ("production", "rejected"),
    "production": ("archived",),
    "archived": (),
    "rejected": (),
}
"""Policy of the design, section 7. A version enters as candidate."""
PROMOTIONS: dict[State, State] = {"candidate": "approved", "approved": "production"}
"""Where `promote` leads when no state is named."""
NAME_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,80}")


def check_name(name: str) -> str:
    """The name of a model, if it is one; raises `SettingError`."""
    if not NAME_PATTERN.fullmatch(name) or name in (".", ".."):
        raise SettingError(f"{name[:90]!r} cannot name a model", "Use 1 to 80 letters, digits, dots, dashes or underscores.")
    return name


def check_move(model: str, version: str, state: State | None, to: str) -> State:
    """The state moved to, if the lifecycle allows it; raises `TransitionRefused` naming the legal moves."""
    subject = f"Version {version} of {model}"
    if state is None:
        raise TransitionRefused(f"{subject} is not in the ledger", "Only versions that Axiom registered can be moved.")
    if to in LEGAL_MOVES[state]:
        return to
    if to not in STATES:
        raise TransitionRefused(f"{to[:40]!r} is no state of a model", f"{subject} is {state}; {tell_moves(state)}")
    already = "already" if to == state else f"and cannot become {to}"
    raise TransitionRefused(f"{subject} is {state} {already}", tell_moves(state).capitalize())


def tell_moves(state: State) -> str:
    """The legal moves as half a sentence.

    >>> tell_moves("candidate")
    'legal moves from candidate: approved, rejected.'
    """
    if not LEGAL_MOVES[state]:
        return f"{state} is terminal: there is no move from it; train and register a new version."
    return f"legal moves from {state}: {', '.join(LEGAL_MOVES[state])}."


def next_promotion(model: str, version: str, state: State | None) -> State:
    """Where `promote` leads from here; raises `TransitionRefused` where it leads nowhere."""
    if state in PROMOTIONS:
        return PROMOTIONS[state]
    return check_move(model, version, state, "production")
