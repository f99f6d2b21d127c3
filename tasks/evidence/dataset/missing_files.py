"""Data files that code reads and the repository does not hold."""

from __future__ import annotations

import re

from tasks.evidence.dataset.discovery import LoadedFile, base_name
from tasks.evidence.dataset.facts import DatasetReference
from tasks.evidence.dataset.versioning import Pointers
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

MISSING_LIMIT = 100
_DATA = re.compile(r"(?i)\.(?:csv|tsv|tab|parquet|feather|arrow|jsonl|ndjson|xlsx?|data|dat|txt|json)(?:\.gz)?$")
_PLAIN_TEXT = re.compile(r"(?i)\.(?:txt|json|dat)(?:\.gz)?$")
_DATA_WORD = re.compile(r"(?i)(?:^|[/_\-. ])(?:train\w*|test|valid\w*|data\w*|corpus|input|raw|sample\w*)(?:[/_\-. ]|$)")
_PRODUCED = re.compile(r"(?i)(?:^|/)(?:artifacts?|outputs?|results?|te?mp|checkpoints?|logs?|reports?|predictions?)/")
"""Folders that a pipeline fills while it runs."""
_NOT_A_PATH = re.compile(r"[{}*?<>$|]|%[sdi(]|://|\s-|^\.\w+$|^(?:com|org|io)\.")
_NOTEBOOK_SERVICE = re.compile(r"(?:^|/)my ?drive/|^(?:\./)?(?:g?drive|content|kaggle/input)/")
"""A mounted folder of Colab or Kaggle: like an absolute path, it names another machine's disk."""
_TESTS = re.compile(r"(?:^|/)(?:tests?|testing|__tests__|docs?|examples?_output)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")


def find_missing(
    snapshot: Snapshot, loaded: tuple[LoadedFile, ...], pointers: Pointers, fetched: frozenset[str]
) -> tuple[DatasetReference, ...]:
    """Each file once, at the first line that reads it. What code writes, downloads (`fetched`) or DVC brings is not missing."""
    present = {p.lower() for p, e in snapshot.entries.items() if e.kind in ("file", "skipped", "symlink")}
    present_tails = {_tail(p) for p in present} | {base_name(p) for p in present}
    made = {base_name(item.name) for item in loaded if item.writes} | fetched | pointers.names
    found: dict[str, DatasetReference] = {}
    for item in loaded:
        if not item.reads or _TESTS.search(item.file) or not _is_data(item.name):
            continue
        path = re.sub(r"[/\\]+", "/", item.name).strip()
        tail = _tail(path)
        if tail in present_tails or tail in found or not made.isdisjoint(path.lower().split("/")) or _PRODUCED.search(path):
            continue
        place = place_in(snapshot, item.file, item.line, note="read here, not in the repository")
        found[tail] = DatasetReference(kind="repo_file_absent", ref=path[:200], place=place)
    return tuple(list(found.values())[:MISSING_LIMIT])


def _tail(path: str) -> str:
    """The file with its folder; alone when the path has no folder, or is absolute and so of another machine."""
    path = path.lower()
    parts = [p for p in path.split("/") if p not in ("", ".", "..")]
    absolute = path.startswith(("/", "~", "../input/")) or path[1:3] == ":/" or _NOTEBOOK_SERVICE.search(path) is not None
    return "/".join(parts[-2:]) if len(parts) > 1 and not absolute else parts[-1] if parts else ""


def _is_data(name: str) -> bool:
    if not _DATA.search(name) or _NOT_A_PATH.search(name):
        return False
    return not _PLAIN_TEXT.search(name) or bool(_DATA_WORD.search(base_name(name)))
