"""The process environment every Axiom process starts with, set before Prefect, MLflow or litellm is imported."""

from __future__ import annotations

import os

from tasks.adapters.store import axiom_home

DEFAULTS = {
    "DO_NOT_TRACK": "true",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # mlflow's job runner imports litellm, which fetches a price list at import: offline, the two deadlock.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    # Standard output is the user's: `--json` prints nothing else.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    # A server that is down would otherwise block a client for four minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    # The ephemeral server needs more than Prefect's 20 s on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


def set_defaults() -> None:
    """Set our defaults; what the user has set wins."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def prepare_environment() -> None:
    """Our defaults, and state under `AXIOM_HOME`: for processes that we start."""
    set_defaults()
    os.environ.setdefault("PREFECT_HOME", str(axiom_home() / "prefect"))
