"""The build container: dependencies are installed in it, as nobody and with limits, and its file system becomes the image.

It may reach the network and therefore holds nothing of the repository and nothing of ours: no environment but the settings
that name the package index, which are given to each command alone, so that no image keeps them. Tools and temporary files
lie on a volume of their own, which no image keeps either.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tasks.adapters.container.labels import JOB, OWNED, ROLE, make_labels
from tasks.adapters.container.reaper import remove_where
from tasks.rules.environment.resolver_words import Complaint, clean_text, last_lines, read_complaint
from tasks.rules.sandbox.job import GIB, Job
from tasks.rules.sandbox.policy import USER

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

SCRATCH = "/build"
CACHE = "/cache"
CACHE_VOLUME = "axiom-wheels"
"""Wheels that were fetched before. Mounted only where nothing of a package is run, since such code could change them."""
MEMORY_BYTES = 4 * GIB
PIDS = 512
FILE_BYTES = 8 * GIB
"""The largest wheels, with CUDA, have about 1 GB."""
DISK_BYTES = 24 * GIB
"""What one build may write into the image."""
CPUS = 2.0
OUTPUT_BYTES = 200_000
"""Of a command's output, the end that is kept."""
WATCH_SECONDS = 10.0
ROOT_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID")
"""What apt and dpkg need to unpack Debian's own packages."""


class CommandFailed(Exception):
    """A command in the build container did not succeed; `complaint` says why."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint
        super().__init__(complaint.kind)


@dataclass
class Builder:
    """A running build container."""

    client: DockerClient
    container: Container
    deadline: float
    """On the monotonic clock."""
    on_line: Callable[[str], None]
    stopped_by: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    def upload(self, stream: Iterator[bytes]) -> None:
        """Unpack a tar into the root."""
        self.container.put_archive("/", stream)

    def run(self, command: Sequence[str], env: Mapping[str, str] = {}, user: str = USER, allowed: Sequence[int] = (0,)) -> str:
        """The end of the output of a command that ended with an `allowed` exit code; CommandFailed else."""
        api = self.client.api
        started = api.exec_create(self.container.id, list(command), user=user, environment=dict(env), workdir="/")
        output = b""
        line = b""
        for chunk in api.exec_start(started["Id"], stream=True):
            output = (output + chunk)[-OUTPUT_BYTES:]
            *lines, line = (line + chunk)[-OUTPUT_BYTES:].split(b"\n")
            for said in lines[-50:]:
                if text := clean_text(said[:400].decode(errors="replace")).strip():
                    self.on_line(text)
        text = output.decode(errors="replace")
        if self.stopped_by:
            raise CommandFailed(Complaint("disk" if self.stopped_by == "disk" else "timeout", tail=last_lines(clean_text(text))))
        code = api.exec_inspect(started["Id"])["ExitCode"]
        if code == 137:
            raise CommandFailed(Complaint("memory", tail=last_lines(clean_text(text))))
        if code not in allowed:
            raise CommandFailed(read_complaint(text))
        return text

    def commit(self, repository: str, tag: str, labels: Mapping[str, str], env: Sequence[str] = ()) -> str:
        """The id of an image of what the container holds now, with these labels and none of the container's."""
        blank = {name: "" for name in self.container.labels if name.startswith("axiom.")}
        conf = {"Labels": blank | dict(labels), "Env": list(env), "Cmd": ["python"], "Entrypoint": [], "User": USER, "WorkingDir": "/"}
        return str(self.container.commit(repository=repository, tag=tag, conf=conf).id)

    def watch(self) -> None:
        """Kill the container at its deadline, or when it has written too much."""
        while not self.done.wait(min(WATCH_SECONDS, max(0.1, self.deadline - time.monotonic()))):
            if time.monotonic() >= self.deadline:
                self.stopped_by = "timeout"
            elif self._written() > DISK_BYTES:
                self.stopped_by = "disk"
            if self.stopped_by:
                with contextlib.suppress(Exception):
                    self.container.kill()
                return

    def _written(self) -> int:
        from docker.errors import DockerException

        try:
            (found,) = self.client.api.containers(filters={"id": self.container.id}, size=True)
        except (DockerException, OSError, ValueError):
            return 0
        return int(found.get("SizeRw") or 0)


@contextmanager
def open_builder(
    client: DockerClient, image: str, key: str, seconds: float, on_line: Callable[[str], None], cached: bool = False, root: bool = False
) -> Iterator[Builder]:
    """A build container on an image; it and its scratch volume end with the block, and by the reaper after a crash."""
    owner = secrets.token_hex(4)
    name = f"build-{key[:12]}-{owner}"
    job = Job(id=name, run=key[:12], role="probe", image=image, command=(), tree="/")
    labels = make_labels(job, seconds + 60) | {ROLE: "build"}
    try:
        client.volumes.create(f"axiom-{name}", labels=labels)
        if cached:
            client.volumes.create(CACHE_VOLUME, labels={"axiom.cache": "wheels"})
        body = _body(image, seconds, labels, f"axiom-{name}", cached, root)
        container = client.containers.get(client.api.create_container_from_config(body, name=f"axiom-{name}")["Id"])
        container.start()
        builder = Builder(client, container, time.monotonic() + seconds, on_line)
        watcher = threading.Thread(target=builder.watch, daemon=True)
        watcher.start()
        try:
            yield builder
        finally:
            builder.done.set()
    finally:
        remove_where(client, JOB, lambda found: found.get(OWNED) == labels[OWNED])


def _body(image: str, seconds: float, labels: dict[str, str], scratch: str, cached: bool, root: bool) -> dict[str, Any]:
    mounts = [_mount(scratch, SCRATCH), *([_mount(CACHE_VOLUME, CACHE)] if cached else [])]
    return {
        "Image": image,
        "Entrypoint": ["/bin/sleep"],
        "Cmd": [str(int(seconds) + 30)],
        "User": "0:0" if root else USER,
        "Hostname": "build",
        "WorkingDir": "/",
        "Labels": labels,
        "HostConfig": {
            "NetworkMode": "bridge",
            "CapDrop": ["ALL"],
            "CapAdd": list(ROOT_CAPABILITIES) if root else [],
            "SecurityOpt": ["no-new-privileges:true"],
            "Init": True,
            "Memory": MEMORY_BYTES,
            "MemorySwap": MEMORY_BYTES,
            "NanoCpus": round(CPUS * 1e9),
            "PidsLimit": PIDS,
            "OomScoreAdj": 500,
            "IpcMode": "private",
            "Ulimits": [{"Name": n, "Soft": v, "Hard": v} for n, v in {"fsize": FILE_BYTES, "nofile": 16384, "core": 0}.items()],
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "1"}},
            "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
            "Mounts": mounts,
        },
    }


def _mount(volume: str, target: str) -> dict[str, Any]:
    return {"Type": "volume", "Source": volume, "Target": target, "VolumeOptions": {"NoCopy": True}}
