"""Numbers hidden in text: `$1,200`, `45 %`, `1.234,50 €`, `12 kg`, `(300)`, `1.5M`. Which signs, which decimal, which units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

_CURRENCY = r"[$€£¥₹₽₩₺₫₴₪฿¢]|usd|eur|gbp|chf|inr|jpy|cad|aud|rs\.?"
_NUMBER = re.compile(
    rf"\(?\s*(?:[-+−–]\s*)?(?P<before>{_CURRENCY})?\s*(?:[-+−–]\s*)?(?P<digits>\d[\d.,'’ \u00a0\u202f]*\d|\d|[.,]\d+)(?P<exp>e[-+]?\d+)?\s*(?P<after>[%‰]|{_CURRENCY}|[a-zµ°][a-z0-9²³/µ°]{{0,11}}\.?)?\s*\)?",
    re.IGNORECASE,
)
_FACTORS = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "thousand": 1e3}
_BETWEEN = re.compile(r"['’ \u00a0\u202f]")
_GROUPED = re.compile(r"\d{1,3}(['’ \u00a0\u202f])\d{3}(?:\1\d{3})*(?:[.,]\d+)?")
"""Apostrophes and spaces separate thousands; `5'10` is a height and `040 123` a telephone."""
MOST_UNITS = 2
"""More different units in one column cannot be added without a table of conversions."""
_LEAST = 0.9


class NumberStyle(NamedTuple):
    """How the numbers of a column are written."""

    decimal: Literal[".", ","]
    units: tuple[tuple[str, float], ...]
    note: str


def number_style(texts: Sequence[str]) -> NumberStyle | None:
    """The style in which at least 90 % of the texts are one number each; None when they are not."""
    matches = [match for text in texts if (match := _NUMBER.fullmatch(text.strip()))]
    if len(matches) < _LEAST * len(texts) or not matches:
        return None
    decimal = _decimal([match["digits"] for match in matches])
    if decimal is None:
        return None
    units = _units(matches)
    if units is None:
        return None
    return NumberStyle(decimal, units, _note(matches, decimal, units))


def _decimal(digits: list[str]) -> Literal[".", ","] | None:
    """The decimal sign by evidence: the later of two signs, a sign not followed by three digits; None for a contradiction."""
    votes: Counter[str] = Counter()
    for text in digits:
        if _BETWEEN.search(text) and not _GROUPED.fullmatch(text):
            return None
        point, comma = text.rfind("."), text.rfind(",")
        if text.count(".") > 1 and text.count(",") > 1:
            return None
        if point >= 0 and comma >= 0:
            votes["." if point > comma else ","] += 1
        elif comma >= 0:
            votes["thousands ," if _groups(text, ",") else ","] += 1
        elif point >= 0:
            votes["thousands ." if text.count(".") > 1 and _groups(text, ".") else "three ." if _groups(text, ".") else "."] += 1
    if votes[","] and votes["."]:
        return "," if votes[","] > 9 * votes["."] else "." if votes["."] > 9 * votes[","] else None
    if votes[","] or (votes["thousands ."] and not votes["."]):
        return ","
    return "."


def _groups(text: str, sign: str) -> bool:
    """Whether the sign separates thousands: groups of exactly three digits, and the first is no lone zero."""
    first, *rest = text.split(sign)
    return all(len(part) == 3 for part in rest) and 1 <= len(first) <= 3 and first != "0"


def _units(matches: list[re.Match[str]]) -> tuple[tuple[str, float], ...] | None:
    """Suffixes and codes with their factors; None for units that do not belong together."""
    before = {m["before"].lower() for m in matches if m["before"] and m["before"].isalnum()}
    after = Counter(_singular(m["after"]) for m in matches if m["after"] and m["after"][0].isalpha())
    for unit in [unit for unit in after if f"{unit}s" in after]:
        after[unit] += after.pop(f"{unit}s")
    money = any(m["before"] for m in matches)
    factors = {unit for unit in after if unit in _FACTORS}
    if factors and (money or len(factors) > 1 or (sum(after.values()) < len(matches) and not after.keys() - factors)):
        if after.keys() - factors:
            return None
        return tuple(sorted((unit, _FACTORS[unit]) for unit in factors | before & _FACTORS.keys())) + tuple(
            (b, 1.0) for b in sorted(before)
        )
    if len(after) > 1 or len(before) > MOST_UNITS:
        return None
    return tuple((unit, 1.0) for unit in sorted({*after, *before}))


def _singular(unit: str) -> str:
    unit = unit.lower().rstrip(".")
    return unit[:-1] if len(unit) > 3 and unit.endswith("s") else unit


def _note(matches: list[re.Match[str]], decimal: str, units: tuple[tuple[str, float], ...]) -> str:
    removed = {char for m in matches[:500] for char in m[0] if char in "$€£¥₹₽₩₺₫₴₪฿¢%‰()'’"}
    signs = "".join(sorted(removed - {")"})).replace("(", "()")
    parts = [f"`{signs}` removed"] if signs else []
    if any("," in m["digits"] for m in matches) or decimal == ",":
        parts.append("decimal comma" if decimal == "," else "`,` separates thousands")
    if units:
        parts.append("units " + ", ".join(name if factor == 1 else f"{name} = {factor:,.0f}" for name, factor in units))
    return "numbers in text: " + (", ".join(parts) or "spaces removed")
