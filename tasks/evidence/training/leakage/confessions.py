"""Comments in which the author says that a feature gives the target away."""

from __future__ import annotations

import re

from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile
from tasks.evidence.training.facts import Leak

_CONFESSION = re.compile(
    r"^\s{1,60}[\"'][^\"'\n]{1,60}[\"'],?\s{0,20}#.{0,40}(?:correlat\w{1,5} (?:with|to) (?:the )?(?:target|label|outcome)|"
    r"leak(?:s|y|ing)? (?:the )?(?:target|label|info)|target leak|data leak|same as (?:the )?(?:target|label))",
    re.I,
)
_LIST_OPENS = re.compile(r"(\w{1,60})\s{0,5}(?::[^=\n]{1,60})?=\s{0,5}[\[(]")
_LEFT_OUT = re.compile(r"drop|exclu|ignor|remov|skip|unused|leak|omit|blacklist|not_", re.I)
_LOOK_BACK = 60
"""Lines above a list element in which its list must open."""


def confessed(snapshot: Snapshot, sources: list[SourceFile], known: list[Leak]) -> tuple[Leak, ...]:
    """List elements with such a comment, unless the list is one of columns that are left out."""
    found = []
    seen = {(k.place.file, k.kind) for k in known}
    for source in sources:
        if source.is_notebook or (source.path, "target_in_features") in seen:
            continue
        lines = (snapshot.text(source.path) or "").split("\n")
        snapshot.forget(source.path)
        for number, line in enumerate(lines, 1):
            if "#" in line and _CONFESSION.match(line[:300]) and not _is_left_out(lines, number):
                note = "a feature whose comment says that it gives the target away"
                found.append(Leak(kind="target_in_features", certainty="likely", place=place_in(snapshot, source.path, number), note=note))
                break
    return tuple(found)


def _is_left_out(lines: list[str], number: int) -> bool:
    for line in reversed(lines[max(0, number - _LOOK_BACK) : number - 1]):
        if match := _LIST_OPENS.search(line[:300]):
            return bool(_LEFT_OUT.search(match.group(1)))
    return True
