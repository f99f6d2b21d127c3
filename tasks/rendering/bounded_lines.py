"""Lines of untrusted output on their way into a log for people: bounded in rate and number, what is left out counted.

Storing 20,000 lines takes the Prefect server a minute; the whole kept log is in the job's folder.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tasks.rendering.output_line import output_line

LINES_PER_SECOND = 50.0
BURST = 200.0
TOTAL = 5000


class BoundedLines:
    """Takes lines and shows those that fit; says at the end how many did not."""

    def __init__(self, show: Callable[[str], None], rest: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`show` is a logger's method; `rest` says where the others are, after their number."""
        self._show = show
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._budget = BURST
        self._filled = clock()
        self._shown = 0
        self._left_out = 0

    def take(self, line: str) -> None:
        """Show a line of output, or count it."""
        if self._affords():
            self._show(output_line(line))

    def tell(self, text: str) -> None:
        """Show a line of our own about the output, or count it."""
        if self._affords():
            self._show(text)

    def close(self) -> None:
        """Tell how many were not shown."""
        if self._left_out:
            self._show(f"{self._left_out:,} more {self._rest}")

    def _affords(self) -> bool:
        with self._lock:
            now = self._clock()
            self._budget = min(BURST, self._budget + (now - self._filled) * LINES_PER_SECOND)
            self._filled = now
            if self._shown >= TOTAL or self._budget < 1:
                self._left_out += 1
                return False
            self._shown += 1
            self._budget -= 1
            return True
