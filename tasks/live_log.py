"""What a running command prints, shown as it comes: on the terminal, in the Prefect UI within bounds, metrics as they appear."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from tasks.evidence.outputs.facts import MeasuredMetric
from tasks.evidence.outputs.live import LiveMetrics
from tasks.rendering.plain import plain, printable

LINES_IN_UI = 3000
"""Of one job; storing 20,000 lines took the server a minute. The whole log is an artifact of the run."""
LINES_PER_SECOND = 50
progress = logging.getLogger("axiom.progress")


class LiveLog:
    """A sink for lines that never raises and never waits for a server."""

    def __init__(self, logger: Any, on_metrics: Callable[[list[MeasuredMetric]], None], is_shown: bool = True) -> None:
        """`is_shown`: on the terminal too; not when somebody else shows the lines there."""
        self._is_shown = is_shown
        self._logger = logger
        self._on_metrics = on_metrics
        self._metrics = LiveMetrics()
        self._logged = self._left_out = self._this_second = 0
        self._second = 0

    def __call__(self, line: str) -> None:
        """Show one line, already bounded and without control characters."""
        text = printable(line).rstrip()
        if self._is_shown:
            progress.info(f"  | {text}")
        self._log(text)
        self._metrics.feed(line)
        self._hand_on()

    def close(self) -> None:
        """Hand on what is left and tell what the UI does not show."""
        self._metrics.close()
        self._hand_on()
        if self._left_out:
            self._logger.info(f"{self._left_out:,} further lines are in log.txt, an artifact of the MLflow run.")

    def _hand_on(self) -> None:
        found = self._metrics.poll()
        for metric in found:
            step = f" (step {metric.step})" if metric.step is not None else ""
            progress.info(f"  » {plain(metric.name)} {metric.value:g}{step}")
        if found:
            self._on_metrics(found)

    def _log(self, text: str) -> None:
        now = int(time.monotonic())
        if now != self._second:
            self._second, self._this_second = now, 0
        if self._logged >= LINES_IN_UI or self._this_second >= LINES_PER_SECOND:
            self._left_out += 1
            return
        self._logged += 1
        self._this_second += 1
        self._logger.info(text)
