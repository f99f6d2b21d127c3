"""Making a container from the policy, and refusing it when the engine made something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tasks.rules.sandbox.job import Limits
from tasks.rules.sandbox.policy import FIXED_ENV, HOSTNAME, USER, WORKSPACE, check_settings, host_settings

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container


class PolicyViolated(Exception):
    """The engine made a container that lacks something of the policy; it was not started."""


def create_checked(
    client: DockerClient,
    image: str,
    name: str,
    command: list[str],
    limits: Limits,
    volume: str,
    labels: Mapping[str, str],
    env: Mapping[str, str] = {},
    workdir: str = "/",
    swap_limited: bool = True,
) -> Container:
    """A container that is not started yet and has every setting of the policy; else it is removed and PolicyViolated raised."""
    found = client.images.get(image)
    image_env = [entry.partition("=")[0] for entry in (found.attrs.get("Config") or {}).get("Env") or ()]
    body = {
        "Image": image,
        "Entrypoint": command[:1],
        "Cmd": command[1:],
        "User": USER,
        "Hostname": HOSTNAME,
        "WorkingDir": workdir,
        "Env": [f"{key}={value}" for key, value in (FIXED_ENV | dict(env)).items()],
        "Labels": dict(labels),
        "Tty": False,
        "OpenStdin": False,
        "HostConfig": host_settings(limits) | {"Mounts": [_mount(volume)]},
    }
    # The low-level call takes the engine's own names; the high-level one would add proxies of the user's configuration.
    created = client.api.create_container_from_config(body, name=name)
    container = client.containers.get(created["Id"])
    violations = check_settings(container.attrs, limits, volume, [*image_env, *env], swap_limited)
    if violations:
        container.remove(force=True)
        raise PolicyViolated("; ".join(violations)[:600])
    return container


def _mount(volume: str) -> dict[str, Any]:
    # Without NoCopy the engine would fill the volume with what the image has at that place.
    return {"Type": "volume", "Source": volume, "Target": WORKSPACE, "VolumeOptions": {"NoCopy": True}}
