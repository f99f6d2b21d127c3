"""Fill a Prefect server: work pools, blocks, deployments, the automation for runs whose worker died. Safe to repeat.

    python -m flows.local_platform.bootstrap POOL…

`axiom up` runs it beside the servers and reads its lines: `pools` when workers can start, `ready` when those of the
named pools are there.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.exceptions import PrefectException

from flows.local_platform.automation import watch_for_dead_workers
from flows.local_platform.services import POOL, SANDBOX_POOL, worker_name

ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 300.0
"""For servers and workers on a busy machine; a quiet one needs twenty."""


def main() -> None:
    """Fill the server that the environment names."""
    asyncio.run(_prepare())
    _tell("pools")
    deploying = subprocess.Popen(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"], cwd=ROOT, env=os.environ | {"PROJECT_DIR": str(ROOT)}
    )
    from blocks.register import register_blocks

    register_blocks()
    if deploying.wait() != 0:
        sys.exit("The deployments of prefect.yaml could not be made.")
    asyncio.run(_wait_for_workers(sys.argv[1:]))
    _tell("ready")


def _tell(word: str) -> None:
    print(word, flush=True)


async def _prepare() -> None:
    async with get_client() as client:
        await _until(client.hello)
        await make_pool(client, POOL, "process")
        await make_pool(client, SANDBOX_POOL, "docker-sandbox")
        await watch_for_dead_workers(client)
        await end_abandoned_runs(client)


async def make_pool(client: PrefectClient, name: str, kind: str) -> None:
    """The work pool, made or put right: the sandbox pool's template, which says a job's id and nothing else, is locked again."""
    from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
    from prefect.exceptions import ObjectAlreadyExists
    from prefect.workers.base import BaseWorker

    worker: Any = BaseWorker.get_worker_class_from_type(kind)
    template = worker.get_default_base_job_template()
    try:
        await client.create_work_pool(WorkPoolCreate(name=name, type=kind, base_job_template=template))
    except ObjectAlreadyExists:
        await client.update_work_pool(name, WorkPoolUpdate(base_job_template=template))


async def end_abandoned_runs(client: PrefectClient) -> None:
    """Runs that this platform's process worker was doing when it was stopped: nobody does them any more, so they have crashed."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType, WorkPoolFilter, WorkPoolFilterName
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    under_way = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]))
    runs = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=under_way), work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL]))
    )
    for run in runs:
        if run.labels.get("prefect.worker.name") == worker_name(POOL):
            await client.set_flow_run_state(run.id, Crashed(message="The platform was stopped while this ran."), force=True)


async def _wait_for_workers(pools: list[str]) -> None:
    async with get_client() as client:
        for pool in pools:

            async def online(pool: str = pool) -> None:
                workers = await client.read_workers_for_work_pool(pool)
                if not any(worker.status == "ONLINE" for worker in workers):
                    raise OSError(f"no worker of pool {pool} answers")

            await _until(online)


async def _until(ask: Any) -> None:
    """Ask until it works; raises what the last question raised."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            await ask()
            return
        except (httpx.HTTPError, PrefectException, OSError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)


if __name__ == "__main__":
    main()
