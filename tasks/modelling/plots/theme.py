"""The one look of every plot: the colours of the HTML report, and a dark variant that is computed, not drawn again.

A plot is drawn once, on white. Each pixel is a mixture of a few colours (edges are smoothed, points are translucent), and an
affine map of RGB keeps mixtures: mapping the ground, the text and the hues maps every pixel right. `darkened` is that map. It
turns lightness round and keeps the hue, so a scale from pale to dark blue becomes one from the dark ground to a light blue.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

GROUND, TEXT, SOFT, LINE, RAISED = "#ffffff", "#1c2430", "#5a6675", "#dfe3e8", "#f1f4f7"
ACCENT = "#35618f"
"""The one colour of a plot that needs only one, as in the report."""
CONTRAST = "#c8641a"
"""What is set against it: the positive class, the chosen threshold."""
HUES = (ACCENT, CONTRAST, "#2f9c8f", "#8a4f9e", "#d9a521", "#7b8794", "#a8324a", "#6fb1e0")
"""Levels in their order. They differ in lightness as well as in hue, so they stay apart for colour-blind readers and in grey."""
SEQUENTIAL = ("#f4f7fa", "#c5d6e7", "#86aacd", "#4b7cad", "#24517f", "#12304f")
DIVERGING = ("#8a3d0c", "#c8641a", "#e9b48a", "#f6f7f9", "#9dbad8", "#4376a8", "#1c4168")
"""From -1 over 0 to 1."""
LOW_TO_HIGH = (CONTRAST, "#a99a92", ACCENT)
"""Of points, whose middle must not vanish in the ground."""
DPI = 150
DARK_GROUND = np.array([0x14, 0x18, 0x1E], dtype=np.float64)
DARK_TEXT = np.array([0xE3, 0xE8, 0xEE], dtype=np.float64)
_LUMA = np.array([0.299, 0.587, 0.114])

RC: dict[str, Any] = {
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "figure.facecolor": GROUND,
    "savefig.facecolor": GROUND,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.color": TEXT,
    "text.parse_math": False,  # a column named `$x_1$` is no formula
    "axes.facecolor": GROUND,
    "axes.edgecolor": LINE,
    "axes.linewidth": 0.8,
    "axes.labelcolor": SOFT,
    "axes.labelsize": 9.0,
    "axes.titlesize": 9.0,
    "axes.titlecolor": TEXT,
    "axes.titlelocation": "left",
    "axes.titleweight": "regular",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.formatter.use_mathtext": False,
    "axes.formatter.useoffset": False,
    "axes.unicode_minus": True,
    "axes.xmargin": 0.02,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "patch.linewidth": 0.0,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "legend.handlelength": 1.2,
    "scatter.edgecolors": "none",
    "image.cmap": "cividis",
    "figure.max_open_warning": 0,
    "path.simplify_threshold": 0.5,
}


def apply_theme(rc_params: Any) -> None:
    """Set the theme in matplotlib's `rcParams` (or any mapping of that form), hues included."""
    from cycler import cycler

    rc_params.update(RC | {"axes.prop_cycle": cycler(color=list(HUES)), "font.family": list(font_families())})


def theme_for(dark: bool = False) -> dict[str, Any]:
    """The theme as JSON values, for a process that has matplotlib and nothing of ours: `rcParams.update(rc)`, hues for the cycle."""
    theme = {"rc": RC, "hues": list(HUES), "sequential": list(SEQUENTIAL), "diverging": list(DIVERGING)}
    return _darkened_theme(theme) if dark else theme


def _darkened_theme(value: Any) -> Any:
    """Every colour of the theme as `darkened` maps it."""
    if isinstance(value, dict):
        return {name: _darkened_theme(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_darkened_theme(part) for part in value]
    return dark_colour(value) if isinstance(value, str) and re.fullmatch("#[0-9a-f]{6}", value) else value


def dark_colour(colour: str) -> str:
    """A colour of the light variant as it is in the dark one.

    >>> dark_colour("#ffffff"), dark_colour(TEXT)
    ('#14181e', '#e3e8ee')
    """
    rgb = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)]], dtype=np.uint8)
    return "#" + "".join(f"{c:02x}" for c in darkened(rgb)[0])


@cache
def font_families() -> tuple[str, ...]:
    """matplotlib's own font, then those installed here that know the signs it lacks."""
    from matplotlib.font_manager import fontManager

    known = {font.name for font in fontManager.ttflist}
    wanted = ("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Emoji")
    return ("DejaVu Sans", *(name for name in wanted if name in known))


@cache
def colour_scale(colours: tuple[str, ...] = SEQUENTIAL) -> Any:
    """A colour map of matplotlib; what is missing shows the raised ground."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("axiom", colours).with_extremes(bad=RAISED)


def darkened(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours (..., 3) of the light variant as they are in the dark one.

    >>> darkened(np.array([[255, 255, 255]], dtype=np.uint8)).tolist()
    [[20, 24, 30]]
    """
    rgb = colours.astype(np.float64)
    luma = rgb @ _LUMA
    text = np.array([int(TEXT[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
    share = (255.0 - luma) / (255.0 - float(text @ _LUMA))
    chroma = rgb - luma[..., None] - share[..., None] * (text - float(text @ _LUMA))
    mapped = DARK_GROUND + share[..., None] * (DARK_TEXT - DARK_GROUND) + 1.05 * chroma
    return np.clip(np.rint(mapped), 0, 255).astype(np.uint8)
