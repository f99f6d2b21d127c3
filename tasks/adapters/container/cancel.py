"""Cancelling a job from another process: a mark on the engine that whoever runs the job reads.

The mark is a labelled volume. Making one waits for no container, not even for one whose workspace is being filled, and it
is removed like everything else that the job made.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from tasks.adapters.container.labels import JOB, KEEPER, OWNED, ROLE

if TYPE_CHECKING:
    from docker import DockerClient

MARK = "axiom.cancelled"


def cancel_on_engine(client: DockerClient, job_id: str) -> bool:
    """Mark the job and kill its container if that runs; whether there is such a job.

    The mark comes first: a container that starts between the two is found marked by whoever started it.
    """
    from docker.errors import APIError

    volumes = client.api.volumes(filters={"label": f"{JOB}={job_id}"}).get("Volumes") or ()
    found = [volume.get("Labels") or {} for volume in volumes]
    for labels in found:
        client.volumes.create(f"axiom-cancelled-{labels.get(OWNED)}", labels=labels | {MARK: "1"})
    for entry in client.api.containers(filters={"label": f"{JOB}={job_id}"}):
        if (entry.get("Labels") or {}).get(ROLE) != KEEPER:
            with contextlib.suppress(APIError):  # it may have ended by itself meanwhile
                client.api.kill(entry["Id"])
    return bool(found)


def is_cancelled(client: DockerClient, owned: str) -> bool:
    """Whether somebody has marked this start of a job."""
    return bool(client.api.volumes(filters={"label": [f"{OWNED}={owned}", MARK]}).get("Volumes"))
