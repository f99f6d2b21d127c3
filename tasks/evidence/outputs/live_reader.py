"""The child of `live.py`: lines of a running log on standard input, metrics as JSON lines on standard output."""

from __future__ import annotations

import sys

from tasks.evidence.limited_process import limit_self
from tasks.evidence.outputs.judging import judge
from tasks.evidence.outputs.log_reader import LogReader
from tasks.evidence.outputs.log_text import LINE_LIMIT

CPU_SECONDS = 900
MEMORY_BYTES = 500_000_000


def main() -> None:
    """Ends with its input."""
    limit_self(CPU_SECONDS, MEMORY_BYTES, 16)
    reader = LogReader()
    while line := sys.stdin.buffer.readline(8 * LINE_LIMIT):
        seen = [s for s in reader.read(line.decode("utf-8", errors="replace").rstrip("\n")) if s.name]
        for metric in judge(seen, "training").metrics if seen else ():
            sys.stdout.write(metric.model_copy(update={"is_final": False}).model_dump_json() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
