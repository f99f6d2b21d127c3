"""Column names that are text and stand once each."""

from __future__ import annotations

from collections.abc import Sequence

NAME_LENGTH = 200


def unique_names(raw: Sequence[object]) -> tuple[list[str], tuple[str, ...]]:
    """Names without spaces around them, empty ones `column_3`, repeated ones `name.2`; and what was changed."""
    names: list[str] = []
    seen: set[str] = set()
    written = {_text(name) for name in raw}
    repeated: list[str] = []
    unnamed = 0
    for position, given in enumerate(raw, start=1):
        name = _text(given) or f"column_{position}"
        unnamed += not _text(given)
        if name in seen:
            count = 2
            while f"{name}.{count}" in seen or f"{name}.{count}" in written:
                count += 1
            repeated.append(f"{name} (now {name}.{count})")
            name = f"{name}.{count}"
        seen.add(name)
        names.append(name)
    notes = []
    if repeated:
        notes.append(f"column names that stand twice: {', '.join(repeated[:5])}{f' and {len(repeated) - 5} more' if repeated[5:] else ''}")
    if unnamed:
        notes.append(f"{unnamed} columns without a name are called column_<position>")
    return names, tuple(notes)


def _text(name: object) -> str:
    return " ".join(str("" if name is None else name).split())[:NAME_LENGTH]
