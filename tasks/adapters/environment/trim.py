"""Old environments: images of ours that were not asked for lately are removed, those of others never."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.adapters.container.engine import connect
from tasks.adapters.environment.install import REPOSITORY, SYSTEM_LABEL

if TYPE_CHECKING:
    from docker import DockerClient

KEY_LABEL = "axiom.key"
KEEP_IMAGES = 10
"""The most recently used stay, whatever their age; one of deep learning takes a gigabyte or more."""
KEEP_SECONDS = 3 * 24 * 3600.0
"""Beyond them, those asked for within three days stay."""
FORGOTTEN_SECONDS = 180 * 24 * 3600.0
"""Images of homes that may no longer exist."""


def mark_used(home: Path, key: str) -> None:
    """Remember that an environment was asked for now."""
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / key).touch()


def trim_images(home: Path, keep: int = KEEP_IMAGES, keep_seconds: float = KEEP_SECONDS) -> list[str]:
    """Remove environments beyond the `keep` most recently used that nobody asked for within `keep_seconds`; gives their keys.

    Those that only another `AXIOM_HOME` asked for stay, until they are very old: what is missing is built again. Layers of
    Debian packages go when nothing stands on them any more. An image that a container uses stays.
    """
    with connect() as client:
        return trim_with(client, home, keep, keep_seconds)


def trim_with(client: DockerClient, home: Path, keep: int = KEEP_IMAGES, keep_seconds: float = KEEP_SECONDS) -> list[str]:
    """The same over an open connection."""
    now = time.time()
    images = {str(image.id): image for image in client.images.list(filters={"label": KEY_LABEL}) if image.labels.get(KEY_LABEL)}
    found = {number: _last_use(home, image.labels) for number, image in images.items()}
    used = {number: when for number, when in found.items() if when is not None}
    used |= {n: made for n, image in images.items() if n not in used and (made := _created(image.labels)) < now - FORGOTTEN_SECONDS}
    oldest = now - keep_seconds
    removed = []
    for number in sorted(used, key=lambda n: used[n], reverse=True)[keep:]:
        if used[number] <= oldest and _remove(client, number):
            removed.append(images[number].labels[KEY_LABEL])
            (_folder(home) / removed[-1]).unlink(missing_ok=True)
    if removed:
        for image in client.images.list(filters={"label": SYSTEM_LABEL}):
            _remove(client, str(image.id))
    return removed


def _remove(client: DockerClient, number: str) -> bool:
    """Take our names off an image; it goes unless a container or another image stands on it."""
    from docker.errors import DockerException, ImageNotFound

    try:
        image = client.images.get(number)
        names = [tag for tag in image.tags if tag.startswith(f"{REPOSITORY}:")]
        if len(names) < len(image.tags):
            return False
        for name in names or [number]:
            client.images.remove(name, noprune=False)
    except ImageNotFound:
        return True
    except (DockerException, OSError):
        return False
    return True


def _last_use(home: Path, labels: dict[str, str]) -> float | None:
    """None when nobody of this home asked for it."""
    try:
        return (_folder(home) / labels[KEY_LABEL]).stat().st_mtime
    except OSError:
        return None


def _created(labels: dict[str, str]) -> float:
    created = labels.get("axiom.created", "")
    return float(created) if created.isdigit() else 0.0


def _folder(home: Path) -> Path:
    return home / "environments"
