"""What comes out of a workspace: new and changed regular files of the tar stream, and for each other thing why not.

The stream comes from the engine, but names, types and sizes in it were chosen by untrusted code. Nothing is extracted by
a library: each member is judged, and its bytes go to a file that we open ourselves.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tasks.adapters.container.names import is_cache, refuse_name, shown, to_output
from tasks.adapters.container.upload import CHUNK, Upload

MAX_SKIPPED = 200
"""So many skipped outputs are named; more are counted."""
KINDS = {
    tarfile.SYMTYPE: "symbolic link",
    tarfile.LNKTYPE: "hard link",
    tarfile.FIFOTYPE: "named pipe",
    tarfile.CHRTYPE: "device",
    tarfile.BLKTYPE: "device",
}
REST = "(the rest)"


@dataclass(frozen=True)
class HarvestLimits:
    """What is taken from one job."""

    bytes: int
    """Of new and changed files."""
    stream_bytes: int
    """Of the whole stream, holes of sparse files included."""
    files: int = 20_000
    seconds: float = 300


@dataclass
class Harvest:
    """Outputs by name, and what was not taken."""

    taken: list[str] = field(default_factory=list)
    """Names in the outputs folder."""
    bytes: int = 0
    changed: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    unnamed: int = 0

    def skip(self, path: str, reason: str) -> None:
        """Note what was not taken; beyond a bound it is only counted."""
        if len(self.skipped) < MAX_SKIPPED:
            self.skipped[shown(path)] = reason
            return
        self.unnamed += 1
        self.skipped[REST] = f"{self.unnamed:,} more that were not taken"


def harvest(stream: Iterator[bytes], upload: Upload, folder: Path, limits: HarvestLimits) -> Harvest:
    """Write new and changed files of the stream below `folder`, which must be empty."""
    found, deadline = Harvest(), time.monotonic() + limits.seconds
    source = io.BufferedReader(_Stream(stream, limits.stream_bytes, deadline), CHUNK)
    try:
        with tarfile.open(fileobj=source, mode="r|", errorlevel=0) as archive:
            while (member := archive.next()) is not None:
                _take(archive, member, upload, folder, limits, found)
                # The library would remember every member of a stream that may have very many.
                archive.members = []  # type: ignore[attr-defined]
    except (tarfile.TarError, EOFError, _Exhausted) as error:
        found.skip(REST, str(error) or "the stream of outputs broke off")
    return found


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, upload: Upload, folder: Path, limits: HarvestLimits, found: Harvest) -> None:
    path = member.name.removeprefix("work/")
    if member.isdir() or is_cache(path):
        return
    name = to_output(path)
    reason = _refusal(member, path) or _beyond(member, limits, found)
    if reason:
        if path not in upload.hashes or not member.isreg():
            found.skip(name, reason)
        return
    content = archive.extractfile(member)
    if content is None:
        return
    try:
        is_new = _keep(content, folder / name, upload.hashes.get(path))
    except OSError as error:
        found.skip(name, f"could not be written here: {error.strerror}")
        return
    if not is_new:
        return
    found.taken.append(name)
    found.bytes += member.size
    if path in upload.committed:
        found.changed.append(name)


def _refusal(member: tarfile.TarInfo, path: str) -> str:
    if not member.isreg():
        return f"a {KINDS.get(member.type, 'special file')}, not a regular file"
    return refuse_name(path)


def _beyond(member: tarfile.TarInfo, limits: HarvestLimits, found: Harvest) -> str:
    if len(found.taken) >= limits.files:
        return f"more than {limits.files:,} outputs"
    if found.bytes + member.size > limits.bytes:
        return f"{member.size:,} bytes are beyond the {limits.bytes:,} taken from one job"
    return ""


def _keep(content: IO[bytes], target: Path, before: bytes | None) -> bool:
    """Write what differs from the file whose hash is `before`; says whether it does."""
    first = content.read(CHUNK)
    if len(first) < CHUNK and hashlib.sha256(first).digest() == before:
        return False
    if _write(first, content, target) != before:
        return True
    target.unlink()
    return False


def _write(first: bytes, content: IO[bytes], target: Path) -> bytes:
    """Copy to a file that must not exist; its permissions are ours, so no setuid bit survives. Gives the hash."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as written:
        chunk = first
        while chunk:
            digest.update(chunk)
            written.write(chunk)
            chunk = content.read(CHUNK)
    return digest.digest()


class _Exhausted(Exception):
    """A bound of the whole stream was reached."""


class _Stream(io.RawIOBase):
    """Chunks of a response as a file, within a byte and a time budget."""

    def __init__(self, chunks: Iterator[bytes], budget: int, deadline: float) -> None:
        self._chunks, self._rest, self._budget, self._deadline = chunks, b"", budget, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._chunks, b"")
            self._budget -= len(self._rest)
            if self._budget < 0 or time.monotonic() > self._deadline:
                raise _Exhausted("holes included, the outputs are larger than the workspace; reading them was stopped")
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
