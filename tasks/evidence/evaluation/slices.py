"""Evaluation by part of the data: per class, per group, with a fairness or slicing library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.evaluation.facts import Metric
from tasks.evidence.evaluation.metric_names import PER_CLASS
from tasks.evidence.evaluation.metrics import is_test
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

PLACES_LIMIT = 20
SLICING_LIBRARIES = (
    "fairlearn",
    "aif360",
    "tensorflow_model_analysis",
    "snorkel.slicing",
    "fairness_indicators",
    "responsibleai",
    "reclist",
    "sliceline",
)
_PER_CLASS = re.compile(
    r"per_(?:class|group|slice|segment|category)|by_(?:class|group|slice|segment)|slice_metrics|subgroup", re.IGNORECASE
)
_ERRORS = re.compile(r"err|resid|correct|pred|accura|loss|score", re.IGNORECASE)


def find_slices(snapshot: Snapshot, metrics: tuple[Metric, ...]) -> tuple[Place, ...]:
    """Confusion matrices and class reports first, then groups and libraries."""
    places = [p for m in metrics if m.name in PER_CLASS for p in m.places]
    for source in snapshot.sources:
        if not is_test(source.path):
            places += [place_in(snapshot, source.path, line, note) for line, note in sorted(set(_slices(source)))]
    return tuple(places[:PLACES_LIMIT])


def _slices(source: SourceFile) -> Iterator[tuple[int, str]]:
    for item in source.imports:
        if any(f"{item.module}.{item.name}.".startswith(f"{library}.") for library in SLICING_LIBRARIES):
            yield item.line, "slicing or fairness library"
    for call in source.calls:
        if call.keywords.get("average") == "None":
            yield call.line, "metric per class"
        elif call.attribute == "groupby" and _groups_errors(call):
            yield call.line, "errors by group"
    for definition in source.definitions:
        if definition.kind == "function" and _PER_CLASS.search(definition.name.rsplit(".", 1)[-1]):
            yield definition.line, "metrics by group"


def _groups_errors(call: Call) -> bool:
    return _ERRORS.search(call.name.rsplit(".", 1)[0]) is not None or any(_ERRORS.search(t) for t in call.targets)
