"""What a running command prints, shown as it comes: on the terminal, in the Prefect UI within bounds, metrics as they appear."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from tasks.evidence.outputs.facts import MeasuredMetric
from tasks.evidence.outputs.live import LiveMetrics
from tasks.rendering.bounded_lines import BoundedLines
from tasks.rendering.output_line import output_line
from tasks.rendering.plain import plain

progress = logging.getLogger("axiom.progress")


class LiveLog:
    """A sink for lines that never raises and never waits for a server."""

    def __init__(
        self, logger: Any, on_metrics: Callable[[list[MeasuredMetric]], None], is_shown: bool = True, logs_lines: bool = True
    ) -> None:
        """`is_shown`: on the terminal too; not when somebody else shows the lines there.

        `logs_lines`: in this run's log; not when another run's log has them, then it gets the metrics only.
        """
        self._is_shown = is_shown
        self._logs_lines = logs_lines
        self._on_metrics = on_metrics
        self._metrics = LiveMetrics()
        rest = "lines are in log.txt, an artifact of the MLflow run." if logs_lines else "values are in the MLflow run."
        self._log = BoundedLines(logger.info, rest)

    def __call__(self, line: str) -> None:
        """Show one line, already bounded and without control characters."""
        if self._is_shown:
            progress.info(f"  {output_line(line)}")
        if self._logs_lines:
            self._log.take(line)
        self._metrics.feed(line)
        self._hand_on()

    def close(self) -> None:
        """Hand on what is left and tell what the UI does not show."""
        self._metrics.close()
        self._hand_on()
        self._log.close()

    def _hand_on(self) -> None:
        found = self._metrics.poll()
        for metric in found:
            step = f" (step {metric.step})" if metric.step is not None else ""
            told = f"{plain(metric.name)} {metric.value:g}{step}"
            progress.info(f"  » {told}")
            if not self._logs_lines:
                self._log.tell(f"» {told}")
        if found:
            self._on_metrics(found)
