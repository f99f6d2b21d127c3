"""Reading a container's output: always draining, bounded in memory and on disk, harmless to look at.

Output that nobody reads makes the training wait, and a flood that is kept fills the disk. So one thread does nothing but
read, clean and keep head and tail; what a person watches goes through a short queue that loses its oldest lines first.
"""

from __future__ import annotations

import codecs
import contextlib
import contextvars
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

LINE_CHARACTERS = 2048
"""Of one line handed on; the kept log has the whole of it, within its bound."""
QUEUED_LINES = 2000
PICTURE_SECONDS = 1.0
TAIL_SECONDS = 5.0
"""So long the last lines may take to be shown after the end."""
UNFINISHED = 4096
"""An escape sequence longer than this is none."""
ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, DCS, SOS, PM, APC: titles, links, clipboard
    r"|\x1b[ -/]*[0-Z\\^_`-~]"  # two characters
)
BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)\Z")
ENDS = re.compile("([\r\n])")
BACKSPACES = re.compile("\x08+")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Cleaner:
    """Bytes in any pieces to text without terminal codes; a lone `\\r` stands where a progress bar starts anew."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, chunk: bytes, last: bool = False) -> str:
        """Clean text of what is complete so far."""
        text = self._rest + self._decoder.decode(chunk, last)
        self._rest = ""
        if not last:
            text = self._hold_back(text)
        if "\x1b" in text:
            text = ESCAPES.sub("", text)
        if "\x08" in text:
            text = BACKSPACES.sub("\r", text)
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        return CONTROLS.sub("", text)

    def _hold_back(self, text: str) -> str:
        """Keep what may be the beginning of a sequence, or half a line end, for the next piece."""
        begun = BEGUN.search(text, max(0, len(text) - UNFINISHED))
        cut = begun.start() if begun else len(text.rstrip("\r\x08"))
        self._rest = text[cut:] if len(text) - cut < UNFINISHED else ""
        return text[:cut] if self._rest else text


class KeptLog:
    """Head and tail of a text in a file that never grows beyond its bound."""

    def __init__(self, path: Path, limit: int) -> None:
        self._file = open(path, "wb", buffering=0)  # noqa: SIM115 (closed by `close`)
        self._limit, self._head = limit, limit // 2
        self._tail: deque[bytes] = deque()
        self._tail_bytes = self._written = self._total = 0
        self._broken = False
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        """Keep a piece; after `close` nothing is kept."""
        with self._lock:
            if not self._file.closed:
                self._add(text)

    def _add(self, text: str) -> None:
        data = text.replace("\r", "\n").encode()
        self._total += len(data)
        fits = data[: self._limit - self._written]
        if fits and not self._broken:
            self._write(fits)
        self._tail.append(data)
        self._tail_bytes += len(data)
        while self._tail_bytes - len(self._tail[0]) > self._head:
            self._tail_bytes -= len(self._tail.popleft())

    def _write(self, data: bytes) -> None:
        """A host's disk that is full must not end the reading, which would make the command wait for ever."""
        try:
            self._file.write(data)
            self._written += len(data)
        except OSError:
            self._broken = True

    def close(self) -> int:
        """Finish the file; gives the number of bytes that were dropped between head and tail."""
        with self._lock:
            return self._close()

    def _close(self) -> int:
        dropped = 0
        if self._total > self._limit:
            tail = b"".join(self._tail)[-self._head :]
            dropped = self._total - self._head - len(tail)
            with contextlib.suppress(OSError):
                self._file.truncate(self._head)
                self._file.seek(self._head)
                self._file.write(f"\n[axiom: {dropped:,} bytes of log are not kept]\n".encode() + tail)
        self._file.close()
        return dropped if not self._broken else self._total - self._written

    def last(self, size: int) -> str:
        """The last bytes, as text."""
        return b"".join(self._tail)[-size:].decode(errors="replace")


class LinesOut:
    """Hands lines to a callback in a thread of its own: a slow one loses lines, one that fails is not called again."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._queue: deque[str] = deque()
        self._lost = 0
        self._ready = threading.Condition()
        self._closed = False
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="axiom-lines", daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Queue a line; never waits for the callback."""
        with self._ready:
            if len(self._queue) >= QUEUED_LINES:
                self._queue.popleft()
                self._lost += 1
            self._queue.append(line)
            self._ready.notify()

    def close(self) -> None:
        """Wait a moment for what is queued."""
        with self._ready:
            self._closed = True
            self._ready.notify()
        self._thread.join(TAIL_SECONDS)

    def _run(self) -> None:
        while True:
            with self._ready:
                while not self._queue and not self._closed:
                    self._ready.wait()
                if not self._queue:
                    return
                lost, self._lost = self._lost, 0
                line = self._queue.popleft()
            try:
                if lost:
                    self._on_line(f"[axiom: {lost:,} lines are not shown here]")
                self._on_line(line)
            except Exception:
                # The watcher's own trouble must not end the job it watches; the log is kept in any case.
                return


class LineCutter:
    """Text in any pieces to lines, none longer than a line may be; of a progress bar, one picture a second."""

    def __init__(self, put: Callable[[str], None]) -> None:
        self._put = put
        self._line = ""
        self._pictured = 0.0

    def feed(self, text: str) -> None:
        """Hand on the lines that this piece completes."""
        for part in ENDS.split(text):
            if part == "\n":
                self._end()
            elif part == "\r":
                self._picture()
            elif len(self._line) <= LINE_CHARACTERS:
                self._line += part[: LINE_CHARACTERS + 1]

    def close(self) -> None:
        """Hand on a last line without an end."""
        if self._line:
            self._end()

    def _end(self) -> None:
        line, self._line = self._line, ""
        self._put(line if len(line) <= LINE_CHARACTERS else f"{line[: LINE_CHARACTERS - 1]}…")

    def _picture(self) -> None:
        now = time.monotonic()
        if self._line and now - self._pictured >= PICTURE_SECONDS:
            self._pictured = now
            self._end()
        self._line = ""


class LogReader:
    """The thread that drains a container's output."""

    def __init__(self, chunks: Iterable[bytes], path: Path, limit: int, on_line: Callable[[str], None] | None) -> None:
        self._chunks = chunks
        self._cleaner = Cleaner()
        self.kept = KeptLog(path, limit)
        self._lines = LinesOut(on_line) if on_line else None
        self._cutter = LineCutter(self._lines.put) if self._lines else None
        self._thread = threading.Thread(target=self._run, name="axiom-log", daemon=True)
        self._thread.start()

    def finish(self, seconds: float) -> int:
        """Wait for the end of the output, at most so long; gives the number of bytes dropped."""
        self._thread.join(seconds)
        if self._lines:
            self._lines.close()
        return self.kept.close()

    def _run(self) -> None:
        try:
            for chunk in self._chunks:
                self._take(self._cleaner.feed(chunk))
        except Exception as error:
            # A connection that broke: the container's state tells what it means, the log only that it ends here.
            self._take(f"\n[axiom: the log breaks off here: {type(error).__name__}]\n")
        self._take(self._cleaner.feed(b"", last=True))
        if self._cutter:
            self._cutter.close()

    def _take(self, text: str) -> None:
        if text:
            self.kept.add(text)
            if self._cutter:
                self._cutter.feed(text)
