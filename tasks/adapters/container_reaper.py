"""Removing what a crash left: containers and volumes whose owner is gone or whose time is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.adapters.container_engine import connect
from tasks.adapters.container_labels import JOB, is_orphan

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container


def reap(home: Path, job_id: str = "") -> list[str]:
    """Remove orphans, and everything of the named job whoever owns it; gives their names.

    Orphans of every `AXIOM_HOME` on this engine, since each label tells whether its owner lives; `home` is whose
    worker asks. SandboxRefused when no engine answers.
    """
    with connect() as client:
        return reap_with(client, job_id)


def reap_with(client: DockerClient, job_id: str = "") -> list[str]:
    """The same over an open connection."""
    now = time.time()
    return remove_where(client, JOB, lambda labels: is_orphan(labels, now) or (bool(job_id) and labels.get(JOB) == job_id))


def remove_where(client: DockerClient, label: str, wanted: Callable[[dict[str, str]], bool]) -> list[str]:
    """Remove containers and volumes with a label whose labels are `wanted`; volumes last, since one in use stays."""
    from docker.errors import DockerException

    removed = []
    for entry in client.api.containers(all=True, filters={"label": label}):
        if wanted(entry.get("Labels") or {}):
            try:
                remove_container(client.containers.get(entry["Id"]))
            except DockerException:
                continue
            removed.append(str(entry["Names"][0]).lstrip("/"))
    for volume in client.api.volumes(filters={"label": label}).get("Volumes") or ():
        if wanted(volume.get("Labels") or {}):
            remove_volume(client, volume["Name"])
            removed.append(volume["Name"])
    return removed


def remove_container(container: Container | None) -> None:
    """Kill and remove; what is already gone, or an engine that is, is no error: the reaper comes by again."""
    from docker.errors import DockerException

    if container is None:
        return
    try:
        container.remove(force=True, v=True)
    except (DockerException, OSError):
        return


def remove_volume(client: DockerClient, name: str) -> None:
    from docker.errors import DockerException

    try:
        client.volumes.get(name).remove(force=True)
    except (DockerException, OSError):
        return
