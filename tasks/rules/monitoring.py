"""Readiness rules of monitoring: is a model that answers requests watched, recorded, fed checked data, and renewed."""

from __future__ import annotations

from tasks.evidence.place import Place
from tasks.rules.applicability import TEACHING, counted, entry_places, nothing_trained
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule

_NOT_DRIFT = frozenset({"mlflow evaluate thresholds"})
"""Looks at the model, and not at what it is sent."""
FEW_SCRIPTS = 3
"""Below this many printing scripts there is no application to keep a log of: our policy."""


def _not_served(evidence: Evidence) -> NotApplicable | None:
    if not evidence.project.is_ml:
        return NotApplicable(reason="no model in this repository")
    if not evidence.project.serve_entrypoints:
        return NotApplicable(reason="no service in this repository answers with a model")
    if evidence.project.kind in TEACHING:
        return NotApplicable(reason="teaching material, templates and library demos are not operated")
    if not evidence.monitoring.services and not evidence.project.orchestrator:
        return NotApplicable(reason="predictions are made by a script that a person runs")
    return None


def _served_at(evidence: Evidence) -> tuple[Place, ...]:
    return entry_places(evidence.project.serve_entrypoints, "serves the model")


def check_monitored(evidence: Evidence) -> Outcome:
    if missing := _not_served(evidence):
        return missing
    if evidence.monitoring.instrumentation:
        return Passed()
    return Failed(places=_served_at(evidence), detail="The service exports no metric, trace or error report.")


def check_drift_watched(evidence: Evidence) -> Outcome:
    """Explanations do not watch anything; a drift library, an own check or recorded inputs compared do."""
    if missing := _not_served(evidence):
        return missing
    if not evidence.project.has_training:
        return NotApplicable(reason="no training data here that inputs could drift from")
    if any(t.of_model and t.name not in _NOT_DRIFT and "explan" not in t.name for t in evidence.monitoring.instrumentation):
        return Passed()
    return Failed(places=_served_at(evidence), detail="Nothing compares the inputs or the predictions with those of training.")


def check_predictions_recorded(evidence: Evidence) -> Outcome:
    if missing := _not_served(evidence):
        return missing
    if evidence.monitoring.prediction_log:
        return Passed()
    return Failed(places=_served_at(evidence), detail="No answer of the model is written to a log, file, database or queue.")


def check_data_validated(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
        return missing
    project = evidence.project
    if project.kind in TEACHING:
        return NotApplicable(reason="teaching material and templates have no incoming data")
    if evidence.monitoring.validation:
        return Passed()
    places = entry_places(project.train_entrypoints, "trains on unchecked data")
    return Failed(places=places, detail="No schema, range or completeness of the data is checked before training.")


def check_requests_validated(evidence: Evidence) -> Outcome:
    if missing := _not_served(evidence):
        return missing
    if evidence.monitoring.request_validation or evidence.monitoring.validation:
        return Passed()
    services = evidence.deployment_facts.services if evidence.deployment_facts else ()
    if services and all(s.interface == "app" for s in services):
        return NotApplicable(reason="the fields of a page bound what a person can enter")
    return Failed(places=_served_at(evidence), detail="Values reach the model as they were sent.")


def check_alerting(evidence: Evidence) -> Outcome:
    if missing := _not_served(evidence):
        return missing
    if evidence.monitoring.alerting:
        return Passed()
    return Failed(places=_served_at(evidence), detail="No alert rule, message or pager is set up in code or configuration.")


def check_retraining(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or _not_served(evidence):
        return missing
    if evidence.project.kind == "ml_app_trains_on_request":
        return NotApplicable(reason="the app trains whenever it is asked")
    if evidence.monitoring.retraining:
        return Passed()
    return Failed(places=_served_at(evidence), detail="No schedule or trigger runs training again.")


def check_logging(evidence: Evidence) -> Outcome:
    if not evidence.project.is_ml or evidence.project.kind in (*TEACHING, "notebook_project"):
        return NotApplicable(reason="nothing here runs unattended")
    facts = evidence.monitoring
    if facts.logging_files:
        return Passed()
    if not evidence.project.serve_entrypoints and facts.printing_files < FEW_SCRIPTS:
        return NotApplicable(reason="a few scripts that print to their user")
    return Failed(places=_served_at(evidence), detail=_no_log(facts.printing_files))


def _no_log(printing: int) -> str:
    if not printing:
        return "No file writes a log."
    return f"{counted(printing, 'file')} {'prints' if printing == 1 else 'print'}, none logs."


RULES: tuple[Rule, ...] = (
    Rule(
        code="MON001", name="served-model-unwatched", title="The served model is not monitored",
        section="monitoring", severity="high", effort="medium", check=check_monitored,
        detected="A serving entry point, and no metrics, tracing, error reporting, drift or explanation library in code or configuration.",
        why="When latency, errors or inputs change, users notice first; nobody can say since when.",
        remedy="Export request count, latency and errors with `prometheus_client` or OpenTelemetry, and collect them.",
    ),
    Rule(
        code="MON002", name="no-drift-check", title="Nobody would notice that inputs have changed",
        section="monitoring", severity="medium", effort="high", check=check_drift_watched,
        detected="A served model that was trained here, without a drift library or an own drift check.",
        why="A model keeps answering when the world has moved on; its errors grow without an exception.",
        remedy="Compare a window of served inputs with the training data, for example with Evidently or an own PSI, on a schedule.",
    ),
    Rule(
        code="MON003", name="predictions-not-recorded", title="Predictions are not recorded",
        section="monitoring", severity="medium", effort="medium", check=check_predictions_recorded,
        detected="No call in serving code writes a prediction to a log, file, database or queue.",
        why="Without inputs and answers no complaint can be examined, no drift measured and no true label joined later.",
        remedy="Write input, prediction, model version and time of each request to a table or a structured log, without personal data.",
    ),
    Rule(
        code="MON004", name="data-not-validated", title="Training takes whatever data it is given",
        section="monitoring", severity="medium", effort="medium", check=check_data_validated,
        detected="Training code, and no schema library, own column check or test of the data.",
        why="A renamed column, a changed unit or missing values train a worse model without an error.",
        remedy="Check columns, types, ranges and missing values before fitting, for example with a pandera schema that stops the run.",
    ),
    Rule(
        code="MON005", name="requests-not-validated", title="The service does not check what it is sent",
        section="monitoring", severity="medium", effort="low", check=check_requests_validated,
        detected="A serving entry point without typed request models and without a data validation library.",
        why="A missing or absurd value gives a confident prediction instead of an error.",
        remedy="Declare the request as a pydantic model with types and ranges, and answer 422 to what does not fit.",
    ),
    Rule(
        code="MON006", name="no-alerting", title="Nobody is told when the service fails",
        section="monitoring", severity="low", effort="medium", check=check_alerting,
        detected="A serving entry point, and no alert rules, webhook, mail or pager in code or configuration.",
        why="Measurements help only if someone looks at the moment they turn bad.",
        remedy="Add alert rules for error rate, latency and missing traffic, with a receiver, beside the service's configuration.",
    ),
    Rule(
        code="MON007", name="no-retraining-trigger", title="Nothing starts training again",
        section="monitoring", severity="low", effort="medium", check=check_retraining,
        detected="A served model trained here, and no schedule in CI or an orchestrator and no trigger in code.",
        why="The model ages; retraining by hand happens when somebody remembers.",
        remedy="Schedule the training pipeline, or start it when drift or a decline is measured, and gate the new model on its metric.",
    ),
    Rule(
        code="MON008", name="no-logging", title="The application keeps no log",
        section="monitoring", severity="low", effort="low", check=check_logging,
        detected="A serving entry point or several printing scripts, and no logging library used anywhere.",
        why="Printed lines have no time, level or source, and are gone when the container is.",
        remedy="Use `logging` with a level and a format that names time and module; write what is decided and what fails.",
    ),
)  # fmt: skip
