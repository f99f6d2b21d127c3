"""Inputs and targets kept in two files of the same rows: joined by order, so that inputs that give the target away are seen."""

from __future__ import annotations

import re

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.columns import identifier_columns, profile_columns
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.dataset.facts import DatasetProfile, SuspiciousPredictor
from tasks.evidence.dataset.predictors import find_suspicious
from tasks.evidence.dataset.reading import read_table
from tasks.evidence.snapshot import Snapshot

_TARGETS = re.compile(r"(?i)(?<![a-z])(targets?|labels?|outcomes?|y)(?![a-z])")
_INPUTS = {
    "target": "input|inputs|feature|features|x",
    "label": "feature|features|input|inputs|x|data|images",
    "outcome": "input|inputs|features",
    "y": "x",
}
"""What the file of inputs is called where the file of targets has the word."""


def inputs_beside(target: DatasetProfile, profiles: dict[str, DatasetProfile]) -> DatasetProfile | None:
    """The table of the same folder, name but for the word, and number of rows, that holds the inputs."""
    folder, _, name = target.path.rpartition("/")
    word = _TARGETS.search(name)
    if not word or target.target is None:
        return None
    inputs = _INPUTS[word[1].lower().rstrip("s")]
    wanted = re.compile(rf"(?i){re.escape(name[: word.start()])}(?:{inputs}){re.escape(name[word.end() :])}$")
    for path, profile in sorted(profiles.items()):
        beside, _, other = path.rpartition("/")
        if beside == folder and wanted.match(other) and profile.rows == target.rows and profile.rows_profiled == target.rows_profiled:
            return profile
    return None


def suspicious_inputs(snapshot: Snapshot, target: DataFile, inputs: DataFile, name: str) -> tuple[SuspiciousPredictor, ...]:
    """What gives the column `name` of one file away in the other."""
    left, right = read_table(snapshot, inputs), read_table(snapshot, target)
    if left is None or right is None or left.frame is None or right.frame is None or len(left.frame) != len(right.frame):
        return ()
    if not right.frame.columns.is_unique or name in left.frame.columns:
        return ()
    frame = left.frame.iloc[:, : limits.COLUMNS_LISTED].reset_index(drop=True)
    frame = frame.assign(**{name: right.frame[name].reset_index(drop=True)})
    columns = profile_columns(frame, limits.COLUMNS_LISTED + 1)
    found = find_suspicious(frame, columns, name, identifier_columns(frame, columns))
    return tuple(s.model_copy(update={"reason": f"{s.reason} (inputs in {inputs.path})"}) for s in found)
