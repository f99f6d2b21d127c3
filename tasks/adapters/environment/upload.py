"""What goes into a build container: uv, the list of packages, wheels of the user's own, certificates, our harness; one tar."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

HARNESS = Path(__file__).parent / "harness"
"""Scripts that run inside the sandbox; in the image at `/opt/axiom`."""
CHUNK = 1024 * 1024
NOBODY = 65534


def harness_files() -> dict[str, bytes]:
    """Name and content of every harness script."""
    return {path.name: path.read_bytes() for path in sorted(HARNESS.glob("*.py"))}


@lru_cache(maxsize=1)
def harness_hash() -> str:
    digest = hashlib.sha256()
    for name, content in harness_files().items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def tar_of(
    folders: Sequence[str], rooted: Sequence[str], texts: dict[str, bytes], files: dict[str, Path], executable: Sequence[str]
) -> Iterator[bytes]:
    """A tar of folders, `nobody`'s unless `rooted`, and of files that root owns and all may read."""
    with tempfile.TemporaryFile(prefix="axiom-build-") as spool:
        with tarfile.open(fileobj=spool, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for folder in (*folders, *rooted):
                tar.addfile(_entry(folder, 0, 0o755, 0 if folder in rooted else NOBODY, tarfile.DIRTYPE))
            for name, content in texts.items():
                tar.addfile(_entry(name, len(content), 0o644), io.BytesIO(content))
            for name, path in files.items():
                with open(path, "rb") as opened:
                    size = os.fstat(opened.fileno()).st_size
                    tar.addfile(_entry(name, size, 0o755 if name in executable else 0o644), opened)
        spool.seek(0)
        while chunk := spool.read(CHUNK):
            yield chunk


def _entry(name: str, size: int, mode: int, owner: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.uid, entry.gid, entry.type = size, mode, owner, owner, kind
    return entry
