"""The thread that brings a journal to MLflow beside the training, however long the store is away."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tasks.adapters.record.sender import Sender
from tasks.adapters.store import free

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
"""Seconds between two tries, doubled from the first; for ever. While somebody waits for the end, it is the first again."""
GATHER = 0.2
"""Seconds between two sendings."""


class Shipper:
    """Started by the first `wake`; holds the execution's `ship.lock` while it lives, so that nobody else sends."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._sender = Sender(home, folder)
        self._lock = folder / "ship.lock"
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._hurry = threading.Event()
        """Set while `drain` waits, and to stop: no pause outlasts it."""
        self._thread: threading.Thread | None = None
        self.problem = ""
        """Why the last try failed; empty when it did not."""

    @property
    def sender(self) -> Sender:
        return self._sender

    def wake(self) -> None:
        """There is something to send."""
        self._wake.set()
        if self._thread is None or not self._thread.is_alive():
            self._stop.clear()
            self._hurry.clear()
            self._thread = threading.Thread(target=self._work, name="axiom-mlflow", daemon=True)
            self._thread.start()

    def drain(self, seconds: float) -> bool:
        """Wait until everything is sent, so long at most, then end the thread; whether everything is sent.

        A store that has come back is asked at once: the pause after its failures is longer than a command waits.
        """
        deadline = time.monotonic() + seconds
        while self._sender.waiting and time.monotonic() < deadline:
            self.wake()
            self._hurry.set()
            time.sleep(0.05)
        self._stop.set()
        self._hurry.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=max(1.0, deadline - time.monotonic()))
        return not self._sender.waiting

    def _work(self) -> None:
        while not self._stop.is_set():
            with free(self._lock) as ours:
                if ours:
                    self._send_until_stopped()
                    return
            self._stop.wait(FIRST_WAIT)

    def _send_until_stopped(self) -> None:
        wait = FIRST_WAIT
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self._sender.send()
            except Exception as error:  # also a bug of ours must not end the thread: what is not sent is tried again
                self.problem = str(error) or type(error).__name__
                if self._hurry.wait(wait):
                    self._stop.wait(FIRST_WAIT)
                wait = min(LONGEST_WAIT, wait * 2)
                continue
            self.problem, wait = "", FIRST_WAIT
            # Points that come one by one are sent together.
            self._stop.wait(GATHER)
            self._wake.wait()
        self._sender.tidy()
