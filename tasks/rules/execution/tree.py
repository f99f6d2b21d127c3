"""Which files a repository holds, asked by rules: from the manifest, so that nothing is opened."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from tasks.evidence.snapshot import Manifest


class Tree:
    """Files and folders of the exported tree."""

    def __init__(self, manifest: Manifest) -> None:
        self.sizes = {e.path: e.size for e in manifest.entries if e.kind == "file"}

    @cached_property
    def folders(self) -> frozenset[str]:
        found: set[str] = {"."}
        for path in self.sizes:
            parent = posixpath.dirname(path)
            while parent and parent not in found:
                found.add(parent)
                parent = posixpath.dirname(parent)
        return frozenset(found)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.sizes):
            found.setdefault(posixpath.basename(path).lower(), []).append(path)
        return found

    def has(self, path: str) -> bool:
        return path in self.sizes

    def named(self, name: str) -> list[str]:
        """Files of this name, in whatever folder and case."""
        return self._by_name.get(posixpath.basename(name.replace("\\", "/")).lower(), [])

    def alike(self, name: str) -> list[str]:
        """Files of this name but for case, hyphens, underscores and spaces; `named` ones alone where there are some."""
        return self.named(name) or self._by_letters.get(_letters(posixpath.basename(name.replace("\\", "/"))), [])

    @cached_property
    def _by_letters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.sizes):
            found.setdefault(_letters(posixpath.basename(path)), []).append(path)
        return found

    def resolve(self, folder: str, written: str) -> str | None:
        """The file that a written path means, seen from a folder; None when there is none."""
        path = posixpath.normpath(posixpath.join(folder, written.replace("\\", "/")))
        return path if path in self.sizes else None

    def ending(self, written: str) -> list[str]:
        """Files whose path ends with the written one, without its leading dots."""
        tail = "/".join(p for p in written.replace("\\", "/").split("/") if p not in ("", ".", ".."))
        return [p for p in self.named(written) if p == tail or p.endswith("/" + tail)]


def _letters(name: str) -> str:
    return re.sub(r"[-_ ]+", "", name.lower())
