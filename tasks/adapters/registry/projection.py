"""The picture of the ledger in MLflow: tag `status`, alias `production`, the decisions as files; what was changed by hand.

Painting is idempotent and decides nothing. Two painters at once may overwrite each other with an older state, so each
paints until the ledger has not grown meanwhile: the last one is right.
"""

from __future__ import annotations

import json
import random
import time
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tasks.adapters.registry.ledger import LEDGER_TAG, fetch_ledger, get_model, list_versions, revive_ledger
from tasks.adapters.tracking import KEY_TAG
from tasks.rules.registry.decisions import decisions_markdown
from tasks.rules.registry.ledger import Ledger
from tasks.rules.registry.lifecycle import STATES

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

STATUS_TAG = "status"
HASH_TAG = "sha256"
PRODUCTION = "production"
UNMANAGED = "unmanaged"
"""Status of a version that did not come through the ledger."""
ROUNDS = 20
CLASHES = 8
"""So many failures are put down to others who paint at the same time."""


def project(client: MlflowClient, name: str, run_id: str) -> Ledger:
    """Paint until the ledger has not grown; the ledger that was painted."""
    from mlflow.exceptions import MlflowException

    revive_ledger(client, run_id)
    for turn in range(ROUNDS):
        ledger = fetch_ledger(client, run_id)
        try:
            _paint(client, name, run_id, ledger)
        except MlflowException as error:
            # Two painters set one tag at once, or one deleted the second copy that the other was looking at.
            if "API request to" in str(error) or turn >= CLASHES:
                raise
            time.sleep(random.uniform(0.02, 0.2))
            continue
        if fetch_ledger(client, run_id).length == ledger.length:
            break
    return ledger


def find_drift(client: MlflowClient, name: str, run_id: str, ledger: Ledger) -> list[str]:
    """What MLflow shows otherwise than the ledger says, a sentence each: changed by hand, or left by a crash."""
    model = get_model(client, name)
    found = list(ledger.void)
    if client.get_run(run_id).info.lifecycle_stage == "deleted":
        found.append("the ledger's run was deleted")
    if model is None:
        return [*found, "the registered model was deleted"]
    if model.tags.get(LEDGER_TAG) != run_id:
        found.append(f"the model's tag {LEDGER_TAG} does not name its ledger")
    versions = list_versions(client, name)
    for number in sorted({*ledger.states, *versions}, key=int):
        found += _drift_of(number, versions.get(number), ledger)
    shown = model.aliases.get(PRODUCTION)
    if (str(shown) if shown else None) != ledger.production and _exists(ledger, versions, ledger.production):
        found.append(f"alias {PRODUCTION} is {_version(shown)}, the ledger says {_version(ledger.production)}")
    return found


def is_registered(version: ModelVersion | None, ledger: Ledger) -> bool:
    """Whether this is the version that the ledger knows by its number, and not another one made later in its place."""
    return version is not None and ledger.sources.get(str(version.version)) == version.source


def lost_versions(ledger: Ledger, versions: Mapping[str, ModelVersion]) -> list[str]:
    """Versions of the ledger that somebody deleted, not yet recorded as lost."""
    return [v for v in ledger.states if v not in ledger.lost and not is_registered(versions.get(v), ledger)]


def _drift_of(number: str, version: ModelVersion | None, ledger: Ledger) -> list[str]:
    state = ledger.states.get(number)
    if not is_registered(version, ledger):
        gone = [f"version {number} ({state}) was deleted"] if state and number not in ledger.lost else []
        return gone if version is None else [*gone, *_stranger(number, version, ledger)]
    assert version is not None
    found = []
    if (shown := version.tags.get(STATUS_TAG)) != state:
        found.append(f"tag {STATUS_TAG} of version {number} is {shown or 'missing'}, the ledger says {state}")
    found += [
        f"tag {tag} of version {number} was {'changed' if tag in version.tags else 'deleted'}"
        for tag, value in _fixed_tags(number, ledger).items()
        if version.tags.get(tag) != value
    ]
    if _stage(version):
        found.append(f"version {number} was given the stage {_stage(version)}")
    return found


def _stranger(number: str, version: ModelVersion, ledger: Ledger) -> list[str]:
    key = version.tags.get(KEY_TAG)
    if not key:
        return [] if version.tags.get(STATUS_TAG) == UNMANAGED else [f"version {number} was added by hand"]
    if key in ledger.keys:
        return [f"version {number} is a second copy of version {ledger.keys[key]}"]
    return [f"version {number} belongs to a registration that did not finish: register it again"]


def _paint(client: MlflowClient, name: str, run_id: str, ledger: Ledger) -> None:
    model = get_model(client, name)
    if model is None:
        return
    if model.tags.get(LEDGER_TAG) != run_id:
        client.set_registered_model_tag(name, LEDGER_TAG, run_id)
    versions = list_versions(client, name)
    for number, version in versions.items():
        if is_registered(version, ledger):
            _paint_version(client, version, {STATUS_TAG: ledger.states[number], **_fixed_tags(number, ledger)})
        else:
            _paint_stranger(client, version, ledger)
    shown = model.aliases.get(PRODUCTION)
    wanted = ledger.production if _exists(ledger, versions, ledger.production) else None
    if wanted is None and shown:
        client.delete_registered_model_alias(name, PRODUCTION)
    elif wanted is not None and str(shown) != wanted:
        client.set_registered_model_alias(name, PRODUCTION, wanted)
    client.log_text(run_id, json.dumps([e.model_dump(mode="json") for e in ledger.entries], indent=1), "decisions.json")
    client.log_text(run_id, decisions_markdown(name, ledger), "decisions.md")


def _paint_version(client: MlflowClient, version: ModelVersion, tags: Mapping[str, str]) -> None:
    for tag, value in tags.items():
        if version.tags.get(tag) != value:
            client.set_model_version_tag(version.name, version.version, tag, value)
    _clear_stage(client, version)


def _paint_stranger(client: MlflowClient, version: ModelVersion, ledger: Ledger) -> None:
    """A second copy goes; what was added by hand must not look governed; what is being registered is left alone."""
    key = version.tags.get(KEY_TAG)
    if key and ledger.keys.get(key, str(version.version)) != str(version.version):
        client.delete_model_version(version.name, version.version)
        return
    if not key or version.tags.get(STATUS_TAG) in STATES:
        _paint_version(client, version, {STATUS_TAG: UNMANAGED})


def _fixed_tags(number: str, ledger: Ledger) -> dict[str, str]:
    """Tags that a registration sets once and for all."""
    entry = ledger.registration(number)
    if entry is None:
        return {}
    return {KEY_TAG: entry.key} | ({HASH_TAG: str(entry.evidence[HASH_TAG])} if entry.evidence.get(HASH_TAG) else {})


def _stage(version: ModelVersion) -> str:
    stage = version.current_stage
    return stage if stage and stage != "None" else ""


def _clear_stage(client: MlflowClient, version: ModelVersion) -> None:
    if _stage(version):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            client.transition_model_version_stage(version.name, version.version, "None")


def _exists(ledger: Ledger, versions: Mapping[str, ModelVersion], number: str | None) -> bool:
    """Whether it can carry the alias; nothing in production is always so."""
    return number is None or is_registered(versions.get(number), ledger)


def _version(number: str | None) -> str:
    return f"version {number}" if number else "nothing"
