"""Why an answer is empty: texts that a question compares with a column that holds no such value, and what was meant."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ..engine import duckdb
from ..sql_text import quoted
from .allowed import nodes
from .hints import nearest

MOST_VALUES = 20_000
LISTED = 8
SIDES = ("framework_a", "framework_b")
BOTH_ORDERS = "marts.pairs holds each pair in both orders (framework, other)"
COLUMNS = """
select distinct schema_name, table_name, column_name from duckdb_columns()
where database_name = 'warehouse' and data_type = 'VARCHAR' and lower(table_name) in ({tables})
and lower(column_name) = {column} order by all
"""


def unmatched(con: duckdb.DuckDBPyConnection, statement: str, given: Mapping[str, str]) -> str:
    """One line on what matched nothing, empty where all texts are values of their columns."""
    tree = json.loads(con.execute(f"select json_serialize_sql({quoted(statement)})").fetchall()[0][0])
    tables = {str(node["table_name"]).lower() for node in nodes(tree) if node.get("type") == "BASE_TABLE"}
    said = []
    compared = dict.fromkeys(_compared(tree, given))
    for column, text in compared:
        values = _values(con, tables, column)
        if values and text not in values:
            said.append(f"no {column} is {text!r}{_meant(con, text, values)}")
    said += [f"no framework is called {text!r}" for text in _called(tree, given) if not _framework(con, text)]
    if any(column in SIDES for column, _ in compared):
        said.append(BOTH_ORDERS)
    return "; ".join(said)


def _framework(con: duckdb.DuckDBPyConnection, text: str) -> str | None:
    try:
        found = con.execute(f"select framework_id({quoted(text)})").fetchall()[0][0]
    except duckdb.CatalogException:  # of a release before this macro
        return None
    return None if found is None else str(found)


def _meant(con: duckdb.DuckDBPyConnection, text: str, values: list[str]) -> str:
    named = [name for name in [_framework(con, text)] if name in values]
    if near := named or nearest(text, values):
        return f", nearest: {', '.join(map(repr, near))}"
    return f", it is one of {', '.join(map(repr, values))}" if len(values) <= LISTED else ""


def _values(con: duckdb.DuckDBPyConnection, tables: set[str], column: str) -> list[str]:
    listed = ", ".join(map(quoted, sorted(tables))) or "null"
    found = con.execute(COLUMNS.format(tables=listed, column=quoted(column))).fetchall()
    if column in SIDES:  # each of them holds a part of the names
        found = [("marts", "frameworks", "framework")] if found else []
    selects = [f'select "{name}" as value from warehouse."{schema}"."{table}"' for schema, table, name in found]
    if not selects:
        return []
    every = " union all ".join(selects)
    query = f"select distinct value from ({every}) where value is not null order by value limit {MOST_VALUES}"
    return [row[0] for row in con.execute(query).fetchall()]


def _compared(tree: object, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Columns with the texts that they have to equal."""
    for node in nodes(tree):
        if node.get("type") == "COMPARE_EQUAL":
            sides = [node["left"], node["right"]]
        elif node.get("type") == "COMPARE_IN":
            sides = node["children"]
        else:
            continue
        columns = [side["column_names"][-1].lower() for side in sides if side.get("class") == "COLUMN_REF"]
        texts = [text for side in sides if (text := _text(side, given)) is not None]
        yield from ((column, text) for column in columns for text in texts)


def _called(tree: object, given: Mapping[str, str]) -> Iterator[str]:
    """Names of frameworks that are given to our macro."""
    for node in nodes(tree):
        if str(node.get("function_name", "")).lower() == "share_against":
            given_to = node.get("children") or [each["expression"] for each in node.get("arguments", ())]  # DuckDB 2
            yield from (text for child in given_to if (text := _text(child, given)) is not None)


def _text(node: Mapping[str, object], given: Mapping[str, str]) -> str | None:
    if node.get("class") == "PARAMETER":
        return given.get(str(node.get("identifier")))
    if node.get("class") != "CONSTANT":
        return None
    value, literal = node.get("value"), node.get("literal")  # the second is DuckDB 2's
    text = value.get("value") if isinstance(value, dict) else None
    if isinstance(literal, dict) and literal.get("kind") == "STRING":
        text = literal.get("text")
    return text if isinstance(text, str) else None
