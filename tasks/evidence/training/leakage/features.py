"""What stands in the features when a model is fitted or rows are split: the target, the future, an identifier."""

from __future__ import annotations

import re

from tasks.evidence.training.leakage.rows import contains, is_whole
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Data, Derivation

IDENTIFIER = re.compile(
    r"^(?:id|ids|index|unnamed: 0|row_?(?:id|no|num|number|index)|uid|uuid|guid|"
    r"(?:passenger|customer|client|patient|loan|transaction|txn|order|employee|emp|student|member|session|record|sample|application|account|"
    r"applicant|policy|claim|case|ticket|invoice|subject|person|respondent|booking|listing|trip|ride|house|property|observation|obs|"
    r"entry|request|visit|encounter|device_serial|user)[_ ]?(?:id|no|number|num|uuid|key))$",
    re.I,
)
ENTITY = re.compile(
    r"^(?:.*[_ ])?(?:patient|subject|user|customer|client|person|participant|speaker|driver|player|device|machine|sensor|engine|unit|author|"
    r"session|animal|household|employee|student|writer|owner|vehicle|bus|turbine|battery|group|member|account|well|hospital|doc|document|"
    r"article|video|scene|image|case|study|donor|cell_line|site|field|house|building|company|ticker)(?:[_ ]?(?:id|no|num|number|uuid|name|nr|#))?$",
    re.I,
)
PERSON = re.compile(
    r"^(?:.*[_ ])?(?:patient|subject|participant|speaker|volunteer|donor|animal|person)[_ ]?(?:id|no|num|number|nr|#)$", re.I
)
"""Whoever counts the rows of each of these knows that there are several."""


def check_features(run: Run, features: Data, target: Data, line: int, at_split: bool) -> None:
    """Compare the columns of X with where y comes from."""
    _future(run, features, target, line)
    _identifier(run, features, target, line)
    column = target.column
    if (
        features.table != target.table
        or not column
        or (features.opaque and not features.present)
        or (features.column == column and features is target)
    ):
        return
    if not _comparable(features, column):
        return
    if not at_split and features.retains(column) and not _is_target_only(features, column):
        note = f"the features still hold the target {column}"
        run.findings.report("target_in_features", features.line or line, "certain", note)
    for name, derivation in features.derived.items():
        if name != column and features.retains(name):
            _derived(run, features, name, derivation, column)
    own = features.derived.get(column) or target.derived.get(column)
    _target_from(run, features, column, own, line, target)


def _comparable(features: Data, column: str) -> bool:
    """Whether both are told by name, or both by position in a way that does not depend on how many columns there are."""
    positions = {d for d in features.dropped | (features.only or frozenset()) if d.startswith("#")}
    if column.startswith("#"):
        other = {"#-1": {"#0"}, "#0": {"#-1"}}.get(column)
        return other is not None and features.only is None and features.dropped <= other
    return not positions


def _is_target_only(features: Data, column: str) -> bool:
    return features.only == {column}


def _derived(run: Run, features: Data, name: str, derivation: Derivation, column: str) -> None:
    if column not in derivation.sources:
        return
    shown = "a column" if name.startswith("?") else name
    if derivation.how == "aggregate":
        if any(is_whole(a) for a in derivation.rows) or not derivation.rows or contains(derivation.rows, features.rows):
            note = f"{shown} is the target's mean by group over all rows"
            run.findings.report("target_encoding_before_split", derivation.line, "likely", note)
    elif derivation.how in ("formula", "unary"):
        certainty = "certain" if derivation.how == "unary" else "likely"
        run.findings.report("target_in_features", derivation.line, certainty, f"{shown} is computed from the target {column}")


def _target_from(run: Run, features: Data, column: str, own: Derivation | None, line: int, target: Data) -> None:
    """A target made from columns that are still features."""
    if own is None or own.how not in ("unary", "formula"):
        return
    sources = {s for s in own.sources if s != column and not s.startswith("?")}
    kept = {s for s in sources if features.retains(s) and (features.only is None or s in features.only)}
    if sources and kept == sources and len(sources) <= 3:
        note = f"the target {column} is computed from {', '.join(sorted(kept))}, still among the features"
        run.findings.report("target_in_features", features.line or line, "certain" if len(kept) == 1 else "likely", note)


def _future(run: Run, features: Data, target: Data, line: int) -> None:
    for name, derivation in features.derived.items():
        if derivation.how == "future" and name != target.column and features.retains(name) and name not in target.sources:
            run.findings.report("future_values_in_features", derivation.line, "likely", f"{name} holds values of later rows")


def _identifier(run: Run, features: Data, target: Data, line: int) -> None:
    if features.opaque or features.column is not None:
        return
    columns = features.only if features.only is not None else frozenset(features.mentioned)
    if features.only is not None and len(features.only) < 2:
        return
    found = sorted(c for c in columns if IDENTIFIER.match(c) and features.retains(c) and c != target.column)
    if found and not _recommends(columns):
        certainty = "likely" if features.only is not None or features.table == target.table else "possible"
        run.findings.report("id_as_feature", features.line or line, certainty, f"{found[0]} identifies a row and is a feature")


def _recommends(columns: frozenset[str]) -> bool:
    """Users and items are the features of a recommender."""
    return any(re.search(r"(?:item|movie|product|book|song|track|video|article|ad|merchant|campaign|rating)", c, re.I) for c in columns)


def check_filters(run: Run, features: Data, target: Data) -> None:
    """Rows that were dropped by the target's value while they were not divided yet."""
    columns = frozenset([target.column]) | target.sources if target.column else frozenset()
    for column, line in features.filters + target.filters:
        if column in columns:
            note = f"rows are dropped by the value of the target {column} before the split"
            run.findings.report("target_filter_before_split", line, "likely", note)


def check_rows(run: Run, features: Data, target: Data | None, line: int, shuffled: bool) -> None:
    """What a random division of these rows mixes up."""
    if target is not None:
        check_filters(run, features, target)
    if not shuffled:
        return
    if features.temporal:
        note = "rows with lagged or rolling values are shuffled into training and test"
        run.findings.report("random_split_of_time_series", line, "likely", note)
    elif entities := sorted(e for e in features.entities if ENTITY.match(e)):
        run.findings.report("group_in_both_parts", line, "likely", f"rows of one {entities[0]} go to training and test")
    elif features.windows:
        note = "overlapping windows of one series are shuffled into training and test"
        run.findings.report("random_split_of_time_series", line, "likely", note)
