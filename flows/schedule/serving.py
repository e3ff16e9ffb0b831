"""Registers the deployments with a Prefect server and runs what is scheduled: `python -m flows.schedule.serving`.

`trends schedule` starts this beside a server (flows/schedule/processes.py). Runs follow each other, one at a time. What
was missed while nothing was served is made up for by one run at the start, which asks the sources that are due.
"""

import asyncio
import logging
import os
from datetime import UTC, datetime
from typing import Any

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Interval
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from ..refresh import steps
from ..refresh.health import anchor, every, is_due
from ..settings import Settings
from .flows import SOURCE_FLOWS, refresh

log = logging.getLogger(__name__)

TAG = "framework-trends"
SCHEDULED, ALL = "scheduled", "by-hand"


def served(settings: Settings) -> list[str]:
    """Names of the sources that are scheduled: those of TRENDS_SCHEDULE_SOURCES, or all that are pulled."""
    wanted = [name.strip() for name in settings.schedule_sources.split(",") if name.strip()]
    names = {source.NAME for source in steps.chosen(wanted)}
    return [name for name in SOURCE_FLOWS if name in names]


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """One a source at its cadence, and one without schedule for any sources at any time."""
    made = [
        SOURCE_FLOWS[name].to_deployment(
            SCHEDULED,
            schedule=Interval(every(settings, name), anchor_date=anchor(settings, name), timezone="UTC"),
            tags=[TAG, name],
            description=f"Asks {name} at its cadence, then builds and publishes what is new.",
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for name in served(settings)
    ]
    by_hand: Any = refresh.to_deployment(
        ALL,
        tags=[TAG],
        description="Asks the sources in `names`, or all of them, then builds and publishes what is new.",
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return [*made, by_hand]


class Server(Runner):
    """Prefect's runner, with a SIGTERM that stops its runs too: its own handler leaves a coroutine unawaited."""

    def handle_sigterm(self, *_: Any, **__: Any) -> None:
        """Stop taking runs, cancel the one at work, and let `start` return."""
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(lambda: setattr(self, "stop_task", loop.create_task(self.astop())))


async def serve(settings: Settings, made: list[RunnerDeployment]) -> None:
    """Register, make up for what was missed, and run what is scheduled until told to stop."""
    pause = min(10.0, settings.schedule_seconds or 10.0)
    runner = Server(name=TAG, limit=1, pause_on_shutdown=False, query_seconds=pause)
    ids = [await runner.aadd_deployment(deployment) for deployment in made]
    async with get_client() as client:
        await tidy(client, set(ids))
        due = [name for name in served(settings) if is_due(settings, name, datetime.now(UTC))]
        words = f"at start: {', '.join(due) or 'no source is due'}"
        await client.create_flow_run_from_deployment(ids[-1], parameters={"names": due}, name=words)
    log.warning("Serving %d schedules; %s", len(made) - 1, words)
    await runner.start()


async def tidy(client: PrefectClient, ours: set[Any]) -> None:
    """Clear away what an earlier life left: deployments of removed sources, missed runs, and runs that died with it."""
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    for deployment in await client.read_deployments(deployment_filter=tagged):
        if deployment.id not in ours:
            await client.delete_deployment(deployment.id)
    now = datetime.now(UTC)
    types = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    unfinished = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=types)))
    for run in await client.read_flow_runs(flow_run_filter=unfinished, deployment_filter=tagged):
        if run.state and run.state.is_scheduled():
            if run.next_scheduled_start_time is None or run.next_scheduled_start_time <= now:
                await client.delete_flow_run(run.id)
        else:
            dead: Any = Crashed(message="The process that served this run has ended.")
            await client.set_flow_run_state(run.id, dead, force=True)


if __name__ == "__main__":
    found = Settings.from_env(os.environ)
    asyncio.run(serve(found, deployments(found)))
