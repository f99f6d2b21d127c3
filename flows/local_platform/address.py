"""Where the local platform is, and whether it runs: light, for commands that only want to use it.

AXIOM_HOME/platform/login           user:password of the Prefect server, for its owner's eyes only
AXIOM_HOME/platform/platform.json   process and ports of the running platform
AXIOM_HOME/platform/lock            held by that process as long as it lives
AXIOM_HOME/platform/*.log           what its parts say
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from tasks.adapters.store import axiom_home, free, write_atomically
from tasks.adapters.tracking import OWN_SERVER

HOST = "127.0.0.1"
FOREIGN = ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING", "MLFLOW_TRACKING_URI", OWN_SERVER)
"""Variables that name other servers."""


@dataclass(frozen=True)
class Platform:
    """A platform's process and addresses."""

    pid: int
    prefect_port: int
    mlflow_port: int
    ready: bool = False
    """Deployments and workers are there, not only the servers."""
    sandbox: bool = False
    """A container engine answered, so there is a worker for untrusted commands."""

    @property
    def prefect_page(self) -> str:
        """Address of Prefect's pages."""
        return f"http://{HOST}:{self.prefect_port}"

    @property
    def prefect_api(self) -> str:
        """Address of Prefect's API."""
        return f"{self.prefect_page}/api"

    @property
    def mlflow(self) -> str:
        """Address of the tracking server."""
        return f"http://{HOST}:{self.mlflow_port}"

    @property
    def mlflow_page(self) -> str:
        """MLflow's page with our runs in it: its other mode hides them."""
        return f"{self.mlflow}/#/experiments?workflowType=machine_learning"

    def environment(self) -> dict[str, str]:
        """Variables with which a process of ours uses this platform."""
        return {
            "PREFECT_API_URL": self.prefect_api,
            "PREFECT_API_AUTH_STRING": read_login(),
            "MLFLOW_TRACKING_URI": self.mlflow,
            OWN_SERVER: self.mlflow,
        }


def platform_folder() -> Path:
    """Where the platform keeps its files."""
    folder = axiom_home() / "platform"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def running_platform() -> Platform | None:
    """The platform of this `AXIOM_HOME` while its process lives, ready or not."""
    try:
        found = Platform(**json.loads((platform_folder() / "platform.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    with free(lock_file()) as nobody_runs:
        return None if nobody_runs else found


def use_platform() -> Platform | None:
    """Point this process at the running platform, unless the user's variables name a server; what it was pointed at."""
    platform = running_platform()
    if platform is None or not platform.ready or "PREFECT_API_URL" in os.environ:
        return None
    for name, value in platform.environment().items():
        os.environ.setdefault(name, value)
    return platform


def lock_file() -> Path:
    """Held by the process of `axiom up`; the system lets it go however that process ends."""
    return platform_folder() / "lock"


def write_platform(platform: Platform) -> None:
    """Say where the platform is; only for the holder of the lock."""
    write_atomically(platform_folder() / "platform.json", json.dumps(asdict(platform)).encode())


def forget_platform() -> None:
    """There is no platform any more; only for the holder of the lock."""
    with contextlib.suppress(FileNotFoundError):
        (platform_folder() / "platform.json").unlink()


def login_file() -> Path:
    """Holds `user:password` of the Prefect server."""
    return platform_folder() / "login"


def read_login() -> str:
    """The login; made at the first call, and the same from then on, so that a browser stays logged in."""
    path = login_file()
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"axiom:{secrets.token_urlsafe(24)}\n")
    return path.read_text().strip()


def authorization() -> str:
    """The login as a header's value."""
    return f"Basic {base64.b64encode(read_login().encode()).decode()}"
