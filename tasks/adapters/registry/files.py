"""The files of a version: staged, hashed, kept by MLflow as an external model, checked again later. Never loaded.

An external model has no flavour, so MLflow's own loaders refuse it: a pickle of a stranger is bytes here and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tasks.adapters.registry.ledger import MODEL_TAG
from tasks.adapters.tracking import KEY_TAG, literal, metric_name, tracking_uri
from tasks.errors import InfrastructureError
from tasks.rules.registry.facts import ModelFacts, ModelFile
from tasks.rules.registry.ledger import Ledger

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel

FILES = "files"
FACTS = "model.json"
FACTS_HASH = "facts_sha256"
"""Of the ledger's evidence: the hash of `model.json`, which holds the hash of every file."""
HASH_TAGS = 20
"""So many files have their hash as a tag; `model.json` has all."""
BLOCK = 1 << 20


@contextmanager
def staged(home: Path, folder: Path, paths: Sequence[str], facts: ModelFacts) -> Iterator[tuple[Path, ModelFacts]]:
    """A folder with copies of the files and the facts as `model.json`, and the facts with size and hash of each file.

    Raises ValueError for a path that is no regular file inside `folder`: a link of the repository may lead anywhere.
    """
    place = home / "mlflow" / "staging"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as name:
        root = Path(name)
        found = tuple(_copy(folder, path, root / FILES / path) for path in sorted(set(paths)))
        told = facts.model_copy(update={"files": found})
        (root / FACTS).write_text(told.model_dump_json(indent=1))
        yield root, told


def facts_hash(facts: ModelFacts) -> str:
    return hashlib.sha256(facts.model_dump_json(indent=1).encode()).hexdigest()


def content_hash(facts: ModelFacts) -> str:
    """One hash for all files: the file's own where there is one, else that of their hashes by path."""
    if len(facts.files) == 1:
        return facts.files[0].sha256
    return hashlib.sha256("".join(f"{f.sha256}  {f.path}\n" for f in facts.files).encode()).hexdigest()


def keep_model(client: MlflowClient, name: str, run_id: str, key: str, root: Path, facts: ModelFacts, tags: Mapping[str, str]) -> str:
    """Id of the external model with the staged files; one that a crash left unfinished is finished."""
    from mlflow.models.utils import get_external_mlflow_model_spec

    run = client.get_run(run_id)
    identity = {KEY_TAG: key, MODEL_TAG: name, FACTS_HASH: facts_hash(facts)}
    model = _unfinished(client, run.info.experiment_id, identity) or client.create_logged_model(
        run.info.experiment_id,
        name=name.replace(".", "-"),
        source_run_id=run_id,
        tags={**_hash_tags(facts), **tags, **identity, "mlflow.model.isExternal": "true"},
        model_type="external",
    )
    if str(model.status) == "READY":
        return str(model.model_id)
    get_external_mlflow_model_spec(model).save(str(root / "MLmodel"))
    client.log_model_artifacts(model.model_id, str(root))
    _log_metrics(client, run_id, run.info.start_time, model.model_id, facts)
    client.finalize_logged_model(model.model_id, "READY")
    return str(model.model_id)


def read_facts(client: MlflowClient, home: Path, ledger: Ledger, version: str) -> ModelFacts:
    """The facts as they were registered; raises `InfrastructureError` when they were changed or are gone."""
    entry = ledger.registration(version)
    with tempfile.TemporaryDirectory() as folder:
        try:
            data = _fetch(client, home, ledger, version, FACTS, folder).read_bytes()
            if entry is None or hashlib.sha256(data).hexdigest() != entry.evidence.get(FACTS_HASH):
                raise ValueError("its hash is not the one in the ledger")
            return ModelFacts.model_validate_json(data)
        except (OSError, ValueError, ValidationError) as error:
            raise InfrastructureError(
                f"The facts of version {version} cannot be trusted: {str(error)[:200]}",
                "Somebody changed the files of the model in the artifact store; register it again.",
            ) from error


def check_files(client: MlflowClient, home: Path, ledger: Ledger, version: str, facts: ModelFacts) -> str:
    """What differs between the kept files and the hashes of their registration; empty when nothing does."""
    for file in facts.files:
        with tempfile.TemporaryDirectory() as folder:
            try:
                held = _fetch(client, home, ledger, version, f"{FILES}/{file.path}", folder)
                if hash_file(held) != file.sha256:
                    return f"file {file.path} is not the one that was registered"
            except OSError:
                return f"file {file.path} is gone from the artifact store"
    return ""


def fetch_file(client: MlflowClient, home: Path, ledger: Ledger, version: str, path: str, folder: str) -> Path:
    """One registered file, brought into `folder` or, of an embedded store, where it is; raises OSError when it is gone."""
    return _fetch(client, home, ledger, version, f"{FILES}/{path}", folder)


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _copy(folder: Path, path: str, target: Path) -> ModelFile:
    """Copy while hashing, following no link; raises ValueError for anything but a regular file."""
    source = folder / path
    if Path(path).is_absolute() or ".." in Path(path).parts or source.parent.resolve() != (folder.resolve() / Path(path).parent):
        raise ValueError(f"{path[:200]!r} leads out of the folder of outputs")
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with open(os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file, open(target, "wb") as copy:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError(f"{path[:200]!r} is no regular file")
        while block := file.read(BLOCK):
            digest.update(block)
            copy.write(block)
            size += len(block)
    return ModelFile(path=path, size=size, sha256=digest.hexdigest())


def _unfinished(client: MlflowClient, experiment_id: str, identity: Mapping[str, str]) -> LoggedModel | None:
    """What a crash left of registering just this, files and facts included."""
    wanted = " AND ".join(f"tags.`{tag}` = {literal(value)}" for tag, value in identity.items())
    found = client.search_logged_models([experiment_id], wanted, max_results=1)
    return found[0] if found else None


def _hash_tags(facts: ModelFacts) -> dict[str, str]:
    return {f"sha256/{f.path}"[:200]: f.sha256 for f in facts.files[:HASH_TAGS]}


def _log_metrics(client: MlflowClient, run_id: str, started: int, model_id: str, facts: ModelFacts) -> None:
    """The run's final metrics on the model too; without the id MLflow gives them to the first model of the run."""
    from mlflow.entities import Metric

    points = [Metric(metric_name(f"final/{m.name}"), m.value, started, 0, model_id=model_id, run_id=run_id) for m in facts.metrics]
    for start in range(0, len(points), 500):
        client.log_batch(run_id, metrics=points[start : start + 500])


def _fetch(client: MlflowClient, home: Path, ledger: Ledger, version: str, path: str, folder: str) -> Path:
    """Where the file is; raises OSError when it cannot be had."""
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    model_id = ledger.sources[version].removeprefix("models:/")
    try:
        root = client.get_logged_model(model_id).artifact_location
        if root.startswith("file://"):
            held = Path(root.removeprefix("file://")) / path
            if held.is_symlink() or not held.is_file():
                raise FileNotFoundError(path)
            return held
        return Path(download_artifacts(artifact_uri=f"{root}/{path}", dst_path=folder, tracking_uri=tracking_uri(home)))
    except MlflowException as error:
        raise OSError(f"{path} cannot be fetched") from error
