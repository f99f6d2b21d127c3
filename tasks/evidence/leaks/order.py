"""What is known of order: earlier values of the target, which are no leak, and numbers that count rows sorted by class, which are."""

from __future__ import annotations

import re

import numpy as np

from tasks.evidence.leaks.columns import Column, Floats, Table
from tasks.evidence.leaks.facts import LeakSuspect

LAGS, LAG_SHARE = (1, 2, 3, 4, 5, 6, 7, 12, 14, 24, 28, 30, 48, 52, 96, 168, 365), 0.6
_EARLIER = re.compile(
    r"(?:^|[_\W\d])(?:lag|lagged|prev|previous|yesterday|last|past|prior|rolling|ma|ewm|t[-_ ]?minus)(?:$|[_\W\d])|^lag\d+$|lag\d+",
    re.IGNORECASE,
)
COUNTING, TELLS_CLASS = 0.999, 0.98
ID_NAME = re.compile(r"(?:^|[_\W]|(?<=[a-z]))(?:id|ID|Id|index|idx|no|nr|row|rownum|key|number)$|^(?:id|index|Unnamed.*)", re.IGNORECASE)


def earlier_values(table: Table, names: tuple[str, ...] | None = None) -> frozenset[str]:
    """Columns that hold the target of an earlier row, of all rows in their order; gaps between rows are allowed for."""
    wanted = [c for c in table.numeric if names is None or c.name in names]
    return frozenset(c.name for c in wanted if _EARLIER.search(c.name) or is_lag(c, table.y.astype(np.float64)))


def is_lag(column: Column, y: Floats) -> bool:
    """Whether most of its values are the target of a fixed number of rows before."""
    values = column.values
    if values is None or len(y) < 30:
        return False
    common, counts = np.unique(y, return_counts=True)
    telling = y != common[counts.argmax()]
    for lag in LAGS:
        if lag >= len(y) // 2:
            break
        rows = telling[:-lag]
        if rows.sum() >= 20 and np.mean(np.isclose(values[lag:][rows], y[:-lag][rows], rtol=1e-6, atol=1e-9)) >= LAG_SHARE:
            return True
    return False


def persistence(y: Floats) -> float:
    """R2 of the row before as a prediction, 0-1."""
    if len(y) < 30 or y.std() == 0:
        return 0.0
    return max(0.0, float(np.corrcoef(y[:-1], y[1:])[0, 1])) ** 2


def find_counting(table: Table, scores: dict[str, float]) -> list[LeakSuspect]:
    """Of classes: numbers that grow from row to row, in a file sorted by class."""
    if table.task == "regression":
        return []
    found = []
    for column in table.numeric:
        values = column.values
        assert values is not None
        if scores.get(column.name, 0) < TELLS_CLASS or column.name in table.moments or column.missing.any():
            continue
        if np.mean(np.diff(values) > 0) >= COUNTING and (ID_NAME.search(column.name) or _is_whole(values)):
            evidence = f"{column.name} counts the rows, which are sorted by class: alone it has a ROC AUC of {scores[column.name]:.3f}"
            found.append(LeakSuspect(columns=(column.name,), kind="row_order", score=scores[column.name], evidence=evidence, certain=True))
    return found


def _is_whole(values: Floats) -> bool:
    return bool(np.all(values == np.round(values)))
