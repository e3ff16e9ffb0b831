"""The tasks of Prefect that a Dask cluster runs; importing this takes seconds, so only a build on a cluster does.

They stand by themselves, since a worker imports them by name, and their arguments are names and numbers: what Prefect
and Dask keep and show of a task tells no address.
"""

import logging
import os
from collections.abc import Callable
from typing import Any

from prefect import flow, task
from prefect.futures import wait
from prefect_dask.task_runners import DaskTaskRunner

from ..errors import LakeError
from ..settings import Settings
from .engine import connected
from .partitions import Run, run_part

log = logging.getLogger(__name__)

# How often a stage is looked over for parts that no attempt has ended, after a worker that died with them.
ROUNDS = 10


@task(name="part", task_run_name="stage {number}, part {part}", persist_result=False)
def make_part(run_id: str, wanted: list[str], number: int, part: int) -> bool:
    """Make one part, on whatever host this runs: its own environment says where the lake is."""
    return run_part(Settings.from_env(os.environ), run_id, tuple(wanted), number, part)


@flow(name="records", persist_result=False)
def records(run_id: str, wanted: list[str]) -> None:
    """Make every stage of a run that was begun, one after the other."""
    run = Run(Settings.from_env(os.environ), run_id, tuple(wanted))
    for number in range(len(run.stages)):
        run.prove(number)
        failed: list[str | None] = []
        for _ in range(ROUNDS):
            if not (left := _left(run, number)):
                break
            futures = [make_part.submit(run_id, wanted, number, part) for part in left]
            failed = [each.state.message for each in wait(futures).done if not each.state.is_completed()]
            log.info("Stage %d of %d: %d parts made", number + 1, len(run.stages), len(left) - len(failed))
        if left := _left(run, number):
            raise LakeError(
                f"run {run_id}: expected stage {number + 1} of {len(run.stages)} to be made, found that {len(left)} "
                f"parts failed {ROUNDS} times: {failed[0] if failed else 'no answer'}. See the logs of the workers."
            )


def _left(run: Run, number: int) -> list[int]:
    with connected(run.settings) as con:
        return run.parts(con, number)


def on(address: str) -> Callable[[str, list[str]], Any]:
    """The flow with its tasks on the cluster of this scheduler."""
    runner: Any = DaskTaskRunner(address=address)
    return records.with_options(task_runner=runner)
