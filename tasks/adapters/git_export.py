"""A commit's files written as plain files: listed and measured first, then streamed out of git by one process.

Links, submodules and what does not fit are listed with the reason and never written. No filter, attribute or hook of the
repository takes part, so large-file (LFS) pointers stay pointers.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tasks.adapters.git_process import GitSession, Running
from tasks.errors import CloneFailed
from tasks.evidence.snapshot import Entry

LISTING_BYTES = 200_000_000
"""Of `git ls-tree`: 200,000 paths of a thousand bytes. A small repository can name 10^8 paths by repeating trees."""
CHUNK_BYTES = 1 << 18
PATH_BYTES = 3000
NAME_BYTES = 255
"""Linux: NAME_MAX; PATH_MAX of 4096 less room for the export's own folder."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
GIT_FOLDER_NAMES = frozenset({".git", "git~1"})
IGNORABLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Characters that some file systems leave out of a name, so that `.g<U+200C>it` is `.git` there."""


@dataclass(frozen=True)
class Listed:
    """One line of `git ls-tree`."""

    entry: Entry
    blob: str


def list_files(session: GitSession, commit: str) -> list[Listed]:
    """All paths of the commit in git's order; raises CloneFailed when they are too many or too large together."""
    listed: list[Listed] = []
    total = 0
    with session.started("--git-dir", str(session.repository), "ls-tree", "-r", "-l", "-z", "--full-tree", commit) as running:
        for record in _records(running.out):
            item = _read_record(record, session.limits.file_bytes)
            listed.append(item)
            total += item.entry.size if item.entry.kind == "file" else 0
            if len(listed) > session.limits.files:
                raise CloneFailed(f"The repository has more than {session.limits.files:,} files", "Analyse a smaller repository.")
            if total > session.limits.tree_bytes:
                raise CloneFailed(
                    f"The repository's files are larger than {session.limits.tree_bytes:,} bytes together",
                    "Keep data outside git, or analyse a branch without it with --ref.",
                )
    return listed


def _records(stream: IO[bytes]) -> Iterator[bytes]:
    rest, read = b"", 0
    while chunk := stream.read(CHUNK_BYTES):
        read += len(chunk)
        if read > LISTING_BYTES:
            raise CloneFailed("The repository's list of files is too long", "Analyse a smaller repository.")
        *records, rest = (rest + chunk).split(b"\0")
        yield from records


def _read_record(record: bytes, file_bytes: int) -> Listed:
    header, _, name = record.partition(b"\t")
    mode, kind, blob, size_text = header.decode("ascii").split()
    size = int(size_text) if size_text.isdigit() else 0
    path = escape_path(name)
    if kind == "commit":
        return Listed(Entry(path=path, size=0, kind="submodule", reason="submodule: its files are another repository's"), blob)
    if mode == "120000":
        return Listed(Entry(path=path, size=size, kind="symlink", reason="symbolic link: not followed"), blob)
    reason = refuse_path(path)
    if reason is None and size > file_bytes:
        reason = f"{size:,} bytes, limit {file_bytes:,}"
    return Listed(Entry(path=path, size=size, kind="skipped" if reason else "file", reason=reason), blob)


def escape_path(name: bytes) -> str:
    r"""A path as UTF-8 text without control characters: bytes that are neither become `\xe9`."""
    return CONTROL.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), name.decode("utf-8", "backslashreplace"))


def refuse_path(path: str) -> str | None:
    """Why a path is not written: it leaves the tree, is a git folder or is too long. None when it is."""
    if len(path.encode()) > PATH_BYTES:
        return "path too long"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "path leads out of the repository"
        if IGNORABLE.sub("", part).rstrip(" .").casefold().split(":")[0] in GIT_FOLDER_NAMES:
            return "path inside a .git folder"
        if len(part.encode()) > NAME_BYTES:
            return "file name too long"
    return None


def export_files(session: GitSession, listed: list[Listed], tree: Path) -> tuple[Entry, ...]:
    """Write the regular files below `tree`; the entries of all paths, sorted, with what could not be written as skipped."""
    tree.mkdir()
    wanted = [item for item in listed if item.entry.kind == "file"]
    entries = [item.entry for item in listed if item.entry.kind != "file"]
    command = ("--git-dir", str(session.repository), "cat-file", "--batch", "--buffer")
    folders: set[str] = {str(tree)}
    with session.started(*command, stdin=subprocess.PIPE) as running:
        threading.Thread(target=_ask, args=(running, wanted), daemon=True).start()
        for item in wanted:
            entries.append(_write_next(running.out, item, tree, folders))
    return tuple(sorted(entries, key=lambda e: (e.path, e.kind)))


def _ask(running: Running, wanted: list[Listed]) -> None:
    assert running.process.stdin is not None
    try:
        for item in wanted:
            running.process.stdin.write(f"{item.blob}\n".encode())
        running.process.stdin.close()
    except (OSError, ValueError):
        return


def _write_next(stream: IO[bytes], item: Listed, tree: Path, folders: set[str]) -> Entry:
    header = stream.readline(200).split()
    if not header:
        raise EOFError
    if len(header) != 3 or header[0].decode() != item.blob or int(header[2]) != item.entry.size:
        raise CloneFailed(f"The repository does not hold the content of {item.entry.path}", "Check it with `git fsck`.")
    target = _open_new(f"{tree}/{item.entry.path}", folders)
    left = item.entry.size
    try:
        while left:
            data = stream.read(min(left, CHUNK_BYTES))
            if not data:
                raise EOFError
            left -= len(data)
            if target is not None:
                _write_all(target, data)
    finally:
        if target is not None:
            os.close(target)
    stream.read(1)
    if target is None:
        return item.entry.model_copy(update={"kind": "skipped", "reason": "its name collides with another path's"})
    return item.entry


def _open_new(path: str, folders: set[str]) -> int | None:
    """A new file's descriptor; None when something with that name is there already."""
    folder = path.rpartition("/")[0]
    try:
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)
            folders.add(folder)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    except (FileExistsError, NotADirectoryError):
        return None


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
