"""What can be asked: the published tables with the meaning of each column, and the worked queries of sql/queries.

A worked query is one file. Its first comment line is the question it answers, the lines after it a note:

    -- Which framework do most new papers use?
    -- Shares of links that carry a framework label; a paper can have several.
    select ...
"""

import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ..errors import QueryError
from ..settings import Settings
from ..sql_text import quoted
from ..warehouse.models import read_models
from .hints import nearest
from .query import opened, warehouse_path

TABLES = """
from (
    select schema_name || '.' || table_name as name, comment, estimated_size from duckdb_tables()
    where database_name = 'warehouse' and schema_name <> 'raw'
    union all
    select schema_name || '.' || view_name, comment, null from duckdb_views()
    where database_name = 'warehouse' and not internal
)
order by split_part(name, '.', 1) <> 'marts', name
"""
# The worked queries that stand at the head of every list.
FIRST = ("who_leads_where", "research_code_by_year", "conference_crossovers", "stars_gained_in_a_year")


@dataclass(frozen=True)
class Column:
    """A column with its type and meaning; the type is empty where only the model's header is known."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table that can be asked; `row_count` is None for views and before the first release."""

    name: str
    meaning: str
    row_count: int | None


@dataclass(frozen=True)
class WorkedQuery:
    """One file of sql/queries."""

    name: str
    question: str
    note: str
    sql: str


def tables(settings: Settings) -> list[Table]:
    """Every table of the published warehouse; those that the models make where nothing is published yet."""
    if not _is_published(settings):
        with closing(duckdb.connect(":memory:")) as con:
            models = read_models(settings.sql, con)
        return sorted(
            (Table(model.table, model.description, None) for model in models if model.layer != "checks"),
            key=lambda table: table.name,
        )
    with opened(warehouse_path(settings)) as con:
        return [Table(name, comment or "", size) for name, comment, size in con.execute(TABLES).fetchall()]


def columns(settings: Settings, table: str) -> list[Column]:
    """Columns of one table, `schema.table`."""
    if not _is_published(settings):
        with closing(duckdb.connect(":memory:")) as con:
            found = next(model for model in read_models(settings.sql, con) if model.table == table)
        return [Column(name, "", meaning) for name, meaning in found.columns.items()]
    schema, _, name = table.partition(".")
    with opened(warehouse_path(settings)) as con:
        return [
            Column(column, kind, comment or "")
            for column, kind, comment in con.execute(
                "select column_name, data_type, comment from duckdb_columns() where database_name = 'warehouse' "
                f"and schema_name = {quoted(schema)} and table_name = {quoted(name)} order by column_index"
            ).fetchall()
        ]


def found_table(settings: Settings, name: str) -> Table:
    """The table of this name; a table of marts needs no schema."""
    known = {table.name: table for table in tables(settings)}
    for candidate in (name, f"marts.{name}"):
        if candidate in known:
            return known[candidate]
    near = nearest(name, list(known))
    meant = f" Nearest: {', '.join(near)}." if near else ""
    raise QueryError(f"{name}: there is no table of that name.{meant} `trends describe` lists the tables.")


def worked_queries(settings: Settings) -> list[WorkedQuery]:
    """Every worked query: those that a newcomer should see first, then by name."""
    found = [read_worked_query(path) for path in sorted((settings.sql / "queries").glob("*.sql"))]
    return sorted(found, key=lambda query: FIRST.index(query.name) if query.name in FIRST else len(FIRST))


def worked_query(settings: Settings, name: str) -> WorkedQuery:
    """The worked query of this name."""
    name = name.replace("-", "_")
    known = {query.name: query for query in worked_queries(settings)}
    if name in known:
        return known[name]
    near = nearest(name, list(known))
    meant = f" Nearest: {', '.join(near)}." if near else ""
    raise QueryError(f"{name}: there is no worked query of that name.{meant} `trends queries` lists them.")


def read_worked_query(path: Path) -> WorkedQuery:
    """Parse one file.

    Raises:
        QueryError: it does not begin with a question in a comment.
    """
    text = path.read_text(encoding="utf-8").strip()
    header = re.match(r"(?:--[^\n]*\n)+", text)
    lines = [line.removeprefix("--").strip() for line in header[0].splitlines()] if header else []
    if not header or not lines[0].endswith("?"):
        raise QueryError(f"{path}: expected a question in the first comment line, found {text[:60]!r}. Write one.")
    return WorkedQuery(path.stem, lines[0], " ".join(lines[1:]), text[header.end() :].strip())


def _is_published(settings: Settings) -> bool:
    return (settings.current / "warehouse.duckdb").exists()
