"""The tables of a warehouse that pages read, and their rows in the form that pages take."""

from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import duckdb

Row = dict[str, Any]
# Decimals that a page carries: far more than it shows, far fewer than a float has.
DECIMALS = 6


class Tables:
    """Marts, and what only pages need (sql/pages). Every number, sentence and order stands there."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.rows = cache(self._rows)
        self.by = cache(self._by)

    def _rows(self, table: str) -> list[Row]:
        """Rows of a table as dictionaries, in its own order; dates become ISO days."""
        found = self._con.execute(f"from {table}")
        names = [column[0] for column in found.description or ()]
        kinds = [str(column[1]) for column in found.description or ()]
        columns = zip(*found.fetchall(), strict=True)
        plain = [_plain(values, kind) for values, kind in zip(columns, kinds, strict=False)]
        return [dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)]

    def _by(self, table: str, *keys: str) -> dict[tuple[Any, ...], list[Row]]:
        """Rows of a table by the values of some columns."""
        return grouped(self.rows(table), *keys)


def columns(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """Rows as columns, which take a third of the room; a column of one value is that value.

    Names and periods come again for every framework: such a column is its different values, and which one each row has.
    """
    packed: dict[str, Any] = {"count": len(rows), "columns": {}}
    for name in names:
        values = [row[name] for row in rows]
        same = bool(values) and all(value == values[0] for value in values)
        different = list(dict.fromkeys(values)) if isinstance(values[0] if values else None, str) else values
        if not same and 2 * len(different) < len(values):
            places = {value: place for place, value in enumerate(different)}
            packed["columns"][name] = {"of": different, "at": [places[value] for value in values]}
        else:
            packed["columns"][name] = values[0] if same else values
    return packed


def grouped(rows: Sequence[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of some columns, in the order in which they come."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    # A getter of one column gives the value itself: asked for twice, it gives a pair.
    values = itemgetter(*keys, *keys[:1])
    for row in rows:
        groups.setdefault(values(row)[: len(keys)], []).append(row)
    return groups


def _plain(values: Sequence[Any], kind: str) -> Sequence[Any]:
    """A column of a DuckDB type in the form that JSON takes; column by column, for there are half a million values."""
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return [value and value.isoformat() for value in values]
    if kind in ("DOUBLE", "FLOAT"):
        return [None if value is None else round(value, DECIMALS) for value in values]
    return values
