"""Values inside JSON lines and printed Python dictionaries, and in nested data read from files."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

MAX_LEAVES = 200_000
MAX_DEPTH = 12
_PRINTED_SET = re.compile(r"\b(?:OrderedDict|defaultdict|dict)\(")


def mapping_in(text: str) -> tuple[dict[Any, Any], str] | None:
    """The first `{...}` of a line as a dictionary, with the words before it; None when there is none that can be read."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    body, before = text[start : end + 1], text[:start]
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(body)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(value, dict):
            return value, _PRINTED_SET.sub("", before).strip(" :=(-")
    return None


def numbers_in(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    """Numeric leaves of nested data with their keys, depth and count bounded; a list of numbers is not entered."""
    left = MAX_LEAVES
    stack: list[tuple[tuple[str, ...], Any]] = [(path, data)]
    while stack and left > 0:
        keys, value = stack.pop()
        left -= 1
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int | float):
            number = _as_float(value)
            if number is not None:
                yield keys, number
        elif isinstance(value, str):
            if (number := _numeric_text(value)) is not None:
                yield keys, number
        elif isinstance(value, dict) and len(keys) < MAX_DEPTH:
            items = [((*keys, str(k)[:80]), v) for k, v in _first(value.items(), left)]
            stack.extend(reversed(items))


def _first(items: Any, count: int) -> Iterator[Any]:
    for _, item in zip(range(count), items):
        yield item


def _as_float(value: int | float) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None


def _numeric_text(value: str) -> float | None:
    text = value.strip()
    if not 0 < len(text) <= 40 or not re.fullmatch(r"[-+]?\d{1,20}\.\d{1,30}(?:[eE][-+]?\d{1,3})?", text):
        return None
    return float(text)
