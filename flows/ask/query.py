"""Ad-hoc questions to the published warehouse, read-only and sealed.

The connection can read the tables of one file and nothing else: no other file, network, extension or setting.
Two walls: flows/ask/allowed.py looks at what a query is before it runs, and the engine's own locks hold while it runs.
"""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import duckdb

from ..errors import QueryError
from ..replacing import replaced
from ..settings import Settings
from ..sql_text import quoted
from .allowed import one_question
from .hints import explained
from .results import Result, write

log = logging.getLogger(__name__)

FORMATS = ("table", "csv", "json", "jsonl", "markdown", "parquet")
ROWS_AT_ONCE = 10_000
# Set in this order; the last one locks them all.
SEALS = (
    "set enable_progress_bar = false",
    "set timezone = 'UTC'",
    "set python_enable_replacements = false",
    "set allow_persistent_secrets = false",
    "set enable_external_access = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set lock_configuration = true",
)
NAMES = """
select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('marts', 'intermediate', 'raw')
union all
select schema_name || '.' || view_name from duckdb_views() where schema_name = 'staging'
union all
select distinct column_name from duckdb_columns() where schema_name in ('marts', 'staging', 'intermediate')
"""


def warehouse_path(settings: Settings) -> Path:
    """The published warehouse, in the release that is current now.

    The link is followed once, so that one question never meets two releases.
    """
    path = settings.current / "warehouse.duckdb"
    if not path.exists():
        raise QueryError(f"{path}: there is no warehouse yet. Run `trends refresh --offline` to build one.")
    return path.resolve()


@contextmanager
def opened(path: Path, readable: Path | None = None, memory: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse sealed; a table of marts needs no schema before its name.

    Args:
        path: the warehouse.
        readable: one file that may be written all the same (the result of a query).
        memory: what the engine may use, in DuckDB's words; nothing is put on disk beyond it.
    """
    con = duckdb.connect(":memory:")
    try:
        con.execute(f"attach {quoted(str(path))} as warehouse (read_only)")
        con.execute("use warehouse.marts")
        con.execute("set temp_directory = ''")
        if memory:
            _limit_memory(con, memory)
        if readable:
            con.execute(f"set allowed_paths = [{quoted(str(readable))}]")
        con.execute("; ".join(SEALS))
        yield con
    except duckdb.Error as error:
        raise QueryError(explained(error, _names(con))) from error
    finally:
        con.close()


def run(
    settings: Settings,
    sql: str,
    output: TextIO | Path,
    form: str,
    parameters: Mapping[str, str] | None = None,
    limit: int | None = None,
) -> int:
    """Answer one query in one of FORMATS, on a stream or into a file; return the number of rows.

    Args:
        settings: where the warehouse is, and the limits.
        sql: one statement that reads.
        output: where the answer goes.
        form: one of FORMATS.
        parameters: text for each `$name` of the statement.
        limit: rows to write at most; None for all (for people: as many as fit a screen or two).

    Raises:
        QueryError: the query is not one statement that reads, is wrong, or takes longer than it may.
    """
    path = warehouse_path(settings)
    statement, names = one_question(sql)
    given = _checked(parameters or {}, names)
    if form == "parquet":
        if not isinstance(output, Path):
            raise QueryError("--format parquet: needs a file to write to. Add --output FILE.")
        return _to_parquet(settings, path, statement, given, output, limit)
    with opened(path, memory=settings.query_memory) as con, limited(con, settings.query_seconds):
        _execute(con, statement, given)
        result = Result([column[0] for column in con.description or ()], _rows(con))
        if isinstance(output, Path):
            return _to_file(result, output, form, limit)
        return write(result, output, form, limit)


@contextmanager
def limited(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what runs on the connection after so many seconds."""
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryError(
            f"the query took longer than {seconds:g} s. Narrow it down, or raise TRENDS_QUERY_SECONDS."
        ) from error
    finally:
        timer.cancel()


def _limit_memory(con: duckdb.DuckDBPyConnection, memory: str) -> None:
    try:
        con.execute(f"set memory_limit = {quoted(memory)}")
    except duckdb.Error as error:
        raise QueryError(f"TRENDS_QUERY_MEMORY: expected a size such as 500MB, found {memory!r}. Set one.") from error


def _checked(parameters: Mapping[str, str], names: frozenset[str]) -> Mapping[str, str]:
    """The parameters, one for each name in the statement."""
    if unnamed := [name for name in names if not name.isidentifier()]:
        raise QueryError(f"the query has parameters without a name ({', '.join(unnamed)}). Write $name, not ? or $1.")
    if missing := sorted(names - parameters.keys()):
        raise QueryError(f"the query asks for ${missing[0]}. Add --param {missing[0]}=VALUE.")
    if unknown := sorted(parameters.keys() - names):
        known = ", ".join(f"${name}" for name in sorted(names)) or "no parameter"
        raise QueryError(f"--param {unknown[0]}: the query has no ${unknown[0]}; it has {known}.")
    return parameters


def _execute(con: duckdb.DuckDBPyConnection, statement: str, given: Mapping[str, str]) -> None:
    """Run a statement, its parameters bound as values.

    Prepared in SQL: the package's own way of binding imports pandas, 0.4 s more.
    """
    if not given:
        con.execute(statement)
        return
    con.execute(f"prepare question as {statement}")
    con.execute(f"execute question({', '.join(f'{name} := {quoted(text)}' for name, text in given.items())})")


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    while rows := con.fetchmany(ROWS_AT_ONCE):
        yield from rows


def _names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables and columns of the warehouse; none where it cannot be asked any more."""
    try:
        return [row[0] for row in con.execute(NAMES).fetchall()]
    except duckdb.Error:
        return []


def _to_file(result: Result, output: Path, form: str, limit: int | None) -> int:
    """Write beside the file first: an interrupted query leaves what was there."""
    try:
        with replaced(output) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
            return write(result, file, form, limit)
    except OSError as error:
        raise _unwritable(output, error) from error


def _to_parquet(
    settings: Settings, path: Path, statement: str, given: Mapping[str, str], output: Path, limit: int | None
) -> int:
    rows = f"from (\n{statement}\n)" + (f" limit {limit}" if limit else "")
    try:
        with (
            replaced(output) as temporary,
            opened(path, readable=temporary, memory=settings.query_memory) as con,
            limited(con, settings.query_seconds),
        ):
            _execute(con, f"copy ({rows}) to {quoted(str(temporary))} (format parquet)", given)
            found = con.fetchall()
    except OSError as error:
        raise _unwritable(output, error) from error
    count = int(found[0][0])
    if count == limit:
        log.warning("Cut after %s rows if there are more: raise --limit.", f"{limit:,}")
    return count


def _unwritable(output: Path, error: OSError) -> QueryError:
    return QueryError(f"{output}: cannot be written ({error.strerror}). Name another file.")
