"""Columns computed row by row from others, with nothing to learn: parts of a code, words and shape of a text, time between dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tasks.modelling.runtime.recipe import Derived

if TYPE_CHECKING:
    from tasks.modelling.runtime.columns import Columns

_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*")
_LETTERS = re.compile(r"[^\d]*")
MICROSECONDS_A_DAY = 86_400_000_000


def letters(text: str) -> str:
    """What stands before the first digit, without signs: `C85` gives `c`, `A/5 21171` gives `a`, `3101282` gives ``."""
    return re.sub(r"[\W_]+", "", _LETTERS.match(text).group()).lower()  # type: ignore[union-attr]


def digits(text: str) -> float:
    """The last number: `C85` gives 85, `A/5 21171` gives 21171; NaN without one."""
    found = _DIGITS.findall(text)
    return float(found[-1]) if found else float("nan")


def first_word(text: str) -> str:
    """`Braund, Mr. Owen` gives `braund`."""
    found = _WORD.search(text)
    return found.group().lower() if found else ""


def last_word(text: str) -> str:
    """`Braund, Mr. Owen` gives `owen`."""
    found = _WORD.findall(text)
    return found[-1].lower() if found else ""


def length(text: str) -> float:
    return float(len(text))


def words(text: str) -> float:
    return float(len(text.split()))


def digit_share(text: str) -> float:
    return len(_DIGIT.findall(text)) / max(1, len(text))


def upper_share(text: str) -> float:
    if text == text.lower():
        return 0.0
    return sum(map(str.isupper, text)) / max(1, len(text))


_TO_LEVEL: dict[str, Callable[[str], str]] = {"letters": letters, "first_word": first_word, "last_word": last_word}
_TO_NUMBER: dict[str, Callable[[str], float]] = {
    "digits": digits,
    "length": length,
    "words": words,
    "digit_share": digit_share,
    "upper_share": upper_share,
}


def derive(derived: Derived, columns: Columns) -> Any:
    """Numbers (n_rows,) with NaN, or codes and levels as `Columns.levels` gives them."""
    if derived.how == "days_between":
        return _days_between(derived, columns)
    if derived.how == "cross":
        return _cross(derived, columns)
    codes, levels = columns.levels(derived.columns[0])
    if derived.how in _TO_NUMBER:
        return _gather(np.array([_TO_NUMBER[derived.how](level) for level in levels], dtype=np.float64), codes)
    made = [_TO_LEVEL[derived.how](level) for level in levels]
    which, uniques = pd.factorize(np.array([*made, ""], dtype=object)[:-1])
    return _gather(which, codes, -1), uniques.tolist()


def _gather(values: np.ndarray, codes: np.ndarray, missing: float = np.nan) -> np.ndarray:
    return np.append(values, np.array(missing, dtype=values.dtype))[codes]


def _days_between(derived: Derived, columns: Columns) -> np.ndarray:
    (start, no_start), (end, no_end) = (columns.moments(c) for c in derived.columns)
    # Subtracted as floats: two dates far apart overflow the integer.
    return np.where(no_start | no_end, np.nan, (end.astype(np.float64) - start.astype(np.float64)) / MICROSECONDS_A_DAY)


def _cross(derived: Derived, columns: Columns) -> tuple[np.ndarray, list[str]]:
    (left, left_levels), (right, right_levels) = (columns.levels(c) for c in derived.columns)
    both = (left.astype(np.int64) + 1) * (len(right_levels) + 1) + right + 1
    seen, codes = np.unique(both, return_inverse=True)
    left_names, right_names = ["", *left_levels], ["", *right_levels]
    pairs = (divmod(int(pair), len(right_levels) + 1) for pair in seen)
    return codes.reshape(-1), [f"{left_names[a]} × {right_names[b]}" for a, b in pairs]
