"""Columns filled in only when the outcome happened, or only when it did not."""

from __future__ import annotations

from tasks.evidence.leaks.columns import Column, Table
from tasks.evidence.leaks.facts import LeakSuspect

CERTAIN, SUSPECT = 0.96, 0.9
"""Balanced accuracy of `has a value` for the class it goes with."""
FEWEST = 15


def find_missingness(table: Table) -> list[LeakSuspect]:
    """Of classification; a regression's target is not told by one bit."""
    if table.task == "regression":
        return []
    return [leak for column in table.columns if (leak := _measure(column, table)) is not None]


def _measure(column: Column, table: Table) -> LeakSuspect | None:
    filled = ~column.missing
    if min(filled.sum(), (~filled).sum()) < FEWEST:
        return None
    best, goes_with = 0.0, False
    for code in range(table.classes):
        of_class = table.y == code
        if min(of_class.sum(), (~of_class).sum()) < FEWEST:
            continue
        accuracy = (filled[of_class].mean() + (~filled)[~of_class].mean()) / 2
        for value, with_value in ((accuracy, True), (1 - accuracy, False)):
            if value > best:
                best, goes_with = float(value), with_value
    if best < SUSPECT:
        return None
    agree = f"{best:.1%}"
    word = "has a value" if goes_with else "is empty"
    evidence = f"whether {column.name} {word} goes with a class, right in {agree} of the rows of either side"
    return LeakSuspect(columns=(column.name,), kind="missingness", score=best, evidence=evidence, certain=best >= CERTAIN)
