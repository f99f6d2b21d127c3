"""The automation that ends runs nobody does any more.

A process that is killed cannot report, and Prefect leaves its run running for ever. While it lived it sent heartbeats; when
they stop and no end was reported, the run has crashed. Workers of ours find their own orphans sooner: this is for those
whose worker never came back.
"""

from __future__ import annotations

from datetime import timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

NAME = "axiom: runs whose process died"
SILENCE = timedelta(seconds=100)
"""Three heartbeats, each 30 s, and some patience."""
HEARTBEAT = "prefect.flow-run.heartbeat"
ENDS = ("Completed", "Failed", "Crashed", "Cancelled", "Cancelling", "TimedOut", "Refused", "Suspended", "AwaitingRetry")
ENDED = {f"prefect.flow-run.{state}" for state in ENDS}


async def watch_for_dead_workers(client: PrefectClient) -> None:
    """Make the automation, or put it right."""
    wanted = AutomationCore(
        name=NAME,
        description="A run that sent heartbeats and stopped, with no end reported, has crashed.",
        trigger=EventTrigger(
            after={HEARTBEAT},
            expect={HEARTBEAT} | ENDED,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed", state=StateType.CRASHED, force=False, message="No heartbeat any more: its process or worker died."
            )
        ],
    )
    found = await client.read_automations_by_name(NAME)
    if found:
        await client.update_automation(found[0].id, wanted)
    else:
        await client.create_automation(wanted)
