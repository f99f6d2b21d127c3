"""Where a fact was seen: file, physical line, and the line's text."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tasks.evidence.redaction import redact
from tasks.evidence.snapshot import Snapshot

SNIPPET_LIMIT = 200
"""Characters of the quoted line."""


class Place(BaseModel):
    """A spot a reader can open and check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    """Relative path."""
    line: int | None = None
    """Physical line in the file, from 1 (in a notebook: of the JSON); None when the whole file is meant."""
    snippet: str = ""
    """The line's text, secrets redacted, cut at the limit."""
    cell: int | None = None
    """Index of the notebook cell, from 0."""
    note: str = ""
    """What is seen here, in a few words."""


def place_in(snapshot: Snapshot, path: str, line: int | None = None, note: str = "") -> Place:
    """A place with its snippet; `line` is a line of the digest (`SourceFile`), which for scripts is the physical one."""
    source = snapshot.source(path) if path.endswith(".ipynb") else None
    notebook = source.notebook if source else None
    if line is None:
        return Place(file=path, note=note)
    if notebook:
        lines = notebook.code.split("\n")
        snippet = lines[line - 1] if 0 < line <= len(lines) else ""
        return Place(file=path, line=notebook.physical_line(line), snippet=clip(snippet), cell=notebook.cell_of(line), note=note)
    lines = (snapshot.text(path) or "").split("\n")
    return Place(file=path, line=line, snippet=clip(lines[line - 1]) if 0 < line <= len(lines) else "", note=note)


def clip(text: str) -> str:
    """One redacted line, control characters dropped, at most `SNIPPET_LIMIT` characters."""
    line = "".join(c if c.isprintable() else " " for c in redact(text.strip()[: 4 * SNIPPET_LIMIT]))
    return line if len(line) <= SNIPPET_LIMIT else line[: SNIPPET_LIMIT - 1] + "…"
