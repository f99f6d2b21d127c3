"""Commands that installing the repository would create, by the function each calls."""

from __future__ import annotations

import configparser
import re

from tasks.evidence.mlops.manifests import load_toml, table
from tasks.evidence.project.entrypoints.modules import Modules
from tasks.evidence.snapshot import Snapshot

_ENTRY = re.compile(r"^\s*([\w.-]{1,60})\s*=\s*([\w.]{1,120}):([\w.]{1,80})\s*(?:\[.*)?$")


def find_console_scripts(snapshot: Snapshot, modules: Modules) -> dict[str, tuple[str, str]]:
    """Command name to the file and function it calls; only functions that exist."""
    found: dict[str, tuple[str, str]] = {}
    for path in snapshot.matching(r"(?:^|/)(?:pyproject\.toml|setup\.cfg|setup\.py)$"):
        for name, target in _declared(snapshot, path):
            resolved = modules.find(target.replace(":", "."), path)
            if resolved and resolved[1]:
                found.setdefault(name, resolved)
    return found


def _declared(snapshot: Snapshot, path: str) -> list[tuple[str, str]]:
    text = snapshot.text(path) or ""
    if path.endswith(".toml"):
        data = load_toml(text)
        tables = [table(data, "project", "scripts"), table(data, "project", "gui-scripts"), table(data, "tool", "poetry", "scripts")]
        return [(str(k), v) for t in tables for k, v in t.items() if isinstance(v, str)]
    if path.endswith(".cfg"):
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        try:
            parser.read_string(text)
            lines = parser.get("options.entry_points", "console_scripts", fallback="").split("\n")
        except configparser.Error:
            return []
    else:
        source = snapshot.source(path)
        lines = [t for t, _ in source.strings] if source and "console_scripts" in text else []
    matches = (_ENTRY.match(line) for line in lines)
    return [(m.group(1), f"{m.group(2)}:{m.group(3)}") for m in matches if m]
