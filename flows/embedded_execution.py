"""`axiom execute`: the execution flow in this process, its log on the terminal, its report in the user's folder."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, cast

from flows.embedded import DEFAULT_OUT, REPORT_FILES, hand_over, prove_writable, sum_up
from flows.one_shot import prefect_api, show_progress
from flows.prefetch import Prefetch, as_source
from tasks.adapters.container.running import engine_status
from tasks.adapters.model_call import check_model
from tasks.adapters.store import axiom_home, safe_name
from tasks.adapters.tracking import warm_up
from tasks.early_training import begin
from tasks.errors import InfrastructureError, SettingError
from tasks.evidence.child import GROUPS
from tasks.rules.execution.contract import Execution
from tasks.rules.execution.request import read_request
from tasks.rules.sandbox.isolation import Level


def run_execution(
    source: str, out: Path | None, quiet: bool, ref: str | None, model: str | None, approve: bool, **request: Any
) -> Execution:
    """Execute one repository and copy the report to `out`. Raises what the flow's steps raise.

    A missing engine and a limit that cannot be are refused before anything is fetched.
    """
    started = time.monotonic()
    source, here = as_source(source), Path.cwd()
    show_progress(quiet)
    wanted = read_request(**request, processors=engine_status().cpus)
    prefetch = Prefetch(source, ref, groups=tuple(GROUPS))
    prove_writable(here / (out or DEFAULT_OUT))
    if model:
        check_model(model)
    with prefect_api(quiet) as api:
        if approve and api.is_ours:
            raise SettingError("--approve needs a Prefect server whose page a person can open", "Start one with `axiom up`.")
        prefetch.wait_for_clone()
        # A server of somebody else may have a block that asks for more isolation: the flow reads it before anything runs.
        least = cast(Level, os.environ.get("AXIOM_MIN_ISOLATION") or "container")
        early = begin(axiom_home(), prefetch.checkout, wanted, least) if api.is_ours and prefetch.checkout is not None else None
        try:
            if early is not None and wanted.entrypoint is not None and early.prepared() is None and early.refused is not None:
                raise early.refused
            from flows.execution import execution

            threading.Thread(target=warm_up, args=(axiom_home(),), daemon=True).start()
            api.wait()
            outcome = execution(source, ref=ref, approve=approve, model=model, **request)
        finally:
            if early is not None:
                early.end()
    folder = out or DEFAULT_OUT / safe_name(outcome.repository.rsplit("/", 1)[-1])
    report = hand_over(Path(outcome.folder), here / folder, (*REPORT_FILES, "execution.json"))
    if report.execution is None:
        raise InfrastructureError("The report holds no execution", f"Please report this; its files are in {outcome.folder}.")
    if not quiet:
        sum_up(report, folder, outcome.mlflow_url)
        print(f"Done in {time.monotonic() - started:.0f} s.")
    if outcome.mlflow_problem:
        print(f"MLflow: {outcome.mlflow_problem}", file=sys.stderr)
    return report.execution
