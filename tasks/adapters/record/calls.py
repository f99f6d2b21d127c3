"""Calls to the store for entries of a journal, and what its failures mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tasks.adapters.record.journal import Entry
from tasks.adapters.record.points import Point
from tasks.adapters.tracking import BATCH_LIMIT, first_line

if TYPE_CHECKING:
    from mlflow import MlflowClient

POINT_LIMIT = 1000
"""Of one call; MLflow's own limit."""
REFUSALS = ("INVALID_PARAMETER_VALUE", "BAD_REQUEST", "INVALID_STATE")
"""What the store will never take, however often it is sent."""


class StoreAway(Exception):
    """The store did not do what was asked, and may do so later; the text is one line."""


class Elsewhere(Exception):
    """The store does not know a run that was made: it is a new one, and everything is sent again."""


def together(entries: Iterable[tuple[Entry, int]]) -> Iterator[tuple[list[Entry], int]]:
    """Entries with the byte after them; points of one run that follow one another are one call."""
    batch: list[Entry] = []
    end, points = 0, 0
    for entry, after in entries:
        fits = batch and entry["op"] == batch[0]["op"] == "points" and entry["run"] == batch[0]["run"]
        if batch and not (fits and points + len(entry["points"]) <= POINT_LIMIT):
            yield batch, end
            batch, points = [], 0
        batch.append(entry)
        end, points = after, points + len(entry.get("points", ()))
    if batch:
        yield batch, end


def log_points(client: MlflowClient, run_id: str, entries: Sequence[Entry]) -> None:
    """All points of the entries, in calls as large as the store takes."""
    from mlflow.entities import Metric

    made = [Metric(p.name, p.value, e["at"], p.step) for e in entries for p in (Point(*raw) for raw in e["points"])]
    for start in range(0, len(made), POINT_LIMIT):
        client.log_batch(run_id, metrics=made[start : start + POINT_LIMIT])


def log_inputs(client: MlflowClient, run_id: str, datasets: Sequence[dict[str, str]]) -> None:
    """Datasets the run used: name, digest (SHA-256), source, context, and a small profile as JSON."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    made = [
        DatasetInput(
            Dataset(d["name"], d["digest"][:36], "local", d["source"], profile=d["profile"]),
            [InputTag("mlflow.data.context", d["context"]), InputTag("sha256", d["digest"])],
        )
        for d in datasets
    ]
    client.log_inputs(run_id, made)


def log_labels(client: MlflowClient, run_id: str, kind: str, labels: dict[str, str]) -> None:
    """Tags or params, which `kind` is."""
    from mlflow.entities import Param, RunTag

    items = list(labels.items())
    for start in range(0, len(items), BATCH_LIMIT):
        some = items[start : start + BATCH_LIMIT]
        if kind == "params":
            client.log_batch(run_id, params=[Param(n, v) for n, v in some])
        else:
            client.log_batch(run_id, tags=[RunTag(n, v) for n, v in some])


class translated:
    """Failures of the store as `StoreAway`; an unknown run as `Elsewhere`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from mlflow.exceptions import MlflowException
        from sqlalchemy.exc import SQLAlchemyError

        if isinstance(error, MlflowException) and error.error_code == "RESOURCE_DOES_NOT_EXIST":
            raise Elsewhere(first_line(error)) from error
        if isinstance(error, (MlflowException, SQLAlchemyError, OSError)):
            raise StoreAway(first_line(error)) from error


def is_refusal(error: Exception) -> bool:
    """Whether sending the same again is no use."""
    from mlflow.exceptions import MlflowException

    return isinstance(error, MlflowException) and error.error_code in REFUSALS
