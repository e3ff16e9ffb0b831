"""Builds a warehouse: raw tables from what is landed, then every model of sql/, each checked.

The file is made under the given path and is closed and complete when `build` returns; publishing it is another step
(flows/release/releases.py). Nothing here reads the network.
"""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from ..errors import TrendsError, WarehouseError
from ..settings import Settings
from ..sql_text import first_line, quoted
from .analysis import all_computed
from .keys import BASE, BEFORE, Keys, code_key, content_key
from .keys import read as read_keys
from .models import Model, read_models
from .runner import BuiltTable, Elsewhere, create_model, create_table, prepared, run_models

log = logging.getLogger(__name__)

# Every DuckDB from 1.2 on, and the browser build, read this format.
STORAGE_VERSION = "v1.2.0"
# A block of 256 KiB, the default, would be mostly empty in each of some hundred small tables. Row groups of a third of
# the default leave less to the last checkpoint, which only one core works at. Without a log every commit is cheap; the
# file counts only when it is complete, so nothing would ever be recovered from one.
STORAGE = f"storage_version '{STORAGE_VERSION}', block_size 65536, row_group_size 40960, recovery_mode 'no_wal_writes'"

# Trying FSST takes a quarter of loading and a third of the last checkpoint, and PACKED texts are smaller without it.
# Files are read once, so keeping what was read is a copy for nothing.
SESSION = "set timezone = 'UTC'; set disabled_compression_methods = 'fsst'; set enable_external_file_cache = false"

SIZE = "select used_blocks, free_blocks from pragma_database_size() where database_name = 'warehouse'"
# A copy of the previous release is built on while at most this part of it is empty.
MOST_FREE = 0.5


@dataclass(frozen=True)
class Loader:
    """Fills raw tables that belong together.

    Attributes:
        tables: columns and their types of each raw table; they are empty when `fill` runs.
        fill: inserts the rows.
        key: checksum over what the rows come from, beside the code; without it the rows themselves are compared.
    """

    tables: Mapping[str, Mapping[str, str]]
    fill: Callable[[duckdb.DuckDBPyConnection], None]
    key: str | None = None

    def load(self, con: duckdb.DuckDBPyConnection) -> None:
        """Create the tables, in place of those that may be there, and fill them."""
        for table, columns in self.tables.items():
            create_table(con, table, columns)
        self.fill(con)


def build(
    settings: Settings,
    path: Path,
    loaders: Sequence[Loader],
    before: Path | None = None,
    elsewhere: Elsewhere | None = None,
) -> list[BuiltTable]:
    """Make the warehouse at `path`.

    Args:
        settings: folders and memory limit.
        path: file to make; must not exist.
        loaders: fill the raw tables.
        before: a finished warehouse; its tables whose inputs and code are the same are taken over.
        elsewhere: makes some of the tables in another way (see run_models).

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
            con.execute(SESSION)
            keys = _begin(con, path, before, code_key(settings))
            computed = all_computed()
            # Loading is the engine's work and parsing Python's, so they overlap; `run_models` finds it done.
            with closing(con.cursor()) as own, ThreadPoolExecutor(max_workers=1) as pool:
                pool.submit(read_models, settings.sql, own, {table.qualified: table.reads for table in computed})
                for loader in loaders:
                    _load(con, loader, keys)
            built = run_models(con, settings.sql, computed, keys, limit, partial(_sealed, elsewhere))
            con.execute("checkpoint warehouse")
            con.execute("use memory")
            con.execute("detach warehouse")
    except duckdb.Error as error:
        raise WarehouseError(
            f"{path}: the warehouse could not be built: {error}. "
            "Check disk space and TRENDS_MEMORY_LIMIT; what was published stays as it is."
        ) from error
    return built


def _sealed(elsewhere: Elsewhere | None, con: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> frozenset[str]:
    """Make tables elsewhere; from then on only tables are read: a model that opens a file or an address fails."""
    given = elsewhere(con, models) if elsewhere else frozenset()
    con.execute("set enable_external_access = false")
    return given


def rows_of(settings: Settings, loaders: Sequence[Loader], table: str) -> list[tuple[Any, ...]]:
    """Rows of one model, made in memory from what the loaders fill and the models that it is made of.

    Raises:
        WarehouseError: the same errors as of `build`.
    """
    config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": settings.memory_limit, "threads": 1}
    try:
        with closing(duckdb.connect(":memory:", config=config)) as con:
            con.execute(SESSION)
            con.execute("create schema raw")
            models = {model.table: model for model in prepared(con, settings.sql, all_computed())}
            needed = _needed(table, models)
            raw = {name.partition(".")[2] for model in needed for name in model.reads if name.startswith("raw.")}
            for loader in loaders:
                if raw & loader.tables.keys():
                    loader.load(con)
            for model in needed:
                create_model(con, model)
            return con.execute(f"select * from {table}").fetchall()
    except duckdb.Error as error:
        raise WarehouseError(f"{table} could not be made: {error}. Check TRENDS_MEMORY_LIMIT.") from error


def _needed(table: str, models: Mapping[str, Model]) -> list[Model]:
    """The model of a table and all that it is made of, each after those that it reads."""
    found: dict[str, Model] = {}

    def add(name: str) -> None:
        if name in models and name not in found:
            for read in sorted(models[name].reads):
                add(read)
            found[name] = models[name]

    add(table)
    return list(found.values())


def _begin(con: duckdb.DuckDBPyConnection, path: Path, before: Path | None, base: str) -> Keys:
    """Attach the file to build: a copy of the warehouse before if its tables may be right still, or an empty one."""
    if before is not None and before.is_file():
        try:
            shutil.copyfile(before, path)
            _attach(con, path)
            held = read_keys(con)
            used, free = con.execute(SIZE).fetchall()[0]
            if BASE in held and held[BASE].key == base and free <= MOST_FREE * (used + free):
                con.execute(f"attach {quoted(str(before))} as {BEFORE} (read_only)")
                return Keys(base, held, compares=True)
            con.execute("use memory; detach warehouse")
        except (duckdb.Error, OSError) as error:
            log.info("%s: cannot be built on, so every table is made anew: %s", before, first_line(error))
            con.execute("use memory; detach database if exists warehouse")
        path.unlink(missing_ok=True)
    _attach(con, path)
    con.execute("create schema raw")
    return Keys(base)


def _attach(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    con.execute(f"attach {quoted(str(path))} as warehouse ({STORAGE})")
    con.execute("use warehouse")


def _load(con: duckdb.DuckDBPyConnection, loader: Loader, keys: Keys) -> None:
    """Load what is not held already, and give the tables their keys."""
    names = [f"raw.{table}" for table in loader.tables]
    if loader.key is None:
        loader.load(con)
    is_held = [keys.add(name, content_key(con, name) if loader.key is None else loader.key) for name in names]
    if loader.key is not None and not all(is_held):
        loader.load(con)
        for name in names:
            keys.compare(con, name)


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
                with suppress(duckdb.ConnectionException):  # closed: its work has ended
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
