"""What starts training again without a person: schedules in CI and orchestrators, triggers on new data or drift."""

from __future__ import annotations

import re

from tasks.evidence.monitoring.config_lines import code_lines
from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.monitoring.uses import as_tools, is_test, merge
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call

_CI = re.compile(
    r"^\.github/workflows/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$|(?:^|/)azure-pipelines[^/]*\.ya?ml$|^\.circleci/config\.yml$|(?:^|/)\.?pipelines/[^/]+\.ya?ml$"
)
_CRON = re.compile(r"^\s*-?\s*(?:schedule|schedules|cron)\s*:")
_TRAINS = re.compile(
    r"\btrain|\bretrain|dvc (?:repro|exp)|mlflow run|kedro run|zenml|run_pipeline|\bfit\b|cml|pipeline run|main\.py|metaflow|-flow run",
    re.IGNORECASE,
)
_CONFIG = re.compile(
    r"kind:\s*CronJob|kind:\s*CronWorkflow|^\s*(?:cron|schedule|interval|schedule_interval):\s*[\"']?[\w*@/\d]", re.MULTILINE
)
_SCHEDULERS = {
    "apscheduler": "apscheduler",
    "schedule": "schedule",
    "crontab": "crontab",
    "rocketry": "rocketry",
}
_NO_SCHEDULE = frozenset({"None", "'@once'", "null"})


def find_retraining(snapshot: Snapshot) -> tuple[Tool, ...]:
    """Schedules and triggers that run training, sorted by name."""
    return as_tools(merge(_in_ci(snapshot), _in_code(snapshot), _in_config(snapshot)))


def _in_ci(snapshot: Snapshot) -> dict[str, list[Place]]:
    places = []
    for path in snapshot.own:
        text = snapshot.text(path) or "" if _CI.search(path) else ""
        if not text or not _TRAINS.search(text):
            continue
        line = next((n for n, code in code_lines(text) if _CRON.match(code)), None)
        if line:
            places.append(place_in(snapshot, path, line, "scheduled in CI"))
    return {"ci schedule": places} if places else {}


def _in_code(snapshot: Snapshot) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for source in snapshot.sources:
        if is_test(source.path):
            continue
        for call in source.calls:
            if name := _scheduled(call):
                found.setdefault(name, []).append(place_in(snapshot, source.path, call.line, "schedule"))
        for definition in source.definitions:
            if re.search(r"(?:^|_)retrain|trigger_training|trigger_train", definition.name.rsplit(".", 1)[-1], re.IGNORECASE):
                found.setdefault("own trigger", []).append(place_in(snapshot, source.path, definition.line, "trains again"))
            if "metaflow.schedule" in definition.decorators:
                found.setdefault("metaflow", []).append(place_in(snapshot, source.path, definition.line, "schedule"))
        for item in source.imports:
            if item.top in _SCHEDULERS and any("train" in (s.lower()) for s in [source.path, *(d.name for d in source.definitions)]):
                found.setdefault(_SCHEDULERS[item.top], []).append(place_in(snapshot, source.path, item.line, "schedule"))
    return found


def _scheduled(call: Call) -> str | None:
    """The scheduler a call sets up, or None."""
    value = (
        call.keywords.get("schedule_interval")
        or call.keywords.get("schedule")
        or call.keywords.get("cron")
        or call.keywords.get("interval")
    )
    if call.attribute in ("DAG", "dag") and "airflow" in call.name:
        return None if value in _NO_SCHEDULE or value is None else "airflow"
    if call.attribute in ("serve", "deploy", "to_deployment", "build_from_flow") and value:
        return "prefect"
    last = call.attribute
    if last in ("CronSchedule", "IntervalSchedule", "RRuleSchedule") and "prefect" in call.name:
        return "prefect"
    if last in ("ScheduleDefinition", "build_schedule_from_partitioned_job") or (last == "sensor" and "dagster" in call.name):
        return "dagster"
    if last == "Schedule" and ("zenml" in call.name or "azureml" in call.name):
        return "zenml" if "zenml" in call.name else "azureml"
    return "kubeflow" if last == "create_recurring_run" else None


def _in_config(snapshot: Snapshot) -> dict[str, list[Place]]:
    places = []
    for path in snapshot.matching(r"(?:^|/)(?:prefect|deployment|[\w-]*-deployment|cron[\w-]*|workflow|schedule)\.ya?ml$"):
        text = snapshot.text(path) or ""
        if _TRAINS.search(text):
            line = next((n for n, code in code_lines(text) if _CONFIG.search(code) and "null" not in code), None)
            if line:
                places.append(place_in(snapshot, path, line, "schedule in configuration"))
    return {"configured schedule": places} if places else {}
