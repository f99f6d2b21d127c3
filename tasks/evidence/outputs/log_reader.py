"""A log as values: one line at a time, so that the same reader serves a finished log and a running one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from tasks.evidence.outputs.line_values import NUMBER, Value, values_in
from tasks.evidence.outputs.literals import mapping_in, numbers_in
from tasks.evidence.outputs.log_tables import Tables
from tasks.evidence.outputs.log_text import message_of
from tasks.evidence.outputs.naming import metric_name
from tasks.evidence.outputs.seen import Seen
from tasks.evidence.outputs.steps import Steps

_CATBOOST = re.compile(r"\s*\d{1,9}:\s+(?=learn: |test: )")
_CATBOOST_VALUE = re.compile(r"\b(learn|test): ([-+]?\d{1,20}(?:\.\d{1,20})?(?:e[-+]?\d{1,3})?)")
_CATBOOST_SPLIT = {"learn": "train_objective", "test": "validation_objective"}
_MESSAGES = ("message", "msg", "event", "text", "log")
_STEP_KEYS = ("step", "global_step", "epoch", "iteration", "iter")


class LogReader:
    """Feed it the lines of one log in order."""

    def __init__(self) -> None:
        self._line = 0
        self._steps = Steps()
        self._tables = Tables()

    def skip(self) -> None:
        """Step over a line."""
        self._line += 1

    def read(self, raw: str) -> list[Seen]:
        """What one line says; a lone number comes without a name."""
        self._line += 1
        text, cell = message_of(raw)
        if not any(c.isdigit() for c in text) and "nan" not in text.lower() and "inf" not in text.lower():
            self._tables.values_of(text)
            self._steps.of(text)
            return []
        step = self._steps.of(text)
        return [
            Seen(v.name, v.original, v.value, v.unit, own if own is not None else step, f"log:{self._line}", cell=cell)
            for v, own in self._values(text)
        ]

    def _values(self, text: str) -> Iterator[tuple[Value, int | None]]:
        if (bare := _bare(text)) is not None:
            yield bare, None
        elif _CATBOOST.match(text):
            yield from ((Value(_CATBOOST_SPLIT[k], k, float(v), ""), None) for k, v in _CATBOOST_VALUE.findall(text))
        elif (row := self._tables.values_of(text)) is not None:
            yield from ((v, self._tables.step) for v in row)
        elif "{" in text and (found := mapping_in(text)):
            yield from _mapped(found[0], found[1])
        else:
            yield from ((v, None) for v in values_in(text))


def _bare(text: str) -> Value | None:
    """A line that is one number and nothing else; whole numbers are counts."""
    text = text.strip().strip("()[] ")
    number = text.rstrip(" %")
    if not 3 <= len(number) <= 40 or not NUMBER.fullmatch(number) or not ("." in number or "e" in number.lower()):
        return None
    value = float(number.replace(",", ""))
    return Value("", "", value, "%" if text.endswith("%") else "") if math.isfinite(value) else None


def _mapped(data: dict[object, object], before: str) -> Iterator[tuple[Value, int | None]]:
    """Metrics of a dictionary; its own step if it has one. A structured log's message is a line of its own."""
    flat = [(keys, value) for keys, value in numbers_in(data)]
    step = next((int(v) for name in _STEP_KEYS for keys, v in flat if keys[-1] == name and v.is_integer() and abs(v) < 1e15), None)
    for keys, value in flat[:200]:
        original = "/".join(keys)
        name = metric_name(original) or metric_name(f"{keys[0]} {keys[-1]}") or metric_name(keys[-1])
        if name:
            yield Value(name, f"{before} {original}".strip()[-80:], value, ""), step
    for key in _MESSAGES:
        if isinstance(message := data.get(key), str):
            yield from ((v, step) for v in values_in(message[:2048]))
