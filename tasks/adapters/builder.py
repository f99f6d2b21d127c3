"""The builder's process from outside: started, asked for steps, listened to, ended.

A step that is asked for twice runs once: what the command asked for ahead, while Prefect's server was still starting, is
what the flow's step finds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from tasks import errors
from tasks.errors import AxiomError, InfrastructureError
from tasks.modelling.workspace import Clock, Workspace, replace
from tasks.rules.building.request import BuildRequest

MODULE = "tasks.modelling.builder"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LOOK_SECONDS = 0.25
IDENTITY = "identity"
"""File with what tells this build from another one of the same request: the same after a crash, new when it is made anew."""
FINISHED = "finished"
"""The last step: until it stands, the same command goes on with the build."""
KEPT_BUILDS = 20
"""Folders of earlier builds; older ones are removed when a new one starts."""

OnEvent = Callable[[dict[str, Any]], None]


class Builder:
    """One build's process. Events go to whoever listens now; those that nobody heard are told to the next listener."""

    def __init__(self, folder: Path, budget: float, began: float) -> None:
        self.folder = folder
        self._clock = Clock(Workspace(folder), budget, began)
        self.spent_before = self._clock.spent_before
        """Seconds that earlier commands spent on it."""
        self.identity = f"{folder.name}-{(folder / IDENTITY).read_text()}"
        """Names its record and its registration."""
        self._asked: dict[str, Future[Any]] = {}
        self._guard = threading.Lock()
        self._listener: OnEvent | None = None
        self._unheard: list[dict[str, Any]] = []
        self._log = open(folder / "builder.log", "ab")  # noqa: SIM115  (the process writes to it until it ends)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", MODULE, str(folder), repr(began)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            bufsize=1,
            env=os.environ | dict.fromkeys(THREADS, "1"),
            start_new_session=True,
        )
        threading.Thread(target=self._read, name="builder", daemon=True).start()
        threading.Thread(target=self._bury, name="builder-end", daemon=True).start()

    @property
    def deadline(self) -> float:
        """Unix time at which the budget is used up."""
        return self._clock.deadline

    @property
    def spent(self) -> float:
        """Seconds of the budget so far, those of earlier commands too."""
        return self._clock.spent

    def ask(self, step: str, name: str = "", **arguments: Any) -> Future[Any]:
        """The step's result to come, by its name: `train#2` is asked for once, whoever asks."""
        name = name or step
        with self._guard:
            if name in self._asked:
                return self._asked[name]
            future: Future[Any] = Future()
            self._asked[name] = future
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(json.dumps({"step": step, "name": name, "arguments": arguments}) + "\n")
                self._process.stdin.flush()
            except (OSError, ValueError):
                future.set_exception(self._died())
            return future

    def run(self, step: str, name: str = "", on_event: OnEvent | None = None, **arguments: Any) -> Any:
        """The step's result; raises what the step raised."""
        future = self.ask(step, name, **arguments)
        self.listen(on_event)
        try:
            while True:
                try:
                    return future.result(timeout=LOOK_SECONDS)
                except TimeoutError:
                    if future.done():
                        raise
        finally:
            self.listen(None)

    def wait_for_file(self, file: Path, until: float) -> bool:
        """Whether a file came that a process beside this one writes, before this moment in Unix seconds."""
        while not file.exists():
            if not self.alive or time.time() > until:
                return False
            time.sleep(LOOK_SECONDS / 2)
        return True

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Time in it is a person's, not the build's."""
        self._clock.hold()
        self.run("pause", f"pause {time.time()}", hold=True)
        try:
            yield
        finally:
            self._clock.go_on()
            if self.alive:
                self.run("pause", f"pause {time.time()}", hold=False)

    def listen(self, on_event: OnEvent | None) -> None:
        """Events go there from now on, those unheard first."""
        with self._guard:
            self._listener = on_event
            waiting, self._unheard = (self._unheard, []) if on_event else ([], self._unheard)
        for event in waiting:
            assert on_event is not None
            on_event(event)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """End it with everything it forked."""
        self._kill_all()
        self._process.wait()
        self._log.close()

    def _kill_all(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _bury(self) -> None:
        """When it dies, what it forked dies too: a worker would hold its lock, and the pipe we read from, open."""
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self._kill_all()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):  # not so: death cut it short
                reply = json.loads(line)
                (self._tell if "event" in reply else self._settle)(reply)
        self._process.wait()
        with self._guard:
            open_steps = [f for f in self._asked.values() if not f.done()]
        for future in open_steps:
            future.set_exception(self._died())

    def _tell(self, reply: dict[str, Any]) -> None:
        event = reply["event"]
        with self._guard:
            listener = self._listener
            if listener is None:
                self._unheard.append(event)
        if listener is not None:
            listener(event)

    def _settle(self, reply: dict[str, Any]) -> None:
        future = self._asked[reply["name"]]
        if "error" in reply:
            future.set_exception(_as_error(**reply["error"]))
        else:
            future.set_result(reply["result"])

    def _died(self) -> InfrastructureError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=LOOK_SECONDS)
        code = self._process.poll()
        how = "was killed, for want of memory perhaps" if code == -signal.SIGKILL else f"ended with code {code}"
        return InfrastructureError(
            f"The builder's process {how}", f"Run the same command again to go on. Its log is {self.folder / 'builder.log'}."
        )


def _as_error(kind: str, cause: str, remedy: str) -> AxiomError:
    made = getattr(errors, kind, InfrastructureError)
    return made(cause, remedy)


_running: dict[str, Builder] = {}
_starting = threading.Lock()


def open_build(home: Path, key: str, request: BuildRequest, began: float) -> tuple[Builder, bool]:
    """The build's process, started if this process has none, and whether it goes on with what an earlier one left.

    A build that was finished is made anew; its folder is removed only when the new one starts.
    """
    with _starting:
        running = _running.get(key)
        if running is not None and running.alive:
            return running, False
        folder = home / "builds" / key
        resumed = _prepare(folder, request)
        _running[key] = Builder(folder, request.time_budget, began)
        return _running[key], resumed


def end_build(key: str) -> None:
    """End the build's process, if this process has one."""
    with _starting:
        running = _running.pop(key, None)
    if running is not None:
        running.end()


def finish_build(home: Path, key: str) -> None:
    """The user has everything: the same command makes the build anew from now on."""
    Workspace(home / "builds" / key).finish(FINISHED, {"at": round(time.time(), 1)})
    end_build(key)


def end_builds() -> None:
    """End every build's process of this process."""
    for key in list(_running):
        end_build(key)


def _prepare(folder: Path, request: BuildRequest) -> bool:
    """Make the folder; whether an unfinished build was there."""
    if (folder / "steps" / f"{FINISHED}.json").exists():
        shutil.rmtree(folder)
    resumed = (folder / "steps").exists() and any((folder / "steps").iterdir())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / IDENTITY).exists():
        replace(folder / IDENTITY, uuid.uuid4().hex[:12].encode())
    replace(folder / "request.json", request.model_dump_json().encode())
    os.utime(folder)
    _trim(folder.parent, folder)
    return resumed


def _trim(builds: Path, keep: Path) -> None:
    oldest_first: Sequence[Path] = sorted((p for p in builds.iterdir() if p.is_dir() and p != keep), key=lambda p: p.stat().st_mtime)
    for folder in oldest_first[: max(0, len(oldest_first) - KEPT_BUILDS + 1)]:
        if time.time() - folder.stat().st_mtime > 3600:
            shutil.rmtree(folder, ignore_errors=True)
