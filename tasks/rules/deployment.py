"""Deployment readiness: told in the report, not weighed in the score."""

from __future__ import annotations

from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule


def _nothing_served(evidence: Evidence) -> NotApplicable | None:
    if not evidence.project.is_ml:
        return NotApplicable(reason="no model in this repository")
    if not any(s.predicts for s in evidence.deployment.services):
        return NotApplicable(reason="no service in this repository answers with a model")
    return None


def _only_apps(evidence: Evidence) -> NotApplicable | None:
    missing = _nothing_served(evidence)
    if missing is None and all(s.interface == "app" for s in evidence.deployment.services if s.predicts):
        return NotApplicable(reason="the model is used through a page for people, not an API")
    return missing


def check_model_reaches_users(evidence: Evidence) -> Outcome:
    project = evidence.project
    if not project.has_training:
        return NotApplicable(reason="nothing is trained here")
    if project.kind in ("ml_library_demo", "course_monorepo", "example_monorepo", "template"):
        return NotApplicable(reason=f"a {project.kind.replace('_', ' ')} is not deployed")
    if project.serve_entrypoints or any(s.predicts for s in evidence.deployment.services) or evidence.deployment.infrastructure:
        return Passed()
    return Failed(detail="No API, app, batch scoring job or deployment configuration was found.")


def check_infrastructure(evidence: Evidence) -> Outcome:
    if missing := _nothing_served(evidence):
        return missing
    if evidence.deployment.infrastructure:
        return Passed()
    return Failed(places=_served(evidence), detail="No container command, platform file or manifest starts the service.")


def check_contract(evidence: Evidence) -> Outcome:
    if missing := _only_apps(evidence):
        return missing
    if evidence.deployment.contracts:
        return Passed()
    return Failed(places=_served(evidence), detail="Requests reach the model without a declared schema.")


def check_health_endpoint(evidence: Evidence) -> Outcome:
    if missing := _only_apps(evidence):
        return missing
    if evidence.deployment.health_endpoints:
        return Passed()
    return Failed(places=_served(evidence), detail="No route such as /health or /ready was found.")


def check_rollback(evidence: Evidence) -> Outcome:
    if missing := _nothing_served(evidence):
        return missing
    if evidence.deployment.rollbacks:
        return Passed()
    return Failed(
        places=evidence.deployment.model_loads or _served(evidence), detail="The service loads one fixed model; no version can be chosen."
    )


def check_debugger_off(evidence: Evidence) -> Outcome:
    if missing := _nothing_served(evidence):
        return missing
    places = evidence.deployment.debug_servers
    return Failed(places=places, detail="The development server starts with its debugger on.") if places else Passed()


def check_model_format(evidence: Evidence) -> Outcome:
    if missing := _nothing_served(evidence):
        return missing
    places = tuple(p for p in evidence.deployment.model_loads if p.note in ("pickle", "joblib", "torch"))
    return Failed(places=places, detail="Loading the model file executes whatever is in it.") if places else Passed()


def _served(evidence: Evidence) -> tuple:
    return tuple(s.place for s in evidence.deployment.services if s.predicts)


RULES = (
    Rule(
        code="DEP001", name="model-reaches-nobody", title="Nothing here brings the trained model to its users",
        section="deployment", severity="medium", effort="high", check=check_model_reaches_users,
        detected="A repository that trains a model, with no service, scoring job or deployment configuration.",
        why="A model that exists only after someone runs a script by hand is neither repeatable nor observable in use.",
        remedy="Add a small service or a scheduled batch scoring job that loads the saved model, and the file that starts it.",
    ),
    Rule(
        code="DEP002", name="no-serving-infrastructure", title="The service has no declared way to run",
        section="deployment", severity="medium", effort="medium", check=check_infrastructure,
        detected="Serving code without a container command, platform file, Kubernetes manifest, Terraform or similar.",
        why="What is started by hand runs differently on each machine and is not restarted when it fails.",
        remedy="Add a Dockerfile whose CMD starts the service with a production server, or the manifest of your platform.",
    ),
    Rule(
        code="DEP003", name="no-api-contract", title="The prediction API has no contract",
        section="deployment", severity="medium", effort="low", check=check_contract,
        detected="An API that predicts, without typed messages, an OpenAPI or protobuf file, or a model signature.",
        why="A renamed or missing feature is then found by wrong predictions, not by an error.",
        remedy="Declare the request and the response as pydantic models, or log the model with a signature and enforce it.",
    ),
    Rule(
        code="DEP004", name="no-health-endpoint", title="The service cannot say whether it is healthy",
        section="deployment", severity="low", effort="low", check=check_health_endpoint,
        detected="An API that predicts, without a route such as /health, /ready or /ping.",
        why="Load balancers and orchestrators need a probe to keep a broken instance out of traffic.",
        remedy="Add a /health route that answers only once the model is loaded.",
    ),
    Rule(
        code="DEP005", name="no-rollback", title="No way back to an earlier model",
        section="deployment", severity="medium", effort="medium", check=check_rollback,
        detected="Serving code, with no registry version or alias, rollout strategy or versioned image.",
        why="When a new model is worse, minutes count; a fixed file name leaves only retraining.",
        remedy="Load the model by registry alias or a versioned path, and tag images by commit, so that a release can be reversed.",
    ),
    Rule(
        code="DEP006", name="debug-server", title="The service runs with its debugger on",
        section="deployment", severity="high", effort="low", check=check_debugger_off,
        detected="`debug=True` in the call that starts the serving app.",
        why="The interactive debugger lets anyone who reaches an error page execute code on the server.",
        remedy="Start the app with a production server such as gunicorn or uvicorn, and without debug.",
    ),
    Rule(
        code="DEP007", name="unsafe-model-format", title="The service unpickles its model",
        section="deployment", severity="low", effort="medium", check=check_model_format,
        detected="`pickle.load`, `joblib.load` or `torch.load` in serving code.",
        why="Unpickling executes code: who can replace the file owns the service; and a version change breaks loading.",
        remedy="Save as ONNX, skops, safetensors or the library's own format, or check the file's hash before loading.",
    ),
)  # fmt: skip
