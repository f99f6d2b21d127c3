"""One git process at a time, with an environment built from scratch, a deadline and a watcher of the bytes it writes.

GitPython is not used: it always hands its own process's environment on to git (credentials, proxies, `GIT_*`), kills only
direct children at a time-out, and cannot stop a fetch that grows too large.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict

from tasks.adapters.host_addresses import Route
from tasks.errors import InfrastructureError
from tasks.rules.source_policy import Source

WATCH_SECONDS = 0.1
"""How often time and size are looked at."""
MEMORY_BYTES = 2_000_000_000
"""Private memory of a git process and its children: a server can send references or deltas without end."""
FILE_SLACK_BYTES = 10_000_000
"""The watcher stops a fetch at the size limit; so much later the kernel does."""
ERROR_CHUNKS = 8
ERROR_CHUNK_BYTES = 4096
"""What is kept of the end of git's error output; a server can send it without end."""
PASSED_ON = ("GIT_SSL_CAINFO", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Certificate authorities of a company's own servers; nothing else of our environment reaches git."""

SETTINGS = {
    "core.bigFileThreshold": "16m",
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.symlinks": "false",
    "credential.helper": "",
    "fetch.fsckObjects": "false",
    "fetch.unpackLimit": "1",
    "gc.auto": "0",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "30",
    "maintenance.auto": "false",
    "safe.directory": "*",
    "submodule.recurse": "false",
}
"""No credentials, hooks, links, redirects or submodules; packs stay packs; a trickle of data is given up after 30 s."""


class CloneLimits(BaseModel):
    """What one repository may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = 300
    """For everything from the first connection to the last file written."""
    answer_seconds: float = 60
    """For the server to say which commit a name stands for."""
    clone_bytes: int = 2_000_000_000
    """Received from the server, compressed, at depth 1."""
    tree_bytes: int = 4_000_000_000
    """All regular files of the commit together."""
    file_bytes: int = 1_000_000_000
    """A larger file is listed and not exported; code hosts stop at 100 MB without LFS."""
    files: int = 200_000
    """Paths in the commit."""


class GitStopped(Exception):
    """A limit was reached: `limit` is `seconds` or `bytes`."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(limit)


class GitFailed(Exception):
    """git ended with an error; `text` is the end of what it said."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


class Running:
    """A started git process; `out` is its output."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None and process.stderr is not None
        self.process = process
        self.out: IO[bytes] = process.stdout
        self.done = threading.Event()
        self.stopped_by = ""
        self._said: deque[bytes] = deque(maxlen=ERROR_CHUNKS)

    @property
    def said(self) -> str:
        return b"".join(self._said).decode("utf-8", "replace")

    def hear(self) -> None:
        """Read the error output to its end, keeping the last part."""
        assert self.process.stderr is not None
        while chunk := os.read(self.process.stderr.fileno(), ERROR_CHUNK_BYTES):
            self._said.append(chunk)

    def kill(self) -> None:
        """End the whole group. Called only before the process is waited for, so that its number is still its own."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


class GitSession:
    """git for one source: pinned to its checked route, in a folder of its own, until one deadline."""

    def __init__(self, folder: Path, source: Source, route: Route, limits: CloneLimits, seconds: float | None = None) -> None:
        self.folder = folder
        self.repository = folder / "repository.git"
        self.limits = limits
        self.deadline = time.monotonic() + (limits.seconds if seconds is None else seconds)
        home = folder / "home"
        home.mkdir()
        # `git upload-pack` of a local source drops GIT_CONFIG_*: what it needs stands in the home as well.
        (home / ".gitconfig").write_text('[safe]\n\tdirectory = "*"\n[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n')
        self.environment = build_environment(home, source, route)

    def run(self, *arguments: str, output_bytes: int = 1_000_000, watched: Path | None = None) -> bytes:
        """The output, up to a limit; raises GitFailed or GitStopped."""
        with self.started(*arguments, watched=watched) as running:
            output = running.out.read(output_bytes + 1)
            if len(output) > output_bytes:
                raise GitStopped("bytes")
        return output

    @contextmanager
    def started(self, *arguments: str, watched: Path | None = None, stdin: int = subprocess.DEVNULL) -> Iterator[Running]:
        """A running git whose group is killed at the deadline, at the size limit and when the block raises.

        The block reads the output to its end. Leaving it raises GitFailed or GitStopped if git did not succeed.
        """
        running = Running(self._start(arguments, stdin))
        threads = [
            threading.Thread(target=running.hear, daemon=True),
            threading.Thread(target=self._guard, args=(running, watched), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield running
            threads[0].join()
        except BaseException as error:
            running.kill()
            if running.stopped_by and isinstance(error, (OSError, ValueError, EOFError)):
                raise GitStopped(running.stopped_by) from None
            raise
        finally:
            running.done.set()
            threads[1].join()
            code = running.process.wait()
            threads[0].join()
            _close(running.process)
        if running.stopped_by:
            raise GitStopped(running.stopped_by)
        if code != 0:
            # The kernel's limit can be quicker than the watcher, and git does not always say what ended its child.
            raise GitStopped("bytes") if self._is_too_large(watched) else GitFailed(running.said)

    def _start(self, arguments: Sequence[str], stdin: int) -> subprocess.Popen[bytes]:
        options: dict[str, Any] = {"stdin": stdin, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        try:
            process = subprocess.Popen(
                ["git", *arguments], cwd=self.folder, env=self.environment, start_new_session=True, bufsize=1 << 18, **options
            )
        except FileNotFoundError:
            raise InfrastructureError("git is not installed", "Install git 2.39 or newer.") from None
        self._bound(process)
        return process

    def _bound(self, process: subprocess.Popen[bytes]) -> None:
        """Bounds of the kernel, for git and its children: they hold even when we are killed. Linux only."""
        if not hasattr(resource, "prlimit"):
            return
        largest = self.limits.clone_bytes + self.limits.clone_bytes // 10 + FILE_SLACK_BYTES
        for kind, bound in ((resource.RLIMIT_DATA, MEMORY_BYTES), (resource.RLIMIT_FSIZE, largest)):
            with suppress(OSError, ValueError):
                resource.prlimit(process.pid, kind, (bound, bound))

    def _is_too_large(self, watched: Path | None) -> bool:
        return watched is not None and folder_bytes(watched) > self.limits.clone_bytes

    def _guard(self, running: Running, watched: Path | None) -> None:
        while not running.done.wait(WATCH_SECONDS):
            if time.monotonic() > self.deadline:
                running.stopped_by = "seconds"
            elif self._is_too_large(watched):
                running.stopped_by = "bytes"
            if running.stopped_by:
                running.kill()
                return


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue


def build_environment(home: Path, source: Source, route: Route) -> dict[str, str]:
    """Everything git sees of this machine: a path, an empty home, our settings and the one protocol the source needs."""
    settings = dict(SETTINGS)
    if route.proxy:
        settings["http.proxy"] = route.proxy
    elif route.addresses and source.kind in ("https", "http"):
        pinned = ",".join(f"[{a}]" if ":" in a else a for a in route.addresses)
        settings["http.curloptResolve"] = f"{source.host}:{source.port}:{pinned}"
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_ALLOW_PROTOCOL": "file" if source.kind == "local" else source.kind,
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_SSH_COMMAND": _ssh_command(source, route.addresses),
        "GIT_SSH_VARIANT": "ssh",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    passed_on = (*PASSED_ON, "SSH_AUTH_SOCK") if source.kind == "ssh" else PASSED_ON
    return environment | {name: os.environ[name] for name in passed_on if name in os.environ}


def _ssh_command(source: Source, addresses: Sequence[str]) -> str:
    if source.kind != "ssh" or not addresses:
        return "false"
    alias = source.host if source.port == 22 else f"[{source.host}]:{source.port}"
    options = {
        "BatchMode": "yes", "StrictHostKeyChecking": "yes", "ForwardAgent": "no", "PermitLocalCommand": "no",
        "ClearAllForwardings": "yes", "ConnectTimeout": "20", "HostName": addresses[0], "Port": source.port,
    }  # fmt: skip
    return " ".join(["ssh", *(f"-o{key}={value}" for key, value in options.items()), f"'-oHostKeyAlias={alias}'"])


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder that another process is writing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size
            except FileNotFoundError:
                continue
    return total
