"""Which tables of the previous release are still right, so that a build makes only what has changed.

Each table has a key: a checksum over its model and the rows of all that it reads, down to the bytes of landed files and
the code that loads them. Equal keys, equal rows. A table that is made anew and comes out with the very rows of the one
before keeps the name of its rows, so that what reads it is kept: a change goes no further than it changes something.
They stand in raw.build_keys of the warehouse that they tell of.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from ..landing.cards import digest
from ..settings import Settings
from ..sql_text import insert_rows, quoted

TABLE = "raw.build_keys"
# What every table is made by: a change in any of these makes all of them anew.
CODE = (("flows", "**/*.py"), ("sql/macros", "*.sql"))
# This row of the table holds the checksum of the code.
BASE = "code"
# The warehouse of the release before, attached while another one is built on a copy of it.
BEFORE = "before"


@dataclass(frozen=True)
class Known:
    """What is known of a finished table.

    Attributes:
        key: what it was made from.
        rows_key: the key that it had when its rows first were what they are; equal ones, equal rows.
        row_count: number of rows.
    """

    key: str
    rows_key: str
    row_count: int


@dataclass
class Keys:
    """Keys of one build.

    Attributes:
        base: checksum over the code.
        held: what the warehouse holds already, by qualified table name; nothing when it begins empty.
        compares: whether the warehouse before is attached, as BEFORE.
        made: what belongs into it, filled table by table.
        rows: what names the rows of each.
    """

    base: str
    held: Mapping[str, Known] = field(default_factory=dict)
    compares: bool = False
    made: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    def add(self, table: str, text: str, reads: Iterable[str] = ()) -> bool:
        """Give a table its key, once all that it reads has one; return whether the one that is there already is right.

        Until it is compared, what is made anew counts as having other rows.
        """
        self.made[table] = digest(self.base, text, *(self.rows[name] for name in sorted(reads)))
        is_held = table in self.held and self.held[table].key == self.made[table]
        self.rows[table] = self.held[table].rows_key if is_held else self.made[table]
        return is_held

    def compare(self, con: duckdb.DuckDBPyConnection, table: str) -> None:
        """Name the rows of a table that was made anew as before where they are the very same."""
        if self.compares and table in self.held and has_same_rows(con, table):
            self.rows[table] = self.held[table].rows_key


def has_same_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table has the columns, types and rows of the one before, in the same order: compared, not hashed."""
    was, now = con.sql(f"from {BEFORE}.{table}"), con.sql(f"from {table}")
    if (was.columns, was.types) != (now.columns, now.types):
        return False
    counts = con.execute(f"select (select count(*) from {BEFORE}.{table}), (select count(*) from {table})").fetchall()
    if counts[0][0] != counts[0][1]:
        return False
    differs = " or ".join(f'was."{column}" is distinct from now."{column}"' for column in now.columns)
    pairs = f"{BEFORE}.{table} as was positional join {table} as now"
    return not con.execute(f"select exists (select 1 from {pairs} where {differs})").fetchall()[0][0]


def differing_lines(con: duckdb.DuckDBPyConnection, table: str) -> set[int]:
    """The lines whose rows are not those of the table before: gone, new, or others."""
    was, now = f"from {BEFORE}.{table}", f"from {table}"
    differing = f"({was} except all {now}) union all ({now} except all {was})"
    return {line for (line,) in con.execute(f"select distinct line from ({differing})").fetchall()}


def code_key(settings: Settings) -> str:
    """Checksum over the code that makes tables, and the version of DuckDB."""
    total = hashlib.sha256(duckdb.__version__.encode())
    for folder, pattern in CODE:
        for path in sorted((settings.project / folder).glob(pattern)):
            total.update(path.name.encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def content_key(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Checksum over the rows of a table, in any order; equal rows count as often as they occur."""
    found = con.execute(f"select count(*), sum(hash(each)), bit_xor(hash(each)) from {table} as each").fetchall()[0]
    return digest(*(str(value) for value in found))


def read(con: duckdb.DuckDBPyConnection) -> dict[str, Known]:
    """What the attached warehouse says of its tables; nothing if it is of a version that says nothing."""
    schema, name = TABLE.split(".")
    listed = con.execute(
        "select count(*) from duckdb_tables() where database_name = current_catalog() "
        f"and schema_name = {quoted(schema)} and table_name = {quoted(name)}"
    ).fetchall()[0][0]
    rows = con.execute(f"select table_name, key, rows_key, row_count from {TABLE}").fetchall() if listed else []
    return {table: Known(*known) for table, *known in rows}


def write(con: duckdb.DuckDBPyConnection, keys: Keys, row_counts: Mapping[str, int]) -> None:
    """Write down the keys of a finished build."""
    con.execute(
        f"create or replace table {TABLE} (table_name varchar, key varchar, rows_key varchar, row_count bigint)"
    )
    con.execute(f"comment on table {TABLE} is 'What each table was made from, so that the next build can keep it.'")
    rows = [(table, key, keys.rows[table], row_counts.get(table, 0)) for table, key in sorted(keys.made.items())]
    insert_rows(con, TABLE, [(BASE, keys.base, keys.base, 0), *rows])
