"""Which epoch, step or iteration a line of a log is about."""

from __future__ import annotations

import re

_EPOCH = re.compile(r"\bepochs?\b\s{0,3}[:=#\[(]{0,2}\s{0,3}(\d{1,9})(?!\.\d)", re.IGNORECASE)
_HEADING = re.compile(r"\W{0,20}epochs?\W{0,4}\d{1,9}(?:\s?(?:/|of)\s?\d{1,9})?\W{0,20}", re.IGNORECASE)
_STEP = re.compile(
    r"\b(?:global[_ ]step|step|steps|iter|iters|iteration|round|boosting round|batch)\b\s{0,3}[:=#\[(]{0,2}\s{0,3}(\d{1,12})(?![.\d])",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*(?:[\w.]{1,40}:)?\s*\[(\d{1,9})\][\s:]")
_CATBOOST = re.compile(r"\s*(\d{1,9}):\s+(?:learn|test): ")
_SUMMARY = re.compile(r"\b(?:test(?:ing)?|final|best|overall|finished|done|evaluation)\b", re.IGNORECASE)
_OF_THE_LOOP = re.compile(r"loss|train|val|\s-\s|=>|━", re.IGNORECASE)
CARRIED_LINES = 6
"""A heading `Epoch 3/10` is good for so many lines."""


class Steps:
    """Remembers a heading for the lines below it."""

    def __init__(self) -> None:
        self._carried: int | None = None
        self._left = 0

    def of(self, line: str) -> int | None:
        """Of one line, in order. The epoch where there is one, since batches begin again in every epoch."""
        for pattern in (_EPOCH, _STEP, _BRACKETED, _CATBOOST):
            match = pattern.match(line) if pattern in (_BRACKETED, _CATBOOST) else pattern.search(line)
            if match:
                step = int(match[1])
                if _HEADING.fullmatch(line.strip()):
                    self._carried, self._left = step, CARRIED_LINES
                return step
        if self._left <= 0 or _SUMMARY.search(line):
            self._carried = None
            return None
        if line.strip():
            self._left -= 1
        return self._carried if _OF_THE_LOOP.search(line) else None
