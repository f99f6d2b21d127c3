"""What goes into a workspace: the files of a tree and its overlays as a tar stream, with the hash of each."""

from __future__ import annotations

import hashlib
import os
import posixpath
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tasks.adapters.container.names import to_workspace
from tasks.rules.sandbox.job import Cause, Job

UID = 65534
CHUNK = 1024 * 1024
PAGE = 4096


class InputRefused(Exception):
    """What a job wants in its workspace cannot be put there; says why in one sentence."""

    def __init__(self, cause: Cause, detail: str) -> None:
        self.cause = cause
        super().__init__(detail)


@dataclass
class Upload:
    """Files of a workspace by path below `/work`, and after the stream has run, their hashes."""

    files: dict[str, Path] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    committed: set[str] = field(default_factory=set)
    """Paths that came from the repository itself."""
    size: int = 0
    """Bytes of memory that the files take in the workspace."""
    hashes: dict[str, bytes] = field(default_factory=dict)

    def stream(self) -> Iterator[bytes]:
        """The tar, made as it is read, in pieces of about `CHUNK`: one request a file's header would be slow."""
        gathered = bytearray()
        for piece in self._pieces():
            gathered += piece
            if len(gathered) >= CHUNK:
                yield bytes(gathered)
                gathered.clear()
        yield bytes(gathered)

    def _pieces(self) -> Iterator[bytes]:
        for folder in sorted(self.folders):
            yield _header(f"{folder}/", 0, 0o755, 0, tarfile.DIRTYPE)
        for name, source in self.files.items():
            try:
                descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError as error:
                raise InputRefused("infrastructure", f"{source} cannot be read: {error.strerror}") from error
            yield from self._file(name, descriptor)
        yield bytes(2 * tarfile.BLOCKSIZE)

    def _file(self, name: str, descriptor: int) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with open(descriptor, "rb") as opened:
            status = os.fstat(descriptor)
            size = status.st_size if stat.S_ISREG(status.st_mode) else 0
            yield _header(name, size, 0o755 if status.st_mode & 0o111 else 0o644, int(status.st_mtime), tarfile.REGTYPE)
            left = size
            while left:
                # A file that shrinks meanwhile is filled up: the header has promised its size.
                chunk = opened.read(min(CHUNK, left)) or bytes(min(CHUNK, left))
                left -= len(chunk)
                digest.update(chunk)
                yield chunk
        yield bytes(-size % tarfile.BLOCKSIZE)
        self.hashes[name] = digest.digest()


def plan_upload(job: Job) -> Upload:
    """Everything that the job's workspace starts with; regular files only, links are not followed."""
    upload = Upload(folders={"repo", "home", "axiom"})
    for path, source in _walk(Path(job.tree)):
        _add(upload, f"repo/{path}", source)
        upload.committed.add(f"repo/{path}")
    for overlay in job.overlays:
        for path, source in _walk(Path(overlay)):
            _add(upload, to_workspace(path), source)
    for copy in job.copies:
        _copy(upload, inside(copy.source), inside(copy.target))
    for folder in (job.workdir, *job.folders):
        _make_folder(upload, inside(folder))
    upload.size = sum(-(-source.lstat().st_size // PAGE) * PAGE for source in upload.files.values())
    _check_size(upload, job)
    return upload


def inside(path: str) -> str:
    """The path below `/work` of one relative to the repository's root; InputRefused when it leads out of it."""
    normal = posixpath.normpath(posixpath.join("repo", path))
    if "\0" in path or posixpath.isabs(path) or not (normal == "repo" or normal.startswith("repo/")):
        raise InputRefused("input", f"{path!r} does not lie in the repository")
    return normal


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            source = Path(folder, name)
            if stat.S_ISREG(source.lstat().st_mode):
                yield source.relative_to(root).as_posix(), source


def _add(upload: Upload, path: str, source: Path) -> None:
    """An overlay's file wins; where a folder would have to be a file as well, the first comer stays."""
    parents = _parents(path)
    if path in upload.folders or any(parent in upload.files for parent in parents):
        return
    upload.files[path] = source
    upload.folders.update(parents)


def _make_folder(upload: Upload, path: str) -> None:
    wanted = [*_parents(path), path]
    if not any(parent in upload.files for parent in wanted):
        upload.folders.update(wanted)


def _copy(upload: Upload, source: str, target: str) -> None:
    if source in upload.files:
        _add(upload, target, upload.files[source])
        return
    below = [path for path in upload.files if path.startswith(f"{source}/")]
    if not below:
        raise InputRefused("input", f"there is no {source.removeprefix('repo/')!r} in the repository to copy")
    for path in below:
        _add(upload, target + path[len(source) :], upload.files[path])


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def _check_size(upload: Upload, job: Job) -> None:
    limits, inodes = job.limits, len(upload.files) + len(upload.folders) + 1
    if upload.size >= limits.workspace_bytes:
        sizes = f"{upload.size / 1024**2:,.0f} MiB do not fit into a workspace of {limits.workspace_bytes / 1024**2:,.0f} MiB"
        raise InputRefused("size", f"the repository's {sizes}")
    if inodes >= limits.workspace_files:
        raise InputRefused("size", f"the repository's {inodes:,} files are more than the workspace's limit of {limits.workspace_files:,}")


def _header(name: str, size: int, mode: int, mtime: int, kind: bytes) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime, info.type = size, mode, max(0, mtime), kind
    info.uid = info.gid = UID
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
