"""Figures without pyplot, laid out by arithmetic, saved in both variants from one drawing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from PIL import Image

from tasks.modelling.plots.labels import number, spelled
from tasks.modelling.plots.plot import Kind, Plot
from tasks.modelling.plots.theme import DPI, GROUND, LINE, SOFT, TEXT, apply_theme, darkened

WIDTH = 7.0
"""Inches; at 150 dpi 1050 pixels, a little more than the report's column is wide."""
TITLE = 0.42
"""Inches kept above the axes for the title."""
_CHARACTER = 0.073
"""Inches of a character at 8 points, on average."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


class Sheet:
    """A figure with its title, whose axes are placed in inches from the left and from the bottom."""

    def __init__(self, title: str, height: float, width: float = WIDTH) -> None:
        self.title = title
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height), dpi=DPI)
        self.canvas = FigureCanvasAgg(self.figure)
        self.figure.text(0.12 / width, 1 - 0.2 / height, title, ha="left", va="center", fontsize=10.5, fontweight="bold", color=TEXT)

    def axes(self, left: float = 0.75, bottom: float = 0.55, right: float = 0.2, top: float = TITLE) -> Axes:
        """Axes that fill the sheet up to margins in inches."""
        w, h = self.width, self.height
        return self.figure.add_axes((left / w, bottom / h, max(w - left - right, 0.5) / w, max(h - bottom - top, 0.3) / h))

    def grid(
        self, rows: int, columns: int, gaps: tuple[float, float] = (0.28, 0.5), margins: tuple[float, ...] = (0.25, 0.3, 0.2)
    ) -> list[Axes]:
        """Axes of small multiples, row by row; gaps across and down, margins left, bottom and right, in inches."""
        left, bottom, right = margins
        w = (self.width - left - right - gaps[0] * (columns - 1)) / columns
        h = (self.height - bottom - TITLE - 0.18 - gaps[1] * (rows - 1)) / rows
        return [
            self.figure.add_axes(
                (
                    (left + c * (w + gaps[0])) / self.width,
                    (bottom + (rows - 1 - r) * (h + gaps[1])) / self.height,
                    w / self.width,
                    h / self.height,
                )
            )
            for r in range(rows)
            for c in range(columns)
        ]

    def save(self, folder: Path, name: str, caption: str, rank: int, kind: Kind) -> Plot:
        """Both files, and the record of them; 256 colours are enough and keep them small."""
        _spell_unknown_signs(self.figure)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.canvas.draw()
        pixels = np.ascontiguousarray(np.asarray(self.canvas.buffer_rgba())[..., :3])
        image = Image.fromarray(pixels).quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        light, dark = f"{name}.png", f"{name}.dark.png"
        folder.mkdir(parents=True, exist_ok=True)
        image.save(folder / light, dpi=(DPI, DPI))
        palette = np.array(image.getpalette(), dtype=np.uint8).reshape(-1, 3)
        image.putpalette(darkened(palette).ravel().tolist())
        image.save(folder / dark, dpi=(DPI, DPI))
        return Plot(
            name=name, title=self.title, caption=caption, file_light=light, file_dark=dark, rank=rank, kind=kind,
            width=image.width, height=image.height,
        )  # fmt: skip


def _spell_unknown_signs(figure: Figure) -> None:
    """Signs that no installed font can draw as their code points: boxes would make all such names look alike."""
    for text in figure.findobj(Text):
        said = text.get_text()
        if not said.isascii():
            text.set_text(spelled(said, max(len(said), 20)))


@contextmanager
def themed() -> Iterator[None]:
    """The theme in force; matplotlib's settings are as before afterwards."""
    with matplotlib.rc_context():
        apply_theme(matplotlib.rcParams)
        yield


def margin_for(texts: Sequence[str], least: float = 0.45, most: float = 2.6) -> float:
    """Inches that the longest of these tick labels needs on the left."""
    return float(np.clip(0.22 + _CHARACTER * max((len(t) for t in texts), default=0), least, most))


def few_ticks(axis: Any, most: int = 5) -> None:
    """At most so many ticks, their numbers short; two where the numbers are long."""
    axis.set_major_locator(MaxNLocator(most, min_n_ticks=2))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))


def end_ticks(axes: Axes, low: float, high: float) -> None:
    """Only the two ends of a small multiple's horizontal axis, each within its frame."""
    axes.xaxis.set_major_locator(FixedLocator([low, high]))
    axes.set_xticklabels([number(low), number(high)])
    for text, side in zip(axes.get_xticklabels(), _SIDES, strict=True):
        text.set_horizontalalignment(side)
        text.set_fontsize(7)


def bare(axes: Axes) -> None:
    """No vertical axis: heights in it are only compared with each other."""
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)


def bars(axes: Axes, names: Sequence[str], values: Sequence[float], texts: Sequence[str], colour: Any, whole: float = 0.0) -> None:
    """Horizontal bars from the top down, each with its number behind it; the axis reaches to the longest, or to `whole`."""
    rows = np.arange(len(values))[::-1]
    axes.barh(rows, values, height=0.68, color=colour)
    axes.set_yticks(rows, names, color=TEXT)
    widest = max(whole, *(abs(v) for v in values)) or 1.0
    for row, value, text in zip(rows, values, texts, strict=True):
        axes.text(max(value, 0.0) + 0.012 * widest, row, text, va="center", ha="left", fontsize=8, color=SOFT)
    axes.set_xlim(min(0.0, *values), 1.14 * widest)
    axes.set_ylim(-0.6, len(values) - 0.4)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_color(LINE)


def note(axes: Axes, text: str, x: float = 0.98, y: float = 0.96, ha: Any = "right") -> None:
    """A line inside the axes, on a patch of ground so that it stays readable over what is drawn."""
    axes.text(
        x, y, text, transform=axes.transAxes, ha=ha, va="top", fontsize=8, color=SOFT,
        bbox={"facecolor": GROUND, "edgecolor": "none", "alpha": 0.75, "pad": 1.5},
    )  # fmt: skip
