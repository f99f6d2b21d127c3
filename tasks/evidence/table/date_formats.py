"""The formats in which a column of texts writes dates, at most five, an ambiguous day and month settled by evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

MOST_FORMATS = 5
LEAST_READ = 0.9
_DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m.%d.%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%d/%b/%Y", "%d%b%Y"),
    *("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d %b, %Y", "%d %B, %Y", "%b. %d, %Y", "%a, %d %b %Y", "%Y-%b-%d", "%d. %B %Y"),
    *("%d %b %y", "%d %B %y", "%b %d, %y", "%b %d %y", "%d/%b/%y"),
    *("%b-%y", "%y-%b", "%b %Y", "%b-%Y", "%B %Y", "%Y-%m", "%m/%Y", "%Y/%m", "%m-%Y", "%Y-%b", "%A, %B %d, %Y", "%a %b %d %Y", "%B-%Y"),
)
_TIMES = (
    *("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S%z", "%H:%M:%S.%f%z", "%H:%M%z", "%H:%M:%S %z", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p"),
    *("%H:%M:%S UTC", "%H:%M:%S GMT", "%I:%M:%S%p", "%H:%M:%S,%f"),
)
_PARTS = {
    "%Y": r"(?:1[5-9]|2[0-2])\d\d",
    "%m": r"(?:0?[1-9]|1[0-2])",
    "%d": r"(?:0?[1-9]|[12]\d|3[01])",
    "%y": r"\d\d",
    "%b": r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    "%B": r"(?:january|february|march|april|may|june|july|august|september|october|november|december)",
    "%a": r"(?:mon|tue|wed|thu|fri|sat|sun)",
    "%A": r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    "%H": r"(?:[01]?\d|2[0-3])",
    "%I": r"(?:0?[1-9]|1[0-2])",
    "%M": r"[0-5]\d",
    "%S": r"[0-6]\d",
    "%f": r"\d{1,9}",
    "%p": r"[ap]m",
    "%z": r"(?:z|[+-]\d\d:?\d\d)",
}
_MAYBE = re.compile(r"(?=.*\d)[\w\s,./:+-]{4,40}", re.ASCII)
_SPLIT = re.compile(r"(.*?\d{2,4}|.*?)(?:(T|,? )(\d{1,2}:\d\d.*))?", re.IGNORECASE | re.DOTALL)
_TWINS = (("%d", "%m"), ("%m", "%d"))


class DateStyle(NamedTuple):
    """How the moments of a column are written."""

    formats: tuple[str, ...]
    first_year: int
    notes: tuple[str, ...]


def date_style(texts: Sequence[str]) -> DateStyle | None:
    """The formats that read at least 90 % of the texts (in the order of the rows); None when they are no dates."""
    some = texts[:: max(1, len(texts) // 40)]
    if sum(_MAYBE.fullmatch(text) is not None for text in some) < LEAST_READ * len(some):
        return None
    possible = [_formats_of(text) for text in texts]
    formats = _cover(possible)
    if not formats:
        return None
    settled, notes = _settle(formats, possible, texts)
    read = sum(bool(settled_of.intersection(settled)) for settled_of in possible)
    if read < LEAST_READ * len(texts):
        return None
    if len(settled) > 1:
        notes = (*notes, f"{len(settled)} date formats: " + ", ".join(settled))
    return DateStyle(settled, _first_year(texts, settled), notes)


@lru_cache(maxsize=1)
def _patterns() -> tuple[list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    return [(f, _compiled(f)) for f in _DATES], [(f, _compiled(f)) for f in _TIMES]


def _compiled(wanted: str) -> re.Pattern[str]:
    escaped = re.sub(r"(?<!%)([.\s,+-])", lambda m: "\\" + m[1], wanted)
    return re.compile(re.sub(r"%[A-Za-z]", lambda m: _PARTS[m[0]], escaped), re.IGNORECASE)


def _formats_of(text: str) -> frozenset[str]:
    """Every format that reads the text."""
    dates, times = _patterns()
    match = _SPLIT.fullmatch(text)
    if match is None:
        return frozenset()
    date, between, clock = match[1], match[2] or "", match[3]
    if clock is None and ":" in date:
        return frozenset(f for f, pattern in times[:3] if pattern.fullmatch(date))
    days = [f for f, pattern in dates if pattern.fullmatch(date)]
    if clock is None or not days:
        return frozenset(days)
    clocks = [f for f, pattern in times if pattern.fullmatch(clock)]
    return frozenset(f"{day}{between}{f}" for day in days for f in clocks)


def _cover(possible: list[frozenset[str]]) -> list[str]:
    """Formats by how many still unread texts they read, most first."""
    formats: list[str] = []
    left = Counter(possible)
    left.pop(frozenset(), None)
    while left and len(formats) < MOST_FORMATS:
        counts: Counter[str] = Counter()
        for options, n in left.items():
            for option in options:
                counts[option] += n
        best = max(counts, key=lambda f: (counts[f], _month_first(f), f))
        formats.append(best)
        left = Counter({options: n for options, n in left.items() if best not in options})
    return formats


def _month_first(wanted: str) -> bool:
    return "%m" in wanted and "%d" in wanted and wanted.index("%m") < wanted.index("%d")


def _twin(wanted: str) -> str:
    """The format with day and month exchanged; empty when the order is plain: year first, or a month in letters."""
    if not ("%d" in wanted and "%m" in wanted) or wanted.startswith("%Y"):
        return ""
    return wanted.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")


def _settle(formats: list[str], possible: list[frozenset[str]], texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The formats with day and month in the order the evidence shows, and what it shows."""
    settled: list[str] = []
    notes: list[str] = []
    for wanted in formats:
        twin = _twin(wanted)
        if not twin or twin in formats or wanted in settled:
            if twin in formats and wanted not in settled and twin not in settled:
                notes.append(f"both {wanted} and {twin} occur: a date that fits both is read as {wanted}")
            settled.append(wanted)
            continue
        only = sum(wanted in options and twin not in options for options in possible)
        if only:
            settled.append(wanted)
            notes.append(f"{wanted}: {only} of {len(texts)} texts looked at allow no other order of day and month")
            continue
        both = [text for text, options in zip(texts, possible) if wanted in options]
        chosen, why = _without_proof(wanted, twin, both)
        settled.append(chosen)
        notes.append(f"day and month could be exchanged: read as {chosen}, {why}")
    return tuple(dict.fromkeys(settled)), tuple(notes)


def _without_proof(wanted: str, twin: str, texts: list[str]) -> tuple[str, str]:
    """Day or month first when every date allows both: the reading that puts the rows in order, else a constant day, else the sign."""
    from tasks.evidence.table.parsing import parse_moments

    readings = {f: parse_moments(np.array(texts, dtype=object), (f,)) for f in (wanted, twin)}
    order = {f: _sortedness(moments) for f, moments in readings.items()}
    best = max(order, key=lambda f: order[f])
    if len(texts) > 5 and order[best] > 0.9 and order[best] - min(order.values()) > 0.05:
        return best, "which puts the rows in order"
    days = {f: len(np.unique(m.astype("datetime64[D]") - m.astype("datetime64[M]"))) for f, m in readings.items()}
    if len(texts) > 5 and min(days.values()) == 1 < max(days.values()):
        return min(days, key=lambda f: days[f]), "which puts every date on the same day of its month"
    month_first = wanted if _month_first(wanted) else twin
    day_first = twin if month_first == wanted else wanted
    return (
        (day_first, "as dates with points are written") if "%d.%m" in day_first else (month_first, "assumed: nothing in the data decides")
    )


def _sortedness(moments: np.ndarray) -> float:
    steps = np.diff(moments.astype(np.int64))
    steps = steps[steps != 0]
    return float(max((steps > 0).mean(), (steps < 0).mean())) if len(steps) else 0.0


def _first_year(texts: Sequence[str], formats: tuple[str, ...]) -> int:
    """Where a century of two-digit years begins: in the middle of their largest gap on the circle of hundred; 0 without such years."""
    short = [f for f in formats if "%y" in f]
    if not short:
        return 0
    from tasks.evidence.table.parsing import parse_moments

    moments = parse_moments(np.array(texts, dtype=object), tuple(short))
    years = np.unique((moments[~np.isnat(moments)].astype("datetime64[Y]").astype(np.int64) + 1970) % 100)
    gaps = np.diff(np.append(years, years[0] + 100))
    newest, gap = int(years[int(gaps.argmax())]), int(gaps.max())
    now = int(np.datetime64("now").astype("datetime64[Y]").astype(np.int64)) + 1970
    last = newest + 100 * ((now + YEARS_AHEAD - newest) // 100)
    return last + min(gap // 2, max(1, now + YEARS_AHEAD - last) if gap > 1 else 1) - 99


YEARS_AHEAD = 15
"""Contracts and plans are dated so far into the future at most; later two-digit years belong to the century before."""
