"""A line of a log without what a terminal, a logger or a workflow tool put around the message."""

from __future__ import annotations

import re
from typing import NamedTuple

LINE_LIMIT = 2048
"""Characters of a line that are looked at: its end, where a progress line is up to date."""
_ESCAPE = re.compile(r"\x1b\[[0-9;?]{0,16}[ -/]?[@-~]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|\x1b[@-_]")
_CONTROL = re.compile(r"[\x00-\x07\x0e-\x1f\x7f]")
_CELL = re.compile(r"^\s*\[cell (\d{1,5})\] ?")
_DATE = r"\d{4}[-/]\d{2}[-/]\d{2}(?:[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)?"
_CLOCK = r"\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?"
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|SUCCESS|WARNING|WARN|ERROR|CRITICAL|FATAL)"
_PREFIXES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\s*[\[(]?\s*(?:{_DATE}|{_CLOCK}|\d{{2}}/\d{{2}}/\d{{2,4}} {_CLOCK})\s*[\])]?\s*[-|:,]?\s+",
        r"\s*\[\d{1,20}/[\w.-]{1,60}/\d{1,20} \(pid \d{1,10}\)\]\s",  # Metaflow: run, step, task
        rf"\s*[\[(]?{_LEVEL}[\])]?\s*(?:[:|]|-(?=\s)|(?=\s))\s*",
        rf"\s*[\w.]{{1,60}}\s*[:|-]\s*{_LEVEL}\s*[:|-]\s*",
        r"\s*[\w.<>]{1,60}:[\w.<>]{1,60}:\d{1,6}\s+-\s+",  # loguru: module, function, line
        r"\s*[IWEF]\d{4} \d{2}:\d{2}:\d{2}\.\d{1,9}\s+\d{1,10} [\w.]{1,60}:\d{1,6}\]\s",  # glog
        r"\s*(?:root|__main__)\s*[:|-]\s*",
        r"\s*\d{1,6} root - ",
        r"\s*Out\[\d{1,5}\]:\s?",
    )
)
_SCALAR = re.compile(
    r"(?:np\.|numpy\.|jnp\.)?(?:float|int)\d{1,3}\(\s*([-+\d.eE]{1,40})\s*\)"
    r"|(?:tf\.|torch\.)?[tT]ensor\(\s*([-+\d.eE]{1,40})[^()]{0,80}(?:\([^()]{0,40}\)[^()]{0,80})?\)"
    r"|\barray\(\s*([-+\d.eE]{1,40})[^()]{0,40}\)"
)


class Message(NamedTuple):
    text: str
    cell: int | None


def message_of(raw: str) -> Message:
    """What the program itself said, with plain numbers for array and tensor scalars.

    >>> message_of("2026-11-22 10:00:00.123 [7/train/2 (pid 5)] MSE is 1.5").text
    'MSE is 1.5'
    """
    text = raw[-LINE_LIMIT * 2 :] if "\r" in raw or "\b" in raw else raw[:LINE_LIMIT]
    text = _last_state(_ESCAPE.sub("", text))[-LINE_LIMIT:]
    text = _CONTROL.sub(" ", text)
    cell = None
    if match := _CELL.match(text):
        cell, text = int(match[1]), text[match.end() :]
    for _ in range(4):
        for pattern in _PREFIXES:
            if match := pattern.match(text):
                text = text[match.end() :]
                break
        else:
            break
    return Message(_SCALAR.sub(_plain, text), cell)


def _last_state(text: str) -> str:
    """The last of the states that a progress bar drew over one another."""
    parts = [p for p in re.split(r"[\r\b]+|\n", text) if p.strip()]
    return parts[-1] if parts else ""


def _plain(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3]
