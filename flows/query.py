"""Ad-hoc questions to the published warehouse, read-only and sealed.

The connection can read the tables of one file and nothing else: no other file, network, extension or setting.
"""

import csv
import json
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb

from flows.errors import QueryError
from flows.literals import quoted
from flows.settings import Settings

FORMATS = ("table", "csv", "json", "parquet")
ROWS_AT_ONCE = 10_000
TABLE_ROWS = 500
NUMBER = re.compile(r"^-?[\d,]+(\.\d+)?(e[+-]?\d+)?$")


@dataclass(frozen=True)
class Result:
    """Column names and an iterator over rows."""

    columns: list[str]
    rows: Iterator[Sequence[Any]]


def warehouse_path(settings: Settings) -> Path:
    """The published warehouse."""
    path = settings.current / "warehouse.duckdb"
    if not path.exists():
        raise QueryError(f"{path}: there is no warehouse yet. Run `trends refresh --offline` to build one.")
    return path


@contextmanager
def opened(path: Path, readable: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse sealed.

    Args:
        path: the warehouse.
        readable: one file that may be written all the same (the result of a query).
    """
    con = duckdb.connect(":memory:")
    try:
        con.execute(f"attach {quoted(str(path))} as warehouse (read_only)")
        con.execute("use warehouse")
        con.execute("set enable_progress_bar = false")
        con.execute("set timezone = 'UTC'")
        if readable:
            con.execute(f"set allowed_paths = [{quoted(str(readable))}]")
        con.execute("set enable_external_access = false")
        con.execute("set autoinstall_known_extensions = false")
        con.execute("set autoload_known_extensions = false")
        con.execute("set lock_configuration = true")
        yield con
    except duckdb.Error as error:
        raise QueryError(_explained(error)) from error
    finally:
        con.close()


def run(settings: Settings, sql: str, output: TextIO | Path, form: str) -> int:
    """Answer one query in one of FORMATS, on a stream or into a file; return the number of rows.

    Raises:
        QueryError: the query is not one statement that reads, is wrong, or takes longer than it may.
    """
    path = warehouse_path(settings)
    statement = one_statement(sql)
    if form == "parquet":
        if not isinstance(output, Path):
            raise QueryError("--format parquet: needs a file to write to. Add --output FILE.")
        return _to_parquet(settings, path, statement, output)
    with opened(path) as con, limited(con, settings.query_seconds):
        con.execute(statement)
        result = Result([column[0] for column in con.description or ()], _rows(con))
        if isinstance(output, Path):
            with output.open("w", encoding="utf-8", newline="") as file:
                return write(result, file, form)
        return write(result, output, form)


def one_statement(sql: str) -> str:
    """The text of the one statement in `sql`."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(_explained(error)) from error
    if len(statements) != 1:
        raise QueryError(f"expected one statement, found {len(statements)}. Ask one question at a time.")
    return str(statements[0].query).strip().rstrip(";")


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


def write(result: Result, stream: TextIO, form: str) -> int:
    """Write a result; return the number of rows."""
    if form == "csv":
        return _write_csv(result, stream)
    if form == "json":
        return _write_json(result, stream)
    return _write_table(result, stream)


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    while rows := con.fetchmany(ROWS_AT_ONCE):
        yield from rows


def _to_parquet(settings: Settings, path: Path, statement: str, output: Path) -> int:
    temporary = output.absolute().with_name(f".{output.name}.part")
    try:
        with opened(path, readable=temporary) as con, limited(con, settings.query_seconds):
            found = con.execute(f"copy (\n{statement}\n) to {quoted(str(temporary))} (format parquet)").fetchall()
        temporary.replace(output)
    except OSError as error:
        raise QueryError(f"{output}: cannot be written ({error.strerror}). Name another file.") from error
    finally:
        temporary.unlink(missing_ok=True)
    return int(found[0][0])


def _write_csv(result: Result, stream: TextIO) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(result.columns)
    count = 0
    for row in result.rows:
        writer.writerow([_plain(cell) for cell in row])
        count += 1
    return count


def _write_json(result: Result, stream: TextIO) -> int:
    count = 0
    stream.write("[")
    for row in result.rows:
        record = {name: _plain(cell) for name, cell in zip(result.columns, row, strict=True)}
        stream.write((",\n " if count else "\n ") + json.dumps(record, ensure_ascii=False, default=str))
        count += 1
    stream.write("\n]\n")
    return count


def _write_table(result: Result, stream: TextIO) -> int:
    rows: list[list[str]] = []
    cut = False
    for row in result.rows:
        if len(rows) == TABLE_ROWS:
            cut = True
            break
        rows.append([_shown(cell) for cell in row])
    numeric = [all(_is_number(row[number]) for row in rows) for number in range(len(result.columns))]
    widths = [max(len(cell) for cell in column) for column in zip(result.columns, *rows, strict=True)]
    width_left = shutil.get_terminal_size((10_000, 24)).columns if stream.isatty() else 10_000
    for cells in [result.columns, ["-" * width for width in widths], *rows]:
        line = "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        ).rstrip()
        stream.write(line[: width_left - 1] + "…\n" if len(line) > width_left else line + "\n")
    more = "; more rows follow: use --format csv for all, or a limit" if cut else ""
    stream.write(f"({len(rows):,} row{'' if len(rows) == 1 else 's'}{more})\n")
    return len(rows)


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:,.4f}".rstrip("0").rstrip(".") if abs(cell) < 1e15 else repr(cell)
    return "" if cell is None else str(_plain(cell)).replace("\n", " ")


def _is_number(text: str) -> bool:
    return not text or bool(NUMBER.match(text))


def _plain(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return float(cell)
    return cell.isoformat() if isinstance(cell, date | datetime) else cell


def _explained(error: duckdb.Error) -> str:
    words = " ".join(str(error).split())
    if isinstance(error, duckdb.PermissionException):
        words += " Queries may only read the warehouse's own tables."
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        words += " `trends models` lists tables and columns."
    return words
