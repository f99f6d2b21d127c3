"""Runs of the `axiom/` experiments as they are compared and listed; found by id, beginning of an id, or name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tasks.adapters.store import locked
from tasks.adapters.tracking import asked, connect, deep_link, literal, record_lock, shown, tracking_uri
from tasks.errors import SettingError
from tasks.rules.registry.comparison import DATA, RunView

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

EXPERIMENTS = "axiom/%"
COMPARISONS = "axiom/comparison"
PAGE = 200
SEARCHED = 5000
"""Newest runs looked through for the beginning of an id."""
LEAST_PREFIX = 4
FACTS = ("repository", "commit", "command", "image", "environment_key", "isolation", "rule_version", "model")
"""Tags that say where a run comes from."""
FINAL = "final/"
CHILDREN = 100


def read_runs(home: Path, references: Sequence[str]) -> list[RunView]:
    """The runs in the order named. Raises `SettingError` for one that is not there or not the only one of its name."""
    with asked(home):
        client, experiments = _connected(home)
        return [_view(home, client, experiments, _resolve(client, experiments, reference.strip())) for reference in references]


def list_runs(home: Path, experiment: str | None, limit: int) -> list[RunView]:
    """The newest runs, children with the run they belong to; of one experiment or of all but comparisons."""
    with asked(home):
        client, experiments = _connected(home)
        wanted = [i for i, name in experiments.items() if (name == f"axiom/{experiment}" if experiment else name != COMPARISONS)]
        if experiment and not wanted:
            known = ", ".join(sorted(n.removeprefix("axiom/") for n in experiments.values())) or "none yet"
            raise SettingError(f"There is no experiment {experiment}", f"Those there are: {known}.")
        found: list[RunView] = []
        for run in _parents(client, wanted):
            found.append(_view(home, client, experiments, run))
            if len(found) >= limit:
                break
        return found


def compare_link(home: Path, runs: Sequence[RunView], experiment_ids: Sequence[str]) -> str | None:
    """MLflow's page with the runs side by side; None for the embedded store."""
    uri = tracking_uri(home)
    if deep_link(uri, "") is None:
        return None
    ids, experiments = (quote("[" + ",".join(f'"{i}"' for i in items) + "]") for items in ([r.run_id for r in runs], experiment_ids))
    return f"{shown(uri).rstrip('/')}/#/compare-runs?runs={ids}&experiments={experiments}&workflowType=machine_learning"


def experiment_ids(home: Path, names: Sequence[str]) -> list[str]:
    """Ids of the experiments, each once."""
    with asked(home):
        _, experiments = _connected(home)
    return [i for i, name in experiments.items() if name in names]


def _connected(home: Path) -> tuple[MlflowClient, dict[str, str]]:
    """A client, and our experiments by id."""
    with locked(record_lock(home)):
        client = connect(home)
        found = client.search_experiments(filter_string=f"name LIKE '{EXPERIMENTS}'", max_results=PAGE)
    return client, {e.experiment_id: e.name for e in found}


def _resolve(client: MlflowClient, experiments: dict[str, str], reference: str) -> Run:
    remedy = "`axiom runs list` shows the runs: name one by its id, by a beginning of it that only it has, or by its name."
    if not reference:
        raise SettingError("A run without a name cannot be found", remedy)
    by_id = _by_id(client, experiments, reference)
    if by_id is not None:
        return by_id
    if not experiments:
        raise SettingError(f"There is no run {reference[:80]}: nothing was recorded yet", remedy)
    named = client.search_runs(
        list(experiments), f"attributes.run_name = {literal(reference)}", max_results=PAGE, order_by=["attributes.start_time DESC"]
    )
    found = list(named) or [r for r in _parents(client, list(experiments)) if _begins(r.info.run_id, reference)]
    if not found:
        raise SettingError(f"There is no run {reference[:80]}", remedy)
    if len(found) > 1:
        some = ", ".join(f"{r.info.run_id[:8]} of {_day(r)}" for r in found[:5])
        raise SettingError(f"{len(found)} runs are called {reference[:80]}", f"Name one by its id: {some}.")
    return found[0]


def _by_id(client: MlflowClient, experiments: dict[str, str], reference: str) -> Run | None:
    from mlflow.exceptions import MlflowException

    if not re.fullmatch(r"[0-9a-f]{32}", reference):
        return None
    try:
        run = client.get_run(reference)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return None
        raise
    return run if run.info.lifecycle_stage == "active" and run.info.experiment_id in experiments else None


def _begins(run_id: str, reference: str) -> bool:
    return len(reference) >= LEAST_PREFIX and run_id.startswith(reference)


def _parents(client: MlflowClient, experiment_ids: list[str]) -> Iterator[Run]:
    """Newest first, without children."""
    token, seen = None, 0
    while experiment_ids and seen < SEARCHED:
        page = client.search_runs(experiment_ids, max_results=PAGE, order_by=["attributes.start_time DESC"], page_token=token)
        seen += len(page)
        yield from (run for run in page if "mlflow.parentRunId" not in run.data.tags)
        token = page.token
        if not token:
            return


def _view(home: Path, client: MlflowClient, experiments: dict[str, str], run: Run) -> RunView:
    """The run with what its children measured; final values win, and of several attempts the last."""
    metrics: dict[str, float] = {}
    params: dict[str, str] = {}
    for part in [*_children(client, run), run]:
        metrics |= {n: v for n, v in part.data.metrics.items() if math.isfinite(v) and not n.startswith(FINAL)}
        params |= part.data.params
    metrics |= {n.removeprefix(FINAL): v for n, v in run.data.metrics.items() if n.startswith(FINAL) and math.isfinite(v)}
    tags = run.data.tags
    return RunView(
        run_id=run.info.run_id,
        name=run.info.run_name or run.info.run_id[:8],
        experiment=experiments.get(run.info.experiment_id, ""),
        status=run.info.status,
        started=run.info.start_time / 1000,
        url=deep_link(tracking_uri(home), f"experiments/{run.info.experiment_id}/runs/{run.info.run_id}"),
        metrics=metrics,
        params=params,
        facts={n: v for n, v in tags.items() if v and (n in FACTS or n.startswith(DATA))},
    )


def _children(client: MlflowClient, run: Run) -> list[Run]:
    """Oldest first, so that a later attempt overwrites an earlier one; those that were made again are left out."""
    wanted = f"tags.`mlflow.parentRunId` = '{run.info.run_id}'"
    found = client.search_runs([run.info.experiment_id], wanted, max_results=CHILDREN, order_by=["attributes.start_time ASC"])
    return [child for child in found if "replaced" not in child.data.tags]


def _day(run: Run) -> str:
    return f"{datetime.fromtimestamp(run.info.start_time / 1000, UTC):%Y-%m-%d %H:%M}"
