"""`make docs`: the pages under `docs/` that are generated from the code.

python -m tasks.rendering.docs
"""

from __future__ import annotations

import json
from pathlib import Path

from tasks.rendering.documentation import render_findings
from tasks.rules.contract import SCHEMA_VERSION, Report

DOCS = Path(__file__).parents[2] / "docs"


def render_schema() -> str:
    """JSON Schema (2020-12) of `report.json`."""
    schema = Report.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Axiom report", "version": SCHEMA_VERSION}
    return json.dumps(head | {k: v for k, v in schema.items() if k != "title"}, indent=1, ensure_ascii=False) + "\n"


def render_docs() -> dict[str, str]:
    """Name and text of each generated page."""
    return {"findings.md": render_findings(), "report.schema.json": render_schema()}


def write_docs(folder: Path = DOCS) -> None:
    """Write the generated pages."""
    folder.mkdir(exist_ok=True)
    for name, text in render_docs().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_docs()
