"""Fills raw tables from many landed files at once: DuckDB reads them where they lie."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from typing import Any

from ..engine import duckdb
from ..errors import SourceError
from ..sql_text import Value, first_line, literal, paths, quoted
from .landing import LandedFile

LARGEST_OBJECT = 64 * 1024**2
# Engines that nobody uses at the moment, by their threads.
_idle: dict[int, list[duckdb.DuckDBPyConnection]] = defaultdict(list)


def insert_from(
    con: duckdb.DuckDBPyConnection,
    table: str,
    files: Sequence[LandedFile],
    columns: dict[str, str],
    reader: str,
    facts: Mapping[str, Sequence[Value]] | None = None,
) -> None:
    """Insert what the files hold into raw.<table>.

    Args:
        con: the warehouse.
        table: name below raw.
        files: landed files of one form; nothing happens without any.
        columns: SQL by column of the table; may use the columns of the files and of `facts`.
        reader: from clause that reads `{files}` with a column `filename`, under any alias.
        facts: further columns by name, with one value a file, that the files do not tell themselves.

    Raises:
        SourceError: a file cannot be read; it is named.
    """
    if not files:
        return
    facts = facts or {}
    names = ", ".join(["path", "landed_at", "source_file", *facts])
    known = [
        (str(file.path), file.card.fetched_at.astimezone(UTC), file.source_file, *(facts[name][n] for name in facts))
        for n, file in enumerate(files)
    ]

    def select(rows: Sequence[tuple[Value, ...]]) -> str:
        values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
        return (
            f"select {', '.join(columns.values())}, landed.landed_at::timestamp, landed.source_file "
            f"from {reader.format(files=paths(*(str(row[0]) for row in rows)))} "
            f"inner join (values {values}) as landed ({names}) on landed.path = filename"
        )

    try:
        with reading():
            con.execute(f"insert into raw.{table} ({', '.join(columns)}, _landed_at, _source_file) {select(known)}")
    except duckdb.Error as error:
        found = [str(row[0]) for row in known if not _is_readable(con, select([row]))]
        raise SourceError(
            found[0] if found else files[-1].path.parent.parent.name,
            f"{'a landed file' if found else f'{len(files)} landed files'} that DuckDB can read for raw.{table}",
            f"{type(error).__name__} ({first_line(error)})",
            "Delete the file and its card and refresh again; if it stays so, the source has changed its format.",
        ) from error


@contextmanager
def reading() -> Iterator[None]:
    """Have whatever is wrong with a file raised as duckdb.Error: names and words of a damaged one are no UTF-8."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise duckdb.InvalidInputException(f"bytes that are not UTF-8 ({error.reason})") from error


@contextmanager
def looking(threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that looks into files before they count, on an engine of its own.

    An engine takes 15 ms to start, so one that is still well is used again. One that broke down over a file (an
    internal error of DuckDB makes every later query fail) is closed: it costs that file alone.
    """
    try:
        engine = _idle[threads].pop()
    except IndexError:
        engine = _engine(threads)
    try:
        with engine.cursor() as con, reading():
            yield con
    finally:
        if _is_well(engine):
            _idle[threads].append(engine)
        else:
            engine.close()


def _engine(threads: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": threads, "memory_limit": "400MB", "enable_external_file_cache": False})


def _is_well(engine: duckdb.DuckDBPyConnection) -> bool:
    try:
        engine.execute("select 1")
    except duckdb.Error:
        return False
    return True


def json_reader(columns: dict[str, str], form: str = "format = 'auto'") -> str:
    """The reader of JSON documents, one per file unless `form` says otherwise; other fields are left where they lie."""
    typed = ", ".join(f"{name}: {quoted(kind)}" for name, kind in columns.items()).replace("{", "{{").replace("}", "}}")
    return (
        f"read_json({{files}}, {form}, hive_partitioning = false, maximum_object_size = {LARGEST_OBJECT}, "
        f"filename = true, columns = {{{{{typed}}}}}) as document"
    )


def whole_reader(shape: Any) -> str:
    """The reader of large JSON documents, one per file, as a column `document`: five times as fast as `json_reader`.

    Args:
        shape: of a document, as DuckDB's from_json takes it: every key must be there, others are left out.
    """
    form = quoted(json.dumps(shape)).replace("{", "{{").replace("}", "}}")
    return f"(select filename, from_json_strict(content, {form}) as document from read_text({{files}}))"


def _is_readable(con: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Whether a query can be answered; asked beside the transaction that has failed."""
    with con.cursor() as beside:
        try:
            with reading():
                beside.execute(f"create or replace temporary table read_again as {query}")
            beside.execute("drop table read_again")
        except duckdb.Error:
            return False
    return True
