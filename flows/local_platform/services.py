"""The parts of the platform: how each is started, with which variables, and when it is healthy."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from flows.local_platform.address import FOREIGN, HOST, Platform, platform_folder, read_login
from tasks.adapters.store import axiom_home

POOL, SANDBOX_POOL = "axiom", "axiom-sandbox"
QUERY_SECONDS = "2"
"""Between a worker's questions for work; Prefect's ten are for many machines."""
HEARTBEAT_SECONDS = "30"


@dataclass(frozen=True)
class Service:
    """One process of the platform."""

    name: str
    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)
    health: str | None = None
    """Address that answers when it is up."""
    reaps: bool = False
    """It may leave containers behind."""

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return platform_folder() / f"{self.name.replace(' ', '-')}.log"

    def environment(self) -> dict[str, str]:
        """Ours, without what names other servers, and its own."""
        return {k: v for k, v in os.environ.items() if k not in FOREIGN} | {"AXIOM_HOME": str(axiom_home())} | self.variables


def prefect_server(platform: Platform) -> Service:
    """The Prefect server: behind a login, on loopback, its pages its own."""
    origins = ",".join(f"http://{host}:{platform.prefect_port}" for host in (HOST, "localhost"))
    variables = {
        "PREFECT_SERVER_API_HOST": HOST,
        # The pages ask the API at this port, whatever port the server listens on.
        "PREFECT_SERVER_API_PORT": str(platform.prefect_port),
        "PREFECT_SERVER_API_AUTH_STRING": read_login(),
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": origins,
        # Beside the installed package, its usual place, another server may be writing other pages, or nobody may write.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(platform_folder() / "pages"),
    }
    command = (sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(platform.prefect_port))
    return Service("prefect server", command, variables, f"{platform.prefect_api}/health")


def mlflow_server(platform: Platform) -> Service:
    """The tracking server on the embedded store: what was recorded without it is there, and stays readable without it."""
    home = axiom_home() / "mlflow"
    (home / "artifacts").mkdir(parents=True, exist_ok=True)
    # Artifacts are files to every client: a record made with the server must be usable when it is down.
    command = (
        *(sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(platform.mlflow_port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{home / 'mlflow.db'}"),
        *("--default-artifact-root", (home / "artifacts").as_uri(), "--no-serve-artifacts"),
    )
    return Service("mlflow server", command, {}, f"{platform.mlflow}/health")


def bootstrap(platform: Platform) -> Service:
    """Pools, blocks, deployments and automations on the new server; ends when they are there."""
    pools = [POOL, SANDBOX_POOL] if platform.sandbox else [POOL]
    return Service("bootstrap", (sys.executable, "-m", "flows.local_platform.bootstrap", *pools), platform.environment())


def process_worker(platform: Platform) -> Service:
    """Runs the flows."""
    variables = platform.environment() | {"PREFECT_WORKER_QUERY_SECONDS": QUERY_SECONDS}
    variables["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] = HEARTBEAT_SECONDS
    if platform.sandbox:
        variables["AXIOM_SANDBOX_POOL"] = SANDBOX_POOL
    return Service("worker", _worker(POOL, "process"), variables, reaps=True)


def sandbox_worker(platform: Platform) -> Service:
    """Runs untrusted commands. The engine is also asked by the process worker, whose execution flow builds images."""
    variables = platform.environment() | {"PREFECT_WORKER_QUERY_SECONDS": QUERY_SECONDS}
    return Service("sandbox worker", _worker(SANDBOX_POOL, "docker-sandbox"), variables, reaps=True)


def _worker(pool: str, kind: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--type", kind, "--name", worker_name(pool))


def worker_name(pool: str) -> str:
    """The same at every start: workers that died do not pile up in the pages."""
    return f"{pool}-local"
