"""A job in a worker's hands: claimed, performed by the container adapter, its outcome written last; and jobs of the dead.

A claim is a note in the job's folder, and a lock that the system lets go when its process dies: a note nobody holds was
left by a worker that is no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tasks.adapters.container.job_folder import drop_note, held, noted_jobs, read_job, read_note, read_outcome, write_note, write_outcome
from tasks.errors import SandboxRefused, SettingError
from tasks.rules.sandbox.job import Job, JobOutcome

CLAIM = "claimed.json"
STOPPED = "The worker was stopped while this ran; its container was removed."


@contextmanager
def claimed(home: Path, job_id: str, claim: Mapping[str, str]) -> Iterator[Job]:
    """The job, which nobody else performs meanwhile; raises `SettingError` when there is none or somebody does.

    The note stays until `forget_claim`.
    """
    job = read_job(home, job_id)
    with held(home, job_id) as ours:
        if not ours:
            raise SettingError(f"Job {job_id} is being run already", "Cancel that run first.")
        write_note(home, job_id, CLAIM, claim)
        yield job


def forget_claim(home: Path, job_id: str) -> None:
    """The end of the job is told: nothing is left to find."""
    drop_note(home, job_id, CLAIM)


def perform(
    home: Path, job: Job, on_line: Callable[[str], None], cancelled: Callable[[], bool], stopping: Callable[[], bool]
) -> JobOutcome:
    """Run the job in its container and write its outcome; no engine is an outcome here, since a caller waits for one.

    `stopping` tells a worker that ends from a run that was cancelled.
    """
    from tasks.adapters.container.running import run_job

    try:
        outcome = run_job(job, home, on_line, cancelled)
    except SandboxRefused as error:
        outcome = JobOutcome(status="failed", cause="engine", detail=str(error))
    if outcome.cause == "cancelled" and stopping():
        outcome = outcome.model_copy(update={"cause": "infrastructure", "detail": STOPPED})
    write_outcome(home, job.id, outcome)
    return outcome


def orphans(home: Path, pool: str) -> list[tuple[str, dict[str, str]]]:
    """Jobs of this pool that are claimed, with their claims; whether their worker lives is for `end_orphan` to find."""
    claims = [(job_id, read_note(home, job_id, CLAIM)) for job_id in noted_jobs(home, CLAIM)]
    return [(job_id, claim) for job_id, claim in claims if claim.get("pool") == pool and claim.get("flow_run")]


def end_orphan(home: Path, job_id: str, worker: str) -> JobOutcome | None:
    """Remove what a dead worker's job left running, and say what became of it; None when its worker lives."""
    from tasks.adapters.container.running import kill_job, reap

    with held(home, job_id) as ours:
        if not ours:
            return None
        outcome = read_outcome(home, job_id)
        if outcome is None:
            kill_job(job_id)
            reap(home)
            detail = f"The worker that ran this job died; worker {worker} ended what was left of it, and nothing of it runs on."
            outcome = JobOutcome(status="failed", cause="infrastructure", detail=detail)
            write_outcome(home, job_id, outcome)
        return outcome
