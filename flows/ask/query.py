"""Ad-hoc questions to the published warehouse, read-only and sealed.

The connection can read the tables of one file and nothing else: no other file, network, extension or setting.
Two walls: flows/ask/allowed.py looks at what a query is before it runs, and the engine's own locks hold while it runs.
A reader's question comes here through a third one, a process of its own (flows/ask/walls.py).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..engine import duckdb
from ..errors import QueryError
from ..settings import Settings
from ..sql_text import quoted
from .allowed import is_explain, one_question
from .forms import WRITTEN, as_text, projected
from .hints import explained
from .literals import unmatched
from .results import SHOWN_ROWS, Column, write

log = logging.getLogger(__name__)

THREADS = min(os.cpu_count() or 1, 4)  # the stack of each takes 8 MB of a question's memory

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
select schema_name || '.' || view_name from duckdb_views() where schema_name in ('marts', 'staging')
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
def opened(path: Path, writable: Path | None = None, memory: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse sealed; a table of marts needs no schema before its name.

    Args:
        path: the warehouse.
        writable: one file that may be written all the same (the result of a query).
        memory: what the engine may use, in DuckDB's words; nothing is put on disk beyond it.
    """
    con = duckdb.connect(":memory:", config={"threads": THREADS})
    try:
        con.execute(f"attach {quoted(str(path))} as warehouse (read_only)")
        con.execute("use warehouse.marts")
        con.execute("set temp_directory = ''")
        if memory:
            con.execute(f"set memory_limit = {quoted(memory)}")
        if writable:
            con.execute(f"set allowed_paths = [{quoted(str(writable))}]")
        con.execute("; ".join(SEALS))
        yield con
    except duckdb.Error as error:
        raise QueryError(explained(error, _names(con))) from error
    finally:
        con.close()


def run(
    settings: Settings,
    sql: str,
    output: Path,
    form: str,
    parameters: Mapping[str, str] | None = None,
    limit: int | None = None,
    *,
    width: int | None = None,
    for_spreadsheet: bool = False,
) -> int:
    """Answer one query in this process, without limit of time; return the number of rows.

    Args:
        settings: where the warehouse is, and how much memory its engine may take.
        sql: one statement that reads.
        output: a file, or a pipe, that the answer is written to.
        form: `table`, `markdown` or one of WRITTEN.
        parameters: text for each `$name` of the statement.
        limit: rows to write at most; None for all (for people: as many as fit a screen or two).
        width: of the terminal that a table has to fit, if any.
        for_spreadsheet: whether texts that a spreadsheet would run as formulas get an apostrophe before them.

    Raises:
        QueryError: the query is not one statement that reads, or is wrong.
    """
    with opened(warehouse_path(settings), writable=output, memory=settings.query_memory) as con:
        statement, names = one_question(sql, con)
        given = _checked(parameters or {}, names)
        if is_explain(statement):
            return _plan(con, statement, given, output, form)
        _execute(con, f"from ({statement}\n) limit 0", given)
        columns = [Column(name, kind) for name, kind, *_ in con.description or ()]
        if form in WRITTEN:
            select = f"select {projected(columns, form, for_spreadsheet)} from ({statement}\n)"
            count = _copied(con, select, given, output, form, limit)
            is_empty = count == 0
        else:
            most = limit or SHOWN_ROWS
            _execute(con, f"select {as_text(columns)} from ({statement}\n) limit {most + 1}", given)
            rows = con.fetchall()
            is_empty = len(rows) <= 1 and {cell for row in rows for cell in row} <= {None, "0"}
            with output.open("w", encoding="utf-8", newline="") as stream:
                count = write(columns, rows[:most], len(rows) > most, stream, form, width)
        if is_empty and (why := unmatched(con, statement, given)):
            log.warning("Nothing found: %s.", why)
        return count


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


def _names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables and columns of the warehouse; none where it cannot be asked any more."""
    try:
        return [row[0] for row in con.execute(NAMES).fetchall()]
    except duckdb.Error:
        return []


def _plan(con: duckdb.DuckDBPyConnection, statement: str, given: Mapping[str, str], output: Path, form: str) -> int:
    if form in WRITTEN:
        raise QueryError(f"--format {form}: a plan is a picture for people. Leave --format out.")
    _execute(con, statement, given)
    plans = con.fetchall()
    output.write_text("".join(f"{plan}\n" for _, plan in plans), encoding="utf-8")
    return len(plans)


def _copied(
    con: duckdb.DuckDBPyConnection, select: str, given: Mapping[str, str], output: Path, form: str, limit: int | None
) -> int:
    """Have the engine write the answer: it knows each of its types."""
    most = f" limit {limit}" if limit else ""
    _execute(con, f"copy ({select}{most}) to {quoted(str(output))} ({WRITTEN[form]}, use_tmp_file false)", given)
    count = int(con.fetchall()[0][0])
    if count == limit:
        log.warning("Cut after %s rows if there are more: raise --limit.", f"{limit:,}")
    return count
