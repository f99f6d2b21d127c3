"""Which version shall go where: what is asked for, held against the ledger before anything is done."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.errors import TransitionRefused, UserError
from tasks.rules.registry.ledger import Ledger, Seen
from tasks.rules.registry.lifecycle import State, check_move, next_promotion

Goal = Literal["next", "approved", "production", "rejected", "archived", "rollback"]


class Chosen(BaseModel):
    """A version and where it shall go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    version: str
    state: State
    to: State
    is_rollback: bool = False
    seen: Seen
    """What the decision stands on."""


def require_version(model: str, ledger: Ledger, version: str) -> State:
    """State of a version that must exist; raises `UserError` naming those that do."""
    if version not in ledger.states:
        known = ", ".join(f"{v} ({s})" for v, s in ledger.states.items()) or "none"
        raise UserError(f"Model {model} has no version {version[:40]} in its ledger", f"Versions are: {known}.")
    return ledger.states[version]


def choose_version(model: str, ledger: Ledger, version: str, to: Goal) -> Chosen:
    """The version and its goal, `3` and `v3` being the same; raises `TransitionRefused` naming the legal moves."""
    version = version.removeprefix("v")
    if to == "rollback":
        return _choose_rollback(model, ledger, version)
    state = require_version(model, ledger, version)
    goal = next_promotion(model, version, state) if to == "next" else check_move(model, version, state, to)
    return Chosen(model=model, version=version, state=state, to=goal, seen=ledger.seen(version))


def _choose_rollback(model: str, ledger: Ledger, version: str) -> Chosen:
    back = ledger.previous_production
    if back is None:
        raise no_earlier(model)
    if version not in ("", back):
        raise TransitionRefused(
            f"A rollback of {model} brings back version {back}, which was in production directly before, not {version[:40]}",
            "Leave the version out, or promote another one.",
        )
    return Chosen(model=model, version=back, state=ledger.states[back], to="production", is_rollback=True, seen=ledger.seen(back))


def no_earlier(model: str) -> TransitionRefused:
    return TransitionRefused(f"Model {model} has no earlier production version", "Promote an approved version instead.")
