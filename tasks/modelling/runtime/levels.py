"""The levels of a category that were seen in training, found again in any later rows.

Kept as one JSON text, so that a saved model holds no Python object per level; the lookup is rebuilt when first needed.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

MISSING = -1
UNSEEN = -2


class Levels:
    """Known levels, numbered in the order given."""

    def __init__(self, levels: list[str]) -> None:
        self.known = json.dumps(levels, ensure_ascii=True)
        self.size = len(levels)

    def find(self, codes: np.ndarray, levels: list[str]) -> np.ndarray:
        """Number of each row's level; MISSING where the row has none, UNSEEN where training had not seen it."""
        index = self._lookup()
        numbers = np.array([*(index.get(level, UNSEEN) for level in levels), MISSING], dtype=np.int64)
        return numbers[codes]

    def names(self) -> list[str]:
        return json.loads(self.known)

    def _lookup(self) -> dict[str, int]:
        found: dict[str, int] | None = self.__dict__.get("_index")
        if found is None:
            found = self.__dict__["_index"] = {level: number for number, level in enumerate(self.names())}
        return found

    def __getstate__(self) -> dict[str, Any]:
        return {"known": self.known, "size": self.size}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
