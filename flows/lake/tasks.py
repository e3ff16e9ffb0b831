"""The tasks of Prefect that a Dask cluster runs; importing this takes seconds, so only a build on a cluster does.

They stand by themselves, since a worker imports them by name, and their arguments are names and numbers: what Prefect
and Dask keep and show of a task tells no address.
"""

import logging
import os
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
from prefect import flow, task
from prefect.futures import wait
from prefect_dask.task_runners import DaskTaskRunner

from ..errors import LakeError
from ..settings import Settings
from .engine import connected
from .partitions import Run, run_part
from .planning import waves

log = logging.getLogger(__name__)

# How often a stage is looked over for parts that no attempt has ended, after a worker that died with them.
ROUNDS = 10


@task(name="part", task_run_name="stage {number}, part {part}", persist_result=False)
def make_part(run_id: str, wanted: list[str], number: int, part: int) -> bool:
    """Make one part, on whatever host this runs: its own environment says where the lake is."""
    return run_part(Settings.from_env(os.environ), run_id, tuple(wanted), number, part)


@flow(name="records", persist_result=False)
def records(run_id: str, wanted: list[str]) -> None:
    """Make every stage of a run that was begun; what waits for nothing of another is made beside it."""
    run = Run(Settings.from_env(os.environ), run_id, tuple(wanted))
    with connected(run.settings, run_id=run_id) as con:
        for numbers in waves(run.stages):
            _make_wave(run, con, numbers)


def _make_wave(run: Run, con: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> None:
    """Make stages that wait for none of each other."""
    failed: list[str | None] = []
    for turn in range(ROUNDS + 1):
        left = [(number, part) for number in numbers for part in run.parts(con, number)]
        if not left:
            return
        if turn < ROUNDS:
            futures = [make_part.submit(run.run_id, list(run.wanted), number, part) for number, part in left]
            failed = [each.state.message for each in wait(futures).done if not each.state.is_completed()]
            log.info("Stages %s: %d parts made, %d failed", numbers, len(left) - len(failed), len(failed))
    raise LakeError(
        f"run {run.run_id}: expected every part to be made, found that {len(left)} failed {ROUNDS} times: "
        f"{failed[0] if failed else 'no answer'}. See the logs of the workers."
    )


def on(address: str) -> Callable[[str, list[str]], Any]:
    """The flow with its tasks on the cluster of this scheduler."""
    runner: Any = DaskTaskRunner(address=address)
    return records.with_options(task_runner=runner)
