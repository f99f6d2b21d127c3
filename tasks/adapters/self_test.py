"""`axiom doctor`: the probes run live on the user's own engine, and the result that every later execution tells."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tasks.adapters.container.engine import connect
from tasks.adapters.container.labels import JOB
from tasks.adapters.container.running import engine_status, reap, run_job
from tasks.adapters.store import write_atomically
from tasks.errors import SandboxRefused
from tasks.rules.sandbox.isolation import LEVELS, EngineStatus, Level
from tasks.rules.sandbox.job import Job
from tasks.rules.sandbox.probes import Probe, probe_job, read_inside, read_outside

SCRIPTS = Path(__file__).parent / "probes"
IMAGE = "python:3.11-slim"
START_SECONDS = 60
MARK = "SEEN "


class SelfTest(BaseModel):
    """What held on one engine, and when that was seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: EngineStatus
    when: str
    probes: tuple[Probe, ...]

    @property
    def failed(self) -> tuple[Probe, ...]:
        return tuple(p for p in self.probes if not p.holds)


def run_self_test(home: Path, on_step: Callable[[str], None] = lambda _: None) -> SelfTest:
    """Run every probe and keep the result. SandboxRefused when no engine answers or there is no image with Python."""
    engine = engine_status()
    _require_image()
    run = f"doctor-{uuid.uuid4().hex[:12]}"
    jobs = {name: probe_job(name, run, IMAGE, str(SCRIPTS)) for name in ("look", "memory", "linger")}
    on_step("looking around inside a container")
    look = run_job(jobs["look"], home)
    seen = _observations(Path(look.log))
    on_step("taking too much memory")
    memory = run_job(jobs["memory"], home)
    on_step("printing without end past the time limit")
    linger = run_job(jobs["linger"], home)
    on_step("killing ourselves in the middle of a run")
    reaped = _crash_is_cleaned_up(home, probe_job("linger", f"{run}-crash", IMAGE, str(SCRIPTS)))
    outputs = sorted(p.name for p in Path(look.outputs).rglob("*") if p.is_file()) if look.outputs else []
    kept = Path(linger.log).stat().st_size if linger.log else 0
    probes = read_inside(seen) + read_outside(look, memory, linger, kept, _left(run), outputs, reaped)
    result = SelfTest(engine=engine, when=datetime.now(UTC).isoformat(timespec="seconds"), probes=tuple(probes))
    write_atomically(_kept(home), result.model_dump_json().encode())
    for folder in (home / "jobs").glob(f"{run}-*"):
        shutil.rmtree(folder, ignore_errors=True)
    return result


def last_self_test(home: Path, engine: EngineStatus) -> SelfTest | None:
    """The result for this very engine; None when it was never tested, or has changed since."""
    try:
        result = SelfTest.model_validate_json(_kept(home).read_bytes())
    except (OSError, ValueError):
        return None
    return result if result.engine == engine else None


def require_isolation(home: Path, engine: EngineStatus, least: Level = "container") -> dict[str, str]:
    """What the self-test showed, as every execution stores it.

    SandboxRefused when the engine's level is below `least`, or a probe failed on it.
    """
    if LEVELS.index(engine.level) > LEVELS.index(least):
        raise SandboxRefused(
            f"This engine isolates at the level {engine.level}, and {least} is required",
            "Use another engine or runtime, or lower AXIOM_MIN_ISOLATION or the block's least isolation.",
        )
    result = last_self_test(home, engine)
    if result is None:
        return {"self_test": "not run on this engine; `axiom doctor` runs it"}
    if result.failed:
        names = ", ".join(p.name for p in result.failed)
        raise SandboxRefused(
            f"The self-test of {result.when[:10]} showed that this engine does not isolate: {names}",
            "Mend the engine, then run `axiom doctor` again.",
        )
    return {"self_test": f"all {len(result.probes)} probes held on {result.when[:10]}"}


def _kept(home: Path) -> Path:
    return home / "doctor.json"


def _require_image() -> None:
    from docker.errors import DockerException, ImageNotFound

    with connect(timeout=300) as client:
        try:
            client.images.get(IMAGE)
        except ImageNotFound:
            try:
                client.images.pull(IMAGE)
            except DockerException as error:
                raise SandboxRefused(f"The image {IMAGE} is not here and cannot be pulled", f"Run `docker pull {IMAGE}`.") from error


def _observations(log: Path) -> dict[str, object]:
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    found = next((line[len(MARK) :] for line in reversed(lines) if line.startswith(MARK)), "{}")
    try:
        seen = json.loads(found)
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


def _left(run: str) -> list[str]:
    with connect() as client:
        containers = client.api.containers(all=True, filters={"label": f"axiom.run={run}"})
        volumes = client.api.volumes(filters={"label": f"axiom.run={run}"}).get("Volumes") or []
    return [c["Names"][0] for c in containers] + [v["Name"] for v in volumes]


def _crash_is_cleaned_up(home: Path, job: Job) -> bool:
    """Start the job in a process of its own, kill that as the system would, and reap."""
    job = job.model_copy(update={"limits": job.limits.model_copy(update={"timeout_seconds": 600})})
    code = "import sys; from pathlib import Path; from tasks.adapters.container.running import run_job; from tasks.rules.sandbox.job import Job; run_job(Job.model_validate_json(sys.argv[1]), Path(sys.argv[2]))"
    process = subprocess.Popen(
        [sys.executable, "-c", code, job.model_dump_json(), str(home)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_running(job.id, process)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    reap(home)
    return not _left(job.run)


def _wait_until_running(job_id: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    with connect() as client:
        while time.monotonic() < end and process.poll() is None:
            found = client.api.containers(filters={"label": f"{JOB}={job_id}"})
            if any((c.get("Labels") or {}).get("axiom.role") != "keeper" for c in found):
                return
            time.sleep(0.2)
