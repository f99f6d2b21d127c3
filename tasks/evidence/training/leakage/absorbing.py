"""Statistics that go into data: a mean filled into gaps, a minimum subtracted, columns kept for their correlation."""

from __future__ import annotations

from dataclasses import replace

from tasks.evidence.training.leakage.joins import members
from tasks.evidence.training.leakage.rows import contains, is_mixed, is_whole, roles_of
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Data, Statistic, Taint

_FILL = "scaler_or_imputer_fit_before_split"


def learnt_from(run: Run, data: Data, value: object) -> Data:
    """Data into which the statistics in a value went."""
    for inner in members(value):
        if isinstance(inner, Statistic) and inner.name and (not inner.by_group or is_mixed(inner.rows)):
            data = absorb(run, data, inner)
    return data


def absorb(run: Run, data: Data, found: Statistic) -> Data:
    """Data changed by one statistic: reported at once when its rows were already divided, else remembered for the split."""
    note = f"{found.name} of all rows goes into the features before the split"
    if is_mixed(found.rows):
        together = f"{found.name} of training and held-out rows together goes into the features"
        run.findings.learnt("fit_on_train_plus_test", found.rows, found.line, "likely", together)
    elif not found.rows or found.rows == data.rows or not data.rows:
        return data.derive(taints=data.taints | {Taint(_FILL, found.line, data.rows, "likely", note)}, column=data.column)
    elif contains(found.rows, data.rows) and any(is_whole(a) for a in found.rows):
        if roles_of(data.rows) == {"part"}:
            # Perhaps one row in a loop, perhaps the training part: its name will tell.
            return data.derive(taints=data.taints | {Taint(_FILL, found.line, found.rows, "likely", note, waits=True)}, column=data.column)
        run.findings.report(_FILL, found.line, "likely", note)
    return data


def chosen_again(run: Run, data: Data, columns: Data) -> frozenset[Taint]:
    """What picking columns by a list brings along that was itself made by looking at the target."""
    found = frozenset(t for t in columns.taints if t.kind == "feature_selection_before_split" and t not in data.taints)
    run.findings.report_taints(frozenset(t for t in found if contains(t.rows, data.rows) and any(is_whole(a) for a in t.rows)))
    return frozenset(t for t in found if t.rows == data.rows)


def chosen(run: Run, data: Data, choice: Statistic) -> Data:
    """Columns kept because of their relation to the target: reported at once when these rows were already cut out of the others."""
    note = "columns are chosen by their relation to the target over all rows"
    taint = Taint("feature_selection_before_split", choice.line, choice.rows, "likely", note)
    if choice.rows == data.rows:
        return data.derive(taints=data.taints | {taint}, column=None, opaque=True)
    if contains(choice.rows, data.rows) and any(is_whole(a) for a in choice.rows):
        run.findings.report_taints(frozenset([taint]))
    return data.derive(column=None, opaque=True)


def as_choice(found: Statistic, line: int) -> Statistic:
    return replace(found, kind="choice", line=found.line or line)
