"""The folder of a sandbox job, `AXIOM_HOME/jobs/ID`: the job, who waits for it, who runs it, and last of all its outcome.

job.json      the job, written before anybody is asked to run it
owner.json    the flow run that waits for it, and the run of the sandbox pool that does it
claimed.json  the worker's run that has taken it; gone once that run's end is reported
lines.txt     what it prints, while it runs on the sandbox pool: see `job_lines`
log.txt, outputs/, outcome.json   what it left
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from tasks.adapters.store import free, write_atomically
from tasks.errors import SettingError
from tasks.rules.sandbox.job import Job, JobOutcome

JOB_ID = re.compile(r"[a-z0-9][a-z0-9-]{7,63}")
ID_SHOWN = 80
LINES = "lines.txt"
JOBS_BYTES = 10_000_000_000
KEEP_SECONDS = 24 * 3600.0


def job_folder(home: Path, job_id: str) -> Path:
    """Where a job is kept; raises `SettingError` for a text that is no job id, which might name another folder."""
    if not JOB_ID.fullmatch(job_id):
        raise SettingError(f"{job_id[:ID_SHOWN]!r} is not the id of a job", "Jobs are started by the execution flow, not by hand.")
    return home / "jobs" / job_id


def write_job(home: Path, job: Job) -> Path:
    """Put the job where a worker finds it; what an earlier start of it had left as its outcome is gone."""
    folder = job_folder(home, job.id)
    for left in ("outcome.json", LINES):
        (folder / left).unlink(missing_ok=True)
    write_atomically(folder / "job.json", job.model_dump_json().encode())
    return folder


def read_job(home: Path, job_id: str) -> Job:
    """The job of an id; raises `SettingError` when there is none, or another one lies there."""
    path = job_folder(home, job_id) / "job.json"
    remedy = "Start it with the execution flow, on a machine that shares AXIOM_HOME with this worker."
    try:
        job = Job.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SettingError(f"Job {job_id} cannot be read: {error.strerror} ({path})", remedy) from error
    except ValidationError as error:
        raise SettingError(f"Job {job_id} is not a job: {error.error_count()} fields of {path} are wrong", remedy) from error
    if job.id != job_id:
        raise SettingError(f"The folder of job {job_id} holds job {job.id}", remedy)
    return job


def write_outcome(home: Path, job_id: str, outcome: JobOutcome) -> None:
    """Say what became of a job; the last thing written to its folder."""
    write_atomically(job_folder(home, job_id) / "outcome.json", outcome.model_dump_json().encode())


def read_outcome(home: Path, job_id: str) -> JobOutcome | None:
    """What became of a job; None while nobody has said so."""
    try:
        return JobOutcome.model_validate_json((job_folder(home, job_id) / "outcome.json").read_bytes())
    except (OSError, ValidationError):
        return None


def write_note(home: Path, job_id: str, name: str, note: Mapping[str, str]) -> None:
    """Keep a small note such as `owner.json` beside the job."""
    write_atomically(job_folder(home, job_id) / name, json.dumps(note).encode())


def read_note(home: Path, job_id: str, name: str) -> dict[str, str]:
    """The note; empty when there is none."""
    try:
        note = json.loads((job_folder(home, job_id) / name).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in note.items()} if isinstance(note, dict) else {}


def drop_note(home: Path, job_id: str, name: str) -> None:
    """Remove the note, if there is one."""
    (job_folder(home, job_id) / name).unlink(missing_ok=True)


def noted_jobs(home: Path, name: str) -> list[str]:
    """Ids of jobs that have such a note."""
    return sorted(p.parent.name for p in (home / "jobs").glob(f"*/{name}") if JOB_ID.fullmatch(p.parent.name))


@contextmanager
def held(home: Path, job_id: str) -> Iterator[bool]:
    """Whether nobody else runs the job; nobody else can inside the block if so. A process that dies lets go."""
    folder = job_folder(home, job_id)
    folder.mkdir(parents=True, exist_ok=True)
    with free(folder / ".lock") as ours:
        yield ours


def trim_jobs(home: Path, limit_bytes: int = JOBS_BYTES, keep_seconds: float = KEEP_SECONDS) -> list[str]:
    """Drop finished jobs, the oldest first, until all fit in `limit_bytes`; gives their ids.

    What ended within `keep_seconds` stays: somebody may be looking at it. MLflow has what it left.
    """
    ends = sorted((p.stat().st_mtime, p.parent) for p in (home / "jobs").glob("*/outcome.json"))
    sizes = {folder: sum(f.lstat().st_size for f in folder.rglob("*") if not f.is_dir()) for _, folder in ends}
    total, oldest, dropped = sum(sizes.values()), time.time() - keep_seconds, []
    for ended, folder in ends:
        if total <= limit_bytes or ended > oldest:
            break
        shutil.rmtree(folder, ignore_errors=True)
        total -= sizes[folder]
        dropped.append(folder.name)
    return dropped
