"""The ledger of a model: write-once entries in a hash chain, and the states they add up to.

Each entry is a decision record. It names the hash of the text before it, so an entry that was put in, left out or changed
later breaks the chain. What does not fit, in the chain or in the lifecycle, is void: it counts for nothing and is told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tasks.rules.registry.lifecycle import LEGAL_MOVES, State

ENTRY_LIMIT = 5800
"""Characters of an entry; MLflow cuts a parameter silently at 6,000."""
REASON_LIMIT = 1000
NAME_LIMIT = 120
VALUE_LIMIT = 400
"""Characters of one text of the evidence."""
Operation = Literal["register", "transition", "rollback", "lost", "repair"]


class Entry(BaseModel):
    """One decision: who, when, from, to, why, on what evidence, by which thresholds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int
    """From 1."""
    operation: Operation
    """`rollback` is the exception to the terminal states; `lost`: the version was deleted by hand; `repair`: the picture
    in MLflow was changed by hand and restored, no state changes."""
    set: dict[str, State]
    """Version: state from now on. The old production is archived by the entry that promotes the new."""
    before: dict[str, State | None] = {}
    """Version: state until now."""
    actor: str
    reason: str
    ts: str
    """ISO 8601, UTC."""
    evidence: dict[str, Any] = {}
    thresholds: dict[str, Any] = {}
    key: str = ""
    """Of a registration: the same key is the same version."""
    source: str = ""
    """Of a registration: the logged model, by which a version of the same number is told from another."""
    previous: str = ""
    """SHA-256 of the entry before, as it was written; empty for the first."""
    nonce: str = ""
    """Two writers never write the same text: MLflow takes an identical value twice."""


class Seen(BaseModel):
    """What a decision about one version stands on; when it has changed meanwhile, the decision is made anew."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: State | None
    production: str | None
    """The champion; a promotion to production replaces it, or is off when it is another one now."""
    previous_production: str | None = None


@dataclass(frozen=True)
class Ledger:
    """What the entries add up to."""

    states: dict[str, State] = field(default_factory=dict)
    """By version."""
    keys: dict[str, str] = field(default_factory=dict)
    """Registration key: version."""
    sources: dict[str, str] = field(default_factory=dict)
    """Version: logged model."""
    line: tuple[str | None, ...] = ()
    """What was in production, oldest first, the last is now; None: nothing."""
    lost: frozenset[str] = frozenset()
    """Versions that were deleted by hand."""
    entries: tuple[Entry, ...] = ()
    """Those that count."""
    void: tuple[str, ...] = ()
    """Why others do not count, a sentence each."""
    length: int = 0
    """Written entries, void ones included."""
    head: str = ""
    """SHA-256 of the last."""

    @property
    def production(self) -> str | None:
        return next((v for v, s in self.states.items() if s == "production"), None)

    @property
    def previous_production(self) -> str | None:
        """The version a rollback brings back."""
        return next((v for v in reversed(self.line[:-1]) if v is not None and v != self.production), None)

    def seen(self, version: str = "") -> Seen:
        return Seen(state=self.states.get(version), production=self.production, previous_production=self.previous_production)

    def registration(self, version: str) -> Entry | None:
        return next((e for e in self.entries if e.operation == "register" and version in e.set), None)


def entry_name(seq: int) -> str:
    """Name of the parameter an entry is written to.

    >>> entry_name(7)
    't000007'
    """
    return f"t{seq:06d}"


def read_ledger(params: Mapping[str, str]) -> Ledger:
    """Fold the written entries; those after a gap count for nothing until it is filled, and are told."""
    ledger = Ledger()
    while (text := params.get(entry_name(ledger.length + 1))) is not None:
        ledger = _add(ledger, text)
    strays = sorted(set(params) - {entry_name(i) for i in range(1, ledger.length + 1)})
    return _with(ledger, void=(*ledger.void, *(f"parameter {name[:60]!r} is no entry that follows another" for name in strays)))


def replay(entries: Sequence[Entry]) -> dict[str, State]:
    """States after decision records as exported, from nothing; raises ValueError where one is not legal."""
    ledger = Ledger()
    for entry in entries:
        if why := _objection(ledger, entry):
            raise ValueError(f"entry {entry.seq}: {why}")
        ledger = _apply(ledger, entry)
    return ledger.states


def write_entry(entry: Entry) -> str:
    """The entry's text, cut to what MLflow keeps: texts first, then the last of the evidence."""
    evidence = {k[:NAME_LIMIT]: _clip(v) for k, v in entry.evidence.items()}
    fitted = entry.model_copy(update={"reason": entry.reason[:REASON_LIMIT], "actor": entry.actor[:NAME_LIMIT], "evidence": evidence})
    dropped = 0
    while len(text := _text(fitted)) > ENTRY_LIMIT and evidence:
        evidence.pop(next(reversed(evidence)))
        dropped += 1
        fitted = fitted.model_copy(update={"evidence": {**evidence, "dropped": dropped}})
    if len(text) > ENTRY_LIMIT:
        raise ValueError(f"a ledger entry must be under {ENTRY_LIMIT} characters but has {len(text)}")
    return text


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(entry: Entry) -> str:
    return json.dumps(entry.model_dump(mode="json"), separators=(",", ":"), allow_nan=False)


def _clip(value: Any) -> Any:
    if isinstance(value, str):
        return value[:VALUE_LIMIT]
    if isinstance(value, (list, tuple)):
        return [_clip(v) for v in value[:20]]
    return value


def _add(ledger: Ledger, text: str) -> Ledger:
    seq = ledger.length + 1
    try:
        entry: Entry | None = Entry.model_validate_json(text)
    except ValidationError:
        entry = None
    why = "it cannot be read" if entry is None else _chain_objection(ledger, entry, seq) or _objection(ledger, entry)
    moved = ledger if why or entry is None else _apply(ledger, entry)
    void = (*ledger.void, f"entry {seq} counts for nothing: {why}") if why else ledger.void
    return _with(moved, void=void, length=seq, head=digest(text))


def _chain_objection(ledger: Ledger, entry: Entry, seq: int) -> str:
    if entry.seq != seq:
        return f"it says it is entry {entry.seq}"
    return "" if entry.previous == ledger.head else "it does not follow the entry before it: the ledger was changed by hand"


def _objection(ledger: Ledger, entry: Entry) -> str:
    """Why the lifecycle does not allow the entry; empty when it does."""
    checks = {"register": _register, "transition": _transition, "rollback": _rollback, "lost": _lost, "repair": _repair}
    return checks[entry.operation](ledger, entry)


def _register(ledger: Ledger, entry: Entry) -> str:
    if len(entry.set) != 1 or set(entry.set.values()) != {"candidate"}:
        return "a registration sets one version to candidate"
    if entry.key and entry.key in ledger.keys:
        return f"its key is version {ledger.keys[entry.key]} already"
    return "its version is registered already" if set(entry.set) & set(ledger.states) else ""


def _transition(ledger: Ledger, entry: Entry) -> str:
    moved = dict(entry.set)
    old = ledger.production
    promoted = [v for v, s in moved.items() if s == "production"]
    if promoted and old is not None and moved.pop(old, None) != "archived":
        return f"it leaves two versions in production, {old} and {promoted[0]}"
    if len(moved) != 1:
        return "a transition moves one version"
    version, to = next(iter(moved.items()))
    state = ledger.states.get(version)
    if state is None:
        return f"version {version} is not registered"
    return "" if to in LEGAL_MOVES[state] else f"version {version} was {state} and cannot become {to}"


def _rollback(ledger: Ledger, entry: Entry) -> str:
    back = ledger.previous_production
    wanted = expected_rollback(ledger)
    if back is None or entry.set != wanted:
        return f"a rollback brings back {f'version {back}' if back else 'nothing: no version was in production before'}"
    return ""


def expected_rollback(ledger: Ledger) -> dict[str, State]:
    """What a rollback sets: the version in production directly before, and the present one archived; empty: there is none."""
    back = ledger.previous_production
    if back is None:
        return {}
    changes: dict[str, State] = {back: "production"}
    return changes if ledger.production is None else changes | {ledger.production: "archived"}


def _lost(ledger: Ledger, entry: Entry) -> str:
    known = entry.set and all(v in ledger.states for v in entry.set)
    return "" if known and set(entry.set.values()) == {"archived"} else "a lost version is a registered one that becomes archived"


def _repair(ledger: Ledger, entry: Entry) -> str:
    return "a repair changes no state" if entry.set else ""


def _apply(ledger: Ledger, entry: Entry) -> Ledger:
    states = ledger.states | entry.set
    now = next((v for v, s in states.items() if s == "production"), None)
    line = ledger.line
    lost = ledger.lost
    if entry.operation == "lost":
        lost = lost | set(entry.set)
        line = tuple(v for v in line if v not in entry.set)
    if entry.operation == "rollback":
        line = line[: len(line) - 1 - line[:-1][::-1].index(now)] if now in line[:-1] else (now,)
    elif now != (line[-1] if line else None):
        line = (*line, now)
    keys, sources = dict(ledger.keys), dict(ledger.sources)
    if entry.operation == "register":
        version = next(iter(entry.set))
        sources[version] = entry.source
        keys |= {entry.key: version} if entry.key else {}
    return _with(ledger, states=states, keys=keys, sources=sources, line=line, lost=lost, entries=(*ledger.entries, entry))


def _with(ledger: Ledger, **changes: Any) -> Ledger:
    return Ledger(**{**ledger.__dict__, **changes})
