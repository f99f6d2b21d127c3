"""Tables in a log: class reports, models against scores, boxes of names and values. One line at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.outputs.line_values import NUMBER, Value
from tasks.evidence.outputs.naming import metric_name, words_of

REPORT_COLUMNS = ("precision", "recall", "f1-score", "support")
ROWS_LIMIT = 500
"""Rows of one table that are read."""
CELL_LIMIT = 40
_PLAIN_NUMBER = re.compile(r"[-+]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?")
_STEP = re.compile(r"(\d{1,9})(?:/\d{1,9})?")
_STEPS = ("epoch", "step", "iter", "iteration", "round")
_WIDE = re.compile(r"\s{2,}|\t")
_BOX = re.compile(r"[|│┃║]")
_RULE = re.compile(r"[\s+|=\-─━═┼╪├┤┬┴╞╡┌┐└┘┏┓┗┛┡┩┳┻╇╋│┃:]*")


class Tables:
    """Remembers the heading of the table that the lines are in."""

    def __init__(self) -> None:
        self._report = False
        self._names: list[tuple[str, str]] = []
        self._rows = 0
        self._blanks = 0
        self.step: int | None = None
        """Of the last row, when the table has a column of epochs or steps."""

    def values_of(self, line: str) -> list[Value] | None:
        """The row's values, empty for a heading or a rule; None when the line belongs to no table."""
        self.step = None
        if _RULE.fullmatch(line):
            return self._rule(line)
        if line.split() == list(REPORT_COLUMNS):
            self._report, self._blanks, self._rows, self._names = True, 0, 0, []
            return []
        if self._report and (row := _report_row(line)) is not None:
            self._rows, self._blanks = self._rows + 1, 0
            return row if self._rows <= ROWS_LIMIT else []
        self._report = False
        return self._other(line)

    def _rule(self, line: str) -> list[Value] | None:
        if not line.strip():
            self._blanks += 1
            if self._blanks > 2:
                self._report = False
            if not self._report:
                self._names = []
            return None
        return [] if self._names or self._report else None

    def _other(self, line: str) -> list[Value] | None:
        cells = _cells(line)
        if len(cells) == 1 and metric_name(cells[0], known=True) and line.startswith("  "):
            self._names, self._rows = [(metric_name(cells[0], known=True), cells[0])], 0
            return []
        if len(cells) < 2 or len(cells) > CELL_LIMIT:
            self._names = []
            return None
        numbers = [_number(c) for c in cells]
        if not any(n is not None for n in numbers):
            if NUMBER.search(line):
                self._names = []
                return None
            names = [(_heading(c), c) for c in cells]
            self._names = names if any(n for n, _ in names) else []
            self._rows = 0
            return [] if self._names else None
        if self._names and self._rows < ROWS_LIMIT and len(cells) - len(self._names) in (0, 1) and (row := self._row(cells, numbers)):
            self._rows += 1
            return row
        return list(_pairs(line, cells, numbers)) or None

    def _row(self, cells: list[str], numbers: list[float | None]) -> list[Value]:
        """Columns are counted from the right: a table printed by pandas has one more cell, the index."""
        shift = len(cells) - len(self._names)
        self.step = next((_step(c) for c, (_, head) in zip(cells[shift:], self._names) if head.lower() in _STEPS), None)
        label = " ".join(c for c, n in zip(cells[: shift + 1], numbers) if n is None)[:60]
        row = []
        for (name, head), cell, number in zip(self._names, cells[shift:], numbers[shift:]):
            if name and number is not None:
                row.append(Value(name, f"{label} {head}".strip(), number, "%" if "%" in cell or "%" in head else ""))
        return row


def _cells(line: str) -> list[str]:
    text = line.strip()
    if _BOX.search(text):
        return [c.strip() for c in _BOX.split(text) if c.strip()]
    return [c for c in _WIDE.split(text) if c]


def _heading(cell: str) -> str:
    """In a table only standard words and losses count: `math_score` is a column of somebody's data."""
    if known := metric_name(cell, known=True):
        return known
    name = metric_name(cell)
    return name if name.endswith("loss") else ""


def _number(cell: str) -> float | None:
    text = cell.rstrip(" %")
    return float(text) if len(text) <= 60 and _PLAIN_NUMBER.fullmatch(text) else None


def _step(cell: str) -> int | None:
    match = _STEP.fullmatch(cell)
    return int(match[1]) if match else None


def _pairs(line: str, cells: list[str], numbers: list[float | None]) -> Iterator[Value]:
    """`│ test_acc │ 0.9 │` and a printed Series, `accuracy    0.9`."""
    if len(cells) == 2 and numbers[0] is None and numbers[1] is not None and (name := _heading(cells[0].rstrip(" :="))):
        yield Value(name, cells[0].rstrip(" :="), numbers[1], "%" if "%" in cells[1] else "")


def _report_row(line: str) -> list[Value] | None:
    """A row of scikit-learn's class report: the last numbers are precision, recall, F1 and support."""
    words = line.split()
    numbers: list[float] = []
    while words and (number := _number(words[-1])) is not None and len(numbers) < 4:
        numbers.insert(0, number)
        words.pop()
    label = " ".join(words)[:60]
    if label == "accuracy" and len(numbers) == 2:
        return [Value("accuracy", "accuracy", numbers[0], "")]
    if len(numbers) != 4:
        return None
    return [Value(report_name(label, column), f"{label} {column}", n, "") for column, n in zip(REPORT_COLUMNS[:3], numbers)]


def report_name(label: str, column: str) -> str:
    """Name of one number of a class report. The weighted average is what a single number means; other averages and classes say so in front."""
    metric = metric_name(column)
    if label == "weighted avg":
        return metric
    if label.endswith(" avg"):
        return f"{label.removesuffix(' avg')}_{metric}"
    return f"class_{'_'.join(words_of(label)) or 'unnamed'}_{metric}"
