"""How many different values the column that code predicts has in the repository's own tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from tasks.evidence.snapshot import Snapshot, decode
from tasks.evidence.source import SourceFile

TABLES_LIMIT = 40
READ_BYTES = 400_000
ROWS_LIMIT = 3_000
MOST_CLASSES = 30
"""A column with more different values is no class label."""
_TARGET_VARIABLE = re.compile(
    r"^(?:y|Y|y_train|y_all|target|targets|label|labels|target_col\w*|target_name|label_col\w*|target_column\w*|TARGET\w*|LABEL\w*|"
    r"y_col)$"
)
_QUOTED = re.compile(r"[\"']([^\"'\n]{1,60})[\"']")


def count_target_values(snapshot: Snapshot, sources: list[SourceFile], prefix: str = "") -> Iterator[int]:
    """For each own table with a column that code names as target: the number of different values, 2 to the most."""
    names = {name for source in sources for name in target_names(snapshot, source)}
    if not names:
        return
    tables = [p for p in snapshot.own if p.startswith(prefix) and p.lower().endswith((".csv", ".tsv"))]
    for path in tables[:TABLES_LIMIT]:
        for values in _columns(snapshot, path, names):
            if 2 <= len(values) <= MOST_CLASSES:
                yield len(values)


_ASSIGNED = re.compile(r"^\s*(?:self\.)?(\w+)(?:\s*:\s*\w+)?\s*=\s*(.{1,200})", re.MULTILINE)
_DROPPED = re.compile(r"\b(?:X|x|X_all|features?|data_x)\w*\s*=\s*\w+\.drop\(\s*(?:columns\s*=\s*)?\[?\s*[\"']([^\"'\n]{1,60})[\"']")


def target_names(snapshot: Snapshot, source: SourceFile) -> set[str]:
    """Column names that stand in an assignment to `y`, `target`, `label` and their kin, or are alone dropped from X."""
    text = source.notebook.code if source.notebook else snapshot.text(source.path) or ""
    snapshot.forget(source.path)
    found = {m.group(1) for m in _DROPPED.finditer(text)}
    for match in _ASSIGNED.finditer(text):
        if _TARGET_VARIABLE.match(match.group(1)):
            found |= set(_QUOTED.findall(match.group(2))[:2])
    return found


def _columns(snapshot: Snapshot, path: str, names: set[str]) -> Iterator[set[str]]:
    data = snapshot.bytes(path, READ_BYTES)
    lines = (decode(data) or "").split("\n")[: ROWS_LIMIT + 1]
    head = lines[0] if lines else ""
    delimiter = max(",;\t|", key=head.count)
    try:
        rows = list(csv.reader(lines[: -1 if len(data) == READ_BYTES else None], delimiter=delimiter))
    except csv.Error:
        return
    header = [c.strip() for c in rows[0]] if rows else []
    for index, column in enumerate(header):
        if column in names:
            yield {row[index].strip() for row in rows[1:] if len(row) == len(header)} - {"", "nan", "NaN", "?"}
