"""Data files that code reads and the repository does not hold."""

from __future__ import annotations

import re

from tasks.evidence.dataset.discovery import LoadedFile
from tasks.evidence.dataset.facts import DatasetReference
from tasks.evidence.dataset.versioning import Pointers
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

MISSING_LIMIT = 100
_DATA = re.compile(r"(?i)\.(?:csv|tsv|tab|parquet|feather|arrow|jsonl|ndjson|xlsx?|data|dat|txt|json)(?:\.gz)?$")
_PLAIN_TEXT = re.compile(r"(?i)\.(?:txt|json|dat)(?:\.gz)?$")
_DATA_WORD = re.compile(r"(?i)(?:^|[/_\-. ])(?:train\w*|test|valid\w*|data\w*|corpus|input|raw|sample\w*)(?:[/_\-. ]|$)")
_NOT_A_PATH = re.compile(r"[{}*?<>$|]|%[sdi(]|://|\s-|^\.\w+$")
_TESTS = re.compile(r"(?:^|/)(?:tests?|testing|__tests__|docs?|examples?_output)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")


def find_missing(
    snapshot: Snapshot, loaded: tuple[LoadedFile, ...], pointers: Pointers, fetched: frozenset[str]
) -> tuple[DatasetReference, ...]:
    """Each file once, at the first line that reads it. What code writes, downloads (`fetched`) or DVC brings is not missing."""
    present = {p.rsplit("/", 1)[-1].lower() for p, e in snapshot.entries.items() if e.kind in ("file", "skipped", "symlink")}
    made = {_base(item.name) for item in loaded if item.writes} | fetched | pointers.names
    found: dict[str, DatasetReference] = {}
    for item in loaded:
        name = _base(item.name)
        if not item.reads or name in present or name in made or name in found or _TESTS.search(item.file) or not _is_data(item.name):
            continue
        place = place_in(snapshot, item.file, item.line, note="read here, not in the repository")
        found[name] = DatasetReference(kind="repo_file_absent", ref=item.name.replace("\\", "/")[:200], place=place)
    return tuple(list(found.values())[:MISSING_LIMIT])


def _base(name: str) -> str:
    return re.split(r"[/\\]", name)[-1].lower()


def _is_data(name: str) -> bool:
    if not _DATA.search(name) or _NOT_A_PATH.search(name):
        return False
    return not _PLAIN_TEXT.search(name) or bool(_DATA_WORD.search(name))
