"""The build's `report.html`: one file with its plots in it, in the look of the analysis report. It runs no script and loads nothing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from tasks.modelling.plots.plot import Plot
from tasks.rendering import build as telling
from tasks.rendering import reading, wording
from tasks.rendering.page import asset, digest, page_templates
from tasks.rules.building.result import BuildResult

PLOTS_BYTES = 6_000_000
"""Plots beyond so many bytes stay files beside the report."""
WIDE = 900
"""A plot of more pixels takes the whole width of the page."""
MAIN = 3


@dataclass(frozen=True)
class Figure:
    """A plot with both variants as data."""

    title: str
    caption: str
    light: Markup
    dark: Markup
    width: int
    height: int

    @property
    def is_wide(self) -> bool:
        return self.width > WIDE


def render_build_page(result: BuildResult, plots: Sequence[Plot] = (), folder: Path | None = None) -> str:
    """The whole build as one HTML document. The first three plots stand at the top; `folder` holds their files."""
    figures = _figures(plots, folder)
    style = Markup(asset("report.css") + asset("build.css"))
    return page_templates().get_template("build.html.jinja").render(
        result=result, contract=result.contract, telling=telling, wording=wording, reading=reading,
        main=figures[:MAIN], others=figures[MAIN:], plots_left=len(plots) - len(figures), style=style,
        policy=f"default-src 'none'; style-src {digest(style)}; img-src data:; base-uri 'none'; form-action 'none'",
    )  # fmt: skip


def _figures(plots: Sequence[Plot], folder: Path | None) -> list[Figure]:
    made: list[Figure] = []
    spent = 0
    for plot in plots if folder is not None else ():
        assert folder is not None
        files = [folder / name for name in (plot.file_light, plot.file_dark)]
        if not all(f.is_file() for f in files):
            continue
        spent += sum(f.stat().st_size for f in files)
        if spent > PLOTS_BYTES:
            break
        light, dark = (Markup("data:image/png;base64," + base64.b64encode(f.read_bytes()).decode()) for f in files)
        made.append(Figure(plot.title, plot.caption, light, dark, plot.width, plot.height))
    return made
