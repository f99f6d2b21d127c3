"""The analysed repository's own `.axiom.yaml`, read like every untrusted file in the reader child.

It holds a list `suppress` of entries with `code`, `reason` and optionally `path`; nothing else is understood.
"""

from __future__ import annotations

import yaml

from tasks.evidence.redaction import redact
from tasks.evidence.requests.facts import RequestFacts
from tasks.evidence.snapshot import Snapshot

FILE_NAME = ".axiom.yaml"
SIZE_LIMIT_BYTES = 300_000


def collect(snapshot: Snapshot) -> RequestFacts:
    """The file's entries; empty without the file."""
    if FILE_NAME not in snapshot.entries:
        return RequestFacts()
    text = snapshot.text(FILE_NAME)
    if text is None or len(text) > SIZE_LIMIT_BYTES:
        return RequestFacts(error=f"{FILE_NAME} is not used: not a text file of at most {SIZE_LIMIT_BYTES:,} bytes")
    try:
        raw = yaml.load(text, Loader=_SafeLoader) or {}
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return RequestFacts(error=f"{FILE_NAME} is not used: {str(error).splitlines()[0]}")
    entries = raw.get("suppress", []) if isinstance(raw, dict) and set(raw) <= {"suppress"} else None
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        return RequestFacts(error=f"{FILE_NAME} is not used: it must hold one list named suppress")
    return RequestFacts(suppress=tuple({str(k): _scalar(v) for k, v in entry.items()} for entry in entries))


def _scalar(value: object) -> object:
    return value if isinstance(value, (int, float, bool)) else redact(str(value))


class _SafeLoader(yaml.SafeLoader):
    """YAML without aliases: an alias bomb is refused, not expanded."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)
