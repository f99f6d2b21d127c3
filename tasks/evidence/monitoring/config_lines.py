"""Lines of configuration files (YAML, TOML, JSON, INI) that say something by name, comments left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot

SIZE_LIMIT_BYTES = 200_000
COUNT_LIMIT = 600
LINE_LIMIT = 300
_CONFIG = re.compile(r"\.(?:ya?ml|toml|cfg|ini|conf|tf|json)$|(?:^|/)(?:Jenkinsfile|crontab)[^/]*$")
_DATA = re.compile(r"(?:^|/)(?:data|datasets?|node_modules|artifacts?|outputs?)/|package-lock|(?:^|/)package\.json$|\.ipynb$")


def config_paths(snapshot: Snapshot) -> tuple[str, ...]:
    """Configuration files small enough to be written by hand."""
    paths = [p for p in snapshot.own if _CONFIG.search(p) and not _DATA.search(p) and snapshot.size(p) <= SIZE_LIMIT_BYTES]
    return tuple(paths[:COUNT_LIMIT])


def config_matches(snapshot: Snapshot, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> dict[str, list[Place]]:
    """Places by name of the first line in each file that a pattern is found in."""
    found: dict[str, list[Place]] = {}
    for path in config_paths(snapshot):
        text = snapshot.text(path) or ""
        for name, pattern in patterns:
            if not pattern.search(text):
                continue
            for number, line in code_lines(text):
                if pattern.search(line):
                    found.setdefault(name, []).append(place_in(snapshot, path, number, name))
                    break
    return found


def code_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith(("#", "//", ";")):
            yield number, line[:LINE_LIMIT]
