"""While a job runs: is its flow run still wanted? And a heartbeat, since no flow process gives one."""

from __future__ import annotations

import threading
import time

import anyio
import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.events import emit_event
from prefect.exceptions import ObjectNotFound, PrefectException

LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 30.0
HEARTBEAT = "prefect.flow-run.heartbeat"


async def watch(client: PrefectClient, flow_run: FlowRun, stop: threading.Event) -> None:
    """Set `stop` when the run is cancelled, deleted or ended by somebody else, or when this watch itself is ended.

    An API that does not answer ends nothing: the job goes on, and its end is reported when the API is back.
    """
    beaten = -HEARTBEAT_SECONDS
    try:
        while not stop.is_set():
            if time.monotonic() - beaten >= HEARTBEAT_SECONDS:
                beaten = time.monotonic()
                _beat(flow_run)
            if not await _is_wanted(client, flow_run):
                stop.set()
            await anyio.sleep(LOOK_SECONDS)
    finally:
        stop.set()


def _beat(flow_run: FlowRun) -> None:
    resource = {"prefect.resource.id": f"prefect.flow-run.{flow_run.id}", "prefect.resource.name": flow_run.name}
    emit_event(HEARTBEAT, resource)


async def _is_wanted(client: PrefectClient, flow_run: FlowRun) -> bool:
    try:
        state = (await client.read_flow_run(flow_run.id)).state
    except ObjectNotFound:
        return False
    except (httpx.HTTPError, PrefectException, OSError):
        return True
    return state is None or not (state.is_cancelling() or state.is_final())
