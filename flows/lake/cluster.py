"""Record-level work on a Dask cluster, as tasks of Prefect.

The scheduler's address is TRENDS_CLUSTER. Its workers have this program installed, and TRENDS_LAKE, TRENDS_LAKE_DATA
and the credentials in their own environment: a task carries names and numbers, and no address.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import uuid4

import duckdb

from ..errors import LakeError
from ..settings import Settings
from ..warehouse.models import Model
from ..warehouse.runner import create_model
from .engine import attach_work, told
from .partitions import Run
from .planning import model_at, stages


@contextmanager
def shared_out(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    wanted: Sequence[str] = (),
    inputs: Mapping[str, Sequence[str]] | None = None,
    bucket_count: int | None = None,
) -> Iterator[Run]:
    """Make tables of records on the cluster; they are there until the block ends.

    Args:
        settings: where cluster and lake are.
        con: a connection that holds the staging tables, and gets the run's catalogue attached as `work`.
        wanted: qualified names of the tables; all that have @partition when none is given.
        inputs: Parquet files of a staging table, one part each, as the workers' file system names them; what has none
            is copied beside the lake.
        bucket_count: parts of each key; by the number of records without.

    Raises:
        LakeError: the cluster cannot be reached, or parts fail again and again.
        ModelError: a model is not a sum over partitions.
    """
    run = Run(settings, uuid4().hex[:12], wanted)
    with told(settings):
        attach_work(con, settings, run.run_id)
        try:
            run.begin(con, inputs or {}, bucket_count)
            _work(run)
            yield run
        finally:
            run.end(con)


def _work(run: Run) -> None:
    """Let the cluster make every stage."""
    address = run.settings.cluster
    if not address:
        raise LakeError("TRENDS_CLUSTER: expected the address of a Dask scheduler, such as tcp://scheduler:8786.")
    try:
        from . import tasks
    except ImportError as error:
        raise LakeError(
            f"TRENDS_CLUSTER: expected the packages of the optional group cluster, found that {error.name} is missing. "
            "pip install 'framework-trends[cluster]'."
        ) from error
    try:
        tasks.on(address)(run.run_id, list(run.wanted))
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
    planned = stages(settings.sql, wanted)
    for stage in planned:
        for name in sorted(stage.reads):
            if name.startswith("staging."):
                create_model(con, model_at(settings.sql, name))
    with shared_out(settings, con, wanted) as run:
        # What is kept and only read on the way was made without the columns that nobody asks there.
        for name in wanted:
            con.execute(f"create or replace table {name} as {run.whole(con, name)}")
    return frozenset(wanted)
