"""The shape of a repository: what is code, data or prose, and what its README says it is."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property

from tasks.evidence.project.languages import language_of
from tasks.evidence.snapshot import Snapshot

_DATA_ENDINGS_WORDS = """
csv tsv json jsonl ndjson geojson topojson xlsx xls ods parquet feather arrow xml txt dat data sav dta rds rda rdata npy npz h5
hdf5 zip gz bz2 xz 7z tar shp dbf sqlite db arff pkl mat nc grib tif tiff kml kmz dvc
"""
DATA_ENDINGS = frozenset(_DATA_ENDINGS_WORDS.split())
"""Endings of data; a `.dvc` file stands for data that is kept elsewhere."""
_IMAGE_ENDINGS_WORDS = "jpg jpeg png gif bmp webp svg ico pdf mp4 wav mp3"
IMAGE_ENDINGS = frozenset(_IMAGE_ENDINGS_WORDS.split())
DEPTH = 6
"""Levels of folders that are looked at for projects."""
_HOUSEKEEPING = re.compile(
    r"(?:^|/)(?:\.[^/]+|licen[cs]e[^/]*|copying[^/]*|notice[^/]*|contributing[^/]*|code[_-]of[_-]conduct[^/]*|security[^/]*|"
    r"changelog[^/]*|authors[^/]*|citation[^/]*|codeowners)$|"
    r"(?:^|/)\.(?:github|vscode|idea)/",
    re.IGNORECASE,
)
_PROSE_WORDS = "md rst txt markdown org adoc html pdf tex docx pptx"
_PROSE = frozenset(_PROSE_WORDS.split())
_README = re.compile(r"^(?:\.github/|docs/)?readme(?:\.\w+)?$", re.IGNORECASE)
_LINK = re.compile(r"\]\(https?://|^\s*\*?\s*<?https?://|\w <https?://[^>\s]{1,300}>`_", re.MULTILINE)
_TITLE = re.compile(r"^\s*#+\s*(.{1,120})$|^(.{3,120})\n(?:=|-){3,}\s*$|<h1[^>]{0,80}>\s*([^<]{1,120})", re.MULTILINE)
_NOT_DATA = re.compile(
    r"(?:^|/)(?:package(?:-lock)?\.json|tsconfig[^/]*\.json|requirements[^/]*\.txt|manifest\.json|[^/]*\.ipynb|cmakelists\.txt|"
    r"robots\.txt|version\.txt|"
    r"runtime\.txt|packages\.txt)$|(?:^|/)(?:\.github|\.vscode|configs?|conf|locales?|i18n|static|templates|node_modules)/",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Counts:
    code: int = 0
    notebooks: int = 0
    data: int = 0
    images: int = 0
    prose: int = 0


class Layout:
    """Counts and texts of a snapshot that its kind is judged by."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.counts = _Counts()
        self.content = [p for p in snapshot.own if not _HOUSEKEEPING.search(p)]
        for path in self.content:
            self._count(path)

    def _count(self, path: str) -> None:
        ending = path.rpartition(".")[2].lower() if "." in posixpath.basename(path) else ""
        counts = self.counts
        if ending == "ipynb":
            counts.notebooks += 1
        elif language_of(path):
            counts.code += 1
        elif _README.match(posixpath.basename(path)) or ending in _PROSE - {"txt", "html"}:
            counts.prose += 1
        elif ending in IMAGE_ENDINGS:
            counts.images += 1
        elif ending in DATA_ENDINGS and not _NOT_DATA.search(path):
            counts.data += 1

    @cached_property
    def readme(self) -> str:
        """The text of the root's README, empty when there is none."""
        path = next((p for p in self.snapshot.own if _README.match(p)), None)
        return (self.snapshot.text(path) or "") if path else ""

    @cached_property
    def title(self) -> str:
        """The README's first heading, links and images dropped; else the repository's name."""
        match = _TITLE.search(self.readme[:5_000])
        title = next((g for g in match.groups() if g), "") if match else ""
        title = re.sub(r"!?\[([^\]]{0,80})\]\([^)]{0,200}\)|<[^>]{0,200}>", r"\1", title).strip(" #*_`")
        return title or self.name

    @property
    def name(self) -> str:
        return self.snapshot.manifest.name.rpartition("/")[2]

    @cached_property
    def links(self) -> int:
        """Links in the README and other Markdown at the root."""
        prose = [p for p in self.snapshot.own if "/" not in p and p.lower().endswith((".md", ".rst"))][:20]
        return sum(len(_LINK.findall(self.snapshot.text(p) or "")) for p in prose)

    @cached_property
    def folders(self) -> dict[str, set[str]]:
        """Names with code by folder: `{"": {"src", "train.py"}, "src": {"model.py"}}`."""
        tree: dict[str, set[str]] = {}
        for path in self.content:
            if language_of(path) or path.endswith(".ipynb"):
                parts = path.split("/")
                for depth in range(min(len(parts), DEPTH)):
                    tree.setdefault("/".join(parts[:depth]), set()).add(parts[depth])
        return tree

    def has(self, *names: str) -> bool:
        """Whether one of these files stands at the root."""
        return any(n in self.snapshot.entries for n in names)
