"""What a failed resolution or installation means, read from what the tool said: a typed cause and the names it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from packaging.utils import canonicalize_name

Kind = Literal["unknown", "wheels", "conflict", "python", "network", "disk", "memory", "timeout", "engine", "other"]
ANSI = re.compile(r"\x1b(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)|.)")
TAIL_LINES = 20
TAIL_LINE = 300
READ_CHARACTERS = 60_000
NAME = r"([A-Za-z0-9][A-Za-z0-9._-]{0,120})"
_UNKNOWN = re.compile(rf"{NAME} was not found in the (?:package registry|provided package locations)|Unable to locate package {NAME}")
_NO_WHEEL = re.compile(rf"Wheels are required for `{NAME}`|we only found wheels for `{NAME}`")
_FILTERED = re.compile(rf"`{NAME}` was filtered by `exclude-newer`")
_SPECIFIER = r"(?:\[[\w,.-]{0,80}\])?(?:[=<>~!]{1,3}[^\s,]{1,60}(?:,[=<>~!]{1,3}[^\s,]{1,60})?)?"
_REQUIRED = re.compile(rf"you require {NAME}{_SPECIFIER}")
_REQUIRED_TOO = re.compile(rf"you require \S{{1,120}} and {NAME}{_SPECIFIER}")
_NAMED = re.compile(rf"(?<![\w.+-]){NAME}(?=(?:\[[\w,.-]{{0,80}}\])?(?:[=<>~!]{{1,3}}| depends on| has no| have no))")
_PYTHON = re.compile(r"does not satisfy Python|requires-python|depends on Python[<>=!~]")
_NO_NAMES = frozenset(["all", "only", "there", "versions", "version", "you", "python"])
NETWORK = (
    "dns error", "failed to fetch", "error sending request", "connection refused", "connection reset", "network is unreachable",
    "temporary failure in name resolution", "invalid peer certificate", "failed to resolve", "could not connect", "http status server error",
)  # fmt: skip


@dataclass(frozen=True)
class Complaint:
    """Why a tool gave up."""

    kind: Kind
    packages: tuple[str, ...] = ()
    """Normalised names, the likeliest culprit first."""
    filtered: tuple[str, ...] = ()
    """Names that would have later versions than the date allows."""
    tail: str = ""


def read_complaint(output: str) -> Complaint:
    """The complaint in a tool's error output."""
    clean = clean_text(output[:READ_CHARACTERS])
    flat = " ".join(clean.split())
    filtered, tail = _names(_FILTERED, flat), last_lines(clean)
    unknown = _names(_UNKNOWN, flat)
    if unknown:
        return Complaint("unknown", unknown, filtered, tail)
    lowered = flat.lower()
    if "no space left on device" in lowered or "disk quota exceeded" in lowered:
        return Complaint("disk", tail=tail)
    if "no solution found" in lowered:
        wheels = _names(_NO_WHEEL, flat)
        required = [*_names(_REQUIRED, flat), *_names(_REQUIRED_TOO, flat)]
        named = tuple(dict.fromkeys([*wheels, *required, *_names(_NAMED, flat)]))
        kind: Kind = "wheels" if wheels else "python" if _PYTHON.search(flat) else "conflict"
        return Complaint(kind, named, filtered, tail)
    if any(words in lowered for words in NETWORK):
        return Complaint("network", tail=tail)
    return Complaint("other", _names(_NAMED, flat)[:5], filtered, tail)


def clean_text(text: str) -> str:
    """Without terminal sequences and control characters."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in ANSI.sub("", text))


def last_lines(text: str) -> str:
    """The end of an output, bounded in lines and width."""
    lines = [line.rstrip()[:TAIL_LINE] for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-TAIL_LINES:])


def _names(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = (next(group for group in match.groups() if group) for match in pattern.finditer(text))
    names = (canonicalize_name(name.rstrip(".-_")) for name in found)
    return tuple(dict.fromkeys(name for name in names if name[0].isalpha() and name not in _NO_NAMES))
