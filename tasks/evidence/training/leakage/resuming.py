"""Training that goes on from checkpoints which lie in the repository."""

from __future__ import annotations

import ast
import re

from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile
from tasks.evidence.training.facts import Leak

_KEEPS_STATE = re.compile(r"(?:DNN|Linear|BoostedTrees|Baseline)\w*(?:Classifier|Regressor|Estimator)$|^Estimator$")
_CHECKPOINT = re.compile(r"(?:^|/)(?:checkpoint|model\.ckpt-\d+\.index)$")


def resumed(snapshot: Snapshot, sources: list[SourceFile]) -> tuple[Leak, ...]:
    """TensorFlow estimators restore the newest checkpoint of `model_dir`; when one is committed, every run goes on from it."""
    committed = {p.rpartition("/")[0] for p in snapshot.own if _CHECKPOINT.search("/" + p)}
    if not committed:
        return ()
    found = []
    for source in sources:
        trained = any(c.attribute in ("train", "train_and_evaluate") for c in source.calls)
        for call in source.calls if trained else ():
            if _KEEPS_STATE.search(call.attribute) and (folder := _folder(call, source, committed)):
                note = f"training goes on from the committed checkpoint in {folder}"
                place = place_in(snapshot, source.path, _line_of_folder(snapshot, source, call))
                found.append(Leak(kind="continued_training_from_checkpoints", certainty="likely", place=place, note=note))
    return tuple(found)


def _folder(call: Call, source: SourceFile, committed: set[str]) -> str | None:
    text = call.argument("model_dir")
    if text is None:
        return None
    try:
        value = ast.literal_eval(source.assignments.get(text, text))
    except (ValueError, SyntaxError):
        return None
    name = value.strip("./") if isinstance(value, str) else ""
    return next((c for c in sorted(committed) if name and (c == name or c.endswith("/" + name))), None)


def _line_of_folder(snapshot: Snapshot, source: SourceFile, call: Call) -> int:
    if source.is_notebook:
        return call.line
    lines = (snapshot.text(source.path) or "").split("\n")
    near = range(call.line, min(call.line + 20, len(lines)) + 1)
    return next((n for n in near if "model_dir" in lines[n - 1]), call.line)
