"""Lines of untrusted output on their way into Prefect's log: bounded in rate and number, with what is left out counted.

Storing 20,000 lines takes the server a minute; the whole kept log is in the job's folder.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from tasks.rendering.plain import plain

LINES_PER_SECOND = 50.0
BURST = 200.0
TOTAL = 5000


class LiveLog:
    """Takes lines and shows those that fit; says at the end how many did not."""

    def __init__(self, show: Callable[[str, str], None], clock: Callable[[], float] = time.monotonic) -> None:
        """`show` is a logger's method: a format and the line."""
        self._show = show
        self._clock = clock
        self._lock = threading.Lock()
        self._budget = BURST
        self._filled = clock()
        self._shown = 0
        self._left_out = 0

    def take(self, line: str) -> None:
        """Show the line, or count it."""
        with self._lock:
            if not self._affords():
                self._left_out += 1
                return
            self._shown += 1
        self._show("%s", plain(line))

    def _affords(self) -> bool:
        now = self._clock()
        self._budget = min(BURST, self._budget + (now - self._filled) * LINES_PER_SECOND)
        self._filled = now
        if self._shown >= TOTAL or self._budget < 1:
            return False
        self._budget -= 1
        return True

    def __enter__(self) -> LiveLog:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._left_out:
            self._show("%s", f"{self._left_out:,} more lines are not shown here; the kept log has them.")
