"""Files that look like two parts or two moments of one dataset: rows in both, and drift from one to the other."""

from __future__ import annotations

import re
import time
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.dataset.facts import DatasetPair, DatasetProfile
from tasks.evidence.dataset.reading import Table, read_table
from tasks.evidence.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas as pd

SHARED_COLUMNS_LEAST = 0.6
"""Proportion of the wider file's columns that both must have."""
DISTINCT_LEAST = 0.5
"""With a smaller proportion of distinct rows, equal rows prove nothing."""
COLUMNS_FOR_OVERLAP = 2
ROLES = {
    "train": "train", "training": "train", "trn": "train", "fit": "train",
    "valid": "valid", "validation": "valid", "val": "valid", "dev": "valid", "eval": "valid",
    "test": "test", "testing": "test", "tst": "test", "holdout": "test", "heldout": "test", "unseen": "test",
    "reference": "reference", "ref": "reference", "baseline": "reference",
    "current": "current", "production": "current", "prod": "current", "live": "current", "serving": "current", "drifted": "current",
}  # fmt: skip
"""Words of a file's or folder's name that say what its rows are for."""
_WHOLE = frozenset({"dataset", "data", "all", "full", "total", "complete"})
_COMPARED = (
    ("train", "test"),
    ("train", "valid"),
    ("valid", "test"),
    ("reference", "current"),
    ("train", "current"),
    ("reference", "test"),
)


class Part(NamedTuple):
    file: DataFile
    role: str
    """Empty for a file that is the rest of a held-out one."""
    key: tuple[str, ...]
    """Folders and words of the name without the word for the role."""


def part_of(file: DataFile) -> Part | None:
    """The role a path speaks of: its file name first, else its nearest folder; None when neither does."""
    *folders, name = file.path.split("/")
    words = [w for w in re.split(r"[^a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name.split(".", 1)[0]).lower()) if w]
    for position, word in enumerate(words):
        if word in ROLES:
            return Part(file, ROLES[word], (*folders, *words[:position], "*", *words[position + 1 :]))
    for position in range(len(folders) - 1, max(-1, len(folders) - 3), -1):
        if folders[position].lower() in ROLES and folders[position].lower() not in ("dev", "test", "fit"):
            return Part(file, ROLES[folders[position].lower()], (*folders[:position], "*", *folders[position + 1 :], *words))
    return Part(file, "", (*folders, "*")) if len(words) == 1 and words[0] in _WHOLE else None


def find_pairs(
    snapshot: Snapshot, files: dict[str, DataFile], profiles: tuple[DatasetProfile, ...], deadline: float
) -> tuple[DatasetPair, ...]:
    """Compared pairs in path order, at most `limits.PAIRS_LIMIT`, until the deadline."""
    known = {p.path: p for p in profiles if p.rows_profiled and p.format != "text"}
    groups: dict[tuple[str, ...], dict[str, list[Part]]] = {}
    for path in known:
        if part := part_of(files[path]):
            groups.setdefault(part.key, {}).setdefault(part.role, []).append(part)
    found: list[DatasetPair] = []
    for reference, current in _candidates(groups):
        if len(found) >= limits.PAIRS_LIMIT or time.process_time() > deadline:
            break
        if not _alike(known[reference.file.path], known[current.file.path]):
            continue
        pair = compare(snapshot, reference, current, known)
        if pair is not None:
            found.append(pair)
    return tuple(found)


def _candidates(groups: dict[tuple[str, ...], dict[str, list[Part]]]) -> list[tuple[Part, Part]]:
    found = []
    for _, parts in sorted(groups.items()):
        if "" in parts and "train" not in parts and any(_is_held_out(p) for p in parts.get("test", ())):
            parts = {**parts, "train": [p._replace(role="train") for p in parts[""]]}
        for left, right in _COMPARED:
            found += list(product(parts.get(left, ())[:2], parts.get(right, ())[:2]))
    return found


def _is_held_out(part: Part) -> bool:
    return "hold" in part.file.path.lower() or "held" in part.file.path.lower() or "unseen" in part.file.path.lower()


def _alike(left: DatasetProfile, right: DatasetProfile) -> bool:
    a, b = {c.name for c in left.columns}, {c.name for c in right.columns}
    return bool(a & b) and len(a & b) >= SHARED_COLUMNS_LEAST * max(len(a), len(b))


def compare(snapshot: Snapshot, reference: Part, current: Part, profiles: dict[str, DatasetProfile]) -> DatasetPair | None:
    """Overlap and drift of two files; None when one of them cannot be read again."""
    from tasks.evidence.drift.profile import drift_between

    left, right = read_table(snapshot, reference.file), read_table(snapshot, current.file)
    if left is None or right is None or left.frame is None or right.frame is None:
        return None
    frames = [_bounded(t) for t in (left, right)]
    if not all(f.columns.is_unique for f in frames):
        return None
    keys = set(profiles[reference.file.path].id_columns) | set(profiles[current.file.path].id_columns)
    shared = [c for c in frames[0].columns if c in set(frames[1].columns)]
    a, b = frames[0][shared], frames[1][shared]
    overlap, chance = overlap_of(a, b, keys)
    return DatasetPair(
        reference=reference.file.path,
        current=current.file.path,
        roles=(reference.role, current.role),
        overlap_rows=overlap,
        overlap_share=round(overlap / len(b), 6) if overlap is not None and len(b) else None,
        chance_share=chance,
        n_reference=len(a),
        n_current=len(b),
        features=drift_between(_dated(a), _dated(b)),
        sampled=left.sampled
        or right.sampled
        or any(len(f) < len(t.frame) for f, t in zip(frames, (left, right), strict=True) if t.frame is not None),
    )


def _bounded(table: Table) -> pd.DataFrame:
    """At most the sample's rows, taken evenly over the file."""
    frame = table.frame
    assert frame is not None
    step = -(-len(frame) // limits.SAMPLE_ROWS) if len(frame) else 1
    return frame.iloc[::step] if step > 1 else frame


def overlap_of(reference: pd.DataFrame, current: pd.DataFrame, keys: set[str]) -> tuple[int | None, float]:
    """Rows of `current` that are in `reference` apart from keys, and the share chance would give.

    None when fewer than two columns are left or most rows of the reference are alike.
    """
    columns = [c for c in reference.columns if c not in keys]
    if len(columns) < COLUMNS_FOR_OVERLAP or not len(reference) or not len(current):
        return None, 0.0
    left, right = row_hashes(reference[columns], current[columns])
    if left is None or right is None:
        return None, 0.0
    import numpy as np

    distinct = len(np.unique(left))
    if distinct < DISTINCT_LEAST * len(left):
        return None, 0.0
    values, counts = np.unique(left, return_counts=True)
    alike = float(counts[counts > 1].sum() / len(left)) if len(values) else 0.0
    return int(np.isin(right, left).sum()), round(alike, 6)


def row_hashes(left: pd.DataFrame, right: pd.DataFrame) -> tuple:
    """Row by row hashes that are equal for equal rows of either frame; numbers compare as numbers, all else as text."""
    from pandas.api import types
    from pandas.util import hash_pandas_object

    columns = list(left.columns)
    numeric = [all(types.is_numeric_dtype(f[c]) and not types.is_bool_dtype(f[c]) for f in (left, right)) for c in columns]
    try:
        prepared = [_comparable(f, columns, numeric) for f in (left, right)]
        return tuple(hash_pandas_object(f, index=False).to_numpy() for f in prepared)
    except (TypeError, ValueError):
        return None, None


def _comparable(frame: pd.DataFrame, columns: list, numeric: list[bool]) -> pd.DataFrame:
    return frame.assign(
        **{
            c: frame[c].astype("float64").round(9)
            if is_number
            else frame[c].astype(object).where(frame[c].notna(), "").map(str).str.strip()
            for c, is_number in zip(columns, numeric, strict=True)
        }
    )


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns that read as dates as dates, so that drift sees their order."""
    import pandas as pd

    from tasks.evidence.dataset.columns import type_of

    changed = {}
    for column in frame.columns:
        if not pd.api.types.is_datetime64_any_dtype(frame[column]) and type_of(frame[column]) == "date":
            values = pd.to_datetime(frame[column], errors="coerce", format="mixed", utc=True)
            changed[column] = values.dt.tz_localize(None)
    return frame.assign(**changed)
