"""Names and numbers as they stand in a plot: one line, visible, short enough, never a formula."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache

from tasks.evidence.scores.metrics import METRICS
from tasks.modelling.plots.theme import font_families

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def label(name: object, length: int = 26) -> str:
    """A column or a level as a reader can tell it: white space as one blank, invisible signs dropped, the middle cut out.

    >>> label("a\\n very long name of a column in the table", 20)
    'a very lon…the table'
    """
    text = " ".join("".join(_shown(c) for c in str(name)).split()) or "(blank)"
    if len(text) <= length:
        return text
    tail = (length - 1) // 2
    return f"{text[: length - 1 - tail]}…{text[-tail:]}"


def labels(names: Sequence[object], length: int = 26) -> list[str]:
    """Labels of names that stand side by side in a plot: those that would look alike carry a number."""
    made = [spelled(label(name, length), length) for name in names]
    seen: dict[str, int] = {}
    for i, text in enumerate(made):
        seen[text] = seen.get(text, 0) + 1
        if seen[text] > 1:
            made[i] = f"{text[: length - 4]} ({seen[text]})"
    return made


def number(value: float) -> str:
    """Three significant digits, thousands in a form that stays short.

    >>> [number(v) for v in (0.12345, 1234567.0, -3.0, 1e15)]
    ['0.123', '1.23M', '-3', '1e+15']
    """
    if not math.isfinite(value):
        return "–"
    for factor, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if factor <= abs(value) < 1e12:
            return f"{value / (1e3 if unit == 'k' else factor):.3g}{unit}"
    return f"{value:.3g}" if abs(value) < 1e3 or abs(value) >= 1e12 else f"{value:,.0f}"


def spelled(text: str, length: int = 26) -> str:
    """The text with every sign that no installed font can draw written as its code point in hexadecimal.

    >>> spelled("Größe √2")
    'Größe √2'
    """
    signs = drawable_signs()
    if all(ord(c) in signs or c.isspace() for c in text):
        return text
    return label("".join(c if ord(c) in signs or c.isspace() else f"{ord(c):x}·" for c in text), length)


def percent(share: float) -> str:
    """A proportion 0-1 in per cent, with a digit where it is small.

    >>> [percent(v) for v in (0.0, 0.004, 0.123, 1.0)]
    ['0 %', '0.4 %', '12 %', '100 %']
    """
    value = 100.0 * share
    if 0.0 < value < 0.1:
        return "< 0.1 %"
    return f"{value:.1f} %" if 0.0 < value < 10.0 or 99.0 < value < 100.0 else f"{value:.0f} %"


def metric_label(name: str) -> str:
    """`roc_auc` is "ROC AUC"."""
    return METRICS[name].title if name in METRICS else name.replace("_", " ")


@cache
def drawable_signs() -> frozenset[int]:
    """Code points of the theme's fonts."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset().union(*(get_font(findfont(family)).get_charmap() for family in font_families()))


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _HIDDEN else character
