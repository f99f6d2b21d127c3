"""A sandbox job from inside a Prefect run: in this process, or as a run of its own on the sandbox work pool.

Either way the job ends when its flow run does. A process that is told to stop ends it itself; one that cannot, because
the job runs beside its main thread or because it was killed, leaves it to `reap_on_end`, which the flow carries as its
hook for every bad end and Prefect calls from the worker.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import get_run_logger, runtime
from prefect.states import Cancelling

from tasks.adapters.container.job_folder import noted_jobs, read_note, read_outcome, write_job, write_note, write_outcome
from tasks.adapters.container.job_lines import followed
from tasks.adapters.record.pending import end_record
from tasks.adapters.store import axiom_home
from tasks.rules.sandbox.job import Job, JobOutcome

DEPLOYMENT = "training/sandbox"
POOL_VARIABLE = "AXIOM_SANDBOX_POOL"
"""Set to the pool's name, jobs run on it; unset, in the process of the flow."""
OWNER = "owner.json"
LOOK_SECONDS = 1.0
UNWANTED_SECONDS = 2.0
UNHEARD_SECONDS = 900.0
"""How long an API that does not answer is asked again about a run that goes on without it."""
UNTAKEN_SECONDS = 60.0
"""After so long in the queue the log says what a run waits for."""
logger = logging.getLogger("axiom.sandbox")


def run_sandboxed(job: Job, home: Path, on_line: Callable[[str], None]) -> JobOutcome:
    """What became of the job; raises `SandboxRefused` when no engine answers here.

    `on_line` gets its lines as they come, in a thread of its own; on the work pool the log of the pool's run has them too.
    """
    write_job(home, job)
    return _on_pool(job, home, on_line) if on_pool() else _here(job, home, on_line)


def on_pool() -> bool:
    """Whether jobs of this process are runs of the sandbox pool, with logs of their own."""
    return bool(os.environ.get(POOL_VARIABLE, "").strip())


def reap_on_end(flow: Any, flow_run: Any, state: Any) -> None:
    """End every job that this flow run still waits for, and its record: the hook for `on_cancellation`, `on_crashed` and `on_failure`."""
    home = axiom_home()
    for job_id in noted_jobs(home, OWNER):
        owner = read_note(home, job_id, OWNER)
        if owner.get("flow_run") == str(flow_run.id) and read_outcome(home, job_id) is None:
            _end(home, job_id, owner.get("child", ""))
    end_record(home, execution_key(str(flow_run.id)), f"The flow run ended{f' as {state.name}' if state else ''}.")


def execution_key(flow_run_id: str) -> str:
    """Names the jobs and the record of a flow run's execution: a run that is taken up again finds them."""
    return f"x{flow_run_id.replace('-', '')[:20]}"


def _end(home: Path, job_id: str, child: str) -> None:
    if child:
        _cancel(child)
        return
    from tasks.adapters.container.running import kill_job, reap

    kill_job(job_id)
    reap(home)
    write_outcome(home, job_id, _ended("cancelled", "The flow run that waited for it ended; its container was removed."))


def _here(job: Job, home: Path, on_line: Callable[[str], None]) -> JobOutcome:
    from tasks.adapters.container.running import run_job

    write_note(home, job.id, OWNER, {"flow_run": str(runtime.flow_run.id or "")})
    outcome = run_job(job, home, on_line, _Unwanted())
    write_outcome(home, job.id, outcome)
    return outcome


class _Unwanted:
    """Whether the flow run was cancelled. Only asked beside the main thread, which alone hears the signal that ends a run."""

    def __init__(self) -> None:
        self._run_id = str(runtime.flow_run.id or "")
        self._asks = bool(self._run_id) and threading.current_thread() is not threading.main_thread()
        self._next = time.monotonic() + UNWANTED_SECONDS
        self._unwanted = False

    def __call__(self) -> bool:
        if self._asks and not self._unwanted and time.monotonic() >= self._next:
            self._next = time.monotonic() + UNWANTED_SECONDS
            state = _read_state(self._run_id)
            self._unwanted = state is not None and (state.is_cancelling() or state.is_final())
        return self._unwanted


def _read_state(run_id: str) -> Any:
    """The state of a run; None when the API does not answer."""
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            return client.read_flow_run(UUID(run_id)).state
    except Exception as error:  # an API that is away ends nothing
        logger.debug("The Prefect API did not answer: %s", error)
        return None


def _on_pool(job: Job, home: Path, on_line: Callable[[str], None]) -> JobOutcome:
    from prefect.deployments import run_deployment

    run: Any = run_deployment(
        DEPLOYMENT, timeout=0, as_subflow=True, job_variables={"job_id": job.id}, flow_run_name=f"{job.role} · {job.id}"
    )
    write_note(home, job.id, OWNER, {"flow_run": str(runtime.flow_run.id or ""), "child": str(run.id)})
    get_run_logger().info(f"What it prints is in the log of its run on the sandbox pool, {run.name}.")
    try:
        with followed(home, job.id, on_line):
            state = _wait(str(run.id))
    except BaseException:  # whatever ends the flow ends the job
        _cancel(str(run.id))
        raise
    return outcome_of(state, read_outcome(home, job.id))


def outcome_of(state: Any, outcome: JobOutcome | None) -> JobOutcome:
    """The worker's outcome, or what the state says where it left none: a worker that died is never the command's failure."""
    message = (state.message if state is not None else None) or "The sandbox pool's run ended without saying why."
    if state is None or state.is_crashed():
        kept = outcome is not None and outcome.cause != "cancelled"
        return outcome if outcome is not None and kept else _ended("infrastructure", message)
    if outcome is not None:
        return outcome
    return _ended("cancelled" if state.is_cancelled() else "infrastructure", message)


def _ended(cause: Any, detail: str) -> JobOutcome:
    return JobOutcome(status="failed", cause=cause, detail=detail)


def _wait(run_id: str) -> Any:
    """The run's final state; None when the API did not answer for too long, or has lost the run."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    heard = began = time.monotonic()
    warned = False
    unwanted = _Unwanted()
    with get_client(sync_client=True) as client:
        while time.monotonic() - heard < UNHEARD_SECONDS:
            try:
                state = client.read_flow_run(UUID(run_id)).state
                heard = time.monotonic()
            except ObjectNotFound:
                return None
            except Exception as error:  # an API that is away for a while loses nothing: the worker goes on
                logger.debug("The Prefect API did not answer: %s", error)
                state = None
            if state is not None and state.is_final():
                return state
            if unwanted():
                _cancel(run_id)
            if not warned and state is not None and state.is_scheduled() and heard - began > UNTAKEN_SECONDS:
                warned = True
                _say_untaken(run_id)
            time.sleep(LOOK_SECONDS)
    return None


def _say_untaken(run_id: str) -> None:
    get_run_logger().warning(
        f"No worker of the sandbox pool has taken run {run_id} yet: start one with `axiom up`, or with "
        "`prefect worker start --pool axiom-sandbox --type docker-sandbox`; it goes on as soon as one is free."
    )


def _cancel(run_id: str) -> None:
    """Ask for the end of the pool's run: its worker removes the container."""
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(UUID(run_id), Cancelling())
    except Exception as error:  # also when already over; the server cancels children of a cancelled run as well
        logger.debug("Run %s could not be cancelled: %s", run_id, error)
