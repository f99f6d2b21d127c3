"""Words and character trigrams of many texts as hashed numbers, read in a few passes over arrays of code points.

A Python loop over characters would cost seconds; here 30,000 names take tens of milliseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_SIGNS = re.compile(r"[^\w\n]+|_+")
_END = 10
_SPACE = 32
_LONGEST_WORD = 40
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class ReadTexts:
    """Where words and trigrams stand and what they hash to (uint64)."""

    word_rows: np.ndarray
    word_hashes: np.ndarray
    gram_rows: np.ndarray
    gram_hashes: np.ndarray


def normalise(text: str, clip: int) -> str:
    """Lower case, signs as single spaces, at most `clip` characters."""
    return _SIGNS.sub(" ", text[:clip].replace("\n", " ").lower()).strip()


def read_texts(texts: list[str], clip: int, trigrams: bool = True) -> ReadTexts:
    """Every word, and every trigram of the text with a space on both ends."""
    joined = "\n".join(t[:clip].replace("\n", " ") for t in texts).lower()
    joined = " " + _SIGNS.sub(" ", joined).replace("\n", " \n ") + " "
    points = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    ends = points == _END
    rows = np.cumsum(ends)
    word_rows, word_hashes = _words(points, rows)
    if not trigrams or points.size < 3:
        nothing = np.empty(0, dtype=np.int64)
        return ReadTexts(word_rows, word_hashes, nothing, nothing.astype(np.uint64))
    gram_rows, gram_hashes = _trigrams(points, rows, ends)
    return ReadTexts(word_rows, word_hashes, gram_rows, gram_hashes)


def hash_word(word: str) -> int:
    """What `read_texts` makes of one word."""
    return int(read_texts([word], len(word), trigrams=False).word_hashes[0])


def _words(points: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    letter = (points != _END) & (points != _SPACE)
    begins = np.flatnonzero(letter & ~np.append(False, letter[:-1]))
    if not begins.size:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64)
    at = np.flatnonzero(letter)
    first = np.searchsorted(at, begins)
    place = np.minimum(np.arange(at.size) - np.repeat(first, np.diff(np.append(first, at.size))), _LONGEST_WORD)
    powers = np.cumprod(np.full(_LONGEST_WORD + 1, 1_000_003, dtype=np.uint64))
    return rows[begins], _mix(np.add.reduceat(points[at].astype(np.uint64) * powers[place], first))


def _trigrams(points: np.ndarray, rows: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = ~(ends[:-2] | ends[1:-1] | ends[2:])
    space = points == _SPACE
    blank = space[1:-1] & (space[:-2] | space[2:])
    wide = points.astype(np.uint64)
    hashes = wide[:-2] * np.uint64(73_856_093) ^ wide[1:-1] * np.uint64(19_349_663) ^ wide[2:] * np.uint64(83_492_791)
    kept = np.flatnonzero(inside & ~blank)
    return rows[kept], _mix(hashes[kept] + np.uint64(1))


def _mix(values: np.ndarray) -> np.ndarray:
    mixed = values * _MULTIPLIER
    mixed ^= mixed >> np.uint64(29)
    return mixed * _MULTIPLIER
