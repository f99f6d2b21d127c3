"""What a value learns from the name it is given: `test = df[n:]` says which part these rows are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tasks.evidence.training.leakage.features import check_rows
from tasks.evidence.training.leakage.joins import rows_held
from tasks.evidence.training.leakage.rows import cut, is_whole, renamed, role_of_atom, role_of_name, uncut
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Bundle, Data, Folds, Instance, Unknown
from tasks.evidence.training.leakage.vocabulary import DATA_NAME

_NOT_DATA_NAME = re.compile(
    r"(?:model|scores?|acc|accuracy|loss|losses|size|path|paths|dir|file|files|filename|steps?|fn|func|function|transforms?|sampler|metrics?|"
    r"epochs?|preds?|predictions?|time|result|results|report|ratio|frac|num|count|len|length|config|args|params?|url|name|names|op|ops|"
    r"rmse|mse|mae|r2|f1|auc|error|errors|pct|percentage|split|step|mode|batch|batches|generator_fn|augmentation|proba|probs?|start|end|"
    r"writer|logger|summary|iter|iters|interval|freq|cfg|command|cmd|job|task|pipeline|ing)$",
    re.I,
)


def named(run: Run, value: Any, name: str, line: int) -> Any:
    """The value under its new name."""
    last = name.rsplit(".", 1)[-1]
    role = role_of_name(last)
    if isinstance(value, Data):
        return _named_data(run, value, last, role)
    if isinstance(value, Instance) and role and (held := rows_held(value)) is not None:
        _named_data(run, held, last, role)
    if isinstance(value, Unknown) and role and is_data_name(last):
        return run.part_by_name(line, role)
    return value


def is_data_name(name: str) -> bool:
    return bool(DATA_NAME.match(name)) and not _NOT_DATA_NAME.search(name)


def _named_data(run: Run, data: Data, name: str, role: str | None) -> Data:
    if data.subset and name == data.subset:
        data.rows, data.subset = uncut(data.rows), ""
        return data
    if not role:
        return data
    if data.fresh or data.subset or (all(role_of_atom(a) == "part" for a in data.rows) and data.rows):
        run.findings.report_taints(_of_whole(data) if data.subset else frozenset(t for t in data.taints if t.waits))
        if data.subset and data.is_random and role == "train":
            check_rows(run, data, None, data.line, shuffled=True)
        _see(run, role)
        _sampled_twice(run, data, role)
        rows = renamed(data.rows, role)
        data.taints = frozenset(replace(t, rows=rows) if t.rows == data.rows else t for t in data.taints)
        data.rows, data.subset, data.fresh = rows, "", False
    return data


def _sampled_twice(run: Run, data: Data, role: str) -> None:
    """Two samples of the same rows, neither taken from what the other left."""
    if not all(a.rsplit("/", 1)[-1].startswith("a") for a in data.rows):
        return
    source = uncut(data.rows)
    other = run.samples.setdefault(source, role)
    if other != role:
        note = "training and test rows are two samples drawn from the same rows"
        run.findings.report("train_test_overlap", data.line, "likely", note)


def _see(run: Run, role: str) -> None:
    if role == "test":
        run.findings.test_seen = True


def _of_whole(data: Data) -> frozenset[Any]:
    return frozenset(t for t in data.taints if not t.rows or any(is_whole(a) for a in t.rows))


def divided(run: Run, value: Any, names: list[str], line: int) -> Any:
    """A value unpacked to several names: data that goes to a train and a test name was split by whatever made it."""
    roles = [role_of_name(n.rsplit(".", 1)[-1]) for n in names]
    if isinstance(value, (Unknown, Folds)) or not isinstance(value, Data) or len({r for r in roles if r}) < 2:
        return value
    run.findings.report_taints(_of_whole(value))
    label = run.label("d", line)
    parts = [value.derive(rows=cut(value.rows, label, r or "part"), opaque=True, line=line, column=None) for r in roles]
    if "test" in roles:
        run.findings.test_seen = True
    return Bundle(list(parts))
