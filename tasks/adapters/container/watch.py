"""A container from its start to its end: output drained, counters read, ended at the limit or when it is cancelled."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tasks.adapters.container.cancel import is_cancelled
from tasks.adapters.container.engine import connect
from tasks.adapters.container.labels import OWNED
from tasks.adapters.container.log import LogReader
from tasks.adapters.container.meter import Measured, Meter
from tasks.rules.sandbox.job import Job

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

LOG = "log.txt"
POLL_SECONDS = 0.1
KILL_SECONDS = 15.0
"""An engine that has not ended a killed container after so long is broken."""
LOG_END_SECONDS = 10.0
TAIL_BYTES = 16 * 1024
LATE_OOM_SECONDS = 0.3
"""The engine's note of a kill for memory can come after the exit it explains."""
SIGKILL_CODE = 137


class EngineBroken(Exception):
    """The engine does not do what it says."""


@dataclass
class Ran:
    """What was seen of a container until its end."""

    exit_code: int | None = None
    """None when it was ended from outside."""
    oom: bool = False
    ended_by_us: Literal["timeout", "cancelled", ""] = ""
    seconds: float = 0.0
    created: float = 0.0
    """When the container was made, by the engine's clock: after the workspace was filled, before the command started."""
    dropped: int = 0
    tail: str = ""
    measured: Measured = field(default_factory=Measured)


def watch(container: Container, job: Job, folder: Path, on_line: Callable[[str], None] | None, cancelled: Callable[[], bool]) -> Ran:
    """Start the container and see it to its end. Whatever interrupts this ends the container as well."""
    ran = Ran()
    with connect(None) as patient:
        chunks = patient.api.attach(container.id, stdout=True, stderr=True, stream=True)
        log = LogReader(chunks, folder / LOG, job.limits.log_bytes, on_line)
        meter = Meter(patient, str(container.id))
        try:
            container.start()
            started = time.monotonic()
            ran.ended_by_us = _wait(patient, container, started + job.limits.timeout_seconds, cancelled)
            ran.seconds = round(time.monotonic() - started, 3)
        except BaseException:
            _kill_quietly(container)
            raise
        finally:
            ran.measured = meter.stop()
            ran.dropped = log.finish(LOG_END_SECONDS)
            ran.tail = log.kept.last(TAIL_BYTES)
        _read_end(container, ran)
    return ran


def kill(container: Container) -> None:
    """End it and all it started, at once."""
    from docker.errors import APIError

    with contextlib.suppress(APIError):  # it may have ended by itself meanwhile
        container.kill()


def _wait(
    client: DockerClient, container: Container, deadline: float, cancelled: Callable[[], bool]
) -> Literal["timeout", "cancelled", ""]:
    """Until it has ended; says whether that was our doing."""
    ended = _notice_end(client, container)
    if is_cancelled(container.client, container.labels[OWNED]):
        # Marked just before the start, when there was nothing to kill yet.
        kill(container)
    while True:
        if ended.wait(POLL_SECONDS):
            container.reload()
            if container.status not in ("running", "paused"):
                return ""
            # The connection broke, not the container: listen again.
            ended.wait(POLL_SECONDS)
            ended = _notice_end(client, container)
        reason: Literal["timeout", "cancelled", ""] = "cancelled" if cancelled() else "timeout" if time.monotonic() > deadline else ""
        if reason:
            kill(container)
            if not ended.wait(KILL_SECONDS):
                raise EngineBroken(f"the engine has not ended a container {KILL_SECONDS:.0f} s after it was told to")
            return reason


def _notice_end(client: DockerClient, container: Container) -> threading.Event:
    """Set when the container has ended, or when that cannot be awaited any more."""
    from docker.errors import DockerException

    ended = threading.Event()

    def wait() -> None:
        with contextlib.suppress(DockerException, OSError):
            client.api.wait(container.id)
        ended.set()

    threading.Thread(target=wait, name="axiom-wait", daemon=True).start()
    return ended


def _read_end(container: Container, ran: Ran) -> None:
    container.reload()
    state = container.attrs["State"]
    if state.get("ExitCode") == SIGKILL_CODE and not state.get("OOMKilled") and not ran.ended_by_us:
        time.sleep(LATE_OOM_SECONDS)
        container.reload()
        state = container.attrs["State"]
    ran.oom = bool(state.get("OOMKilled")) or bool(ran.measured.oom_kills)
    ran.created = _seconds(str(container.attrs["Created"]))
    if state.get("ExitCode") == SIGKILL_CODE and is_cancelled(container.client, container.labels[OWNED]):
        ran.ended_by_us = "cancelled"
    ran.exit_code = None if ran.ended_by_us else state.get("ExitCode")


def _seconds(when: str) -> float:
    """Of a time as engines write it, such as `2026-11-25T01:57:30.123456789Z`; a 0 when it cannot be read."""
    try:
        return datetime.fromisoformat(when).timestamp()
    except ValueError:
        return 0.0


def _kill_quietly(container: Container) -> None:
    from docker.errors import DockerException

    with contextlib.suppress(DockerException, OSError):
        container.kill()
