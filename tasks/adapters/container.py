"""The one place where untrusted code meets Docker.

A job becomes a container that has nothing of the host: no network, environment, socket, folder or right. Its files are
copied into a bounded volume, its output is read within bounds, its limits are held by the kernel, its settings are read
back from the engine before it starts, and all of it is removed however it ends.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tasks.adapters.container_engine import connect, engine_status, require_status
from tasks.adapters.container_harvest import Harvest, HarvestLimits, harvest
from tasks.adapters.container_labels import JOB, make_labels
from tasks.adapters.container_log import LogReader
from tasks.adapters.container_reaper import reap, reap_with
from tasks.adapters.container_settings import PolicyViolated, create_checked
from tasks.adapters.container_upload import InputRefused, Upload, inside, plan_upload
from tasks.adapters.container_workspace import Workspace, open_workspace, remove_container
from tasks.rules.sandbox.isolation import describe_isolation
from tasks.rules.sandbox.job import Cause, Job, JobOutcome
from tasks.rules.sandbox.policy import WORKSPACE
from tasks.rules.sandbox.verdict import Observed, judge

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

__all__ = ["engine_status", "kill_job", "reap", "run_job"]

POLL_SECONDS = 0.2
SELF_GRACE_SECONDS = 10
"""The container ends itself so long after the limit, should nobody be left to end it."""
HANDLING_SECONDS = 900
"""For filling and emptying the workspace; keeper and labels last so long beyond the limit."""
LOG_END_SECONDS = 10.0
TAIL_BYTES = 16 * 1024
CANCELLED_MARK = "-cancelled"
"""Appended to a container's name before another process kills it: the only mark that outlives the kill and needs no file."""

OnLine = Callable[[str], None]


def run_job(job: Job, home: Path, on_line: OnLine | None = None, cancelled: Callable[[], bool] | None = None) -> JobOutcome:
    """Run a command in the sandbox and bring back log and outputs into `home/jobs/<id>/`.

    `on_line` gets clean lines in a thread of its own that has the caller's context. `cancelled` is asked several times
    a second. SandboxRefused when no engine answers or it isolates too little; every other bad end is an outcome.
    """
    import requests
    from docker.errors import DockerException, ImageNotFound

    folder = _fresh_folder(home / "jobs" / job.id)
    with connect() as client:
        isolation = describe_isolation(require_status(client), job.limits.network)
        reap_with(client)
        try:
            return _run(client, job, folder, isolation, on_line, cancelled or (lambda: False))
        except InputRefused as error:
            return _not_run("size" if "do not fit" in str(error) or "more than" in str(error) else "input", str(error), isolation)
        except ImageNotFound:
            return _not_run("engine", f"The image {job.image} is not on this engine; it is never pulled here.", isolation)
        except PolicyViolated as error:
            return _not_run("policy", f"The engine did not apply the policy, so nothing was started: {error}", isolation)
        except (DockerException, requests.RequestException, OSError) as error:
            return _not_run("engine", f"The engine failed: {str(error)[:300]}", isolation)


def kill_job(job_id: str) -> bool:
    """End a job from anywhere, as cancelled; whether there was one running. Whoever runs it cleans up."""
    from docker.errors import DockerException

    with connect() as client:
        found = [c for c in client.containers.list(filters={"label": f"{JOB}={job_id}"}) if c.labels.get("axiom.role") != "keeper"]
        for container in found:
            try:
                container.rename(f"{container.name}{CANCELLED_MARK}")
            except DockerException:
                pass
            _kill(container)
    return bool(found)


def _run(
    client: DockerClient, job: Job, folder: Path, isolation: dict[str, str], on_line: OnLine | None, cancelled: Callable[[], bool]
) -> JobOutcome:
    upload = plan_upload(job)
    seconds = job.limits.timeout_seconds + HANDLING_SECONDS
    labels = make_labels(job, seconds)
    with open_workspace(client, job, labels, seconds) as workspace:
        workspace.upload(upload.stream())
        container: Any = None
        try:
            container = _create(client, job, workspace.volume, labels)
            ran = _watch(client, container, job, folder, on_line, cancelled)
        finally:
            remove_container(container)
        return _outcome(job, ran, workspace, upload, folder, isolation)


def _create(client: DockerClient, job: Job, volume: str, labels: dict[str, str]) -> Container:
    limit = str(job.limits.timeout_seconds + SELF_GRACE_SECONDS)
    command = ["/usr/bin/timeout", "-s", "KILL", limit, *job.command]
    return create_checked(
        client, job.image, f"axiom-{job.id}-{job.role}", command, job.limits, volume, labels, job.env, f"{WORKSPACE}/{inside(job.workdir)}"
    )


@dataclass
class _Ran:
    """What was seen of the container until its end."""

    exit_code: int | None = None
    oom: bool = False
    ended_by_us: Literal["timeout", "cancelled", ""] = ""
    seconds: float = 0.0
    dropped: int = 0
    tail: str = ""


def _watch(
    client: DockerClient, container: Container, job: Job, folder: Path, on_line: OnLine | None, cancelled: Callable[[], bool]
) -> _Ran:
    ran = _Ran()
    with connect(None) as patient:
        chunks = patient.api.attach(container.id, stdout=True, stderr=True, stream=True)
        log = LogReader(chunks, folder / "log.txt", job.limits.log_bytes, on_line)
        container.start()
        started = time.monotonic()
        ended = _wait_in_thread(patient, container)
        while not ended.wait(POLL_SECONDS):
            if cancelled():
                ran.ended_by_us = "cancelled"
            elif time.monotonic() - started > job.limits.timeout_seconds:
                ran.ended_by_us = "timeout"
            if ran.ended_by_us:
                _kill(container)
                ended.wait(POLL_SECONDS * 50)
                break
        ran.seconds = round(time.monotonic() - started, 3)
        ran.dropped = log.finish(LOG_END_SECONDS)
        ran.tail = log.kept.last(TAIL_BYTES)
    container.reload()
    state = container.attrs["State"]
    ran.oom = bool(state.get("OOMKilled"))
    if str(container.name).endswith(CANCELLED_MARK):
        ran.ended_by_us = "cancelled"
    ran.exit_code = None if ran.ended_by_us else state.get("ExitCode")
    return ran


def _wait_in_thread(client: DockerClient, container: Container) -> threading.Event:
    ended = threading.Event()

    def wait() -> None:
        try:
            client.api.wait(container.id)
        finally:
            ended.set()

    threading.Thread(target=wait, name="axiom-wait", daemon=True).start()
    return ended


def _kill(container: Container) -> None:
    from docker.errors import APIError

    try:
        container.kill()
    except APIError:
        # It ended by itself meanwhile.
        return


def _outcome(job: Job, ran: _Ran, workspace: Workspace, upload: Upload, folder: Path, isolation: dict[str, str]) -> JobOutcome:
    fill = workspace.fill()
    seen = Observed(
        ran.exit_code, ran.oom, ran.ended_by_us, ran.seconds, None, fill.bytes if fill else None, fill.files if fill else None, ran.tail
    )
    cause, detail = judge(seen, job.limits)
    taken = _harvest(job, workspace, upload, folder / "outputs")
    return JobOutcome(
        status="failed" if cause else "succeeded",
        cause=cause,
        detail=detail,
        exit_code=ran.exit_code,
        oom=ran.oom,
        seconds=ran.seconds,
        log=str(folder / "log.txt"),
        log_dropped_bytes=ran.dropped,
        outputs=str(folder / "outputs"),
        skipped=taken.skipped,
        changed=tuple(sorted(taken.changed)),
        isolation=isolation,
    )


def _harvest(job: Job, workspace: Workspace, upload: Upload, folder: Path) -> Harvest:
    limits = job.limits
    sparse = workspace.drop_sparse_files()
    found = harvest(workspace.download(), upload, folder, HarvestLimits(limits.workspace_bytes, 2 * limits.workspace_bytes))
    for path, size in sparse.items():
        found.skip(path, f"a sparse file of {size:,} bytes, mostly holes")
    return found


def _not_run(cause: Cause, detail: str, isolation: dict[str, str]) -> JobOutcome:
    return JobOutcome(status="failed", cause=cause, detail=detail, isolation=isolation)


def _fresh_folder(folder: Path) -> Path:
    """The job's folder, without what an earlier start of the same job left."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    os.makedirs(folder / "outputs", mode=0o700)
    return folder
