"""Starting the platform's parts, keeping them up, and ending all of them."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from flows.local_platform.services import Service
from tasks.errors import InfrastructureError

RESTARTS = 3
"""Of one part; one that goes on dying is left, and said so."""
STOP_SECONDS = 30.0
POLL_SECONDS = 0.2


@dataclass
class _Part:
    service: Service
    guard: subprocess.Popen[bytes]
    restarts: int = 0
    given_up: bool = False


class Supervisor:
    """The parts in the order they were started; ended in the opposite order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._parts: list[_Part] = []

    def start(self, service: Service, listen: bool = False) -> IO[bytes] | None:
        """Start a part; with `listen`, what it prints to stdout can be read, else it goes to its log."""
        guard = _start(service, listen)
        self._parts.append(_Part(service, guard))
        return guard.stdout

    def wait_for(self, service: Service, seconds: float) -> None:
        """Until the part answers; raises `InfrastructureError` when it ends or does not answer in time."""
        part = next(p for p in self._parts if p.service == service)
        deadline = time.monotonic() + seconds
        while part.guard.poll() is None and time.monotonic() < deadline:
            if answers(str(service.health)):
                return
            time.sleep(POLL_SECONDS)
        ended = part.guard.poll() is not None
        what = f"ended with code {part.guard.returncode}" if ended else f"did not answer for {seconds:.0f} s"
        raise InfrastructureError(f"The {service.name} {what}", f"Its output is in {service.log}")

    def forget(self, service: Service) -> None:
        """The part has done its work and is not kept up."""
        self._parts = [p for p in self._parts if p.service != service]

    def keep_up(self) -> None:
        """Start again what has died, a few times; one look."""
        for part in self._parts:
            if part.given_up or part.guard.poll() is None:
                continue
            name, log = part.service.name, part.service.log
            if part.restarts >= RESTARTS:
                part.given_up = True
                self._say(f"The {name} has ended {RESTARTS + 1} times and is not started again; its output is in {log}")
                continue
            part.restarts += 1
            self._say(f"The {name} ended with code {part.guard.returncode}; starting it again. Its output is in {log}")
            part.guard = _start(part.service, listen=False)

    def stop(self) -> None:
        """End every part and wait for it; a part that does not listen is killed by its guard."""
        for part in reversed(self._parts):
            # The servers wait for the workers, which still report what becomes of their runs.
            _close(part.guard)
            with contextlib.suppress(subprocess.TimeoutExpired):
                part.guard.wait(STOP_SECONDS)
        for part in self._parts:
            if part.guard.poll() is None:
                part.guard.kill()


def _start(service: Service, listen: bool) -> subprocess.Popen[bytes]:
    with open(service.log, "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "flows.local_platform.guard", *(["--reap"] if service.reaps else []), *service.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if listen else log,
            stderr=log,
            # Its own folder: Prefect takes settings from files of the current one.
            cwd=service.log.parent,
            env=service.environment(),
            # Ctrl-C in a terminal goes to `axiom up`, which ends the parts in order.
            start_new_session=True,
        )


def _close(guard: subprocess.Popen[bytes]) -> None:
    if guard.stdin is not None:
        with contextlib.suppress(OSError):
            guard.stdin.close()


def answers(address: str) -> bool:
    """Whether something answers well at an address of this machine."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5):
            return True
    except (OSError, ValueError):
        return False
