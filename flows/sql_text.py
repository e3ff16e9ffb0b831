"""Python values as SQL text, and what DuckDB says back.

Bound parameters would do, but the first one makes the duckdb package import pandas: 0.3 s for every command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from .engine import duckdb

DISK_WORDS = ("No space left on device", "Could not write", "Read-only file system", "Disk quota exceeded")
PATTERN = re.compile(r"[*?[]")  # what a path means as a pattern
Value = str | int | float | bool | date | datetime | None


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def paths(*files: Path | str) -> str:
    """These files and no others, as what reads files takes them: a folder may be called `a[1]`.

    Say `hive_partitioning = false` to what reads them, which else makes a column of a folder `source=x`.
    """
    listed = ", ".join(quoted(PATTERN.sub(r"[\g<0>]", str(file))) for file in files)
    return f"[{listed}]"


def parquet(*files: Path | str, options: str = "") -> str:
    """What reads these Parquet files and no others."""
    return f"read_parquet({paths(*files)}, hive_partitioning = false{options})"


def literal(value: Value) -> str:
    """A SQL literal of any plain value; aware times are written in UTC by the caller."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return quoted(value.replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else str(value))


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Value]]) -> None:
    """Insert a handful of rows; a table's worth belongs into a file that DuckDB reads."""
    values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
    if values:
        con.execute(f"insert into {table} values {values}")


def not_the_file(error: BaseException | None) -> str | None:
    """What a full disk or a limit said at the root of an error; None where the data itself is wrong."""
    while error:
        is_limit = isinstance(error, MemoryError | duckdb.OutOfMemoryException | duckdb.InterruptException)
        if is_limit or any(words in str(error) for words in DISK_WORDS):
            return str(error)
        error = error.__cause__
    return None


def first_line(error: BaseException) -> str:
    """What DuckDB says first of an error; below it stands a picture of the query."""
    return next(iter(str(error).splitlines()), "")[:300]
