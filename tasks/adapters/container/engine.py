"""The connection to the container engine: who answers, in bounded time, and a refusal with the remedy when nobody does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.errors import SandboxRefused
from tasks.rules.sandbox.isolation import EngineStatus, read_status

if TYPE_CHECKING:
    from docker import DockerClient

ANSWER_SECONDS = 15
"""An engine that takes longer to say who it is does not count as answering; one that removes images has been seen to take five."""
CALL_SECONDS = 60
"""A single call, such as creating a container, on a loaded machine."""
DEFAULT_SOCKET = "unix:///var/run/docker.sock"
REMEDY = "Start Docker (https://docs.docker.com/engine/install/), or set DOCKER_HOST to an engine you may use; analysis works without."


def engine_status() -> EngineStatus:
    """The engine that answers and how well it isolates; SandboxRefused when none does."""
    with connect(ANSWER_SECONDS) as client:
        return _status(client)


def engine_address() -> str:
    """`DOCKER_HOST`, or the socket of this machine's engine: the usual one, else a user's own where there is one."""
    if named := os.environ.get("DOCKER_HOST"):
        return named
    own = [Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent", "docker.sock"), Path.home() / ".docker" / "run" / "docker.sock"]
    found = next((path for path in [Path(DEFAULT_SOCKET.removeprefix("unix://")), *own] if path.exists()), None)
    return f"unix://{found}" if found else DEFAULT_SOCKET


@contextmanager
def connect(timeout: float | None = CALL_SECONDS) -> Iterator[DockerClient]:
    """A client of the engine named by `DOCKER_HOST`, or of the default socket. `timeout` None: a call may last."""
    import docker
    from docker.errors import DockerException

    tried = engine_address()
    try:
        client = docker.from_env(environment={**os.environ, "DOCKER_HOST": tried}, timeout=ANSWER_SECONDS)
    except (DockerException, OSError, ValueError) as error:
        raise SandboxRefused(f"No container engine answers at {tried} ({_reason(error)}); training was not run", REMEDY) from error
    # Finding out which version the engine speaks has to be quick; later calls may take their time.
    client.api.timeout = timeout
    try:
        yield client
    finally:
        client.close()


def require_status(client: DockerClient) -> EngineStatus:
    """The engine's state; SandboxRefused when it isolates less than a container should."""
    status = _status(client)
    if status.level == "weak":
        what = ", ".join(status.problems)
        raise SandboxRefused(f"The container engine does not isolate well enough ({what}); training was not run", REMEDY)
    return status


def _status(client: DockerClient) -> EngineStatus:
    import requests
    from docker.errors import DockerException

    try:
        return read_status(client.info(), str(client.version().get("Version", "")))
    except (DockerException, requests.RequestException) as error:
        raise SandboxRefused(f"The container engine stopped answering ({_reason(error)})", REMEDY) from error


def _reason(error: BaseException) -> str:
    """The innermost words of a chain of wrapped exceptions, short."""
    text = str(error)
    for words in ("Permission denied", "No such file or directory", "Connection refused", "timed out", "Name or service not known"):
        if words.lower() in text.lower():
            return words.lower()
    return text.splitlines()[0][:160] if text else type(error).__name__
