"""Code that is not Python as plain lines: R, Julia, Lua, Scala and JavaScript files, R Markdown chunks, cells of other kernels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.evidence.project.languages import kernel_language, language_of
from tasks.evidence.snapshot import Snapshot

READ = frozenset(["r", "julia", "lua", "scala", "java", "javascript", "typescript"])
LINE_LIMIT = 400
"""Characters of a line that are looked at: longer ones are minified or data."""
SIZE_LIMIT_BYTES = 1_000_000
COUNT_LIMIT = 5_000
_COMMENT = {"r": "#", "julia": "#", "lua": "--"}


@dataclass(frozen=True, slots=True)
class ForeignFile:
    path: str
    language: str
    lines: tuple[tuple[int, str], ...]
    """Line number and text, comments dropped. In a notebook the number of the cell's first physical line."""


def foreign_files(snapshot: Snapshot) -> Iterator[ForeignFile]:
    """Own files in the languages that models are also written in, in path order."""
    paths = [p for p in snapshot.own if language_of(p) in READ and snapshot.size(p) <= SIZE_LIMIT_BYTES]
    for path in paths[:COUNT_LIMIT]:
        language = language_of(path) or ""
        text = snapshot.text(path) or ""
        numbered = _chunks(text) if path.lower().endswith(("rmd", "qmd")) else enumerate(text.split("\n"), 1)
        yield ForeignFile(path, language, tuple(_code(numbered, language)))
    for source in snapshot.sources:
        if source.notebook and source.notebook.language != "python":
            language = kernel_language(source.notebook.language)
            cells = ((c.line, line) for c in source.notebook.code_cells for line in c.source.split("\n"))
            yield ForeignFile(source.path, language, tuple(_code(cells, language)))


def _code(numbered: Iterator[tuple[int, str]], language: str) -> Iterator[tuple[int, str]]:
    marker = _COMMENT.get(language, "//")
    for number, line in numbered:
        code = line[:LINE_LIMIT]
        if language in _COMMENT:
            code = code.split(marker)[0]
        elif code.lstrip().startswith((marker, "*", "/*")):
            continue
        if code.strip():
            yield number, code


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Lines inside the fenced chunks of R Markdown or Quarto; the prose around them is no code."""
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            inside = not inside and "{" in line[:40]
        elif inside:
            yield number, line
