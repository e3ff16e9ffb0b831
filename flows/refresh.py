"""The refresh as Prefect flow and tasks, one line each around flows/steps.py: `python -m flows.refresh`.

The only file that imports prefect, which takes seconds. Run without a server, Prefect starts one for the run.
"""

import os
import sys
from datetime import UTC, datetime

from prefect import flow, get_run_logger, task
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import releases, report, steps
from flows.settings import Settings
from flows.status import SourceCheck


@task(name="reachable")
def reachable(settings: Settings, names: list[str]) -> str | None:
    """Find out in seconds whether there is a network at all."""
    return steps.no_network(settings, steps.chosen(names))


@task(name="pull", task_run_name="pull {name}")
def pull(settings: Settings, name: str, now: datetime, no_network: str | None) -> SourceCheck:
    """Ask one source."""
    return steps.pull_and_note(settings, steps.chosen([name])[0], now, no_network)


@task(name="build, check and publish")
def build(settings: Settings, now: datetime) -> steps.Built:
    """Build the warehouse, draw the pages, publish both."""
    return steps.build(settings, now)


@flow(name="refresh", validate_parameters=False)
def refresh(names: list[str] | None = None) -> State[str]:
    """Pull every source in parallel, then build and publish; failed, with its name, when a source failed."""
    settings, now = Settings.from_env(os.environ), datetime.now(UTC)
    chosen = [source.NAME for source in steps.chosen(names or []) if source.HOSTS]
    with releases.locked(settings):
        releases.sweep(settings)
        before = releases.current(settings)
        no_network = reachable(settings, chosen)
        pulled = [pull.submit(settings, name, now, no_network) for name in chosen]
        checks = dict(zip(chosen, [future.result() for future in pulled], strict=True))
        done = steps.Report(checks, build(settings, now), before)
    words = report.refreshed(settings, done)
    get_run_logger().info(words)
    if done.failed_sources:
        return Failed(message=f"sources that failed: {', '.join(done.failed_sources)}")
    return Completed(message=words)


if __name__ == "__main__":
    state = refresh(return_state=True)
    sys.exit(0 if state.is_completed() else 1)
