"""Removing what a crash left: containers and volumes whose owner is gone or whose time is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.adapters.container.engine import connect
from tasks.adapters.container.labels import JOB, is_orphan

if TYPE_CHECKING:
    from docker import DockerClient

TRIES = 4
RETRY_SECONDS = 0.3


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
    removed = []
    for entry in client.api.containers(all=True, filters={"label": label}):
        if wanted(entry.get("Labels") or {}) and _is_gone(partial(client.api.remove_container, entry["Id"], force=True, v=True)):
            removed.append(str(entry["Names"][0]).lstrip("/"))
    for volume in client.api.volumes(filters={"label": label}).get("Volumes") or ():
        if wanted(volume.get("Labels") or {}) and _is_gone(partial(client.api.remove_volume, volume["Name"], force=True)):
            removed.append(volume["Name"])
    return removed


def _is_gone(remove: Callable[[], object]) -> bool:
    """Try a few times: a removal can meet another one that is under way, or a volume that is about to be let go."""
    from docker.errors import DockerException, NotFound

    for _ in range(TRIES):
        try:
            remove()
        except NotFound:
            return True
        except (DockerException, OSError):
            time.sleep(RETRY_SECONDS)
        else:
            return True
    return False
