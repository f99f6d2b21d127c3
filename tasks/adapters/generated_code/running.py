"""One container for one piece of generated code: its files in, its `out/` folder back, nothing else."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tasks.adapters.container.running import run_job
from tasks.rules.sandbox.job import Job, Limits

MEBI = 1024**2
MEMORY_BYTES = 1536 * MEBI
LOG_BYTES = 64 * 1024
ERROR = "out/error.txt"
ERROR_CHARACTERS = 600
LEAST_SECONDS = 3


@dataclass(frozen=True)
class Ran:
    """What became of it."""

    folder: Path
    """Outputs; they are gone after the `with` block."""
    problem: str
    """Why there are none, in one sentence; empty when it ended well."""


@contextmanager
def run_generated(image: str, tree: Path, command: tuple[str, ...], home: Path, seconds: float, run: str) -> Iterator[Ran]:
    """Run it without network for at most so many seconds."""
    job = Job(
        id=f"generated-{uuid.uuid4().hex[:16]}", run=run, role="features", image=image, command=command, tree=str(tree), folders=("out",),
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLCONFIGDIR": "/tmp/matplotlib"},
        limits=limits_for(_size(tree), seconds),
    )  # fmt: skip
    try:
        outcome = run_job(job, home)
        folder = Path(outcome.outputs) if outcome.outputs else home / "jobs" / job.id / "outputs"
        yield Ran(folder, "" if outcome.status == "succeeded" else _problem(folder, outcome.detail))
    finally:
        shutil.rmtree(home / "jobs" / job.id, ignore_errors=True)


def limits_for(size: int, seconds: float) -> Limits:
    """Room for three times the input beside a floor."""
    room = 64 * MEBI + 3 * size
    return Limits(
        timeout_seconds=max(LEAST_SECONDS, int(seconds)), memory_bytes=MEMORY_BYTES + 4 * size, cpus=1.0, pids=64, open_files=256,
        file_bytes=room, workspace_bytes=room, workspace_files=1000, log_bytes=LOG_BYTES, network="none",
    )  # fmt: skip


@contextmanager
def tree_of(texts: Mapping[str, str], files: Mapping[str, Path]) -> Iterator[Path]:
    """A folder with these texts and copies of these files and folders."""
    with tempfile.TemporaryDirectory(prefix="axiom-generated-") as folder:
        root = Path(folder)
        for name, text in texts.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        for name, source in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, root / name)
        yield root


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def _problem(folder: Path, detail: str) -> str:
    """The last line of the code's own error, which is a stranger's text, cut and in one line."""
    file = folder / ERROR
    try:
        lines = file.read_bytes()[-2000:].decode("utf-8", "replace").split("\n") if file.is_file() and not file.is_symlink() else []
    except OSError:
        lines = []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    shown = "".join(c if c.isprintable() else " " for c in last)[:ERROR_CHARACTERS]
    return f"the code failed: {shown}" if shown else detail.rstrip(".")
