"""The workspace of a job: a volume of bounded size in memory, and a tiny container that keeps it alive.

The volume's content exists as long as some container holds it, so a keeper that can do nothing holds it before the job
starts and after it ended. Nothing of the host is mounted; files go in and come out as tar streams.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.adapters.container.labels import FINISHED, KEEPER, OWNED, ROLE
from tasks.adapters.container.reaper import remove_where
from tasks.adapters.container.settings import create_checked
from tasks.rules.sandbox.job import Job
from tasks.rules.sandbox.policy import WORKSPACE, keeper_limits, volume_options

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

PROBE_BYTES = 64 * 1024
"""Output of a command in the keeper that is read at most."""
PROBE_SECONDS = 60
LIST_BYTES = 32 * 1024**2
SPARSE_FROM_MIB = 16


@dataclass(frozen=True)
class Fill:
    """How full the workspace is, proportions 0-1."""

    bytes: float
    files: float


@dataclass(frozen=True)
class Workspace:
    """A volume with its keeper."""

    volume: str
    keeper: Container

    def upload(self, stream: Iterator[bytes]) -> None:
        """Unpack a tar into the workspace, as it comes."""
        self.keeper.put_archive(WORKSPACE, stream)

    def download(self) -> Iterator[bytes]:
        """The whole workspace as a tar whose names start with `work/`."""
        stream, _ = self.keeper.get_archive(WORKSPACE, chunk_size=1024 * 1024)
        return stream

    def fill(self) -> Fill | None:
        """None when the image has no means to tell."""
        words = self._run("/usr/bin/stat", "-f", "-c", "%b %f %c %d", WORKSPACE).split()
        if len(words) != 4 or not all(word.isdigit() for word in words):
            return None
        blocks, free, files, files_free = map(int, words)
        return Fill(1 - free / max(1, blocks), 1 - files_free / max(1, files))

    def drop_sparse_files(self) -> dict[str, int]:
        """Remove large files that are mostly holes, since a tar holds every hole; path below the workspace and apparent size."""
        found = self._run("/usr/bin/find", WORKSPACE, "-xdev", "-type", "f", "-size", f"+{SPARSE_FROM_MIB}M", "-printf", "%s %b %P\\0")
        sparse = {}
        for entry in found.split("\0"):
            size, _, rest = entry.partition(" ")
            blocks, _, path = rest.partition(" ")
            if path and size.isdigit() and blocks.isdigit() and int(blocks) * 512 < int(size) // 2:
                sparse[path] = int(size)
        if sparse:
            self._run("/bin/rm", "-f", "--", *[f"{WORKSPACE}/{path}" for path in sparse])
        return sparse

    def drop_untouched(self, known: Collection[str], since: float) -> None:
        """Remove files that were not touched `since` (seconds, the engine's clock), so that they need not be read back.

        Told by the time of the last change of status, which no program can set. If one of them does not lie where it
        was put, its folder was moved: then all stay, since at its new place it is an output.
        """
        untouched = (WORKSPACE, "-xdev", "-type", "f", "!", "-newerct", f"@{since:.6f}")
        listed = self._run("/usr/bin/find", *untouched, "-printf", "%P\\0", limit=LIST_BYTES)
        if len(listed) < LIST_BYTES and all(path in known for path in listed.split("\0") if path):
            self._run("/usr/bin/find", *untouched, "-delete")

    def _run(self, *command: str, limit: int = PROBE_BYTES) -> str:
        """What a command in the keeper printed, up to a number of bytes; empty when it could not run."""
        from docker.errors import DockerException

        output, deadline = bytearray(), time.monotonic() + PROBE_SECONDS
        try:
            for chunk in self.keeper.exec_run(list(command), stderr=False, stream=True).output:
                output += chunk
                if len(output) > limit or time.monotonic() > deadline:
                    break
        except (DockerException, OSError):
            return ""
        return output[:limit].decode(errors="surrogateescape")


@contextmanager
def open_workspace(client: DockerClient, job: Job, labels: dict[str, str], seconds: int, swap_limited: bool = True) -> Iterator[Workspace]:
    """A workspace that ends with the block, and by itself after `seconds`; so does every container with these labels.

    What is removed is found by its label, so that an interruption between making a thing and remembering it leaves nothing.
    """
    from docker.errors import DockerException

    name = f"axiom-{job.id}-{labels[OWNED]}"
    try:
        client.volumes.create(name, driver="local", driver_opts=volume_options(job.limits), labels=labels)
        keeper = create_checked(
            client,
            image=job.image,
            name=f"{name}-{KEEPER}",
            command=["/bin/sleep", str(seconds)],
            limits=keeper_limits(job.limits),
            volume=name,
            labels=labels | {ROLE: KEEPER},
            swap_limited=swap_limited,
        )
        keeper.start()
        yield Workspace(name, keeper)
    finally:
        FINISHED.add(labels[OWNED])
        # An engine that fails here must not take away the outcome; what is left is an orphan from now on.
        with contextlib.suppress(DockerException, OSError):
            remove_where(client, f"{OWNED}={labels[OWNED]}", lambda _: True)
