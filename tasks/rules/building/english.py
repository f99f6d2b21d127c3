"""Words of a sentence and of column names, brought to a form in which they can be compared."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ions",
    "ors",
    "ers",
    "ies",
    "als",
    "or",
    "er",
    "al",
    "ed",
    "es",
    "ly",
    "s",
    "e",
    "y",
)
_SHORTEST_STEM = 3
NUMBER_WORDS = {
    "half": 0.5, "one": 1.0, "two": 2.0, "twice": 2.0, "double": 2.0, "three": 3.0, "thrice": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "twenty": 20.0, "fifty": 50.0, "ninety": 90.0, "hundred": 100.0,
}  # fmt: skip


def words(text: str) -> list[str]:
    """Lower-case words of a text or of a name in any style.

    >>> words("MedianHouse_value2, isn't")
    ['median', 'house', 'value2', 'isn', 't']
    """
    return [w.lower() for w in _WORD.findall(_CAMEL.sub(" ", text))]


def word_set(text: str) -> frozenset[str]:
    """Words between spaces."""
    return frozenset(text.split())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A crude stem, the same for the forms of a word; at least three letters stay.

    >>> {stem(w) for w in ("survived", "survivors", "surviving", "survive", "survival")}
    {'surviv'}
    """
    for _ in range(2):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                word = word[: -len(ending)]
                break
    return word


def stems(text: str) -> list[str]:
    """Stems of the words of a text."""
    return [stem(w) for w in words(text)]


def fragments(text: str) -> list[str]:
    """Parts of a text that say one thing each: sentences, cut at `but`, `however` and `while` too."""
    parts = re.split(r"(?<=[^\d\s])[.!?]+(?=\s|$)|(?<=\d)[.!?]+(?=\s+[^\d\s]|\s*$)|[;\n]+|,?\s+\b(?:but|however|whereas|while)\b\s*", text)
    return [p.strip(" ,") for p in parts if p and p.strip(" ,")]


def number(text: str) -> float | None:
    """A number as people write it: `0.9`, `0,9`, `1,000`, `1.000.000`, `50K`, `five`; None when it is none.

    >>> number("0,9"), number("1,000"), number("2.5M"), number("twice")
    (0.9, 1000.0, 2500000.0, 2.0)
    """
    text = text.strip().lower().strip("$€£%")
    if text in NUMBER_WORDS:
        return NUMBER_WORDS[text]
    scale = {"k": 1e3, "m": 1e6}.get(text[-1:], 1.0)
    digits = text.rstrip("km").replace(" ", "").replace("_", "")
    if re.fullmatch(r"\d{1,3}([.,]\d{3}){2,}|[1-9]\d{0,2},\d{3}", digits):
        digits = re.sub(r"[.,]", "", digits)
    digits = digits.replace(",", ".") if digits.count(",") == 1 and "." not in digits else digits.replace(",", "")
    return float(digits) * scale if re.fullmatch(r"\d*\.?\d+|\d+\.", digits) else None


NUMBER = r"(?:[$€£]\s?)?\d(?:[\d.,_]*\d)?\s?[kKmM]?\b"
"""A number inside a longer pattern."""
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|n't|never|ignor\w*|forget|rather than|instead of|regardless of|without|neither|nor|don'?t care(?: \w+){0,3}|irrespective of)"
    r"(?:\s+[\w'-]+){0,3}\s*$"
)
_DENIED_AFTER = re.compile(
    r"^\W*(?:\s?[\w'-]+){0,3}?\s*\b(?:(?:does|do|did|is|are|was)(?:\s?n['o]t|\s+not)|doesn|isn|aren|don|not|never|matters? (?:little|less)"
    r"|(?:is|are) (?:un\w+|ir\w+|mislead\w*|useless|meaningless|secondary|of no \w+))\b"
)


def is_denied(fragment: str, start: int, end: int) -> bool:
    """Whether the words around a mention take it back: `accuracy does not matter`, `not by accuracy`."""
    lower = fragment.lower()
    return bool(_DENIED_BEFORE.search(lower[:start]) or _DENIED_AFTER.search(lower[end:]))
