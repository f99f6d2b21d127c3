"""The files of a build's report: `report.html` with its plots in it, `report.md`, `report.json` and `build.json`."""

from __future__ import annotations

import json
from pathlib import Path

from tasks.modelling.plots.plot import Plot
from tasks.rendering.build_markdown import render_build_markdown
from tasks.rendering.build_page import render_build_page
from tasks.rules.building.result import BuildResult


def write_build_report(result: BuildResult, folder: Path) -> None:
    """Write into the build's folder; `build.json` comes last."""
    plots = [Plot.model_validate(p) for p in json.loads((folder / "plots" / "plots.json").read_bytes())]
    (folder / "report.html").write_text(render_build_page(result, plots, folder / "plots"), encoding="utf-8")
    (folder / "report.md").write_text(render_build_markdown(result, plots), encoding="utf-8")
    told = result.model_dump_json(indent=1) + "\n"
    for name in ("report.json", "build.json"):
        (folder / name).write_text(told, encoding="utf-8")
