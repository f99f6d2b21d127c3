"""The worker type `docker-sandbox`: a Docker work pool whose containers hold an untrusted command and nothing else.

    prefect worker start --pool axiom-sandbox --type docker-sandbox

Prefect's own Docker worker would put the flow, and with it the API's credentials, beside that command, and would give it
the host's network. This one takes from a flow run nothing but a job's id, and leaves the container to the one adapter
that makes sandboxes. The way to containers that it inherits is closed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
import anyio.to_thread
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Running
from prefect_docker.worker import DockerWorker, DockerWorkerJobConfiguration, DockerWorkerResult
from pydantic import Field

from tasks.adapters.container.job_lines import handed_on
from tasks.adapters.store import axiom_home
from tasks.errors import AxiomError
from tasks.rendering.bounded_lines import BoundedLines
from tasks.rules.sandbox.job import Job
from workers.claims import claimed, end_orphan, forget_claim, orphans, perform
from workers.reporting import report, still_wanted
from workers.states import refused_state, state_of, trouble_state
from workers.watching import watch

REPORT_SECONDS = 900.0
"""How long the API is asked again to take a state: an outage must not leave a run running for ever."""
GOODBYE_SECONDS = 20.0
"""The same for a worker that was told to stop."""


class SandboxJobConfiguration(DockerWorkerJobConfiguration):
    """What a flow run says to this worker: the id of a job. Everything else comes from the job's file and the policy."""

    job_id: str = Field(default="", description="The job to run, as the execution flow has written it.")

    def prepare_for_flow_run(self, *arguments: Any, **named: Any) -> None:
        """Prefect's preparation without what it would hand to a container: its settings, secrets and command."""
        super().prepare_for_flow_run(*arguments, **named)
        self.env.clear()
        self.volumes.clear()
        self.command, self.privileged = None, False


class SandboxWorker(DockerWorker):
    """Runs jobs in sandbox containers, streams their logs, and reports their end."""

    type = "docker-sandbox"
    job_configuration = SandboxJobConfiguration
    _description = "Runs the untrusted commands of Axiom's jobs in locked-down containers: no network, no credentials, no mounts."
    _display_name = "Axiom sandbox"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._running: dict[str, threading.Event] = {}
        """Jobs at work, each with the event that ends it."""

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """The locked template, also for a pool that somebody makes by hand."""
        return dict(json.loads((Path(__file__).parent / "sandbox-pool.json").read_text()))

    async def run(
        self,
        flow_run: FlowRun,
        configuration: DockerWorkerJobConfiguration,
        task_status: anyio.abc.TaskStatus[str] | None = None,
    ) -> DockerWorkerResult:
        """Do the job and report its end. The result is always good: what happened is the flow run's state."""
        job_id = str(getattr(configuration, "job_id", ""))
        if task_status is not None:
            task_status.started(job_id or "no job")
        if await still_wanted(self.client, flow_run.id, Running(), REPORT_SECONDS):
            claim = {"flow_run": str(flow_run.id), "pool": self._work_pool_name, "worker": self.name}
            try:
                with claimed(axiom_home(), job_id, claim) as job:
                    if await self._report(flow_run.id, await self._carry_out(flow_run, job)):
                        forget_claim(axiom_home(), job_id)
            except AxiomError as error:
                await self._report(flow_run.id, refused_state(error))
        return DockerWorkerResult(status_code=0, identifier=job_id or "no job")

    async def _carry_out(self, flow_run: FlowRun, job: Job) -> State[Any]:
        """Do the job while looking whether it is still wanted; returns the run's final state."""
        stop = self._running[job.id] = threading.Event()
        outcome = None
        try:
            with self._lines_of(flow_run, job) as on_line:
                async with anyio.create_task_group() as group:
                    group.start_soon(watch, self.client, flow_run, stop)
                    outcome = await _in_thread(partial(perform, axiom_home(), job, on_line, stop.is_set, self._is_stopping))
                    group.cancel_scope.cancel()
        except anyio.get_cancelled_exc_class():
            if not self._is_stopping():
                raise
        except Exception as error:  # the boundary: a bug of ours becomes a state with one sentence and a file with the traceback
            return trouble_state(error)
        finally:
            del self._running[job.id]
        return state_of(outcome)

    @contextmanager
    def _lines_of(self, flow_run: FlowRun, job: Job) -> Iterator[Callable[[str], None]]:
        """A sink for the job's lines: into the run's log as far as people read, and to the flow that waits for the job."""
        log = BoundedLines(self.get_flow_run_logger(flow_run).info, "lines are not shown here; the kept log has them.")
        with closing(log), handed_on(axiom_home(), job.id, job.limits.log_bytes) as hand_on:

            def on_line(line: str) -> None:
                hand_on(line)
                log.take(line)

            yield on_line

    def _is_stopping(self) -> bool:
        return not self.is_setup

    async def _report(self, flow_run_id: UUID, state: State[Any]) -> bool:
        return await report(self.client, flow_run_id, state, GOODBYE_SECONDS if self._is_stopping() else REPORT_SECONDS)

    async def _initialize_after_sync(self) -> None:
        """At the start and with every heartbeat: end what a worker that died has left, so that nothing runs on unseen."""
        await super()._initialize_after_sync()
        for job_id, claim in orphans(axiom_home(), self._work_pool_name):
            outcome = await _in_thread(partial(end_orphan, axiom_home(), job_id, self.name))
            if outcome is not None and await report(self.client, UUID(claim["flow_run"]), state_of(outcome), GOODBYE_SECONDS):
                self._logger.warning("Job %s of worker %s, which died: %s", job_id, claim.get("worker"), outcome.detail)
                forget_claim(axiom_home(), job_id)

    async def kill_infrastructure(
        self, infrastructure_pid: str, configuration: DockerWorkerJobConfiguration, grace_seconds: int = 30
    ) -> None:
        """End the job of this id, without a grace: nothing in a sandbox is worth one."""
        if infrastructure_pid in self._running:
            self._running[infrastructure_pid].set()

    def _create_and_start_container(self, *arguments: Any, **named: Any) -> Any:
        raise NotImplementedError("The worker type docker-sandbox makes no container but those of its jobs.")


async def _in_thread(work: Any) -> Any:
    """Run blocking work in a thread of its own: a job may take days, and must not use up the places of others."""
    return await anyio.to_thread.run_sync(work, limiter=anyio.CapacityLimiter(1))
