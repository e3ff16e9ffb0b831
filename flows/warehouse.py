"""Builds a warehouse: raw tables from what is landed, then every model of sql/, each checked.

The file is made under the given path and is closed and complete when `build` returns; publishing it is another step
(flows/releases.py). Nothing here reads the network.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.analysis import Computed, all_computed
from flows.errors import CheckFailed, ModelError, TrendsError, WarehouseError
from flows.literals import insert_rows, quoted
from flows.models import Model, read_models
from flows.settings import Settings

log = logging.getLogger(__name__)

# Every DuckDB from 1.2 on, and the browser build, read this format.
STORAGE_VERSION = "v1.2.0"
SHOWN_ROWS = 3

Loader = Callable[[duckdb.DuckDBPyConnection], None]


@dataclass(frozen=True)
class BuiltTable:
    """One table of the warehouse: its qualified name and number of rows."""

    table: str
    row_count: int


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
        with closing(duckdb.connect(":memory:", config=config)) as con, limited(con, settings.build_seconds):
            con.execute(f"attach {quoted(str(path))} as warehouse (storage_version '{STORAGE_VERSION}')")
            con.execute("use warehouse")
            con.execute("set timezone = 'UTC'")
            # One transaction: a commit for each of some hundred statements would write to the disk as often.
            con.execute("begin")
            _create_raw_tables(con, tables)
            for load in loaders:
                load(con)
            # From here on only tables are read: a model that opens a file or an address fails.
            con.execute("set enable_external_access = false")
            built = run_models(con, settings.sql, all_computed())
            con.execute("commit")
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
def limited(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt the build after so many seconds, whatever DuckDB is doing, and again until it has stopped."""
    over, ended = threading.Event(), threading.Event()

    def interrupt() -> None:
        if not ended.wait(seconds):
            over.set()
        while over.is_set() and not ended.wait(0.05):
            con.interrupt()

    watch = threading.Thread(target=interrupt, daemon=True)
    watch.start()
    try:
        yield
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


def run_models(con: duckdb.DuckDBPyConnection, folder: Path, computed: Sequence[Computed] = ()) -> list[BuiltTable]:
    """Create and check every model below `folder`, then write what the reader should know to marts.data_notes.

    A computed table is filled right before the first model that reads it, when all that it reads is built.
    """
    for macros in sorted((folder / "macros").glob("*.sql")):
        con.execute(macros.read_text(encoding="utf-8"))
    for layer in ("staging", "intermediate", "marts"):
        con.execute(f"create schema if not exists {layer}")
    models = read_models(folder, con, {table.qualified: table.reads for table in computed})
    waiting = {table.qualified: table for table in computed}
    built: list[BuiltTable] = []
    notes: list[tuple[str, str, int, int]] = []
    for number, model in enumerate(models, start=1):
        for table in sorted(model.reads & waiting.keys()):
            fill_computed(con, waiting.pop(table))
        started = time.perf_counter()
        if model.layer == "checks":
            row_count = run_check(con, model)
        else:
            create_model(con, model)
            row_count, noted = check_rules(con, model)
            notes += noted
            built.append(BuiltTable(model.table, row_count))
        seconds = time.perf_counter() - started
        log.info("[%*d/%d] %-52s %11s rows %6.2fs", 3, number, len(models), model.table, f"{row_count:,}", seconds)
    _write_data_notes(con, notes)
    return built


def fill_computed(con: duckdb.DuckDBPyConnection, computed: Computed) -> None:
    """Create a raw table that Python computes, and fill it."""
    started = time.perf_counter()
    create_table(con, computed.table, computed.columns)
    rows = computed.compute(con)
    insert_rows(con, computed.qualified, rows)
    seconds = time.perf_counter() - started
    log.info("[computed] %-51s %11s rows %6.2fs", computed.qualified, f"{len(rows):,}", seconds)


def create_model(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Create one model's table (a view in staging) with its comments."""
    kind = "view" if model.layer == "staging" else "table"
    try:
        con.execute(f"create or replace {kind} {model.table} as\n{model.query}")
        columns = [column[0] for column in con.execute(f"select * from {model.table} limit 0").description or ()]
    except duckdb.Error as error:
        raise ModelError(f"{model.path}: {error}") from error
    if columns != list(model.columns):
        raise ModelError(
            f"{model.path}: the header's @column lines name {list(model.columns)}, the query returns {columns}. "
            "Make them the same, in the same order."
        )
    comments = [f"comment on {kind} {model.table} is {quoted(model.description)}"]
    comments += [
        f"comment on column {model.table}.{column} is {quoted(meaning)}" for column, meaning in model.columns.items()
    ]
    con.execute("; ".join(comments))


def check_rules(con: duckdb.DuckDBPyConnection, model: Model) -> tuple[int, list[tuple[str, str, int, int]]]:
    """Check grain and rules of one model; return its number of rows, and what the reader should know."""
    grain = ", ".join(model.grain)
    doubled = f"select {grain}, count(*) as row_count from {model.table} group by {grain} having count(*) > 1"
    rules = [*model.fails, *(warn.rule for warn in model.warns)]
    # A rule must be true: a null breaks it. One statement for all, since there are some hundred models.
    counted = [f"(select count(*) from ({doubled}))", "count(*)"]
    counted += [f"count(*) filter (where ({rule}) is not true)" for rule in rules]
    try:
        doubled_count, row_count, *broken = con.execute(f"select {', '.join(counted)} from {model.table}").fetchall()[0]
    except duckdb.Error as error:
        raise ModelError(f"{model.path}: a @grain, @fail or @warn line cannot be run: {error}") from error
    if doubled_count:
        raise _failure(con, model, f"@grain {grain}", doubled)
    for rule, broken_count in zip(model.fails, broken, strict=False):
        if broken_count:
            raise _failure(con, model, rule, f"select * from {model.table} where ({rule}) is not true")
    warned = zip(model.warns, broken[len(model.fails) :], strict=True)
    noted = [(model.table, warn.meaning, broken_count, row_count) for warn, broken_count in warned if broken_count]
    return row_count, noted


def run_check(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Run a check of sql/checks: its query returns the rows that break a promise between tables."""
    try:
        broken_count = count(con, f"select count(*) from (\n{model.query}\n)")
    except duckdb.Error as error:
        raise ModelError(f"{model.path}: {error}") from error
    if broken_count:
        raise _failure(con, model, model.description, model.query)
    return broken_count


def count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """First cell of a query that counts."""
    return int(con.execute(query).fetchall()[0][0])


def create_table(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    """Create an empty table `raw.<table>`."""
    typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    con.execute(f"create table raw.{table} ({typed})")


def _create_raw_tables(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Mapping[str, str]]) -> None:
    con.execute("create schema raw")
    for table, columns in tables.items():
        create_table(con, table, columns)


def _failure(con: duckdb.DuckDBPyConnection, model: Model, rule: str, query: str) -> CheckFailed:
    found = con.execute(f"select * from (\n{query}\n) limit {SHOWN_ROWS}")
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    shown = "; ".join(str({name: str(value) for name, value in row.items()}) for row in rows)
    return CheckFailed(
        f"{model.table} breaks '{rule}'. First rows: {shown}. "
        f"The release was not published. See {model.path.name}; the rows come from: {' '.join(query.split())}"
    )


def _write_data_notes(con: duckdb.DuckDBPyConnection, notes: list[tuple[str, str, int, int]]) -> None:
    con.execute(
        "create or replace table marts.data_notes "
        "(model varchar, note varchar, row_count bigint, model_row_count bigint)"
    )
    insert_rows(con, "marts.data_notes", notes)
    comments = {
        "model": "table whose rows the note speaks of",
        "note": "what the reader should know",
        "row_count": "rows of the table that the note concerns",
        "model_row_count": "rows of the table",
    }
    con.execute("comment on table marts.data_notes is 'What the @warn rules of the models found in this build.'")
    for column, meaning in comments.items():
        con.execute(f"comment on column marts.data_notes.{column} is {quoted(meaning)}")
