"""`make docs`: the pages under `docs/` that are generated from the code.

python -m tasks.rendering.docs
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from tasks.rendering.build_docs import render_building_guide
from tasks.rendering.documentation import render_findings
from tasks.rendering.execution_docs import render_execution_guide
from tasks.rules.building import result
from tasks.rules.building.result import BuildResult
from tasks.rules.contract import SCHEMA_VERSION, Report
from tasks.rules.execution import contract as execution
from tasks.rules.execution.contract import Execution

DOCS = Path(__file__).parents[2] / "docs"


def render_schema(contract: type[BaseModel] = Report, title: str = "Axiom report", version: str = SCHEMA_VERSION) -> str:
    """JSON Schema (2020-12) of a contract, by default of `report.json`."""
    schema = contract.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, "version": version}
    return json.dumps(head | {k: v for k, v in schema.items() if k != "title"}, indent=1, ensure_ascii=False) + "\n"


def render_docs() -> dict[str, str]:
    """Name and text of each generated page."""
    return {
        "findings.md": render_findings(),
        "execution.md": render_execution_guide(),
        "report.schema.json": render_schema(),
        "building.md": render_building_guide(),
        "build.schema.json": render_schema(BuildResult, "Axiom build", result.SCHEMA_VERSION),
        "execution.schema.json": render_schema(Execution, "Axiom execution", execution.SCHEMA_VERSION),
    }


def write_docs(folder: Path = DOCS) -> None:
    """Write the generated pages."""
    folder.mkdir(exist_ok=True)
    for name, text in render_docs().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_docs()
