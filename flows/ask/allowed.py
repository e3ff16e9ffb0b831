"""What a reader's query may be: one statement that reads, calling only functions that read.

The engine's own seals (flows/ask/query.py) keep it off other files, the network and settings. They let a few functions
through that write all the same: `enable_logging` to a file (a refused folder even ends the process, DuckDB 1.5.5),
`enable_profiling` to a file. So what a query calls is taken from its parse tree and held against a list.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

from ..errors import QueryError
from ..sql_text import quoted
from .hints import explained

# Functions that may stand after `from`; all others read files, change settings or tell of the machine.
TABLE_FUNCTIONS = frozenset((
    "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "summary", "duckdb_tables",
    "duckdb_columns", "duckdb_views", "duckdb_schemas", "duckdb_functions", "duckdb_types", "duckdb_keywords",
))  # fmt: skip
VIEWS_REFUSED = frozenset(("pragma_database_list", "duckdb_databases", "duckdb_logs"))
SCALARS_REFUSED = frozenset(("getenv", "current_setting", "write_log", "add_parquet_key", "getvariable"))
QUESTIONS = (
    "select", "from", "with", "values", "table", "describe", "desc", "show", "summarize", "pivot", "unpivot",
)  # fmt: skip
EXPLAIN = re.compile(r"^\s*explain(\s+analyze)?\s", re.IGNORECASE)


def one_question(sql: str) -> tuple[str, frozenset[str]]:
    """The text of the one statement in `sql`, and the names of its parameters.

    Raises:
        QueryError: there is not exactly one statement, it is wrong, or it does something else than read the warehouse.
    """
    try:
        with _parser().cursor() as con:
            statements = con.extract_statements(sql)
            if len(statements) == 2 and not statements[0].query:
                raise QueryError(
                    "a pivot has to name its values here: write `pivot t on column in ('a', 'b') using ...`."
                )
            if len(statements) != 1:
                raise QueryError(f"expected one statement, found {len(statements)}. Ask one question at a time.")
            text = _unended(str(statements[0].query))
            # The engine rewrites some pragmas into selects, so the words that were given are looked at too.
            _check(_unended(sql), con)
            _check(text, con)
            return text, frozenset(statements[0].named_parameters)
    except duckdb.Error as error:
        raise QueryError(explained(error)) from error


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """An engine that parses and holds nothing; it takes 15 ms to start."""
    return duckdb.connect(":memory:", config={"threads": 1})


def _check(text: str, con: duckdb.DuckDBPyConnection) -> None:
    """Refuse a statement that does something else than read."""
    inner = EXPLAIN.sub("", _from_first_word(text), count=1)
    first = (re.findall(r"\w+", inner) or [""])[0].lower()
    tree = json.loads(con.execute(f"select json_serialize_sql({quoted(inner)})").fetchall()[0][0])
    if first not in QUESTIONS or tree.get("error"):
        raise QueryError(
            f"expected a question ({', '.join(QUESTIONS)} or explain), found `{first}`. "
            "Queries may only read the warehouse's own tables; `trends queries` shows examples."
        )
    for name in _functions(tree):
        raise QueryError(
            f"{name}: this reaches outside the warehouse's tables. Queries may only read those; "
            "`trends describe` lists them."
        )


def _unended(sql: str) -> str:
    """A statement without the semicolon that ends it, as it may have to stand inside another."""
    held = bytearray(sql.encode())
    for offset, kind in duckdb.tokenize(sql):  # offsets count bytes
        if kind == duckdb.token_type.operator and held[offset : offset + 1] == b";":
            held[offset] = ord(" ")
    return held.decode().rstrip()


def _from_first_word(sql: str) -> str:
    tokens = duckdb.tokenize(sql)
    return sql.encode()[tokens[0][0] :].decode() if tokens else ""


def _functions(tree: object) -> Iterator[str]:
    """Names of the functions, and of the engine's own views, that a query may not read."""
    for node in _nodes(tree):
        if node.get("type") == "BASE_TABLE" and str(node["table_name"]).lower() in VIEWS_REFUSED:
            yield str(node["table_name"])
        if node.get("type") == "TABLE_FUNCTION":
            name = str(node["function"].get("function_name", "")).lower()
            if name not in TABLE_FUNCTIONS:
                yield name
        elif (name := str(node.get("function_name", "")).lower()) in SCALARS_REFUSED:
            yield name


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)
