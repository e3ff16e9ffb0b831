"""Builds a warehouse: raw tables from what is landed, then every model of sql/, each checked.

The file is made under the given path and is closed and complete when `build` returns; publishing it is another step
(flows/releases.py). Nothing here reads the network.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from flows.analysis import all_computed
from flows.errors import TrendsError, WarehouseError
from flows.literals import quoted
from flows.runner import BuiltTable, create_table, run_models
from flows.settings import Settings

log = logging.getLogger(__name__)

# Every DuckDB from 1.2 on, and the browser build, read this format.
STORAGE_VERSION = "v1.2.0"
# A block of 256 KiB, the default, would be mostly empty in each of some hundred small tables. Without a log every
# commit is cheap; the file counts only when it is complete, so nothing would ever be recovered from one.
STORAGE = f"storage_version '{STORAGE_VERSION}', block_size 65536, recovery_mode 'no_wal_writes'"

Loader = Callable[[duckdb.DuckDBPyConnection], None]


def build(
    settings: Settings, path: Path, tables: Mapping[str, Mapping[str, str]], loaders: Sequence[Loader]
) -> list[BuiltTable]:
    """Make the warehouse at `path`.

    Args:
        settings: folders and memory limit.
        path: file to make; must not exist.
        tables: columns and types of every raw table by name, made empty before the loaders run.
        loaders: functions that fill raw tables.

    Returns:
        Every model's table with its number of rows, in build order.

    Raises:
        ModelError: a model's SQL or header is wrong.
        CheckFailed: the data breaks a promise.
        BadLanding: a source's files cannot be loaded.
        WarehouseError: the file cannot be written, or the build takes longer than it may.
    """
    temporary = settings.data / "tmp"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.memory_limit,
        "temp_directory": str(temporary),
    }
    try:
        with (
            closing(duckdb.connect(":memory:", config=config)) as con,
            limited([con], settings.build_seconds) as limit,
        ):
            con.execute(f"attach {quoted(str(path))} as warehouse ({STORAGE})")
            con.execute("use warehouse")
            con.execute("set timezone = 'UTC'")
            _create_raw_tables(con, tables)
            for load in loaders:
                load(con)
            # From here on only tables are read: a model that opens a file or an address fails.
            con.execute("set enable_external_access = false")
            built = run_models(con, settings.sql, all_computed(), limit)
            con.execute("checkpoint warehouse")
            con.execute("use memory")
            con.execute("detach warehouse")
    except duckdb.Error as error:
        raise WarehouseError(
            f"{path}: the warehouse could not be built: {error}. "
            "Check disk space and TRENDS_MEMORY_LIMIT; what was published stays as it is."
        ) from error
    return built


@contextmanager
def limited(connections: list[duckdb.DuckDBPyConnection], seconds: float) -> Iterator[list[duckdb.DuckDBPyConnection]]:
    """Interrupt the build after so many seconds, whatever DuckDB is doing, and again until it has stopped.

    More connections may be added to the list while it runs.
    """
    over, ended = threading.Event(), threading.Event()

    def interrupt() -> None:
        if not ended.wait(seconds):
            over.set()
        while over.is_set() and not ended.wait(0.05):
            for con in connections:
                con.interrupt()

    watch = threading.Thread(target=interrupt, daemon=True)
    watch.start()
    try:
        yield connections
    except (duckdb.Error, TrendsError) as error:
        if not over.is_set():
            raise
        raise WarehouseError(
            f"the warehouse: expected to be built within {seconds:g} s, found that it takes longer. "
            "Raise TRENDS_BUILD_SECONDS; what was published stays as it is."
        ) from error
    finally:
        ended.set()
        watch.join()


def _create_raw_tables(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Mapping[str, str]]) -> None:
    con.execute("create schema raw")
    for table, columns in tables.items():
        create_table(con, table, columns)
