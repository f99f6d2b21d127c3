"""Rows cut out by `[a:b]`: how such a part is named, and whether two of them have rows in common."""

from __future__ import annotations

import ast

from tasks.evidence.training.leakage.rows import Rows

_BEFORE_ROWS = ": /"


def label_of(key: str) -> str:
    """The name of the part a key chooses: the same text gives the same rows; `:800` and `800:` are told apart by the colon."""
    text = "".join(c for c in key if c not in _BEFORE_ROWS)
    return f"m{text}" + (f"#{key.index(':')}" if ":" in key else "")


def is_window(key: ast.Slice) -> bool:
    """`[i : i + size]`, `[i - size : i]`: one of many overlapping pieces."""
    sides = [s for s in (key.lower, key.upper) if s is not None]
    if len(sides) != 2:
        return False
    return any(
        isinstance(one, ast.Name)
        and isinstance(other, ast.BinOp)
        and any(isinstance(n, ast.Name) and n.id == one.id for n in ast.walk(other))
        for one, other in (sides, sides[::-1])
    )


def overlap(one: Rows, other: Rows) -> bool:
    """Whether some rows are surely in both: `[:800]` and `[700:]` of one table.

    >>> overlap(frozenset(["o1:full/m800#0:train"]), frozenset(["o1:full/m700#3:test"]))
    True
    >>> overlap(frozenset(["o1:full/m800#0:train"]), frozenset(["o1:full/m800#3:test"]))
    False
    """
    return any(_share(a, b) for a in one for b in other)


def _share(one: str, other: str) -> bool:
    (source, _, part), (other_source, _, other_part) = one.rpartition("/"), other.rpartition("/")
    bounds, other_bounds = _bounds(part), _bounds(other_part)
    if source != other_source or bounds is None or other_bounds is None:
        return False
    (start, stop), (other_start, other_stop) = bounds, other_bounds
    return _is_before(start, other_stop) and _is_before(other_start, stop)


def _bounds(part: str) -> tuple[int, int | None] | None:
    """Start and stop of a slice with plain numbers; a stop of None is the end."""
    text, _, colon = part.rpartition(":")[0].removeprefix("m").partition("#")
    if not colon.isdigit():
        return None
    start, stop = text[: int(colon)], text[int(colon) :]
    try:
        return int(start or 0), int(stop) if stop else None
    except ValueError:
        return None


def _is_before(start: int, stop: int | None) -> bool:
    """Whether a row of this start lies before the stop; unknown for one counted from the end and one from the beginning."""
    if stop is None:
        return True
    return (start < 0) == (stop < 0) and start < stop
