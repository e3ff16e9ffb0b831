"""Which tables of the previous release are still right, so that a build makes only what has changed.

Each table has a key: a checksum over its model and the keys of all that it reads, down to the bytes of landed files and
the code that loads them. Equal keys, equal rows. They stand in raw.build_keys of the warehouse that they tell of.
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


@dataclass(frozen=True)
class Known:
    """Key and number of rows of a table."""

    key: str
    row_count: int


@dataclass
class Keys:
    """Keys of one build.

    Attributes:
        base: checksum over the code.
        held: what the warehouse holds already, by qualified table name; nothing when it begins empty.
        made: what belongs into it, filled table by table.
    """

    base: str
    held: Mapping[str, Known] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)

    def add(self, table: str, text: str, reads: Iterable[str] = ()) -> None:
        """Give a table its key, once all that it reads has one."""
        self.made[table] = digest(self.base, text, *(self.made[name] for name in sorted(reads)))

    def is_held(self, table: str) -> bool:
        """Whether the table that is there already is right."""
        return table in self.held and self.held[table].key == self.made[table]


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
    rows = con.execute(f"select table_name, key, row_count from {TABLE}").fetchall() if listed else []
    return {table: Known(key, row_count) for table, key, row_count in rows}


def write(con: duckdb.DuckDBPyConnection, keys: Keys, row_counts: Mapping[str, int]) -> None:
    """Write down the keys of a finished build."""
    con.execute(f"create or replace table {TABLE} (table_name varchar, key varchar, row_count bigint)")
    con.execute(f"comment on table {TABLE} is 'What each table was made from, so that the next build can keep it.'")
    rows = [(table, key, row_counts.get(table, 0)) for table, key in sorted(keys.made.items())]
    insert_rows(con, TABLE, [(BASE, keys.base, 0), *rows])
