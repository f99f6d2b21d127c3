"""Running a flow from the command line: overlap what can be, one line per step, failures as one sentence."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

from flows.one_shot import prefect_api, show_progress
from flows.prefetch import Prefetch, as_source
from tasks.adapters.model_call import check_model
from tasks.adapters.store import axiom_home, safe_name
from tasks.adapters.tracking import warm_up
from tasks.errors import SettingError
from tasks.rendering.terminal import summary_lines
from tasks.rules.contract import Report

DEFAULT_OUT = Path("axiom-out")
REPORT_FILES = ("report.html", "report.md", "report.json", "report.sarif")


def run_analysis(source: str, ref: str | None, model: str | None, out: Path | None, quiet: bool) -> Report:
    """Analyse one repository and copy the report to `out`. Raises what the flow's steps raise."""
    started = time.monotonic()
    source, here = as_source(source), Path.cwd()
    show_progress(quiet)
    prefetch = Prefetch(source, ref)
    prove_writable(here / (out or DEFAULT_OUT))
    if model:
        check_model(model)
    with prefect_api(quiet) as api:
        from flows.analysis import analysis

        prefetch.wait_for_clone()
        # The server starts in a process of its own; this one has nothing better to do meanwhile.
        threading.Thread(target=warm_up, args=(axiom_home(),), daemon=True).start()
        api.wait()
        outcome = analysis(source, ref, model)
    folder = out or DEFAULT_OUT / safe_name(outcome.repository.rsplit("/", 1)[-1])
    report = hand_over(Path(outcome.folder), here / folder)
    if not quiet:
        sum_up(report, folder, outcome.mlflow_url)
        print(f"Done in {time.monotonic() - started:.0f} s.")
    if outcome.mlflow_problem:
        print(f"MLflow: not recorded. {outcome.mlflow_problem}", file=sys.stderr)
    return report


def sum_up(report: Report, folder: Path, mlflow_url: str | None) -> None:
    """The end of a command: verdict, what to do first, where everything is."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for line in summary_lines(report, folder, width=shutil.get_terminal_size((100, 24)).columns, colour=colour):
        print(line)
    if mlflow_url:
        print(f"MLflow: {mlflow_url}")


def prove_writable(folder: Path) -> None:
    """Write to the report's folder before the work, not after it; raises `SettingError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise SettingError(
            f"The report cannot be written to {folder}: {error.strerror}", "Give --out a folder you can write to."
        ) from error


def hand_over(source: Path, folder: Path, names: tuple[str, ...] = REPORT_FILES) -> Report:
    """Copy the finished report to the user's folder, each file complete or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        partial = folder / f".{name}.partial"
        shutil.copyfile(source / name, partial)
        os.replace(partial, folder / name)
    return Report.model_validate_json((folder / "report.json").read_bytes())


def keep_traceback(error: BaseException) -> Path:
    """Write the traceback of a bug of ours under `AXIOM_HOME` and return its path."""
    path = axiom_home() / "errors" / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(traceback.format_exception(error)))
    return path
