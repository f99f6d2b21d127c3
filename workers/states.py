"""What becomes of a job, as a Prefect state with one sentence for people.

The command's own failure is Failed; a sandbox or a worker that broke is Crashed, so that nobody takes one for the other.
"""

from __future__ import annotations

from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Crashed, Failed

from tasks.errors import AxiomError
from tasks.rules.sandbox.job import JobOutcome

OURS = ("engine", "infrastructure")


def state_of(outcome: JobOutcome | None) -> State[Any]:
    """The final state of a run; None is a job whose worker was stopped before there was an outcome."""
    if outcome is None:
        return Crashed(message="The worker was stopped before this began.")
    if outcome.status == "succeeded":
        return Completed(message=f"Exit code {outcome.exit_code} after {outcome.seconds:.0f} s.")
    message = f"{outcome.cause or 'code'}: {outcome.detail or f'exit code {outcome.exit_code}'}"
    if outcome.cause == "timeout":
        return Failed(name="TimedOut", message=message)
    if outcome.cause == "cancelled":
        return Cancelled(message=outcome.detail or "Cancelled; the container was removed.")
    return Crashed(message=message) if outcome.cause in OURS else Failed(message=message)


def refused_state(error: AxiomError) -> State[Any]:
    """The run never started: why, and what to do."""
    return Failed(name="Refused", message=str(error))


def trouble_state(error: Exception) -> State[Any]:
    """A bug of ours, as one sentence; the traceback is in a file."""
    from flows.embedded import keep_traceback

    while isinstance(error, ExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    message = str(error) if isinstance(error, AxiomError) else f"internal error: {type(error).__name__}"
    return Crashed(message=f"{message} The traceback is on the worker's machine in {keep_traceback(error)}")
