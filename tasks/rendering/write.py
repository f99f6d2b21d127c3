"""The four files of a report, each complete or not there."""

from __future__ import annotations

import os
from pathlib import Path

from tasks.rendering.markdown import render_markdown
from tasks.rendering.page import render_page
from tasks.rendering.sarif import render_sarif
from tasks.rules.contract import Report


def write_report(report: Report, folder: Path) -> None:
    """Write `report.json`, `.md`, `.html` and `.sarif`; JSON last, so that where it stands the others do."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "report.md": render_markdown(report),
        "report.html": render_page(report),
        "report.sarif": render_sarif(report),
        "report.json": report.model_dump_json(indent=1) + "\n",
    }
    for name, text in texts.items():
        _write(folder / name, text)


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, path)
