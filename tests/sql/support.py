"""Given rows, and what one model makes of them, in a DuckDB of the test's own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from flows.sql_text import insert_rows
from flows.warehouse.analysis import pair_curves
from flows.warehouse.models import SCHEMAS, read_model
from flows.warehouse.runner import fill_computed

SQL = Path(__file__).resolve().parents[2] / "sql"
LAYERS = ("raw", *SCHEMAS)

Row = Mapping[str, Any]
NUMBERS = count()
FREE: list[str] = []  # names of databases that no test uses now

ENDINGS = {
    "_pct": "double",
    "reading_error": "double",
    "value": "double",
    "base": "bigint",
    "_count": "bigint",
    "_date": "date",
    "_since": "date",
    "_until": "date",
    "_release": "date",
}


@cache
def engine() -> duckdb.DuckDBPyConnection:
    """One for all tests of a process: starting it takes 15 ms, more than most tests."""
    return duckdb.connect(":memory:", config={"threads": 1})


@contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database without tables, with the schemas and macros that models use.

    The macros take 12 ms to make, as long as most tests: a database is emptied and lent again.
    """
    name = FREE.pop() if FREE else _with_macros()
    with engine().cursor() as con:
        con.execute(f"use {name}")
        yield con
        held = con.execute(
            f"select distinct schema_name from duckdb_columns() where database_name = '{name}'"
        ).fetchall()
        for (layer,) in held:
            if layer in LAYERS:
                con.execute(f"drop schema {layer} cascade; create schema {layer}")
    FREE.append(name)


@contextmanager
def stored(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file of DuckDB's, made where there is none, in the engine of all: another takes longer than the file."""
    name = f"file_{next(NUMBERS)}"
    with engine().cursor() as con:
        con.execute(f"attach '{path}' as {name}; use {name}")
        yield con
        con.execute(f"use memory; detach {name}")


def _with_macros() -> str:
    name = f"of_test_{next(NUMBERS)}"
    with engine().cursor() as con:
        con.execute(f"attach ':memory:' as {name}; use {name}")
        con.execute("; ".join(f"create schema {layer}" for layer in LAYERS))
        for macros in sorted((SQL / "macros").glob("*.sql")):
            con.execute(macros.read_text(encoding="utf-8"))
    return name


read_once = cache(read_model)


def given(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], like: str | None = None) -> None:
    """Make `table` hold `rows`; a column that a row leaves out is null.

    Args:
        con: database of the test.
        table: qualified name.
        rows: a mapping each; their values give the columns their types.
        like: another table that gives the columns and types instead; needed where there are no rows.
    """
    if table == "intermediate.observations":  # an interval of its own is rare
        rows = [{"given_low_pct": None, "given_high_pct": None} | dict(row) for row in rows]
    if table in ("intermediate.series_populations", "intermediate.source_lines", "staging.reference__series"):
        # Most members are independent of each other.
        rows = [{"design_effect": 1.0, "reading_error": None} | dict(row) for row in rows]
    if table == "marts.source_status":  # most sources go on
        rows = [{"ended_note": None} | dict(row) for row in rows]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if like:
        con.execute(f"create or replace table {table} as select * from {like} limit 0")
    else:
        types = ", ".join(f'"{column}" {_type(rows, column)}' for column in columns)
        con.execute(f"create or replace table {table} ({types})")
    listed = ", ".join(f'"{column}"' for column in columns)
    insert_rows(con, f"{table} ({listed})", [tuple(row.get(column) for column in columns) for row in rows])


def created(con: duckdb.DuckDBPyConnection, model: str) -> list[dict[str, Any]]:
    """Create the table of one model, as in "marts/frameworks", check its promises and return its rows.

    Every rule of @fail must be true, the grain unique, and the columns those of the header.
    """
    read = read_once(SQL / f"{model}.sql", engine())
    if model == "marts/head_to_head":  # few people could name both
        counts = "only_a_count bigint, both_count bigint, only_b_count bigint"
        keys = "source varchar, series varchar, population varchar, framework_a varchar, framework_b varchar"
        con.execute(
            f"create table if not exists staging.reference__survey_overlaps ({keys}, period_start date, {counts})"
        )
    con.execute(f"create or replace table {read.table} as {read.query}")
    found = con.execute(f"select * from {read.table}")
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert names == list(read.columns)
    if read.fails:
        counted = ", ".join(f"count(*) filter (where ({rule}) is not true)" for rule in read.fails)
        broken = con.execute(f"select {counted} from {read.table}").fetchall()[0]
        assert not any(broken), f"{read.table} breaks {dict(zip(read.fails, broken, strict=True))}: {rows}"
    keys = [tuple(row[column] for column in read.grain) for row in rows]
    assert len(set(keys)) == len(keys), f"{read.table} has two rows of one {read.grain}"
    return rows


def _type(rows: Sequence[Row], column: str) -> str:
    value = next((row[column] for row in rows if row.get(column) is not None), None)
    if value is None:
        # A column of nulls gets the type that the house style's endings promise.
        return next((kind for ending, kind in ENDINGS.items() if column.endswith(ending)), "varchar")
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "bigint"
    if isinstance(value, float):
        return "double"
    if isinstance(value, datetime):
        return "timestamp"
    return "date" if isinstance(value, date) else "varchar"


def filled_observations(con: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Make intermediate.observations from figures that one source told, as if each stood in the landing it names."""
    told = [
        {"reference": None, "base": None, "source_file": "", "given_low_pct": None, "given_high_pct": None} | dict(row)
        for row in rows
    ]
    files = {row["source_file"]: row for row in told}
    landings = [
        {"source_file": name, "origin": row["origin"], "retrieved_at": row["retrieved_at"]}
        for name, row in files.items()
        if row["origin"] != "reference"
    ]
    like = {"source_file": "no such file", "origin": "live", "retrieved_at": datetime(2020, 1, 1)}
    given(con, "staging.refresh__landings", landings or [like])
    columns = [column for column in told[0] if column not in ("origin", "retrieved_at")]
    given(con, "intermediate.reference_observations", [{k: row.get(k) for k in columns} for row in told])
    query = (SQL / "intermediate" / "observations.sql").read_text(encoding="utf-8")
    for name in set(re.findall(r"intermediate\.(\w+_observations)", query)) - {"reference_observations"}:
        given(con, f"intermediate.{name}", [], like="intermediate.reference_observations")
    return created(con, "intermediate/observations")


def with_curves(con: duckdb.DuckDBPyConnection, breaks: Sequence[Row] = ()) -> None:
    """Compute the curves under the lines of pairs, as a build does between two of its models."""
    if breaks:
        given(
            con,
            "staging.reference__events",
            [{"series": None, "population": None, "is_break": True} | row for row in breaks],
        )
    else:
        con.execute(
            "create or replace table staging.reference__events "
            "(source varchar, series varchar, population varchar, event_date date, is_break boolean)"
        )
    created(con, "intermediate/pair_pieces")
    for computed in (pair_curves.CURVES, pair_curves.RATES):
        fill_computed(con, computed)
        created(con, f"staging/{computed.table.replace('analysis_', 'analysis__')}")
