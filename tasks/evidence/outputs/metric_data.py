"""Metrics in nested data of a file: JSON, JSON lines and YAML; scores, curves, records with a step, class reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml

from tasks.evidence.outputs.log_tables import report_name
from tasks.evidence.outputs.naming import metric_name, split_of
from tasks.evidence.outputs.seen import Seen

MAX_NAMED = 20_000
"""Numbers of one file that get a name; a fake file of a million keys costs no more."""
MAX_NODES = 3_000_000
MAX_DEPTH = 12
MAX_YAML_CHARACTERS = 1_000_000
_STEPS = ("step", "global_step", "epoch", "iteration", "iter", "round")
_LABELS = ("model", "name", "model_name", "classifier", "algorithm", "estimator", "method", "fold")
_REPORT = {"precision", "recall", "f1-score"}


class Records:
    """Where the values come from, and how many were left out."""

    def __init__(self, path: str, declared: bool) -> None:
        self.path = path
        self.declared = declared
        self.dropped = 0
        self.repeated: set[str] = set()
        """Keys that a JSON object has twice; the last value counts, as everywhere."""
        self._named = 0

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object of the JSON text."""
        node = dict(pairs)
        if len(node) < len(pairs) and len(self.repeated) < 5:
            counts = Counter(key for key, _ in pairs)
            self.repeated.update([k[:80] for k, n in counts.items() if n > 1][:5])
        return node

    def value(self, keys: tuple[str, ...], number: float, step: int | None = None, label: str = "", report: bool = False) -> Seen | None:
        """The number under these keys, when that is a metric."""
        self._named += 1
        if self._named > MAX_NAMED:
            self.dropped += 1
            return None
        name = _report_value(keys) if report else self._name(keys)
        if not name:
            return None
        original = f"{label} {'/'.join(keys)}".strip()[:200]
        return Seen(name, original, number, step=step, place=self.path, origin=self.path)

    def _name(self, keys: tuple[str, ...]) -> str:
        joined = "/".join(keys[-3:])
        name = metric_name(joined, known=True) or metric_name(keys[-1], known=True)
        name = name or (metric_name(keys[-1], declared=True) if self.declared else "")
        split = "" if not name or split_of(name) else split_of(" ".join(keys[:-1]))
        return f"{split}_{name}" if split else name


def _report_value(keys: tuple[str, ...]) -> str:
    return "" if keys[-1] == "support" or len(keys) < 2 else report_name(keys[-2], keys[-1])


def values_of_json(text: str, records: Records) -> Iterator[Seen]:
    """One document, or one document a line."""
    try:
        data = json.loads(text, object_pairs_hook=records.pairs)
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not lines[0].lstrip().startswith("{"):
            raise
        data = [json.loads(line, object_pairs_hook=records.pairs) for line in lines[:100_000]]
    yield from _walk(data, records)


def values_of_yaml(text: str, records: Records) -> Iterator[Seen]:
    """The first document. Aliases are shared, not copied, and the walk is bounded, so that a bomb costs nothing."""
    if len(text) > MAX_YAML_CHARACTERS:
        raise ValueError(f"YAML of {len(text)} characters")
    try:
        data = next(iter(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))), None)
    except yaml.YAMLError as error:
        raise ValueError(str(error).split("\n")[0]) from error
    yield from _walk(data, records)


def _walk(data: Any, records: Records) -> Iterator[Seen]:
    """Leaves in order; each node is a dictionary, a list of records, a curve or a number."""
    stack: list[tuple[tuple[str, ...], Any, int | None, str, bool]] = [((), data, None, "", False)]
    for _ in range(MAX_NODES):
        if not stack:
            return
        keys, node, step, label, report = stack.pop()
        if isinstance(node, dict) and len(keys) < MAX_DEPTH:
            step, label = _step_of(node, step), _label_of(node) or label
            inside = node.keys() >= _REPORT
            children = [
                ((*keys, str(k)[:80]), v, step, label, inside) for k, v in islice(node.items(), MAX_NAMED + 1) if str(k) not in _STEPS
            ]
            records.dropped += max(0, len(node) - MAX_NAMED - 1)
            stack.extend(reversed(children))
        elif isinstance(node, list) and len(keys) < MAX_DEPTH:
            stack.extend(reversed(list(_elements(keys, node, step, label))))
        elif keys and (number := _number(node)) is not None and (seen := records.value(keys, number, step, label, report)):
            yield seen


def _elements(
    keys: tuple[str, ...], node: list[Any], step: int | None, label: str
) -> Iterator[tuple[tuple[str, ...], Any, int | None, str, bool]]:
    """A list of records keeps its keys; a list of numbers under a name is a curve, one step each."""
    if keys and node and all(_number(v) is not None for v in node[:1000]):
        yield from ((keys, value, at, label, False) for at, value in enumerate(node[:100_000]))
    else:
        yield from ((keys, value, step, label, False) for value in node[:100_000] if isinstance(value, dict))


def _step_of(node: dict[Any, Any], before: int | None) -> int | None:
    for key in _STEPS:
        number = _number(node.get(key))
        if number is not None and number.is_integer() and abs(number) < 1e15:
            return int(number)
    return before


def _label_of(node: dict[Any, Any]) -> str:
    return next((v[:60] for k, v in list(node.items())[:50] if isinstance(v, str) and str(k).lower() in _LABELS), "")


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
