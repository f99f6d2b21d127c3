"""The first attempt of an execution begun while Prefect's server is still starting, when nothing has to be built.

It is the very job the flow would run: the same facts, rules and policy give it. The flow's step takes it over with the
lines it printed so far; a job that the flow does not ask for is ended and counts for nothing.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from tasks.adapters.checkout import Checkout, entry_date, read_evidence
from tasks.adapters.container.job_folder import write_outcome
from tasks.adapters.container.running import engine_status, run_job
from tasks.adapters.environment.image import find_environment
from tasks.adapters.self_test import require_isolation
from tasks.errors import AxiomError, UserError
from tasks.evidence.child import ALL_SECTIONS
from tasks.rendering.output_line import output_line
from tasks.rendering.terminal import agent_line
from tasks.rules.execution.jobs import make_job
from tasks.rules.execution.plan import CannotRun
from tasks.rules.execution.planning import plan_execution
from tasks.rules.execution.request import ExecutionRequest
from tasks.rules.sandbox.isolation import Level
from tasks.rules.sandbox.job import Job, JobOutcome

progress = logging.getLogger("axiom.progress")
ENDING_SECONDS = 30.0


class EarlyTraining:
    """One job on its way, or nothing: not every execution can begin early."""

    def __init__(self, home: Path, checkout: Checkout, request: ExecutionRequest, least: Level) -> None:
        self.key = f"x{uuid.uuid4().hex[:20]}"
        self.job: Job | None = None
        self.outcome: JobOutcome | None = None
        self.started = time.time()
        """Unix seconds before which nothing of this job can have happened."""
        self.refused: UserError | None = None
        """A mistake of the user that the flow would meet too: an entrypoint that is none, an engine that isolates too little."""
        self._home = home
        self._unwanted = threading.Event()
        self._guard = threading.Lock()
        self._lines: list[str] = []
        self._sink: Callable[[str], None] | None = None
        self._prepared = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(checkout, request, least), name="early-training", daemon=True)
        self._thread.start()

    def prepared(self, seconds: float = 60.0) -> Job | None:
        """The job that was begun; None when there is nothing that could begin early."""
        self._prepared.wait(seconds)
        return self.job

    def take(self, on_line: Callable[[str], None]) -> JobOutcome | None:
        """Hand on every line, those printed before first, and wait for the end; None when it broke on our side."""
        with self._guard:
            for line in self._lines:
                on_line(line)
            self._lines, self._sink = [], on_line
        self._thread.join()
        return self.outcome

    def end(self) -> None:
        """End the job, if it still runs, and wait until its container is gone."""
        self._unwanted.set()
        self._thread.join(ENDING_SECONDS)

    def _run(self, checkout: Checkout, request: ExecutionRequest, least: Level) -> None:
        try:
            job = _first_job(self._home, self.key, checkout, request, least)
            self.job = job
            self._prepared.set()
            if job is not None:
                progress.info(agent_line("training_execution", None, 0.0, f"attempt 1: {' '.join(job.command)}"))
                self.outcome = run_job(job, self._home, self._on_line, self._unwanted.is_set)
                write_outcome(self._home, job.id, self.outcome)
        except UserError as error:
            self.job, self.refused = None, error
        except (AxiomError, OSError, ValueError):
            # The flow's own steps meet it again and tell it.
            self.job = None
        finally:
            self._prepared.set()

    def _on_line(self, line: str) -> None:
        progress.info(f"  {output_line(line)}")
        with self._guard:
            if self._sink is None:
                self._lines.append(line)
            else:
                self._sink(line)


def _first_job(home: Path, key: str, checkout: Checkout, request: ExecutionRequest, least: Level) -> Job | None:
    require_isolation(home, engine_status(), least)
    evidence, _ = read_evidence(checkout, ALL_SECTIONS)
    plan = plan_execution(evidence, checkout.manifest(), request, lambda file: entry_date(checkout, file))
    built = None if isinstance(plan, CannotRun) else find_environment(plan.environment)
    if isinstance(plan, CannotRun) or built is None:
        return None
    return make_job(key, "train", 1, plan.train, plan, built.image, request.limits, str(checkout.tree))


_begun: list[EarlyTraining] = []


def begin(home: Path, checkout: Checkout, request: ExecutionRequest, least: Level) -> EarlyTraining:
    """Begin now, at this level of isolation at least; `begun` finds it. One execution a process."""
    early = EarlyTraining(home, checkout, request, least)
    _begun[:] = [early]
    return early


def begun() -> EarlyTraining | None:
    """What this process has begun early, if it has."""
    return _begun[0] if _begun else None
