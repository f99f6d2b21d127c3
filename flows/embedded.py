"""Running a flow from the command line: overlap what can be, one line per step, failures as one sentence."""

from __future__ import annotations

import atexit
import base64
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
import urllib.request
from pathlib import Path

from flows.ephemeral_server import EphemeralServer
from flows.prefetch import Prefetch, as_source
from tasks.adapters.model_call import check_model
from tasks.adapters.store import axiom_home, safe_name
from tasks.adapters.tracking import warm_up
from tasks.errors import SettingError
from tasks.rendering.terminal import agent_line, summary_lines
from tasks.rules.contract import Report

LOCAL_API = "http://127.0.0.1:4200/api"
START_SECONDS = 120
"""Prefect's server needs ten on a quiet machine."""
DEFAULT_OUT = Path("axiom-out")
REPORT_FILES = ("report.html", "report.md", "report.json", "report.sarif")


def run_analysis(source: str, ref: str | None, model: str | None, out: Path | None, quiet: bool) -> Report:
    """Analyse one repository and copy the report to `out`. Raises what the flow's steps raise."""
    started = time.monotonic()
    source, here = as_source(source), Path.cwd()
    _show_progress(quiet)
    prefetch = Prefetch(source, ref)
    _prove_writable(here / (out or DEFAULT_OUT))
    if model:
        check_model(model)
    _leave_this_folder()
    server = _prefect_api()
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows.analysis import analysis

    prefetch.wait_for_clone()
    # The server starts in a process of its own; this one has nothing better to do meanwhile.
    threading.Thread(target=warm_up, args=(axiom_home(),), daemon=True).start()
    if server is not None:
        server.wait(START_SECONDS)
        logging.getLogger("axiom.progress").info(agent_line("prefect server", None, time.monotonic() - started))
    # A sync flow waits a second at its end for the heartbeat thread, which a one-shot run does not need.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        outcome = analysis(source, ref, model)
    folder = out or DEFAULT_OUT / safe_name(outcome.repository.rsplit("/", 1)[-1])
    report = _hand_over(Path(outcome.folder), here / folder)
    if not quiet:
        _sum_up(report, folder, outcome.mlflow_url)
        print(f"Done in {time.monotonic() - started:.0f} s.")
    if outcome.mlflow_problem:
        print(f"MLflow: not recorded. {outcome.mlflow_problem}", file=sys.stderr)
    return report


def _sum_up(report: Report, folder: Path, mlflow_url: str | None) -> None:
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for line in summary_lines(report, folder, width=shutil.get_terminal_size((100, 24)).columns, colour=colour):
        print(line)
    if mlflow_url:
        print(f"MLflow: {mlflow_url}")


def _prove_writable(folder: Path) -> None:
    """Write to the report's folder before the work, not after it; raises `SettingError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise SettingError(
            f"The report cannot be written to {folder}: {error.strerror}", "Give --out a folder you can write to."
        ) from error


def _hand_over(source: Path, folder: Path) -> Report:
    folder.mkdir(parents=True, exist_ok=True)
    for name in REPORT_FILES:
        partial = folder / f".{name}.partial"
        shutil.copyfile(source / name, partial)
        os.replace(partial, folder / name)
    return Report.model_validate_json((folder / "report.json").read_bytes())


def _show_progress(quiet: bool) -> None:
    logger = logging.getLogger("axiom.progress")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    logger.propagate = False


def _leave_this_folder() -> None:
    """Work in our own folder: Prefect takes settings from files of the current one, which may be the analysed repository."""
    os.environ["AXIOM_HOME"] = str(axiom_home())
    store = os.environ.get("MLFLOW_TRACKING_URI", "")
    if store.startswith("sqlite:///") and not store.startswith("sqlite:////"):
        os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{Path(store.removeprefix('sqlite:///')).absolute()}"
    os.chdir(axiom_home())


def _prefect_api() -> EphemeralServer | None:
    """The API the flow runs against: the one configured, a local one that lets us in, or one started for this command."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    if "PREFECT_API_URL" not in os.environ and _answers(LOCAL_API):
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


def keep_traceback(error: BaseException) -> Path:
    """Write the traceback of a bug of ours under `AXIOM_HOME` and return its path."""
    path = axiom_home() / "errors" / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(traceback.format_exception(error)))
    return path
