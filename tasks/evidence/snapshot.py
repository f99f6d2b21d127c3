"""A repository at one commit as plain files on disk: what every other fact is read from.

The tree is an export without `.git`, made by the clone adapter, with a manifest beside it that also lists what was
*not* written (symlinks, submodules, oversized blobs). Nothing here runs git, follows a link or trusts a size.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from charset_normalizer import from_bytes
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from tasks.evidence.source import SourceFile

TEXT_LIMIT_BYTES = 4_000_000
"""Text files are read up to this many bytes; a longer one is a problem, not a crash."""

VENDORED_SEGMENTS = frozenset(
    [
        "site-packages",
        "dist-packages",
        "node_modules",
        "bower_components",
        "__pycache__",
        ".ipynb_checkpoints",
        "__pypackages__",
        ".git",
        ".tox",
        ".nox",
        ".venv",
        ".eggs",
    ]
)
ENVIRONMENT_MARKERS = ("pyvenv.cfg", "bin/activate", "Scripts/activate", "Scripts/activate.bat", "conda-meta/history")

EntryKind = Literal["file", "symlink", "submodule", "skipped"]


class Entry(BaseModel):
    """One path of the commit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    """Relative to the repository, `/`-separated; undecodable bytes as surrogate escapes."""
    size: int
    """Bytes of the blob in git."""
    kind: EntryKind = "file"
    """`skipped`: a regular file whose content was not exported, see `reason`."""
    reason: str | None = None


class Manifest(BaseModel):
    """What was cloned, written next to the exported tree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    """Without credentials."""
    name: str
    """`owner/name`, or the folder's name for a local path."""
    commit: str | None
    """Full object name; None for a repository without a commit."""
    commit_date: str | None
    """ISO 8601 date and time of the commit."""
    entries: tuple[Entry, ...]


class Snapshot:
    """The exported tree with lazy, bounded, cached reading.

    `paths` are the regular files; `own` leaves out committed environments and vendored packages.
    """

    def __init__(
        self,
        root: Path,
        manifest: Manifest,
        excluded: Mapping[str, str] | None = None,
        announce: Callable[[str], None] = lambda path: None,
    ) -> None:
        self.root = root
        self.manifest = manifest
        self.excluded = dict(excluded or {})
        """Paths that are not read, with the reason."""
        self.announce = announce
        """Called with each path before it is opened, so that a supervisor knows which file ended a reader."""
        self.problems: dict[str, str] = dict(self.excluded)
        self._texts: dict[str, str | None] = {}
        self._sources: dict[str, SourceFile | None] = {}

    @classmethod
    def load(
        cls,
        root: Path,
        excluded: Mapping[str, str] | None = None,
        announce: Callable[[str], None] = lambda path: None,
    ) -> Snapshot:
        """Open the export at `root`, whose manifest is `root.parent / "manifest.json"`."""
        manifest = Manifest.model_validate_json((root.parent / "manifest.json").read_bytes())
        return cls(root, manifest, excluded, announce)

    @classmethod
    def of_folder(cls, root: Path) -> Snapshot:
        """A snapshot of any folder of trusted files, for tests and examples; links are not followed."""
        entries = []
        for folder, names, files in os.walk(root):
            names[:] = sorted(n for n in names if n != ".git")
            for name in sorted(files):
                path = Path(folder) / name
                kind: EntryKind = "symlink" if path.is_symlink() else "file"
                entries.append(Entry(path=path.relative_to(root).as_posix(), size=path.lstat().st_size, kind=kind))
        return cls(root, Manifest(url=str(root), name=root.name, commit=None, commit_date=None, entries=tuple(entries)))

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self.manifest.entries}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(e.path for e in self.manifest.entries if e.kind == "file" and e.path not in self.excluded))

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Regular files that are the repository's own work: no committed environment, no vendored package."""
        prefixes = self._environment_prefixes
        return tuple(p for p in self.paths if not is_vendored(p) and not p.startswith(prefixes))

    @cached_property
    def _environment_prefixes(self) -> tuple[str, ...]:
        return tuple(sorted({p[: -len(marker)] for p in self.paths for marker in ENVIRONMENT_MARKERS if p.endswith("/" + marker)}))

    @cached_property
    def environments(self) -> tuple[str, ...]:
        """Folders of committed virtual environments, outermost first."""
        return self._environment_prefixes

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Own paths in which the regular expression is found."""
        compiled = re.compile(pattern)
        return tuple(p for p in self.own if compiled.search(p))

    def size(self, path: str) -> int:
        return self.entries[path].size

    def bytes(self, path: str, limit: int = TEXT_LIMIT_BYTES) -> bytes:
        """Up to `limit` bytes of a regular file; empty when it is not one (a device, FIFO or link is never opened)."""
        self.announce(path)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(self.root / os.fsdecode(os.fsencode(path)), flags)
        except OSError:
            return b""
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return b""
            return file.read(limit)

    def local_path(self, path: str) -> Path:
        """The path on disk, announced, for libraries that open files themselves. Ask only for regular files (`paths`)."""
        self.announce(path)
        return self.root / os.fsdecode(os.fsencode(path))

    def text(self, path: str) -> str | None:
        """The decoded file with `\\n` line ends, or None when it is missing, binary or larger than the limit."""
        if path not in self._texts:
            self._texts[path] = self._read_text(path)
        return self._texts[path]

    def _read_text(self, path: str) -> str | None:
        entry = self.entries.get(path)
        if entry is None or entry.kind != "file" or path in self.excluded:
            return None
        if entry.size > TEXT_LIMIT_BYTES:
            self.problems[path] = f"not read: {entry.size:,} bytes, limit {TEXT_LIMIT_BYTES:,}"
            return None
        text = decode(self.bytes(path))
        if text is None:
            self.problems.setdefault(path, "not text: no encoding fits")
        return text

    def forget(self, path: str) -> None:
        """Drop the cached text, so that a pass over ten thousand files stays small."""
        self._texts.pop(path, None)

    def source(self, path: str) -> SourceFile | None:
        """The digest of a Python file or notebook; None when it is not text. Syntax errors are in its `error`."""
        from tasks.evidence.source import read_source

        if path not in self._sources:
            self._sources[path] = read_source(self, path)
            self.forget(path)
        return self._sources[path]

    @cached_property
    def sources(self) -> tuple[SourceFile, ...]:
        """Digests of all own Python files and notebooks, in path order."""
        wanted = (p for p in self.own if is_python_path(p))
        return tuple(s for s in (self.source(p) for p in wanted) if s is not None)


def is_python_path(path: str) -> bool:
    return path.endswith((".py", ".ipynb", ".pyw"))


@lru_cache(maxsize=65536)
def is_vendored(path: str) -> bool:
    """Whether a path lies in a committed environment, package cache or vendored dependency, by its folder names."""
    return not VENDORED_SEGMENTS.isdisjoint(path.split("/")[:-1])


def decode(data: bytes) -> str | None:
    """Text in whatever encoding fits, with `\\n` line ends; None for binary.

    UTF-8 and byte-order marks first, then UTF-16 without a mark (every other byte NUL), then a detected legacy
    encoding. `decode(b"\\xff\\xfea\\x00")` is `"a"`.
    """
    text = _decode(data)
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str | None:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    head = data[:4096]
    if b"\0" in head:
        for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if zeros.count(0) > 0.4 * len(zeros):
                return data.decode(encoding, errors="replace")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data[:200_000], cp_isolation=["cp1252", "latin_1", "gb18030", "cp932", "euc_kr", "cp1251"]).best()
        return data.decode(best.encoding if best else "latin_1", errors="replace")
