"""The image an environment starts from: the official Python image of a version, here or pulled, with Debian packages on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.rules.environment.resolver_words import clean_text, last_lines
from tasks.rules.execution.plan import BuildFailure

if TYPE_CHECKING:
    from docker import DockerClient

UV_PLATFORMS = {"amd64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}


class BaseMissing(Exception):
    """The image can neither be found nor pulled."""

    def __init__(self, failure: BuildFailure) -> None:
        self.failure = failure
        super().__init__(failure.detail)


@dataclass(frozen=True)
class Base:
    """A local image."""

    id: str
    platform: str
    """`amd64`, `arm64`."""

    @property
    def uv_platform(self) -> str:
        return UV_PLATFORMS.get(self.platform, "linux")


def find_base(client: DockerClient, python: str, say: Callable[[str], None], pull: bool = True) -> Base:
    """The image `python:X.Y-slim`; BaseMissing when it cannot be had."""
    from docker.errors import DockerException, ImageNotFound

    name = f"python:{python}-slim"
    try:
        image = client.images.get(name)
    except ImageNotFound as error:
        if not pull:
            raise BaseMissing(_failure(name, python, "it is not here")) from error
        say(f"pulling {name}")
        try:
            image = client.images.pull("python", tag=f"{python}-slim")
        except (DockerException, OSError) as error:
            raise BaseMissing(_failure(name, python, str(error))) from error
    return Base(str(image.id), str(image.attrs.get("Architecture") or ""))


def _failure(name: str, python: str, said: str) -> BuildFailure:
    return BuildFailure(
        cause="engine",
        reason="python_version",
        step="image",
        detail=f"needs Python {python}; image {name} cannot be had",
        tail=last_lines(clean_text(said)),
    )
