"""Questions to the marts, and their rows in the form that pages take."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb

Row = dict[str, Any]
# Decimals that a page carries: far more than it shows, far fewer than a float has.
DECIMALS = 6


class Marts:
    """The marts of one warehouse."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        found = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        self.names = frozenset(name for (name,) in found)

    def rows(self, query: str) -> list[Row]:
        """Rows of a query as dictionaries; dates become ISO days."""
        found = self._con.execute(query)
        names = [column[0] for column in found.description or ()]
        held = [_plain(column) for column in zip(*found.fetchall(), strict=True)]
        return [dict(zip(names, row, strict=True)) for row in zip(*held, strict=True)]

    def rows_if(self, table: str, query: str) -> list[Row]:
        """Rows of a query that reads `marts.<table>`; none where a warehouse does not have that table."""
        return self.rows(query) if table in self.names else []


def columns(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """Rows as columns, which take a third of the room; a column of one value is that value."""
    packed: dict[str, Any] = {"count": len(rows), "columns": {}}
    for name in names:
        values = [row[name] for row in rows]
        same = bool(values) and all(value == values[0] for value in values)
        packed["columns"][name] = values[0] if same else values
    return packed


def grouped(rows: Sequence[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of some columns, in the order in which they come."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def _plain(values: tuple[object, ...]) -> Sequence[object]:
    """One column: days as ISO text, floats with the decimals of a page. Its first value tells what it holds."""
    first = next((value for value in values if value is not None), None)
    if isinstance(first, date):
        return [value.isoformat() if isinstance(value, date) else value for value in values]
    if isinstance(first, float):
        return [round(value, DECIMALS) if isinstance(value, float) else value for value in values]
    return values
