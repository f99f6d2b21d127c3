"""Telling Prefect's API a run's state, over an outage if need be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import anyio
import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State
from prefect.exceptions import Abort, ObjectNotFound, PrefectException

PAUSE_SECONDS = 2.0


async def report(client: PrefectClient, flow_run_id: UUID, state: State[Any], seconds: float) -> bool:
    """Set a final state, also while the worker is being stopped; False when the API did not take it in time.

    A run that is gone or has ended otherwise needs nothing more.
    """
    with anyio.CancelScope(shield=True):
        taken = await _set(client, flow_run_id, state, seconds)
    return taken is not None


async def still_wanted(client: PrefectClient, flow_run_id: UUID, state: State[Any], seconds: float) -> bool:
    """Whether the run may go to this state: it was not cancelled while it waited."""
    answer = await _set(client, flow_run_id, state, seconds)
    return isinstance(answer, State) and answer.type == state.type


async def _set(client: PrefectClient, flow_run_id: UUID, state: State[Any], seconds: float) -> State[Any] | str | None:
    """The state the run has then; a word when it takes none; None when nobody answered in time."""
    with anyio.move_on_after(seconds):
        while True:
            try:
                answer = await client.set_flow_run_state(flow_run_id, state)
            except (Abort, ObjectNotFound):
                return "refused"
            except (httpx.HTTPError, PrefectException, OSError):
                await anyio.sleep(PAUSE_SECONDS)
            else:
                return answer.state if answer.state is not None else "refused"
    return None
