"""MLflow: one run per analysis, found again by its key; earlier metrics of a repository; deep links.

Embedded means SQLite under `AXIOM_HOME` with an explicit artifact folder. MLflow is imported when first used.
"""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.adapters.store import locked
from tasks.errors import InfrastructureError

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

KEY_TAG = "axiom.key"
TAG_LIMIT = 4000
"""Characters of a tag's value; MLflow cuts silently at 8,000."""
BATCH_LIMIT = 100
METRIC_NAME_LIMIT = 250
PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "10"}
"""Without these a server that is down blocks a client for four minutes."""
OWN_SERVER = "AXIOM_STORE_SERVER"
"""Variable with the address at which the local platform serves the embedded store of this `AXIOM_HOME`."""
SILENT_SECONDS = 120.0
"""A store that did not answer is not asked again for so long: one run waits for it once."""


@dataclass(frozen=True)
class TrackedRun:
    """Where a run can be looked at."""

    run_id: str
    experiment_id: str
    url: str | None
    """Deep link for a server; None for the embedded store."""


@dataclass(frozen=True)
class MetricRecord:
    """One metric of one earlier run."""

    name: str
    value: float
    when: float
    """Unix seconds of the run's start."""
    run_id: str
    commit: str | None


def tracking_uri(home: Path) -> str:
    """`MLFLOW_TRACKING_URI`, or the embedded SQLite store under `home`."""
    return os.environ.get("MLFLOW_TRACKING_URI") or _embedded_uri(home)


def store_name(home: Path) -> str:
    """The store in use, as records name it: one name for the embedded one, behind the platform's server or not; no credentials."""
    uri = tracking_uri(home)
    return _embedded_uri(home) if uri == os.environ.get(OWN_SERVER) else shown(uri)


def warm_up(home: Path) -> None:
    """Import MLflow and make the embedded store, which takes seconds, while nothing else needs the processor."""
    import mlflow  # noqa: F401

    if tracking_uri(home) == _embedded_uri(home):
        with locked(record_lock(home)):
            connect(home).get_experiment_by_name("Default")


def record_lock(home: Path) -> Path:
    """Creating the embedded database and finding or creating a run are one process's work at a time."""
    return home / "mlflow" / "record.lock"


def _database(home: Path) -> Path:
    return home / "mlflow" / "mlflow.db"


def _embedded_uri(home: Path) -> str:
    return f"sqlite:///{_database(home)}"


def record_run(
    home: Path,
    experiment: str,
    key: str,
    name: str,
    metrics: Mapping[str, float],
    tags: Mapping[str, str],
    files: tuple[Path, ...],
) -> TrackedRun:
    """Log a finished run once: a run with the same key is completed or reused, never doubled.

    Non-finite metrics are refused with `ValueError`. Raises `InfrastructureError` when the store does not answer.
    """
    bad = [n for n, v in metrics.items() if not math.isfinite(v)]
    if bad:
        raise ValueError(f"metrics must be finite, got {', '.join(bad)}")
    with asked(home), locked(record_lock(home)):
        client = connect(home)
        experiment_id = experiment_id_of(client, home, experiment)
        run = find_run(client, experiment_id, key) or client.create_run(
            experiment_id, tags={KEY_TAG: key, "mlflow.source.type": "PROJECT", "mlflow.source.name": "axiom"}, run_name=name
        )
        if run.info.status != "FINISHED":
            _fill(client, run, metrics, tags, files)
    return TrackedRun(run.info.run_id, experiment_id, _link(tracking_uri(home), experiment_id, run.info.run_id))


def earlier_metrics(home: Path, experiment: str, tags: Mapping[str, str], limit: int = 50) -> list[MetricRecord]:
    """Metrics of finished runs that carry all tags, oldest first; empty when the experiment does not exist."""
    if tracking_uri(home) == _embedded_uri(home) and not _database(home).exists():
        return []
    with asked(home):
        with locked(record_lock(home)):
            client = connect(home)
        found = client.get_experiment_by_name(experiment)
        if found is None:
            return []
        wanted = [*(f"tags.`{k}` = {literal(v)}" for k, v in tags.items()), "attributes.status = 'FINISHED'"]
        runs = client.search_runs([found.experiment_id], " and ".join(wanted), max_results=limit, order_by=["attributes.start_time DESC"])
    return [
        MetricRecord(name, value, run.info.start_time / 1000, run.info.run_id, run.data.tags.get("commit"))
        for run in reversed(runs)
        for name, value in sorted(run.data.metrics.items())
    ]


def log_model_calls(home: Path, run_id: str, calls: Sequence[Mapping[str, Any]]) -> int:
    """A trace for each call of a language model, linked to the run; how many were taken.

    Calls are records as `LanguageModel` hands them to its `trace`: redacted. A run that has traces keeps those. Raises
    `InfrastructureError` when the store does not answer.
    """
    if not calls:
        return 0
    import mlflow

    with asked(home):
        client = connect(home)
        mlflow.set_tracking_uri(tracking_uri(home))
        experiment_id = client.get_run(run_id).info.experiment_id
        if client.search_traces(locations=[experiment_id], run_id=run_id, max_results=1, include_spans=False):
            return 0
        traces = [_trace(client, experiment_id, call) for call in calls]
        mlflow.flush_trace_async_logging()
        for start in range(0, len(traces), BATCH_LIMIT):
            client.link_traces_to_run(traces[start : start + BATCH_LIMIT], run_id)
    return len(traces)


def _trace(client: MlflowClient, experiment_id: str, call: Mapping[str, Any]) -> str:
    began = int(float(call["started"]) * 1e9)
    span = client.start_trace(
        name=str(call["agent"] or "question"),
        span_type="LLM",
        inputs={"messages": call["messages"]},
        attributes={"model": call["model"], "tokens": call["tokens"], "cost_usd": call["cost_usd"], "error": call["error"]},
        tags={"agent": str(call["agent"]), "model": str(call["model"])},
        experiment_id=experiment_id,
        start_time_ns=began,
    )
    client.end_trace(
        span.trace_id,
        outputs={"answer": call["answer"]},
        status="ERROR" if call["error"] else "OK",
        end_time_ns=began + int(float(call["seconds"]) * 1e9),
    )
    return str(span.trace_id)


_silent: dict[str, float] = {}


@contextmanager
def asked(home: Path) -> Iterator[None]:
    """Failures of the store as one error with its remedy; a silent store is not waited for twice."""
    for name, value in PATIENCE.items():
        os.environ.setdefault(name, value)
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    uri = tracking_uri(home)
    if time.monotonic() - _silent.get(uri, -SILENT_SECONDS) < SILENT_SECONDS:
        raise _no_answer(uri, "it did not answer a moment ago")
    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError) as error:
        if uri.startswith("http") and "API request to" in str(error):
            _silent[uri] = time.monotonic()
        raise _no_answer(uri, first_line(error)) from error


def _no_answer(uri: str, why: str) -> InfrastructureError:
    return InfrastructureError(
        f"MLflow at {shown(uri)} could not be used: {why}",
        "Run the same command again once it works: what was computed is kept, and the run is recorded once. "
        "MLFLOW_TRACKING_URI names another server; unset, the embedded store is used.",
    )


def connect(home: Path, uri: str | None = None) -> MlflowClient:
    """A client of the store, or of the one named. Hold `record_lock` for a process's first, which may have to make the database."""
    import logging

    for noisy in ("alembic", "mlflow", "mlflow.store.db.utils", "urllib3.connectionpool"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    from mlflow import MlflowClient

    (home / "mlflow" / "artifacts").mkdir(parents=True, exist_ok=True)
    return MlflowClient(uri or tracking_uri(home))


def experiment_id_of(client: MlflowClient, home: Path, name: str, uri: str | None = None) -> str:
    """The experiment, made if need be with its artifacts under `home` when the store is embedded; hold `record_lock`."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return found.experiment_id
    embedded = (uri or tracking_uri(home)).startswith("sqlite:")
    location = (home / "mlflow" / "artifacts" / name.replace("/", "-")).as_uri() if embedded else None
    return client.create_experiment(name, artifact_location=location, tags={"mlflow.experimentKind": "custom_model_development"})


def find_run(client: MlflowClient, experiment_id: str, key: str) -> Run | None:
    """The run with this key, the oldest if there were several."""
    runs = client.search_runs([experiment_id], f"tags.`{KEY_TAG}` = {literal(key)}", max_results=1, order_by=["attributes.start_time ASC"])
    return runs[0] if runs else None


def _fill(client: MlflowClient, run: Run, metrics: Mapping[str, float], tags: Mapping[str, str], files: tuple[Path, ...]) -> None:
    from mlflow.entities import Metric, RunTag

    run_id = run.info.run_id
    # The run's own time: what a killed process had logged is the same point again.
    points = [Metric(metric_name(n), float(v), run.info.start_time, 0) for n, v in metrics.items()]
    labels = [RunTag(n, str(v)[:TAG_LIMIT]) for n, v in tags.items()]
    for start in range(0, max(len(points), len(labels)), BATCH_LIMIT):
        client.log_batch(run_id, metrics=points[start : start + BATCH_LIMIT], tags=labels[start : start + BATCH_LIMIT])
    for file in files:
        client.log_artifact(run_id, str(file))
    client.set_terminated(run_id, "FINISHED")


def metric_name(name: str) -> str:
    """The name as MLflow takes it: it refuses most signs and whatever reads as a path that leads elsewhere."""
    parts = re.sub(r"[^A-Za-z0-9_./ -]", "_", name).split("/")
    return "/".join(p for p in parts if p.strip(". "))[:METRIC_NAME_LIMIT] or "metric"


def literal(value: str) -> str:
    """A text in a search; one with both kinds of quotes cannot be written there and is searched without them."""
    return f"'{value}'" if "'" not in value else '"{}"'.format(value.replace('"', ""))


def _link(uri: str, experiment_id: str, run_id: str) -> str | None:
    return deep_link(uri, f"experiments/{experiment_id}/runs/{run_id}")


def deep_link(uri: str, page: str) -> str | None:
    """Address of a page of the MLflow UI, `models/NAME/versions/1` say; None for the embedded store."""
    if not uri.startswith(("http://", "https://")):
        return None
    return f"{shown(uri).rstrip('/')}/#/{page}?workflowType=machine_learning"


def shown(uri: str) -> str:
    """An address without its credentials."""
    return re.sub(r"//[^/@]*@", "//", uri)


def first_line(error: Exception) -> str:
    """One clipped line, addresses without credentials."""
    return shown(str(error).strip().split("\n")[0]).rstrip(".")[:200]
