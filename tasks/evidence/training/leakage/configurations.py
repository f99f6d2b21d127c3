"""Data set descriptions (`data.yaml`) that name the same rows for training and for validation."""

from __future__ import annotations

import re

from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.facts import Leak

_PART = re.compile(r"^(train|val|valid|validation|test)\s{0,3}:\s{0,20}[\"']?([^\s\"'#\[{][^\s\"'#]{0,200})[\"']?\s{0,200}(?:#.*)?$")
_LARGEST = 100_000
"""Bytes of a description; a longer YAML file holds data."""


def same_parts(snapshot: Snapshot) -> tuple[Leak, ...]:
    """Files at whose top level `train` and `val` (or `test`) are one path beside the number or names of the classes."""
    found = []
    for path in snapshot.own:
        if not path.endswith((".yaml", ".yml")) or snapshot.size(path) > _LARGEST or path.startswith(("tests/", ".github/")):
            continue
        lines = (snapshot.text(path) or "").split("\n")
        snapshot.forget(path)
        parts = {m.group(1): (m.group(2), n) for n, line in enumerate(lines, 1) if (m := _PART.match(line[:500]))}
        if "train" not in parts or not any(line.startswith(("names", "nc", "path")) for line in lines):
            continue
        trained = parts.pop("train")[0]
        for name, (value, number) in parts.items():
            if value == trained and "/" in value:
                note = f"`train` and `{name}` are the same rows"
                place = place_in(snapshot, path, number)
                found.append(Leak(kind="train_test_overlap", certainty="likely", place=place, note=note))
                break
    return tuple(found)
