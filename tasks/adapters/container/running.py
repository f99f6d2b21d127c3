"""The one place where untrusted code meets Docker.

A job becomes a container that has nothing of the host: no network, environment, socket, folder or right. Its files are
copied into a bounded volume, its output is read within bounds, its limits are held by the kernel, its settings are read
back from the engine before it starts, and all of it is removed however it ends.

    run_job        container_upload > container_workspace > container_settings > container_watch > container_harvest
    kill_job       from any process
    reap           what a crash left
    engine_status  who answers, and how well it isolates
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.adapters.container.cancel import cancel_on_engine, is_cancelled
from tasks.adapters.container.engine import connect, engine_status, require_status
from tasks.adapters.container.harvest import Harvest, HarvestLimits, harvest
from tasks.adapters.container.labels import OWNED, make_labels
from tasks.adapters.container.names import to_output
from tasks.adapters.container.reaper import reap, reap_with
from tasks.adapters.container.settings import PolicyViolated, create_checked
from tasks.adapters.container.upload import InputRefused, Upload, inside, plan_upload
from tasks.adapters.container.watch import LOG, EngineBroken, Ran, watch
from tasks.adapters.container.workspace import Workspace, open_workspace
from tasks.rules.sandbox.isolation import EngineStatus, describe_isolation
from tasks.rules.sandbox.job import Cause, Job, JobOutcome
from tasks.rules.sandbox.policy import WORKSPACE, describe_settings, fit_engine
from tasks.rules.sandbox.verdict import Observed, judge

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

__all__ = ["engine_status", "kill_job", "reap", "run_job"]

SELF_GRACE_SECONDS = 10
"""The container ends itself so long after the limit, should nobody be left to end it."""
HANDLING_SECONDS = 900
"""For filling and emptying the workspace: its keeper and the labels last so long beyond the limit."""
OUTPUTS = "outputs"
LARGE_BYTES = 32 * 1024**2
MANY_FILES = 1000
"""From here on, sorting out what the command did not touch costs less than reading it back."""

OnLine = Callable[[str], None]
Cancelled = Callable[[], bool]


def run_job(job: Job, home: Path, on_line: OnLine | None = None, cancelled: Cancelled | None = None) -> JobOutcome:
    """Run a command in the sandbox and bring back log and outputs into `home/jobs/<id>/`.

    `on_line` gets clean lines in a thread of its own that has the caller's context. `cancelled` is asked several times
    a second. SandboxRefused when no engine answers or it isolates too little; every other bad end is an outcome.
    """
    from docker.errors import DockerException, ImageNotFound, NotFound
    from requests import RequestException

    folder = _fresh_folder(home / "jobs" / job.id)
    isolation: dict[str, str] = {}
    cause: Cause
    try:
        with connect() as client:
            status = require_status(client)
            isolation |= describe_isolation(status, job.limits.network)
            reap_with(client)
            return _run(client, status, job, folder, isolation, on_line, cancelled or _never)
    except _Cancelled:
        cause, detail = "cancelled", "It was cancelled before it started."
    except InputRefused as error:
        cause, detail = error.cause, f"The job was not started: {error}."
    except ImageNotFound:
        cause, detail = "engine", f"The image {job.image} is not on this engine, and it is not fetched here: build it again."
    except PolicyViolated as error:
        cause, detail = "policy", f"The engine did not apply the policy, so nothing was started: {error}."
    except EngineBroken as error:
        cause, detail = "infrastructure", f"The container engine failed: {error}."
    except NotFound:
        cause, detail = "cancelled", "It was ended from outside: its container was removed."
    except (DockerException, RequestException, ConnectionError, TimeoutError) as error:
        cause, detail = "engine", f"The container engine failed: {str(error)[:300]}"
    except OSError as error:
        cause, detail = "infrastructure", f"The job's files could not be handled here: {error}"
    log = folder / LOG
    return JobOutcome(status="failed", cause=cause, detail=detail, isolation=isolation, log=str(log) if log.exists() else "")


def kill_job(job_id: str) -> bool:
    """End a job from any process, as cancelled; whether there was one. Whoever runs it brings its outputs home and cleans up."""
    with connect() as client:
        return cancel_on_engine(client, job_id)


def _run(
    client: DockerClient,
    status: EngineStatus,
    asked: Job,
    folder: Path,
    isolation: dict[str, str],
    on_line: OnLine | None,
    cancelled: Cancelled,
) -> JobOutcome:
    job = asked.model_copy(update={"limits": fit_engine(asked.limits, status.memory_bytes, status.cpus)})
    upload = plan_upload(job)
    seconds = job.limits.timeout_seconds + HANDLING_SECONDS
    labels = make_labels(job, seconds)
    with open_workspace(client, job, labels, seconds, status.swap_limited) as workspace:
        workspace.upload(_unless(cancelled, upload.stream()))
        container = _create(client, job, workspace, labels, status.swap_limited)
        if is_cancelled(client, labels[OWNED]):
            raise _Cancelled
        isolation |= describe_settings(container.attrs, asked.limits, job.limits)
        ran = watch(container, job, folder, on_line, cancelled)
        return _outcome(job, ran, workspace, upload, folder, isolation)


def _create(client: DockerClient, job: Job, workspace: Workspace, labels: dict[str, str], swap_limited: bool) -> Container:
    limit = str(job.limits.timeout_seconds + SELF_GRACE_SECONDS)
    return create_checked(
        client,
        image=job.image,
        name=f"{workspace.volume}-{job.role}",
        # Ends with the command whose parent it is, also when it is itself killed by it: then init ends, and with it all.
        command=["/usr/bin/timeout", "-s", "KILL", limit, *job.command],
        limits=job.limits,
        volume=workspace.volume,
        labels=labels,
        env=job.env,
        workdir=f"{WORKSPACE}/{inside(job.workdir)}",
        swap_limited=swap_limited,
    )


def _outcome(job: Job, ran: Ran, workspace: Workspace, upload: Upload, folder: Path, isolation: dict[str, str]) -> JobOutcome:
    fill = workspace.fill()
    seen = Observed(
        exit_code=ran.exit_code,
        oom=ran.oom,
        ended_by_us=ran.ended_by_us,
        seconds=ran.seconds,
        pids_refused=ran.measured.pids_refused,
        peak_pids=ran.measured.peak_pids,
        bytes_full=fill.bytes if fill else None,
        files_full=fill.files if fill else None,
        tail=ran.tail,
    )
    cause, detail = judge(seen, job.limits)
    if upload.size >= LARGE_BYTES or len(upload.files) >= MANY_FILES:
        workspace.drop_untouched(upload.files, ran.created)
    taken = _bring_home(job, workspace, upload, folder / OUTPUTS)
    return JobOutcome(
        status="failed" if cause else "succeeded",
        cause=cause,
        detail=detail,
        exit_code=ran.exit_code,
        oom=ran.oom,
        seconds=ran.seconds,
        log=str(folder / LOG),
        log_dropped_bytes=ran.dropped,
        outputs=str(folder / OUTPUTS),
        skipped=taken.skipped,
        changed=tuple(sorted(taken.changed)),
        peak_memory_bytes=ran.measured.peak_memory,
        workspace_used=round(fill.bytes, 4) if fill else None,
        isolation=isolation,
    )


def _bring_home(job: Job, workspace: Workspace, upload: Upload, folder: Path) -> Harvest:
    size = job.limits.workspace_bytes
    sparse = workspace.drop_sparse_files()
    found = harvest(workspace.download(), upload, folder, HarvestLimits(bytes=size, stream_bytes=2 * size))
    for path, apparent in sparse.items():
        found.skip(to_output(path), f"a sparse file: {apparent:,} bytes, mostly holes")
    return found


class _Cancelled(Exception):
    """Cancelled while the workspace was being filled."""


def _unless(cancelled: Cancelled, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if cancelled():
            raise _Cancelled
        yield chunk


def _never() -> bool:
    return False


def _fresh_folder(folder: Path) -> Path:
    """The job's folder, without what an earlier start of the same job left."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / LOG).unlink(missing_ok=True)
    shutil.rmtree(folder / OUTPUTS, ignore_errors=True)
    (folder / OUTPUTS).mkdir(mode=0o700)
    return folder
