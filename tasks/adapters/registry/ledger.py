"""The ledger of a model in MLflow: parameters of one run, which MLflow lets nobody write twice.

Tags and aliases have no compare-and-set, so they decide nothing. Whoever writes `t000007` first has decided; the other
gets `Conflict`, reads again and asks whether what it wanted still holds.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.adapters.store import locked
from tasks.adapters.tracking import connect, experiment_id_of, literal, record_lock, tracking_uri
from tasks.errors import UserError
from tasks.rules.registry.ledger import Entry, Ledger, entry_name, read_ledger, write_entry

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

EXPERIMENT = "axiom/registry"
LEDGER_TAG = "axiom.ledger"
"""On the registered model: the run that holds its ledger. Set when the model is made, in one call."""
MODEL_TAG = "axiom.model"
"""On the ledger's run: the model it belongs to, by which it is found when the other tag was lost."""
ABOUT = "Governed by Axiom: the ledger's run decides, the tag `status` and the alias `production` are a picture of it."


class Conflict(Exception):
    """Somebody else wrote this entry of the ledger first."""


def open_registry(home: Path) -> MlflowClient:
    """A client of the registry; MLflow's own address is set too, since its store asks itself for the logged model."""
    import mlflow

    with locked(record_lock(home)):
        client = connect(home)
        mlflow.set_tracking_uri(tracking_uri(home))
        client.get_experiment_by_name(EXPERIMENT)
    return client


def get_model(client: MlflowClient, name: str) -> RegisteredModel | None:
    from mlflow.exceptions import MlflowException

    try:
        return client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return None
        raise


def list_versions(client: MlflowClient, name: str) -> dict[str, ModelVersion]:
    """Every version that MLflow has, by number, lowest first."""
    found: list[ModelVersion] = []
    token = None
    while True:
        page = client.search_model_versions(f"name = {literal(name)}", max_results=1000, page_token=token)
        found += page
        token = page.token
        if not token:
            return {str(v.version): v for v in sorted(found, key=lambda v: int(v.version))}


def find_ledger(client: MlflowClient, name: str) -> str | None:
    """Id of the run that holds the model's ledger: by the model's tag, and where that was changed by hand, by search."""
    model = get_model(client, name)
    named = model.tags.get(LEDGER_TAG) if model else None
    if named and _belongs(client, named, name):
        return named
    runs = _search(client, f"tags.`{MODEL_TAG}` = {literal(name)}")
    fullest = max(runs, key=lambda r: (len(r.data.params), -r.info.start_time), default=None)
    return fullest.info.run_id if fullest else None


def require_ledger(client: MlflowClient, name: str) -> str:
    """The same for a model that must exist; raises `UserError` naming those that do."""
    found = find_ledger(client, name)
    if found is None:
        names = sorted(list_ledgers(client))
        known = f"Models are: {', '.join(names[:20])}." if names else "No model is registered yet: `axiom execute` registers them."
        raise UserError(f"There is no governed model named {name[:90]}", known)
    return found


def list_ledgers(client: MlflowClient) -> dict[str, str]:
    """Ledger's run by model, of every model that Axiom governs, deleted ones included."""
    runs: dict[str, Run] = {}
    for run in _search(client, ""):
        model = run.data.tags.get(MODEL_TAG, "")
        if model and (model not in runs or len(run.data.params) > len(runs[model].data.params)):
            runs[model] = run
    return {model: run.info.run_id for model, run in runs.items()}


def ensure_ledger(client: MlflowClient, home: Path, name: str) -> str:
    """The model's ledger, made with the model if need be; of several who make it at once, one wins and all use it."""
    from mlflow.exceptions import MlflowException

    found = find_ledger(client, name)
    if get_model(client, name) is not None:
        if found is None:
            raise _ungoverned(name)
        return found
    ours = found or _new_run(client, home, name)
    try:
        client.create_registered_model(name, tags={LEDGER_TAG: ours}, description=ABOUT)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        winner = find_ledger(client, name)
        if winner is None:
            raise _ungoverned(name) from error
        if winner != ours:
            client.delete_run(ours)
        return winner
    return ours


def fetch_ledger(client: MlflowClient, run_id: str) -> Ledger:
    """The ledger as it is now."""
    return read_ledger(client.get_run(run_id).data.params)


def revive_ledger(client: MlflowClient, run_id: str) -> None:
    """Bring back a ledger whose run was deleted by hand: a deleted run takes no entry."""
    if client.get_run(run_id).info.lifecycle_stage == "deleted":
        client.restore_run(run_id)


def append(client: MlflowClient, run_id: str, ledger: Ledger, entry: Entry) -> Ledger:
    """The ledger with one more entry, written exactly where `ledger` ends; raises `Conflict` when somebody was faster."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    revive_ledger(client, run_id)
    place = ledger.length + 1
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    before = {v: ledger.states.get(v) for v in entry.set}
    text = write_entry(
        entry.model_copy(update={"seq": place, "previous": ledger.head, "nonce": uuid.uuid4().hex, "ts": now, "before": before})
    )
    failure: Exception | None = None
    try:
        client.log_param(run_id, entry_name(place), text)
    except (MlflowException, SQLAlchemyError) as error:  # also an answer that was lost after the entry had been written
        failure = error
    params = client.get_run(run_id).data.params
    written = params.get(entry_name(place))
    if written != text:
        if written is None and failure is not None:
            raise failure
        raise Conflict(f"entry {place} was written by somebody else") from failure
    return read_ledger(params)


def _belongs(client: MlflowClient, run_id: str, name: str) -> bool:
    from mlflow.exceptions import MlflowException

    try:
        return client.get_run(run_id).data.tags.get(MODEL_TAG) == name
    except MlflowException:
        return False


def _search(client: MlflowClient, condition: str) -> list[Run]:
    from mlflow.entities import ViewType

    experiment = client.get_experiment_by_name(EXPERIMENT)
    if experiment is None:
        return []
    found: list[Run] = []
    token = None
    while True:
        page = client.search_runs([experiment.experiment_id], condition, ViewType.ALL, max_results=1000, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


def _new_run(client: MlflowClient, home: Path, name: str) -> str:
    with locked(record_lock(home)):
        experiment_id = experiment_id_of(client, home, EXPERIMENT)
    tags = {MODEL_TAG: name, "mlflow.note.content": "Each parameter is one decision about this model; `decisions.md` tells them."}
    run_id: str = client.create_run(experiment_id, tags=tags, run_name=f"ledger · {name}").info.run_id
    client.set_terminated(run_id, "FINISHED")
    return run_id


def _ungoverned(name: str) -> UserError:
    return UserError(f"MLflow has a model named {name} that Axiom does not govern", "Register under another name, or delete that model.")
