"""The governed registry: read a model, move a version, roll back, reconcile. Registering is in `registry_registration`.

Every change is one entry of the ledger, written where the ledger ended when the decision was made; then the picture in
MLflow is painted. A crash in between leaves an old picture, which the next change or `reconcile` brings up to date.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.adapters.registry.files import check_files, fetch_file, read_facts
from tasks.adapters.registry.ledger import (
    Conflict,
    append,
    ensure_ledger,
    fetch_ledger,
    list_ledgers,
    list_versions,
    open_registry,
    require_ledger,
)
from tasks.adapters.registry.projection import find_drift, is_registered, lost_versions, project
from tasks.adapters.tracking import asked, deep_link, tracking_uri
from tasks.errors import InfrastructureError, TransitionRefused
from tasks.evidence.outputs.predictions import pair_predictions
from tasks.rules.registry.choice import no_earlier
from tasks.rules.registry.facts import ModelFacts
from tasks.rules.registry.ledger import Entry, Ledger, Seen, expected_rollback
from tasks.rules.registry.lifecycle import State, check_move, tell_moves
from tasks.rules.registry.paired import PairedTest, compare_correct, compare_errors

if TYPE_CHECKING:
    from mlflow import MlflowClient

TRIES = 20


@dataclass(frozen=True)
class GovernedModel:
    """A model as its ledger tells it, and what MLflow shows otherwise."""

    name: str
    ledger: Ledger
    drift: tuple[str, ...]
    """Changed by hand, or left by a crash; a sentence each."""
    url: str | None


def list_models(home: Path) -> list[GovernedModel]:
    """Every governed model, by name."""
    with asked(home):
        client = open_registry(home)
        return [_look(client, home, name) for name in sorted(list_ledgers(client))]


def read_model(home: Path, name: str) -> GovernedModel:
    """One model; raises `UserError` naming those that exist."""
    with asked(home):
        return _look(open_registry(home), home, name)


def transition(
    home: Path,
    name: str,
    version: str,
    to: str,
    actor: str,
    reason: str,
    evidence: Mapping[str, Any] | None = None,
    thresholds: Mapping[str, Any] | None = None,
    seen: Seen | None = None,
) -> Ledger:
    """Move a version, if the lifecycle allows it and nothing it depends on has changed since it was `seen`.

    A version that goes to production archives the present one in the same entry. Raises `TransitionRefused`.
    """
    with asked(home):
        client = open_registry(home)
        run_id = require_ledger(client, name)
        first = fetch_ledger(client, run_id)
        stood_on = seen or first.seen(version)
        by_hand = find_drift(client, name, run_id, first)
        told = {**(evidence or {}), **({"changed_by_hand": by_hand} if by_hand else {})}

        def decide(ledger: Ledger) -> Entry:
            _check_unmoved(name, version, to, stood_on, ledger.seen(version))
            state = check_move(name, version, ledger.states.get(version), to)
            _check_there(client, name, version, ledger)
            changes: dict[str, State] = {version: state}
            if state == "production" and ledger.production is not None:
                changes[ledger.production] = "archived"
            return _entry("transition", changes, actor, reason, told, thresholds or {})

        return _show(client, name, run_id, _write(client, name, run_id, first, decide))


def rollback(home: Path, name: str, actor: str, reason: str, seen: Seen | None = None) -> Ledger:
    """Bring back the version that was in production directly before, archiving the present one in the same entry.

    The one exception to the terminal states. Raises `TransitionRefused` when there is none, or it was deleted.
    """
    with asked(home):
        client = open_registry(home)
        run_id = require_ledger(client, name)
        first = fetch_ledger(client, run_id)
        stood_on = seen or first.seen()

        def decide(ledger: Ledger) -> Entry:
            if ledger.seen().model_copy(update={"state": stood_on.state}) != stood_on:
                raise _faster(name, f"version {ledger.production} is in production now", "Look at it and decide again.")
            changes = expected_rollback(ledger)
            if not changes:
                raise no_earlier(name)
            _check_there(client, name, next(iter(changes)), ledger)
            return _entry("rollback", changes, actor, reason, {}, {})

        return _show(client, name, run_id, _write(client, name, run_id, first, decide))


def reconcile(home: Path, name: str, actor: str) -> tuple[str, ...]:
    """Make MLflow show what the ledger says, record versions that were deleted; what was found, a sentence each.

    Idempotent: a second call finds nothing that could be repaired, and writes nothing.
    """
    with asked(home):
        client = open_registry(home)
        run_id = ensure_ledger(client, home, name) if require_ledger(client, name) else ""
        ledger = fetch_ledger(client, run_id)
        before = find_drift(client, name, run_id, ledger)
        if lost := lost_versions(ledger, list_versions(client, name)):
            changes: dict[str, State] = dict.fromkeys(lost, "archived")
            _write(client, name, run_id, ledger, lambda _: _entry("lost", changes, actor, "deleted in MLflow by hand", {}, {}))
        ledger = project(client, name, run_id)
        left = find_drift(client, name, run_id, ledger)
        if repaired := [sentence for sentence in before if sentence not in left]:
            reason = "MLflow showed otherwise than the ledger; restored"
            _write(client, name, run_id, ledger, lambda _: _entry("repair", {}, actor, reason, {"changed_by_hand": repaired}, {}))
            project(client, name, run_id)
    return tuple(before)


def facts_of(home: Path, model: GovernedModel, version: str) -> ModelFacts:
    """What was known of the version when it was registered; raises `InfrastructureError` when it was changed since."""
    with asked(home):
        return read_facts(open_registry(home), home, model.ledger, version)


def files_problem(home: Path, model: GovernedModel, version: str, facts: ModelFacts) -> str:
    """What is wrong with the files of the version; empty when they are those that were registered."""
    with asked(home):
        return check_files(open_registry(home), home, model.ledger, version, facts)


def paired_test(home: Path, model: GovernedModel, a: tuple[str, ModelFacts], b: tuple[str, ModelFacts]) -> PairedTest | str:
    """The paired test of two versions on their kept predictions, or why there is none."""
    if not a[1].predictions or not b[1].predictions:
        return "no predictions on the same held-out rows were kept"
    with asked(home), tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        client = open_registry(home)
        files = [fetch_file(client, home, model.ledger, v, f.predictions, folder) for (v, f), folder in ((a, one), (b, other))]
        rows = pair_predictions(*files)
    if isinstance(rows, str):
        return rows
    if rows.kind == "correct":
        return compare_correct(rows.a > 0, rows.b > 0)
    return compare_errors(rows.a, rows.b)


def _look(client: MlflowClient, home: Path, name: str) -> GovernedModel:
    run_id = require_ledger(client, name)
    ledger = fetch_ledger(client, run_id)
    return GovernedModel(name, ledger, tuple(find_drift(client, name, run_id, ledger)), deep_link(tracking_uri(home), f"models/{name}"))


def _write(client: MlflowClient, name: str, run_id: str, ledger: Ledger, decide: Callable[[Ledger], Entry]) -> Ledger:
    """Append what `decide` makes of the ledger; decided again each time somebody else wrote first."""
    for _ in range(TRIES):
        try:
            return append(client, run_id, ledger, decide(ledger))
        except Conflict:
            ledger = fetch_ledger(client, run_id)
    raise InfrastructureError(f"The ledger of {name} was written to {TRIES} times meanwhile", "Run the same command again.")


def _show(client: MlflowClient, name: str, run_id: str, written: Ledger) -> Ledger:
    """Paint the picture; where that fails, the decision stands all the same, and the error says so."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return project(client, name, run_id)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise InfrastructureError(
            f"Decision {written.length} about {name} is written, but MLflow does not show it yet: {str(error)[:100]}",
            f"`axiom models reconcile {name}` makes up for it.",
        ) from error


def _entry(
    operation: Any, changes: dict[str, State], actor: str, reason: str, evidence: Mapping[str, Any], thresholds: Mapping[str, Any]
) -> Entry:
    return Entry(
        seq=0, operation=operation, set=changes, actor=actor, reason=reason, ts="", evidence=dict(evidence), thresholds=dict(thresholds)
    )


def _check_unmoved(name: str, version: str, to: str, seen: Seen, now: Seen) -> None:
    """Raise `TransitionRefused` when what the decision stood on has changed since."""
    if now.state != seen.state and now.state is not None:
        raise _faster(name, f"version {version} is {now.state} now, not {seen.state}", tell_moves(now.state).capitalize())
    if to == "production" and now.production != seen.production and now.state == "approved":
        raise _faster(name, f"version {now.production or 'none'} is in production now", "Compare with it and promote again.")


def _check_there(client: MlflowClient, name: str, version: str, ledger: Ledger) -> None:
    if not is_registered(list_versions(client, name).get(version), ledger):
        raise TransitionRefused(
            f"Version {version} of {name} was deleted in MLflow by hand", f"`axiom models reconcile {name}` records that."
        )


def _faster(name: str, what: str, remedy: str) -> TransitionRefused:
    return TransitionRefused(f"Somebody else changed {name} meanwhile: {what}", remedy)
