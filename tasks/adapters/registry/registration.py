"""Registering a model: the files kept, a version made, and the entry in the ledger that makes it count.

The key names what is registered. Whatever crashes or runs beside it, the first entry of a key in the ledger decides which
version it is; a second copy is deleted. Numbers of deleted versions are given out again by MLflow, so a number that the
ledger knows already is passed over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.adapters.registry.files import FACTS_HASH, content_hash, facts_hash, keep_model, staged
from tasks.adapters.registry.ledger import Conflict, append, ensure_ledger, fetch_ledger, list_versions, open_registry
from tasks.adapters.registry.projection import HASH_TAG, is_registered, project
from tasks.adapters.store import locked
from tasks.adapters.tracking import KEY_TAG, asked, deep_link, tracking_uri
from tasks.errors import InfrastructureError
from tasks.rules.execution.contract import Registered
from tasks.rules.registry.facts import ModelFacts
from tasks.rules.registry.ledger import Entry, Ledger
from tasks.rules.registry.lifecycle import check_name

if TYPE_CHECKING:
    from mlflow import MlflowClient

KEY_PATTERN = re.compile(r"[A-Za-z0-9._:@/-]{1,200}")
TRIES = 50
"""Every try that fails is an entry somebody else wrote."""


def register_model(
    home: Path,
    name: str,
    source_run_id: str,
    key: str,
    folder: Path,
    paths: Sequence[str],
    facts: ModelFacts,
    actor: str,
    reason: str,
    evidence: Mapping[str, Any] | None = None,
    thresholds: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Registered:
    """The version that holds these files, as candidate; registered before under the same key: that one, in its state now.

    `paths` are files in `folder`; they are copied and hashed, never loaded. Raises `SettingError` for a name, ValueError for
    a key, a metric or a file that cannot be taken, `InfrastructureError` when the store does not answer.
    """
    check_name(name)
    if not KEY_PATTERN.fullmatch(key):
        raise ValueError(f"a key is 1 to 200 letters, digits and ._:@/- but got {key[:80]!r}")
    if bad := [m.name for m in facts.metrics if not math.isfinite(m.value)]:
        raise ValueError(f"metrics must be finite, got {', '.join(bad)}")
    with asked(home), locked(home / "mlflow" / f"registry-{name}.lock"):
        client = open_registry(home)
        run_id = ensure_ledger(client, home, name)
        ledger = fetch_ledger(client, run_id)
        if key not in ledger.keys:
            with staged(home, folder, paths, facts) as (root, told):
                model_id = keep_model(client, name, source_run_id, key, root, told, tags or {})
            entry = _entry(key, model_id, told, actor, reason, evidence or {}, thresholds or {})
            _enter(client, name, run_id, entry, _version_tags(told, tags or {}))
        ledger = project(client, name, run_id)
    return registered(home, name, ledger.keys[key], ledger)


def registered(home: Path, name: str, version: str, ledger: Ledger) -> Registered:
    """A version as the execution's contract tells it."""
    url = deep_link(tracking_uri(home), f"models/{name}/versions/{version}")
    return Registered(model=name, version=version, state=ledger.states[version], url=url)


def _entry(
    key: str, model_id: str, facts: ModelFacts, actor: str, reason: str, evidence: Mapping[str, Any], thresholds: Mapping[str, Any]
) -> Entry:
    hashes = {HASH_TAG: content_hash(facts), FACTS_HASH: facts_hash(facts)}
    return Entry(
        seq=0, operation="register", set={}, actor=actor, reason=reason, ts="", key=key, source=f"models:/{model_id}",
        evidence={**hashes, **evidence, **hashes}, thresholds=dict(thresholds),
    )  # fmt: skip


def _version_tags(facts: ModelFacts, tags: Mapping[str, str]) -> dict[str, str]:
    told = {"commit": facts.commit, "repository": facts.repository}
    return {k: v[:4000] for k, v in (*told.items(), *tags.items()) if v}


def _enter(client: MlflowClient, name: str, run_id: str, entry: Entry, tags: Mapping[str, str]) -> None:
    """Make the version count: the first entry of its key stands, whoever writes it."""
    for _ in range(TRIES):
        ledger = fetch_ledger(client, run_id)
        if entry.key in ledger.keys:
            return
        version = _version(client, name, entry, ledger, tags)
        try:
            append(client, run_id, ledger, entry.model_copy(update={"set": {version: "candidate"}}))
        except Conflict:
            continue
        return
    raise InfrastructureError(f"The ledger of {name} was written to {TRIES} times meanwhile", "Run the same command again.")


def _version(client: MlflowClient, name: str, entry: Entry, ledger: Ledger, tags: Mapping[str, str]) -> str:
    """Number of the version with this key, made if need be."""
    versions = list_versions(client, name)
    ours = [n for n, v in versions.items() if v.tags.get(KEY_TAG) == entry.key and v.source == entry.source]
    free = next((n for n in ours if n not in ledger.states), None)
    if free:
        return free
    passed = [n for n in ours if not is_registered(versions[n], ledger)]
    while True:
        made = client.create_model_version(
            name, entry.source, tags={**tags, KEY_TAG: entry.key, HASH_TAG: str(entry.evidence[HASH_TAG])},
            model_id=entry.source.removeprefix("models:/"),
        )  # fmt: skip
        if str(made.version) not in ledger.states:
            break
        passed.append(str(made.version))
    for number in passed:
        _delete(client, name, number)
    return str(made.version)


def _delete(client: MlflowClient, name: str, number: str) -> None:
    """Delete a version; it may be gone already, by the hand of another registration."""
    from mlflow.exceptions import MlflowException

    try:
        client.delete_model_version(name, number)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
