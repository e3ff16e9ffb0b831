"""Tells a Prefect server to have the runs of dead workers done by others: `python -m flows.schedule.pool`.

A run gives a sign every half minute (deploy/prefect.yaml). Where none comes, its worker or the whole host has died: an
automation of the server puts the run back into the queue, from which any worker of the pool takes it. Should it be
alive after all, the second waits for the lock of its source, and finds nothing new.
"""

import asyncio
import sys
from datetime import timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.settings import PREFECT_API_URL

from ..errors import ScheduleError
from .serving import TAG

NAME = f"{TAG}: runs of workers that died"
SIGN = "prefect.flow-run.heartbeat"
ENDS = [f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Crashed", "Cancelling", "Cancelled")]
SILENT_SECONDS = 90.0  # three signs that did not come


def automation(silent_seconds: float = SILENT_SECONDS) -> AutomationCore:
    """The rule: a run of ours that gave a sign, and neither another nor its end, is scheduled again."""
    return AutomationCore(
        name=NAME,
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(
                {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}
            ),
            for_each={"prefect.resource.id"},
            after={SIGN},
            expect={SIGN, *ENDS},
            threshold=1,
            within=timedelta(seconds=silent_seconds),
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.SCHEDULED,
                name="AwaitingRetry",
                message=f"No sign of its worker for {silent_seconds:g} s: another one does it.",
                force=False,
            )
        ],
    )


async def register(made: AutomationCore) -> None:
    """Make the rule, or bring the one of its name up to date.

    Raises:
        ScheduleError: no server is named; Prefect would start one of its own, which ends with us, and the rule with it.
    """
    if not PREFECT_API_URL.value():
        raise ScheduleError(
            "PREFECT_API_URL: expected the address of the server whose pool this is, found none. Set it, such as "
            "http://127.0.0.1:4200/api, and run this again."
        )
    async with get_client() as client:
        if held := await client.read_automations_by_name(made.name):
            await client.update_automation(held[0].id, made)
        else:
            await client.create_automation(made)


if __name__ == "__main__":
    try:
        asyncio.run(register(automation()))
    except ScheduleError as error:
        sys.exit(str(error))
