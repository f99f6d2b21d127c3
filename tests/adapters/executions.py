"""What a small execution leaves, and how it reads in a store: shared by the tests of the record."""

from __future__ import annotations

from pathlib import Path

from tasks.evidence.outputs.facts import Artifact, MeasuredMetric, OutputFacts
from tasks.rules.sandbox.job import JobOutcome

EXPERIMENT = "axiom/execution"
SUCCESS = JobOutcome(status="succeeded", seconds=3.5, peak_memory_bytes=123_456_789, exit_code=0)


def loss(step: int, final: bool = False) -> MeasuredMetric:
    return MeasuredMetric(
        name="loss",
        original="Loss",
        value=1 / (step + 1),
        step=step,
        source="stdout",
        place=f"log:{step}",
        is_final=final,
        direction="lower",
    )


def job_folder(home: Path, files: dict[str, bytes] | None = None) -> Path:
    """A job's folder as the container adapter leaves it."""
    folder = home / "jobs" / "a-job"
    for name, data in (files or {"models/model.pkl": b"m" * 1000, "plot.png": b"p" * 10}).items():
        path = folder / "outputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "log.txt").write_text("epoch 1 loss 0.5\n")
    return folder


def outputs(folder: Path, steps: int, **more) -> OutputFacts:
    files = [p for p in sorted((folder / "outputs").rglob("*")) if p.is_file()]
    artifacts = [
        Artifact(path=p.relative_to(folder / "outputs").as_posix(), type="model" if p.suffix == ".pkl" else "plot", format=p.suffix[1:], size=p.stat().st_size, sha256="0" * 64)
        for p in files
    ]  # fmt: skip
    return OutputFacts(metrics=tuple(loss(s, s == steps - 1) for s in range(steps)), artifacts=tuple(artifacts), **more)


def runs_of(client) -> dict:
    """Runs of the experiment by name; a name that comes twice is an error."""
    found = client.search_runs([client.get_experiment_by_name(EXPERIMENT).experiment_id])
    runs = {run.info.run_name: run for run in found}
    assert len(runs) == len(found), f"doubled: {sorted(run.info.run_name for run in found)}"
    return runs


def history(client, run, name: str = "loss") -> list[tuple[int, float]]:
    return sorted((m.step, m.value) for m in client.get_metric_history(run.info.run_id, name))


def files_of(client, run, folder: str | None = None) -> dict[str, int]:
    """Artifacts of a run with their size."""
    found: dict[str, int] = {}
    for item in client.list_artifacts(run.info.run_id, folder):
        found |= files_of(client, run, item.path) if item.is_dir else {item.path: item.file_size}
    return found


def expected(steps: int) -> list[tuple[int, float]]:
    return [(step, 1 / (step + 1)) for step in range(steps)]
