"""A flow run for one command: an API for it to run against, progress on stderr, and none of what only a server needs.

with prefect_api(quiet=as_json) as api:
    from flows.comparison import comparison  # imported while the server starts

    api.wait()
    outcome = comparison(runs)
"""

from __future__ import annotations

import atexit
import base64
import logging
import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from flows.ephemeral_server import EphemeralServer
from flows.local_platform.address import use_platform
from tasks.adapters.store import axiom_home
from tasks.errors import InfrastructureError, SettingError
from tasks.rendering.terminal import agent_line

LOCAL_API = "http://127.0.0.1:4200/api"
START_SECONDS = 120
"""Prefect's server needs ten on a quiet machine."""
progress = logging.getLogger("axiom.progress")
"""One line per finished step, shown on stderr."""


class PrefectApi:
    """The API the flow runs against: the one configured, `axiom up`'s, a local one that lets us in, or one started for this command."""

    def __init__(self) -> None:
        """Find or start it; raises `SettingError` when the configured one does not let us in."""
        self._started = time.monotonic()
        self._server = _find_or_start()

    @property
    def is_ours(self) -> bool:
        """Started for this command: nobody else can look at it."""
        return self._server is not None

    def wait(self) -> None:
        """Until it answers; raises `InfrastructureError` when it does not. At once for a server that was there already."""
        if self._server is None:
            return
        self._server.wait(START_SECONDS)
        progress.info(agent_line("prefect server", None, time.monotonic() - self._started))


@contextmanager
def prefect_api(quiet: bool = False) -> Iterator[PrefectApi]:
    """Show progress unless `quiet`, leave the current folder for ours, and have a Prefect API: see the module.

    Paths of the user are made absolute before. Import flows inside the block, never before it: Prefect reads its
    settings when it is imported.
    """
    show_progress(quiet)
    leave_this_folder()
    api = PrefectApi()
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    # A sync flow waits a second at its end for the heartbeat thread, which a one-shot run does not need.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), _told_when_it_goes_away():
        yield api


@contextmanager
def _told_when_it_goes_away() -> Iterator[None]:
    """One line when the API stops answering for longer than Prefect's client tries again, about a minute."""
    import httpx

    try:
        yield
    except (httpx.TransportError, httpx.HTTPStatusError) as error:
        if isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500:
            raise
        raise InfrastructureError(
            f"The Prefect server at {os.environ['PREFECT_API_URL']} stopped answering and did not come back",
            "What was measured is kept, and recorded by the next command; start the server and run the command again.",
        ) from error


def run_flow(entrypoint: str, quiet: bool = False, **parameters: Any) -> Any:
    """What the flow at `flows.comparison.comparison` returns for these parameters, run in this process."""
    module, name = entrypoint.rsplit(".", 1)
    with prefect_api(quiet) as api:
        flow = getattr(import_module(module), name)
        api.wait()
        return flow(**parameters)


def show_progress(quiet: bool) -> None:
    """Lines of `axiom.progress` on stderr; warnings only when `quiet`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    progress.handlers = [handler]
    progress.setLevel(logging.WARNING if quiet else logging.INFO)
    progress.propagate = False


def leave_this_folder() -> None:
    """Work in our own folder: Prefect takes settings from files of the current one, which may be the analysed repository."""
    os.environ["AXIOM_HOME"] = str(axiom_home())
    store = os.environ.get("MLFLOW_TRACKING_URI", "")
    if store.startswith("sqlite:///") and not store.startswith("sqlite:////"):
        os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{Path(store.removeprefix('sqlite:///')).absolute()}"
    os.chdir(axiom_home())


def _find_or_start() -> EphemeralServer | None:
    # An API that is away is told by us in one line, not by each of Prefect's threads in pages.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_INTERNAL_LOGGING_LEVEL", "CRITICAL")
    logging.raiseExceptions = False
    if use_platform() is None and "PREFECT_API_URL" not in os.environ and _answers(LOCAL_API):
        os.environ["PREFECT_API_URL"] = LOCAL_API
    if "PREFECT_API_URL" in os.environ:
        _prove_reachable(os.environ["PREFECT_API_URL"])
        return None
    server = EphemeralServer(axiom_home() / "prefect" / "server.log")
    os.environ |= {"PREFECT_API_URL": server.api, "PREFECT_API_AUTH_STRING": server.login}
    # Registered before Prefect's own, so run after them: its last log lines and events still find the server.
    atexit.register(server.stop)
    return server


def _prove_reachable(api: str) -> None:
    """Raise `SettingError` when a server of one's own does not let us in; Prefect Cloud, which has a key, is left to Prefect."""
    if "PREFECT_API_KEY" not in os.environ and not _answers(api, 5.0):
        raise SettingError(
            f"No Prefect server lets us in at {api}", "Start it, set PREFECT_API_AUTH_STRING to its login, or unset PREFECT_API_URL."
        )


def _answers(api: str, seconds: float = 0.5) -> bool:
    """Whether a Prefect server answers there and lets us in: its version, unlike its health, needs the login."""
    login = base64.b64encode(os.environ.get("PREFECT_API_AUTH_STRING", "").encode()).decode()
    request = urllib.request.Request(f"{api}/admin/version", headers={"Authorization": f"Basic {login}"})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.read(64).startswith(b'"3.')
    except (OSError, ValueError):
        return False
