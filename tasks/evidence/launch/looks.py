"""What a program looks for before it reads it: the rest is read whatever happens."""

from __future__ import annotations

import re

from tasks.evidence.source import SourceFile

LOOKS_LIMIT = 50
LENGTH_LIMIT = 100
_LOOKS = re.compile(r"(?:^|\.)(?:exists|isfile|is_file)$")
_FUNCTION = re.compile(r"^(?:os\.path|genericpath|path)\.(?:exists|isfile)$")


def find_looks(source: SourceFile) -> tuple[str, ...]:
    """Source text of each file asked for: `args.data`, `'data/train.csv'`; of `DATA.exists()` it is `DATA`."""
    found: dict[str, None] = {}
    for call in source.calls:
        if not _LOOKS.search(call.name):
            continue
        asked = call.args[0] if _FUNCTION.match(call.name) and call.args else call.name.rpartition(".")[0]
        if asked and asked != "()" and len(asked) <= LENGTH_LIMIT:
            found[asked] = None
    return tuple(found)[:LOOKS_LIMIT]
