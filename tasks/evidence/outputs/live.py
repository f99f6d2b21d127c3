"""Metrics of a running command as they appear: lines go to a child with limits, metrics come back.

Feeding never waits and nothing here raises: when the child cannot keep up, lines are left out, and the finished log is read
again in full by `read_outputs`.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import tempfile
import threading
from pathlib import Path

from tasks.evidence.limited_process import end_child, start_child
from tasks.evidence.outputs.facts import MeasuredMetric
from tasks.evidence.outputs.log_text import LINE_LIMIT

WAITING_LINES = 10_000
MAX_LIVE = 5000
"""Metrics handed on while it runs."""
CLOSING_SECONDS = 10.0


class LiveMetrics:
    """Use from one thread: `feed` lines, `poll` for metrics, `close` at the end."""

    def __init__(self) -> None:
        self._lines: queue.Queue[bytes | None] = queue.Queue(WAITING_LINES)
        self._found: queue.Queue[MeasuredMetric] = queue.Queue(MAX_LIVE)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="live-metrics", daemon=True)
        self._thread.start()

    def feed(self, line: str) -> None:
        """One line of the log; dropped when the child is behind."""
        if not self._closed:
            with contextlib.suppress(queue.Full):
                self._lines.put_nowait(line[-LINE_LIMIT:].replace("\n", " ").encode("utf-8", errors="replace") + b"\n")

    def poll(self) -> list[MeasuredMetric]:
        """What was found since the last call."""
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._found.get_nowait())
        return found

    def close(self) -> None:
        """Let the child finish what it was given, for some seconds at most; `poll` once more afterwards."""
        self._closed = True
        with contextlib.suppress(queue.Full, queue.Empty):
            if self._lines.full():
                self._lines.get_nowait()
            self._lines.put_nowait(None)
        self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        first = self._lines.get()
        if first is None:
            return
        try:
            with tempfile.TemporaryDirectory(prefix="axiom-live-") as folder:
                process = start_child("tasks.evidence.outputs.live_reader", Path(folder), subprocess.DEVNULL, subprocess.PIPE)
                reader = threading.Thread(target=self._collect, args=(process,), daemon=True)
                reader.start()
                try:
                    self._write(process, first)
                    reader.join(CLOSING_SECONDS)
                finally:
                    end_child(process)
        except (OSError, ValueError):
            return

    def _write(self, process: subprocess.Popen[bytes], line: bytes | None) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError), process.stdin as pipe:
            while line is not None:
                pipe.write(line)
                if self._lines.empty():
                    pipe.flush()
                line = self._lines.get()

    def _collect(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with contextlib.suppress(ValueError, queue.Full):
                self._found.put_nowait(MeasuredMetric.model_validate_json(line))
