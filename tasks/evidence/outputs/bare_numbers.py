"""Names for numbers that a program printed without a word, from what its code prints and computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tasks.evidence.outputs.plausible import fits
from tasks.evidence.outputs.seen import Seen

UNNAMED = "unnamed"
_VAGUE = ("score", "test_score", "train_score", "validation_score")
"""Words that leave open which metric it is."""


class Printed(NamedTuple):
    """A metric that the code prints without a word of its own."""

    name: str
    place: str
    """`train.py:24`."""
    cell: int | None = None


def name_bare_numbers(seen: Sequence[Seen], printed: Sequence[Printed], hints: Sequence[tuple[str, str]], entry: str = "") -> list[Seen]:
    """The same values with every lone number named, `unnamed` where the code does not tell.

    In turn: the only print of the notebook cell, the prints in their order when as many numbers came (or a multiple of it, a
    loop), the only metric printed, the only metric computed: in the entry's own file, else anywhere.
    """
    bare = [s for s in seen if not s.name]
    ordered = list(printed) if printed and len(bare) % len(printed) == 0 else []
    named: list[Seen] = []
    at = 0
    for value in seen:
        if value.name:
            named.append(_less_vague(value, hints, entry))
            continue
        candidate = ordered[at % len(ordered)] if ordered else None
        named.append(_printed(value, candidate, printed) or _told(value, *_only_computed(value, hints, entry)))
        at += 1
    return named


def _printed(value: Seen, candidate: Printed | None, printed: Sequence[Printed]) -> Seen | None:
    here = {p.name: p for p in printed if p.cell is not None and p.cell == value.cell}
    for choices in (list(here.values()), [candidate] if candidate else [], list({p.name: p for p in printed}.values())):
        possible = [p for p in choices if fits(p.name, value.value, value.unit)]
        if len(possible) == 1:
            return _told(value, possible[0].name, f"printed by {possible[0].place}")
    return None


def _only_computed(value: Seen, hints: Sequence[tuple[str, str]], entry: str) -> tuple[str, str]:
    for among in ([h for h in hints if h[0] == entry], hints):
        possible = {name: file for file, name in reversed(among) if fits(name, value.value, value.unit)}
        if len(possible) == 1:
            ((name, file),) = possible.items()
            return name, f"the metric computed in {file}"
    return UNNAMED, ""


def _less_vague(value: Seen, hints: Sequence[tuple[str, str]], entry: str) -> Seen:
    """`Score: 0.85` is the one metric that the code computes."""
    if value.name not in _VAGUE:
        return value
    name, why = _only_computed(value, hints, entry)
    if name == UNNAMED:
        return value
    split = value.name.removesuffix("score")
    return value._replace(name=f"{split}{name}", place=f"{value.place} ({why})")


def _told(value: Seen, name: str, why: str) -> Seen:
    return value._replace(name=name, original=value.original or "(a number alone)", place=f"{value.place} ({why})" if why else value.place)
