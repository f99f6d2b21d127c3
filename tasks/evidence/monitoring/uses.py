"""Imports and calls of named libraries in the repository's own code: the base of several monitoring questions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot

PLACES_LIMIT = 5
_TEST = re.compile(r"(?:^|/)tests?/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")


def is_test(path: str) -> bool:
    return bool(_TEST.search(path))


def imported_tools(
    snapshot: Snapshot, libraries: Mapping[str, str], with_tests: bool = False, notebooks: bool = True
) -> dict[str, list[Place]]:
    """Tools by name whose module (or module prefix) is imported, with the import's place."""
    found: dict[str, list[Place]] = {}
    for source in snapshot.sources:
        if (is_test(source.path) and not with_tests) or (source.is_notebook and not notebooks):
            continue
        for item in source.imports:
            full = f"{item.module}.{item.name}." if item.name else f"{item.module}."
            for module, tool in libraries.items():
                if full.startswith(f"{module}.") and len(found.setdefault(tool, [])) < PLACES_LIMIT:
                    found[tool].append(place_in(snapshot, source.path, item.line, f"imports {module}"))
    return {tool: places for tool, places in found.items() if places}


def as_tools(found: Mapping[str, list[Place]], of_model: frozenset[str] = frozenset()) -> tuple[Tool, ...]:
    return tuple(Tool(name=n, places=tuple(found[n][:PLACES_LIMIT]), of_model=n in of_model) for n in sorted(found) if found[n])


def merge(*parts: Mapping[str, list[Place]]) -> dict[str, list[Place]]:
    merged: dict[str, list[Place]] = {}
    for part in parts:
        for name, places in part.items():
            merged.setdefault(name, []).extend(places)
    return merged
