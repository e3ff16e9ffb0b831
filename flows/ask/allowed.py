"""What a reader's query may be: one statement that reads, calling only functions that read.

The engine's own seals (flows/ask/query.py) keep it off other files, the network and settings. They let a few functions
through that write all the same: `enable_logging` to a file (a refused folder even ends the process, DuckDB 1.5.5),
`enable_profiling` to a file; and views that name folders of the machine. So what a query calls is taken from its parse
tree and held against one table, `GUARD`, which the SQL page holds its questions against too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ..engine import duckdb
from ..errors import QueryError
from ..sql_text import quoted
from .hints import TOO_DEEP, explained

QUESTIONS = (
    "select", "from", "with", "values", "table", "describe", "desc", "show", "summarize", "pivot", "unpivot",
)  # fmt: skip
# Functions that may stand after `from`; all others read files, change settings or tell of the machine.
TABLE_FUNCTIONS = (
    "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "summary",
    "duckdb_tables", "duckdb_columns", "duckdb_views", "duckdb_schemas", "duckdb_functions",
    "duckdb_types", "duckdb_keywords", "share_against",
)  # fmt: skip
SCALARS_REFUSED = ("getenv", "current_query", "current_setting", "write_log", "add_parquet_key", "getvariable")
# The engine's own views begin with these; some name folders, settings or what was asked before.
SYSTEM_VIEWS = ("pg_", "duckdb_", "pragma_", "sqlite_")
VIEWS = ("duckdb_tables", "duckdb_columns", "duckdb_views", "duckdb_schemas", "duckdb_types", "sqlite_master")
GUARD = {
    "questions": QUESTIONS,
    "table_functions": TABLE_FUNCTIONS,
    "scalars_refused": SCALARS_REFUSED,
    "system_views": SYSTEM_VIEWS,
    "views": VIEWS,
}
EXPLAIN = re.compile(r"^\s*explain(\s+analyze)?\s", re.IGNORECASE)


def one_question(sql: str, con: duckdb.DuckDBPyConnection) -> tuple[str, frozenset[str]]:
    """The text of the one statement in `sql`, and the names of its parameters.

    Args:
        sql: what the reader wrote.
        con: a sealed connection; it parses, and runs nothing of it.

    Raises:
        QueryError: there is not exactly one statement, it is wrong, or it does something else than read the warehouse.
    """
    try:
        statements = con.extract_statements(sql)
        if (len(statements) == 2 and not statements[0].query) or _is_several(statements):
            raise QueryError("a pivot has to name its values here: write `pivot t on column in ('a', 'b') using ...`.")
        if len(statements) != 1:
            raise QueryError(f"expected one statement, found {len(statements)}. Ask one question at a time.")
        text = _unended(str(statements[0].query))
        # The engine rewrites some pragmas into selects, so the words that were given are looked at too.
        _check(_unended(sql), con)
        _check(text, con)
        return text, frozenset(statements[0].named_parameters)
    except duckdb.Error as error:
        raise QueryError(explained(error)) from error
    except RecursionError as error:
        raise QueryError(TOO_DEEP) from error


def _is_several(statements: list[duckdb.Statement]) -> bool:
    """Whether one is several to the engine: DuckDB 2 says so of a pivot that looks for its values."""
    with suppress(ValueError):  # a type that the package has no name for
        return any(statement.type == duckdb.StatementType.MULTI for statement in statements)
    return False


def is_explain(statement: str) -> bool:
    """Whether a statement asks for a plan."""
    return bool(EXPLAIN.match(_from_first_word(statement)))


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
    for offset, kind in _tokens(sql):
        if kind == duckdb.token_type.operator and held[offset : offset + 1] == b";":
            held[offset] = ord(" ")
    return held.decode().rstrip()


def _tokens(sql: str) -> list[tuple[int, duckdb.token_type]]:
    """Where each word begins, in bytes; comments are none (DuckDB 2 tells them too)."""
    return [(offset, kind) for offset, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]


def _from_first_word(sql: str) -> str:
    tokens = _tokens(sql)
    return sql.encode()[tokens[0][0] :].decode() if tokens else ""


def _functions(tree: object) -> Iterator[str]:
    """Names of the functions, and of the engine's own views, that a query may not read."""
    for node in nodes(tree):
        if node.get("type") == "BASE_TABLE":
            name = str(node["table_name"]).lower()
            if name.startswith(SYSTEM_VIEWS) and name not in VIEWS:
                yield name
        if node.get("type") == "TABLE_FUNCTION":
            name = str(node["function"].get("function_name", "")).lower()
            if name not in TABLE_FUNCTIONS:
                yield name
        elif (name := str(node.get("function_name", "")).lower()) in SCALARS_REFUSED:
            yield name


def nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Every mapping of a parse tree."""
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
