"""Which task it is: from what the target holds, and from what the wording asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.errors import DataRefused
from tasks.evidence.table.facts import ColumnProfile
from tasks.rules.building.contract import Ambiguity, Source, Task
from tasks.rules.building.english import stems, words

_CLASS_WORDS = re.compile(
    r"\b(?:whether|if|classif\w*|which|who|what (?:kind|type|class|category|species)|detect\w*|recogni\w*|identify|flag|tell|categori[sz]e|diagnos\w*|kind of"
    r"|type of|class|spot|will (?:a|an|the)\b)",
    re.IGNORECASE,
)
_NUMBER_WORDS = re.compile(
    r"\b(?:how (?!likely|to\b|well|do\b|does|can|risky)\w+|number of|count of|amount|price|cost|forecast\w*|estimat\w*|regress\w*|value of|level of|degree"
    r"|demand|consumption|average|median|mean|as a number|numeric\w*|sales|revenue|rmse|mae|mape|r2|absolute error|temperature|duration|percentage of)\b",
    re.IGNORECASE,
)
_ORDERED_NAMES = frozenset(
    stems(
        "quality rating score star grade point age count number ring year size rank level hour day minute amount quantity rental bike visit"
    )
)
"""Numbers with few values that are still amounts, not names of classes."""
_CLASS_NAMES = frozenset(stems("class label target category type species kind digit segment group cluster cover"))
FEW, SOME, MOST_CLASSES = 10, 30, 1000
ORDERED_FROM = 5
"""Fewer values of an ordered number are classes."""
ROWS_PER_CLASS = 5


@dataclass(frozen=True)
class AskedTask:
    task: Task
    source: Source
    why: str
    ambiguity: Ambiguity | None = None


def asks_for(text: str) -> str:
    """`class`, `number`, or nothing, by the first telling word of the objective."""
    one, other = _CLASS_WORDS.search(text), _NUMBER_WORDS.search(text)
    if one and (other is None or one.start() <= other.start()):
        return "class"
    return "number" if other else ""


def asks_classes_plainly(text: str) -> bool:
    """The word itself, which also turns ordered numbers into classes."""
    return bool(re.search(r"\b(?:classif\w*|categori[sz]e\w*|which class|what class|multiclass)\b", text, re.IGNORECASE))


def decide_task(column: ColumnProfile, rows: int, asks: str, flag: Task | None, plainly: bool = False) -> AskedTask:
    """Raises `DataRefused`, in one line, for a target nothing can be learned of."""
    _refuse_hopeless(column, rows)
    if flag is not None:
        return _by_flag(column, flag)
    if column.distinct == 2:
        return AskedTask("binary", "data", f"{column.name} holds two values{_told_levels(column)}")
    if is_number(column):
        return _of_number(column, rows, asks, plainly)
    if column.kind in ("identifier", "text") or column.distinct > min(MOST_CLASSES, max(FEW, rows // 2)):
        what = "an id of the row" if column.kind == "identifier" else "free text"
        raise DataRefused(
            f"The target {column.name!r} is {what}: {column.distinct:,} different values in {rows:,} rows",
            "Name a column of classes or numbers with --target.",
        )
    return AskedTask("multiclass", "data", f"{column.name} holds {column.distinct} classes{_told_levels(column)}")


def is_number(column: ColumnProfile) -> bool:
    """Numbers that may be predicted, also where every row has its own, unless they only count the rows."""
    if column.kind == "identifier":
        return (
            column.mean is not None
            and not set(words(column.name)) & {"id", "index", "key", "uuid", "no", "nr"}
            and not _counts_rows(column)
        )
    return column.kind == "numeric"


def _counts_rows(column: ColumnProfile) -> bool:
    q = column.quantiles
    return len(q) == 5 and q[4] - q[0] == column.distinct - 1


def _refuse_hopeless(column: ColumnProfile, rows: int) -> None:
    name = column.name
    if column.kind == "empty" or column.nulls >= 1 or column.distinct == 0:
        raise DataRefused(
            f"The target {name!r} has no value in any of {rows:,} rows", "Name another with --target, or give rows whose outcome is known."
        )
    if column.kind == "constant" or column.distinct == 1:
        held = repr(column.top[0][0]) if column.top else "one value"
        raise DataRefused(
            f"The target {name!r} is {held} in every row, so there is nothing to tell apart", "Give rows of at least two outcomes."
        )
    if column.kind == "datetime":
        raise DataRefused(
            f"The target {name!r} is a date, and dates are not predicted",
            "Turn it into a number of days or a class first, or name another with --target.",
        )


def _by_flag(column: ColumnProfile, flag: Task) -> AskedTask:
    if flag == "regression" and not is_number(column) and column.kind != "boolean":
        raise DataRefused(f"The target {column.name!r} does not hold numbers, so it cannot be a regression", "Leave the task to the data.")
    if flag == "binary" and column.distinct != 2:
        raise DataRefused(
            f"The target {column.name!r} holds {column.distinct:,} values, so it is not binary", "Use multiclass or regression."
        )
    return AskedTask(flag, "flag", "given by a flag")


def _told_levels(column: ColumnProfile) -> str:
    levels = [level for level, _ in column.top[:4]]
    return f" ({', '.join(levels)}{', …' if column.distinct > len(levels) else ''})" if levels else ""


def _of_number(column: ColumnProfile, rows: int, asks: str, plainly: bool) -> AskedTask:
    n, name = column.distinct, column.name
    roots = set(stems(name))
    supported = n <= SOME and _is_whole(column) and rows * (1 - column.nulls) >= ROWS_PER_CLASS * n
    if not supported:
        note = None
        if asks == "class" and n > SOME:
            note = _question(column, "regression", f"the wording asks for classes, but {name} holds {n:,} different numbers")
        return AskedTask("regression", "data", f"{name} holds {n:,} different numbers", note)
    if plainly:
        return AskedTask("multiclass", "text", f"{name} holds {n} whole numbers, and the wording asks to classify")
    if roots & _CLASS_NAMES:
        return AskedTask("multiclass", "data", f"{name} holds {n} whole numbers, and its name says they are classes")
    if asks == "number" or (roots & _ORDERED_NAMES and n >= ORDERED_FROM):
        reason = "the wording asks for an amount" if asks == "number" else "its name says they are amounts"
        return AskedTask(
            "regression",
            "text" if asks == "number" else "data",
            f"{name} holds {n} whole numbers, and {reason}",
            _question(column, "regression", reason),
        )
    if asks == "class" or n <= FEW:
        reason = "the wording asks for a class" if asks == "class" else "so few are taken for classes"
        return AskedTask(
            "multiclass",
            "text" if asks == "class" else "data",
            f"{name} holds {n} whole numbers, and {reason}",
            _question(column, "multiclass", reason),
        )
    return AskedTask("regression", "data", f"{name} holds {n} different whole numbers")


def _is_whole(column: ColumnProfile) -> bool:
    """As far as the quantiles tell: whole ends, and no more values than whole numbers between them."""
    q = column.quantiles
    return len(q) == 5 and float(q[0]).is_integer() and float(q[4]).is_integer() and column.distinct <= q[4] - q[0] + 1


def _question(column: ColumnProfile, chosen: Task, why: str) -> Ambiguity:
    return Ambiguity(
        question=f"Are the {column.distinct} values of {column.name} classes or amounts?",
        options=("multiclass", "regression"),
        chosen=chosen,
        why=why,
        field="task",
    )
