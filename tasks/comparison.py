"""The Prefect steps of `flows/comparison.py`: read the runs, compare them, show the table, record it in MLflow."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import time
from pathlib import Path
from typing import Any

from prefect import get_run_logger, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel, ConfigDict

from tasks.adapters.registry.comparison import compare_versions
from tasks.adapters.run_views import compare_link, experiment_ids, read_runs
from tasks.adapters.store import axiom_home
from tasks.adapters.tracking import record_run
from tasks.errors import InfrastructureError
from tasks.rendering.comparison import comparison_lines, run_names, table_rows
from tasks.rendering.models import gate_rows, metric_rows
from tasks.rendering.plain import plain
from tasks.rendering.terminal import agent_line
from tasks.rules.registry.comparison import Comparison, RunView, check_number, compare_runs

EXPERIMENT = "axiom/comparison"
progress = logging.getLogger("axiom.progress")


class ComparisonOutcome(BaseModel):
    """A comparison, and where MLflow keeps it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    comparison: Comparison
    mlflow_run: str | None = None
    mlflow_url: str | None = None
    mlflow_problem: str = ""


def name_run() -> str:
    """`comparison · A vs B`, as they were named."""
    return f"comparison · {' vs '.join(str(r)[:40] for r in runtime.flow_run.parameters.get('runs', []))}"[:200]


@task(task_run_name="collect_runs", cache_policy=NO_CACHE)
def collect_runs(runs: list[str]) -> list[RunView]:
    """The runs by their id, the beginning of it, or their name, in the order named."""
    check_number(len(runs))
    started = time.monotonic()
    views = read_runs(axiom_home(), runs)
    progress.info(agent_line("collect_runs", None, time.monotonic() - started, f"{len(views)} runs"))
    return views


@task(task_run_name="compare", cache_policy=NO_CACHE)
def compare(views: list[RunView]) -> Comparison:
    """Metric by metric against the first; the table is an artifact of the run."""
    compared = compare_runs(views)
    ids = experiment_ids(axiom_home(), [v.experiment for v in views])
    compared = compared.model_copy(update={"compare_url": compare_link(axiom_home(), views, ids)})
    told = " ".join([*compared.warnings, compared.summary])
    create_table_artifact(table_rows(compared), key="comparison", description=told)
    return compared


@task(task_run_name="track", cache_policy=NO_CACHE)
def track(compared: Comparison) -> ComparisonOutcome:
    """Keep the comparison in MLflow: the same numbers are one run, however often they are compared."""
    try:
        return _record(compared)
    except InfrastructureError as error:
        get_run_logger().error(str(error))
        return ComparisonOutcome(comparison=compared, mlflow_problem=str(error))


def _record(compared: Comparison) -> ComparisonOutcome:
    tags = {
        "runs": ",".join(r.run_id for r in compared.runs),
        "compare_url": compared.compare_url or "",
        "warnings": " ".join(compared.warnings),
    }
    tags["mlflow.note.content"] = compared.summary
    tags["mlflow.loggedArtifacts"] = '[{"path": "table.json", "type": "table"}]'
    key = hashlib.sha256(compared.model_dump_json(exclude={"compare_url"}).encode()).hexdigest()[:32]
    rows = table_rows(compared)
    table = {"columns": list(rows[0]), "data": [list(row.values()) for row in rows]}
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "comparison.json": compared.model_dump_json(indent=1),
            "comparison.txt": "\n".join(comparison_lines(compared)) + "\n",
            "table.json": json.dumps(table, ensure_ascii=False),
        }
        for name, text in files.items():
            (Path(folder) / name).write_text(text, "utf-8")
        paths = tuple(Path(folder) / name for name in files)
        run = record_run(axiom_home(), EXPERIMENT, key, run_names(compared.runs), {}, tags, paths)
    return ComparisonOutcome(comparison=compared, mlflow_run=run.run_id, mlflow_url=run.url)


class ModelComparisonOutcome(BaseModel):
    """What the gate says of challenger B against champion A."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    a: str
    b: str
    verdict: str
    """promote_b, reject_b or investigate."""
    reasons: tuple[str, ...]
    metrics: list[dict[str, Any]]


def name_models() -> str:
    """`model comparison · churn 1 vs 2`."""
    given = runtime.flow_run.parameters
    return f"model comparison · {given.get('model', '')} {given.get('champion', '')} vs {given.get('challenger', '')}"[:200]


@task(task_run_name="compare_models", cache_policy=NO_CACHE)
def compare_models(model: str, champion: str, challenger: str, metric: str | None) -> ModelComparisonOutcome:
    """Metric by metric with deltas, and requirement by requirement; both tables are artifacts of the run."""
    found = compare_versions(axiom_home(), model, champion, challenger, metric)
    rows = metric_rows(found.facts_a, found.facts_b, f"A: {found.a}", f"B: {found.b}")
    told = f"{found.gate.verdict}: {plain('; '.join(found.gate.reasons))}"
    create_table_artifact(rows or [{"metric": "none in common"}], key="model-comparison", description=told)
    create_table_artifact(gate_rows(found.gate), key="gate", description=told)
    return ModelComparisonOutcome(model=model, a=found.a, b=found.b, verdict=found.gate.verdict, reasons=found.gate.reasons, metrics=rows)
