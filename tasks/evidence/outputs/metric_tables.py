"""Metrics in CSV files: curves with a step column, and models against scores."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from tasks.evidence.outputs.naming import metric_name, split_of
from tasks.evidence.outputs.seen import Seen

MAX_ROWS = 100_000
MAX_COLUMNS = 300
_STEPS = ("step", "epoch", "iteration", "iter", "round", "global_step", "steps", "epochs")
_NAME_COLUMNS = ("metric", "metrics", "name", "measure")
_VALUE_COLUMNS = ("value", "score", "result")


def values_of_table(stream: BinaryIO, path: str, declared: bool) -> Iterator[Seen]:
    """Numbers in columns that are headed by a metric. A table that is neither named as metrics nor has a step is data.

    Raises `ValueError` where the text is no table.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    try:
        rows = csv.reader(_bounded(text), delimiter="\t" if path.endswith(".tsv") else ",")
        heads = [h.strip().lstrip("\ufeff")[:80] for h in next(rows, [])][:MAX_COLUMNS]
        step = next((i for i, h in enumerate(heads) if h.lower() in _STEPS), None)
        if not declared and step is None:
            return
        if (pair := _name_and_value(heads)) is not None:
            yield from _long(rows, path, *pair)
        else:
            yield from _wide(rows, path, heads, step)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    for _ in range(MAX_ROWS):
        line = text.readline(100_000)
        if not line:
            return
        yield line.replace("\x00", "")


def _name_and_value(heads: list[str]) -> tuple[int, int] | None:
    """`metric,value`: one metric a row."""
    lower = [h.lower() for h in heads]
    name = next((i for i, h in enumerate(lower) if h in _NAME_COLUMNS or not h), None)
    value = next((i for i, h in enumerate(lower) if h in _VALUE_COLUMNS), None)
    return (name, value) if name is not None and value is not None and len(heads) <= 4 else None


def _long(rows: Iterator[list[str]], path: str, name: int, value: int) -> Iterator[Seen]:
    for row in rows:
        if len(row) > max(name, value) and (number := _number(row[value])) is not None and (told := metric_name(row[name])):
            yield Seen(told, row[name][:80], number, _unit(row[value]), place=path, origin=path)


def _wide(rows: Iterator[list[str]], path: str, heads: list[str], step: int | None) -> Iterator[Seen]:
    columns = [(i, name, h) for i, h in enumerate(heads) if (name := metric_name(h, known=True) or _unknown_loss(h))]
    for number, row in enumerate(rows, 2):
        at = _number(row[step]) if step is not None and step < len(row) else None
        label = next((c.strip()[:60] for c in row[:4] if c.strip() and _number(c) is None), "") if step is None else ""
        split = split_of(label)
        for index, name, head in columns:
            if index < len(row) and (value := _number(row[index])) is not None:
                told = f"{split}_{name}" if split and not split_of(name) else name
                moment = int(at) if at is not None and abs(at) < 1e15 else None
                yield Seen(told, f"{label} {head}".strip(), value, _unit(row[index]), moment, f"{path}:{number}", path)


def _unknown_loss(head: str) -> str:
    """`train/box_loss`: a loss with a name of its own."""
    name = metric_name(head)
    return name if name.endswith("loss") else ""


def _number(text: str) -> float | None:
    text = text.strip().rstrip("%").strip()
    if not 0 < len(text) <= 40 or not (text[0].isdigit() or text[0] in "+-."):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _unit(text: str) -> str:
    return "%" if text.rstrip().endswith("%") else ""
