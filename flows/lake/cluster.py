"""Record-level work on a Dask cluster, as tasks of Prefect.

The scheduler's address is TRENDS_CLUSTER. Its workers have this program installed, and TRENDS_LAKE, TRENDS_LAKE_DATA
and the credentials in their own environment: a task carries names and numbers, and no address.
"""

import logging
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import duckdb

from ..errors import LakeError
from ..settings import Settings
from ..warehouse.models import Model
from ..warehouse.runner import create_model
from . import partitions
from .engine import attach
from .partitions import Run

log = logging.getLogger(__name__)

# How often a stage is looked over for parts that no attempt has ended, after a worker that died with them.
ROUNDS = 10
# Parts of each key where the cluster is not asked for more: a worker holds one at a time.
BUCKETS = 8


@contextmanager
def shared_out(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    wanted: Sequence[str] = (),
    inputs: Mapping[str, Sequence[str]] | None = None,
    bucket_count: int = BUCKETS,
) -> Iterator[Run]:
    """Make tables of records on the cluster; they are there until the block ends.

    Args:
        settings: where cluster and lake are.
        con: a connection that holds the staging tables, and gets the lake attached.
        wanted: qualified names of the tables; all that have @partition when none is given.
        inputs: Parquet files of a staging table, one part each, as the workers' file system names them; what has none
            is copied into the lake.
        bucket_count: parts of each key.

    Raises:
        LakeError: the cluster cannot be reached, or parts fail again and again.
        ModelError: a model is not a sum over partitions.
    """
    attach(con, settings)
    run = Run(settings, uuid4().hex[:12], wanted)
    try:
        run.begin(con, inputs or {}, bucket_count)
        _work(run, con)
        yield run
    finally:
        run.end(con)
        con.execute("detach lake")


def _work(run: Run, con: duckdb.DuckDBPyConnection) -> None:
    """Let the cluster make every stage, one after the other."""
    try:
        from prefect import flow, task
        from prefect.futures import wait
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise LakeError(
            f"TRENDS_CLUSTER: expected the packages of the optional group cluster, found that {error.name} is missing. "
            "pip install 'framework-trends[cluster]'."
        ) from error
    address = run.settings.cluster
    if not address:
        raise LakeError("TRENDS_CLUSTER: expected the address of a Dask scheduler, such as tcp://scheduler:8786.")
    part = task(name="part", task_run_name="stage {number}, part {part}", persist_result=False)(make_part)

    runner: Any = DaskTaskRunner(address=address)

    @flow(name="records", task_runner=runner, persist_result=False)
    def records() -> None:
        for number in range(len(run.stages)):
            run.prove(number)
            for _ in range(ROUNDS):
                if not (left := run.parts(con, number)):
                    break
                futures = [part.submit(run.run_id, run.wanted, number, each) for each in left]
                failed = [each.state.message for each in wait(futures).done if not each.state.is_completed()]
                log.info("Stage %d of %d: %d parts made", number + 1, len(run.stages), len(left) - len(failed))
            if left := run.parts(con, number):
                raise LakeError(
                    f"{address}: expected the parts {_few(left)} of stage {number + 1}, found that they failed "
                    f"{ROUNDS} times: {failed[0] if failed else 'no answer'}. See the logs of the workers."
                )

    try:
        records()
    except OSError as error:
        raise LakeError(f"{address}: expected a Dask scheduler, found none ({error}). Is it up?") from error


def given(settings: Settings, con: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> frozenset[str]:
    """Make tables of records of a build on the cluster, and put them into its warehouse.

    Args:
        settings: where cluster and lake are.
        con: the build's connection, its raw tables filled.
        models: the models that the build has to make, by qualified name.

    Returns:
        Names of the tables that are there now; their rules are the build's to check.
    """
    wanted = tuple(sorted(name for name, model in models.items() if model.partition))
    if not wanted:
        return frozenset()
    planned = partitions.stages(settings.sql, wanted)
    for stage in planned:
        for name in sorted(stage.reads):
            if name.startswith("staging."):
                create_model(con, partitions.model_at(settings.sql, name))
    with shared_out(settings, con, wanted) as run:
        made = [name for stage in planned for name in sorted(stage.made)]
        for name in made:
            con.execute(f"create or replace table {name} as {run.whole(con, name)}")
    return frozenset(made)


def make_part(run_id: str, wanted: Sequence[str], number: int, part: int) -> bool:
    """Make one part, on whatever host this runs: its own environment says where the lake is."""
    return partitions.run_part(Settings.from_env(os.environ), run_id, wanted, number, part)


def _few(parts: Collection[int]) -> str:
    return ", ".join(map(str, sorted(parts)[:5]))
