"""What the kernel counts of a running container: peak of memory and processes, refused forks, processes killed for memory.

The counters of a control group die with the container, so they are read while it lives: from the kernel's files where
the engine runs on this machine, else, more coarsely, from the engine's own statistics.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import DockerClient

CGROUPS = Path("/sys/fs/cgroup")
EVERY_SECONDS = 0.05
LOCAL_SECONDS = 2.0
"""If the kernel's files do not show up in this time, the engine is elsewhere."""


@dataclass
class Measured:
    """None where it could not be read. The last hundredths of a second before the end may be missing."""

    peak_memory: int | None = None
    """Bytes, files in the workspace and the page cache included."""
    peak_pids: int | None = None
    pids_refused: int | None = None
    """Times a process or thread was refused."""
    oom_kills: int | None = None

    def raise_to(self, name: str, value: int | None) -> None:
        """Keep the larger of what is known and a new reading."""
        if value is not None:
            setattr(self, name, max(value, getattr(self, name) or 0))


class Meter:
    """Reads the counters in a thread until it is stopped."""

    def __init__(self, client: DockerClient, container_id: str) -> None:
        self._client, self._id = client, container_id
        self.measured = Measured()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="axiom-meter", daemon=True)
        self._thread.start()

    def stop(self) -> Measured:
        """What was read so far."""
        self._stopped.set()
        return self.measured

    def _run(self) -> None:
        folders: dict[str, Path] = {}
        began = time.monotonic()
        while not self._stopped.wait(EVERY_SECONDS):
            folders = folders or find_folders(self._id)
            if folders:
                self._read(folders["memory"], folders["pids"])
            elif time.monotonic() - began > LOCAL_SECONDS:
                self._ask_engine()
                return

    def _read(self, memory: Path, pids: Path) -> None:
        note = self.measured.raise_to
        note("peak_memory", _first_number(memory, "memory.max_usage_in_bytes", "memory.peak", "memory.current"))
        note("oom_kills", _counter(memory, "oom_kill", "memory.oom_control", "memory.events"))
        note("peak_pids", _first_number(pids, "pids.peak", "pids.current"))
        note("pids_refused", _counter(pids, "max", "pids.events"))

    def _ask_engine(self) -> None:
        from docker.errors import DockerException

        try:
            for sample in self._client.api.stats(self._id, stream=True, decode=True):
                self._take(sample)
                if self._stopped.is_set():
                    return
        except (DockerException, OSError, ValueError):
            # Statistics are a courtesy; the container's end is seen elsewhere.
            return

    def _take(self, sample: dict[str, Any]) -> None:
        memory, pids = sample.get("memory_stats") or {}, sample.get("pids_stats") or {}
        self.measured.raise_to("peak_memory", memory.get("max_usage") or memory.get("usage"))
        self.measured.raise_to("peak_pids", pids.get("current"))


def find_folders(container_id: str, root: Path = CGROUPS) -> dict[str, Path]:
    """Folders of the container's group by controller, of either version and either driver; empty when it has none here."""
    found = {}
    for controller in ("memory", "pids"):
        for base in (root / controller, root):
            for name in (f"docker/{container_id}", f"system.slice/docker-{container_id}.scope"):
                if controller not in found and (base / name).is_dir():
                    found[controller] = base / name
    return found if len(found) == 2 else {}


def _first_number(folder: Path, *names: str) -> int | None:
    for name in names:
        try:
            return int((folder / name).read_text())
        except (OSError, ValueError):
            continue
    return None


def _counter(folder: Path, key: str, *names: str) -> int | None:
    """The value of a line `key N`."""
    for name in names:
        try:
            lines = (folder / name).read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            word, _, value = line.partition(" ")
            if word == key and value.strip().isdigit():
                return int(value)
    return None
