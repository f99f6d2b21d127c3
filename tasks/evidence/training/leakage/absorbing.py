"""Statistics that go into data: a mean filled into gaps, a minimum subtracted, columns kept for their correlation."""

from __future__ import annotations

from dataclasses import replace

from tasks.evidence.training.leakage.joins import members
from tasks.evidence.training.leakage.rows import contains, is_mixed, is_whole
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Data, Statistic, Taint

_FILL = "scaler_or_imputer_fit_before_split"


def learnt_from(run: Run, data: Data, value: object) -> Data:
    """Data into which the statistics in a value went."""
    for inner in members(value):
        if isinstance(inner, Statistic) and not inner.by_group and inner.name:
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
        run.findings.report(_FILL, found.line, "likely", note)
    return data


def chosen(data: Data, choice: Statistic) -> Data:
    """Columns kept because of their relation to the target over all rows."""
    note = "columns are chosen by their relation to the target over all rows"
    taint = Taint("feature_selection_before_split", choice.line, choice.rows, "likely", note)
    own = choice.rows == data.rows or contains(choice.rows, data.rows)
    return data.derive(taints=data.taints | {taint} if own else data.taints, column=None, opaque=True)


def as_choice(found: Statistic, line: int) -> Statistic:
    return replace(found, kind="choice", line=found.line or line)
