"""A Jupyter notebook read as data: code cells as one Python text with a map back, and how it was run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_MAGIC = re.compile(r"^\s*(%%?|!|\?)")
_SHELL_ASSIGNMENT = re.compile(r"^\s*[\w, ]+=\s*[!%]")
OUTPUT_LIMIT = 20_000
"""Characters kept of the text output of one cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    index: int
    """Position among all cells, from 0."""
    kind: str
    """`code`, `markdown` or `raw`."""
    source: str
    execution_count: int | None
    output: str
    """Text of stream and plain-text outputs, cut at the limit."""
    has_output: bool
    has_error: bool
    line: int
    """First physical line of the source in the file; 1 when it could not be found."""


@dataclass(slots=True)
class Notebook:
    language: str = "python"
    python_version: str | None = None
    cells: list[Cell] = field(default_factory=list)
    code: str = ""
    """All code cells, magics and shell lines blanked to comments, so that line numbers hold."""
    shell_lines: list[tuple[str, int]] = field(default_factory=list)
    """`!` and `%` lines with their line in `code`: `!pip install x`."""
    line_map: list[tuple[int, int, int]] = field(default_factory=list)
    """For each line of `code`: cell index, line in the cell (from 1), physical line in the file."""
    error: str | None = None

    def physical_line(self, line: int) -> int:
        return self.line_map[line - 1][2] if 0 < line <= len(self.line_map) else 1

    def cell_of(self, line: int) -> int | None:
        """Index of the cell that a line of `code` stands in."""
        return self.line_map[line - 1][0] if 0 < line <= len(self.line_map) else None

    def lines_by_cell(self) -> list[list[int]]:
        """Lines of `code`, from 0, of each cell in order."""
        by_cell: dict[int, list[int]] = {}
        for number, (cell, _, _) in enumerate(self.line_map):
            by_cell.setdefault(cell, []).append(number)
        return list(by_cell.values())

    @property
    def code_cells(self) -> list[Cell]:
        return [c for c in self.cells if c.kind == "code" and c.source.strip()]


def read_notebook(text: str) -> Notebook:
    """Parse notebook JSON (format 3 to 4); a broken one has `error` and no cells."""
    try:
        raw = json.loads(text)
        cells = _list(raw.get("cells")) or [c for sheet in _list(raw.get("worksheets")) for c in _list(sheet.get("cells"))]
    except (ValueError, RecursionError, AttributeError) as error:
        return Notebook(error=f"not parsed: notebook JSON is broken ({type(error).__name__})")
    metadata = _dict(raw.get("metadata"))
    info, kernel = _dict(metadata.get("language_info")), _dict(metadata.get("kernelspec"))
    language = str(info.get("name") or kernel.get("language") or "python").lower()
    notebook = Notebook(language="python" if language.startswith(("python", "ipython")) else language)
    notebook.python_version = str(info["version"]) if info.get("version") else None
    position = 0
    for index, cell in enumerate(cells):
        if isinstance(cell, dict):
            position = _add_cell(notebook, index, cell, text, position)
    notebook.code = "\n".join(_blank_magics(notebook)) if notebook.language == "python" else ""
    return notebook


def _list(value: object) -> list:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _add_cell(notebook: Notebook, index: int, cell: dict, text: str, position: int) -> int:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    source = "".join(str(part) for part in lines)
    found = -1
    first = next((str(part) for part in lines if str(part).strip()), "")
    if first:
        for form in (json.dumps(first, ensure_ascii=False), json.dumps(first)):
            found = text.find(form, position)
            if found >= 0:
                break
    line = text.count("\n", 0, found) + 1 if found >= 0 else 1
    outputs = [o for o in _list(cell.get("outputs")) if isinstance(o, dict)]
    count = cell.get("execution_count", cell.get("prompt_number"))
    notebook.cells.append(
        Cell(
            index=index,
            kind=str(cell.get("cell_type", "raw")),
            source=source,
            execution_count=count if isinstance(count, int) else None,
            output=_output_text(outputs),
            has_output=bool(outputs),
            has_error=any(o.get("output_type") in ("error", "pyerr") for o in outputs),
            line=line,
        )
    )
    return found + 1 if found >= 0 else position


def _output_text(outputs: list[dict]) -> str:
    parts = []
    for output in outputs:
        text = output.get("text", _dict(output.get("data")).get("text/plain", ""))
        parts.append("".join(map(str, text)) if isinstance(text, list) else str(text))
    return "\n".join(p for p in parts if p)[:OUTPUT_LIMIT]


def _blank_magics(notebook: Notebook) -> list[str]:
    lines: list[str] = []
    for cell in notebook.cells:
        if cell.kind != "code":
            continue
        whole = cell.source.lstrip().startswith("%%") and not re.match(r"\s*%%(time|timeit|capture|prun)", cell.source)
        for offset, line in enumerate(cell.source.split("\n")):
            notebook.line_map.append((cell.index, offset + 1, cell.line + offset))
            if whole or _MAGIC.match(line) or _SHELL_ASSIGNMENT.match(line) or line.rstrip().endswith("?"):
                notebook.shell_lines.append((line.strip(), len(notebook.line_map)))
                indent = line[: len(line) - len(line.lstrip())]
                line = f"{indent}pass  # {line.strip()}" if indent and not whole else f"# {line.strip()}"
            lines.append(line)
    return lines
