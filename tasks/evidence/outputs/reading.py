"""What a job left, read by a child with limits: this process never parses a byte of it.

A file that ends the reader is left out with the reason and the rest is read again; a hostile file costs itself only.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tasks.evidence.limited_process import start_child, wait_for
from tasks.evidence.outputs.facts import OutputFacts, Phase

MAX_CASUALTIES = 5
"""So many files may end a reader before only names, sizes and hashes are taken."""


@dataclass(frozen=True)
class OutputLimits:
    """What one reader may use."""

    seconds: float = 300
    """Wall time of one attempt."""
    cpu_seconds: int = 240
    memory_bytes: int = 1_500_000_000
    open_files: int = 64


class ReadingRequest(BaseModel):
    """What the child is asked, on its standard input."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str
    phase: Phase
    changed: tuple[str, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    tree: str = ""
    entry: str = ""
    started: float | None = None
    excluded: dict[str, str] = {}
    parse: bool = True
    """False: only names, sizes and hashes."""
    answer: str = ""
    """Folder for the answer and the status file."""
    limits: tuple[int, int, int] = (0, 0, 0)


def read_outputs(
    folder: Path,
    phase: Phase = "training",
    changed: Sequence[str] = (),
    hints: Sequence[tuple[str, str]] = (),
    limits: OutputLimits = OutputLimits(),
    *,
    tree: Path | None = None,
    entry: str = "",
    started: float | None = None,
) -> OutputFacts:
    """Metrics, artifacts and parameters of the job in `folder`, which holds `log.txt` and `outputs/`.

    `changed`: outputs that replace a file of the repository. `hints`: file and name of each metric the entry computes, for
    numbers printed without a word. `tree` and `entry`: the exported repository and the file that ran, read for the order of
    its prints. `started`: seconds since the epoch; runs of a tracking store that began earlier are not this job's.
    What could not be read stands in `problems`; nothing is raised.
    """
    excluded: dict[str, str] = {}
    reason = ""
    parse = True
    for _ in range(MAX_CASUALTIES + 2):
        request = ReadingRequest(
            folder=str(folder),
            phase=phase,
            changed=tuple(changed),
            hints=tuple(hints),
            tree=str(tree or ""),
            entry=entry,
            started=started,
            excluded=excluded,
            parse=parse,
            limits=(limits.cpu_seconds, limits.memory_bytes, limits.open_files),
        )
        facts, path, reason = _attempt(request, limits)
        if facts is not None:
            return facts
        if not parse:
            break
        # A second death without a new culprit, or one for want of time, would only come again.
        parse = bool(path) and path not in excluded and len(excluded) < MAX_CASUALTIES and "no end after" not in reason
        excluded[path or "outputs"] = f"left out: reading it ended the reader ({reason})"
    return OutputFacts(problems=excluded | {"outputs": f"the reader ended: {reason}"})


def _attempt(request: ReadingRequest, limits: OutputLimits) -> tuple[OutputFacts | None, str, str]:
    """The facts; or the file that was open, and why the reader ended."""
    with tempfile.TemporaryDirectory(prefix="axiom-read-") as name:
        folder = Path(name)
        (folder / "status").touch()
        with open(folder / "errors", "wb") as errors:
            process = start_child("tasks.evidence.outputs.reader", folder, errors)
            told = request.model_copy(update={"answer": name}).model_dump_json()
            reason = wait_for(process, told.encode(), limits.seconds)
        answer = folder / "answer.json"
        if answer.exists():
            return OutputFacts.model_validate(json.loads(answer.read_bytes())), "", ""
        last = (folder / "errors").read_bytes()[-400:].decode(errors="replace").strip().rsplit("\n", 1)[-1]
        return None, (folder / "status").read_bytes().decode(errors="surrogateescape"), reason or last or "no answer"
