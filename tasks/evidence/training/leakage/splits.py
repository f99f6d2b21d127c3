"""Calls that divide rows into parts: what was learnt over all of them before is a leak now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.features import check_features, check_rows
from tasks.evidence.training.leakage.joins import data_in
from tasks.evidence.training.leakage.row_numbers import as_index
from tasks.evidence.training.leakage.rows import Rows, cut, is_whole
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Bundle, Const, Data, Folds, Instance, RowNumbers, Splitter, Taint

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

OWN_SPLIT = re.compile(r"(?:^|_)(?:split|splits|splitter)(?:$|_)|train_test|train_val", re.I)
_SHUFFLING = frozenset(["ShuffleSplit", "StratifiedShuffleSplit", "RepeatedKFold", "RepeatedStratifiedKFold"])
_ORDERED_FOLDS = frozenset(["TimeSeriesSplit", "GroupKFold", "StratifiedGroupKFold", "GroupShuffleSplit", "LeaveOneGroupOut"])


def split_rows(run: Run, arguments: Arguments) -> Bundle:
    """`train_test_split(X, y, …)`: a train and a test part of each array, in pairs."""
    line = arguments.node.lineno
    for position, value in enumerate(arguments.values):
        if isinstance(value, Instance):
            arguments.values[position] = next((a for a in value.attributes.values() if isinstance(a, Data)), value)
        elif isinstance(value, RowNumbers):
            arguments.values[position] = as_index(value)
    arrays = [d for v in arguments.values for d in ([v] if isinstance(v, Data) else data_in(v)[:1])]
    arrays = arrays or [v for v in arguments.keywords.values() if isinstance(v, Data)][:2]
    label = run.label("s", line)
    shuffled = not _is(arguments.get("shuffle"), False)
    if arrays:
        divide(run, arrays, line, shuffled=shuffled and "groups" not in arguments.keywords)
    run.findings.test_seen = True
    items: list[Any] = []
    values = [v for v in arguments.values if isinstance(v, Data) or data_in(v)] or list(arrays)
    for value in values or [run.new_data(line, opaque=True)]:
        data = value if isinstance(value, Data) else data_in(value)[0]
        for role in ("train", "test"):
            items.append(data.derive(rows=cut(data.rows, label, role), fresh=True, line=data.line, column=data.column))
    return Bundle(items)


def divide(run: Run, arrays: list[Data], line: int, shuffled: bool) -> None:
    """Rows are divided here: report what stands in them."""
    report(run, arrays[0].taints)
    for other in arrays[1:]:
        report(run, frozenset(t for t in other.taints if t.kind == "oversampling_before_split"))
    target = arrays[1] if len(arrays) > 1 else None
    check_rows(run, arrays[0], target, line, shuffled)
    if target is not None:
        check_features(run, arrays[0], target, line, at_split=True)


def report(run: Run, taints: frozenset[Taint]) -> None:
    """Taints of data that is divided; within a training part only copies of rows matter much."""
    for taint in sorted(taints, key=lambda t: (t.line, t.kind, t.note)):
        nested = bool(taint.rows) and not any(is_whole(a) for a in taint.rows)
        certainty = "possible" if nested and taint.kind != "oversampling_before_split" else taint.certainty
        run.findings.report(taint.kind, taint.line, certainty, taint.note)


def folds_of(run: Run, splitter: Splitter, arguments: Arguments) -> Folds:
    """`KFold(…).split(X, y, groups)`."""
    arrays = [d for v in arguments.values[:2] for d in data_in(v)[:1]] or [d for v in arguments.keywords.values() for d in data_in(v)[:1]][
        :2
    ]
    rows: Rows = arrays[0].rows if arrays else frozenset(["?:full"])
    if arrays:
        report(run, arrays[0].taints)
        _check_folds(run, splitter, arrays, arguments)
    run.findings.folds_seen = True
    return Folds(rows, arguments.node.lineno, splitter.ordered)


def _check_folds(run: Run, splitter: Splitter, arrays: list[Data], arguments: Arguments) -> None:
    grouped = "groups" in arguments.keywords or splitter.ordered
    check_rows(run, arrays[0], arrays[1] if len(arrays) > 1 else None, arguments.node.lineno, shuffled=splitter.shuffled and not grouped)


def splitter_of(name: str, arguments: Arguments) -> Splitter:
    """What a cross-validation class does with the order of rows."""
    shuffled = _is(arguments.get("shuffle"), True) or name in _SHUFFLING
    return Splitter(name, shuffled, name in _ORDERED_FOLDS)


def cross_validated(run: Run, arguments: Arguments) -> None:
    """`cross_val_score(model, X, y)`: folds inside a call."""
    data = [v for v in arguments.everything if isinstance(v, Data)]
    run.findings.folds_seen = True
    if not data:
        return
    report(run, data[0].taints)
    splitter = arguments.get("cv")
    _check_folds(run, splitter if isinstance(splitter, Splitter) else Splitter("KFold"), data, arguments)
    if len(data) > 1:
        check_features(run, data[0], data[1], arguments.node.lineno, at_split=False)


def _is(value: Any, constant: Any) -> bool:
    return isinstance(value, Const) and value.value is constant
