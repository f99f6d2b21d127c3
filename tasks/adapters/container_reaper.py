"""Removing what a crash left: containers and volumes whose owner is gone or whose time is over."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.adapters.container_engine import connect
from tasks.adapters.container_labels import JOB, is_orphan
from tasks.adapters.container_workspace import remove_container, remove_volume

if TYPE_CHECKING:
    from docker import DockerClient


def reap(home: Path) -> list[str]:
    """Remove orphans of any Axiom on this engine; gives their names. SandboxRefused when no engine answers."""
    with connect() as client:
        return reap_with(client)


def reap_with(client: DockerClient) -> list[str]:
    """The same over an open connection. Containers first: a volume in use cannot be removed."""
    from docker.errors import DockerException

    now, removed = time.time(), []
    for entry in client.api.containers(all=True, filters={"label": JOB}):
        if is_orphan(entry.get("Labels") or {}, now):
            try:
                remove_container(client.containers.get(entry["Id"]))
            except DockerException:
                continue
            removed.append(str(entry["Names"][0]).lstrip("/"))
    for volume in client.api.volumes(filters={"label": JOB}).get("Volumes") or ():
        if is_orphan(volume.get("Labels") or {}, now):
            remove_volume(client, volume["Name"])
            removed.append(volume["Name"])
    return removed
