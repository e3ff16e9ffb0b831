"""What a query of sql/ says by itself: which tables it reads, and what it calls its columns."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ..errors import ModelError
from ..sql_text import quoted

# A table in a parse tree, read from its text: building the tree itself takes twenty times as long.
READ = re.compile(r'"schema_name":"([^"]+)","table_name":"([^"]+)"')
# The first select of a union names its columns. It is the left one of two, and from DuckDB 2 the first of many.
OUTERMOST = [
    f"$.statements[0].node{step * depth}.select_list" for step in (".left", ".children[0]") for depth in range(5)
]
# What queries say, by their text: a refresh reads the models for the build and for the exports.
PARSED: dict[str, "Parsed"] = {}


@dataclass(frozen=True)
class Parsed:
    """What is known of a query without running it.

    Attributes:
        reads: qualified names of the tables it reads.
        names: of its columns; none where it does not name each of them, as in `select *`.
    """

    reads: frozenset[str]
    names: tuple[str, ...]


def parse(queries: Mapping[Path, str], con: duckdb.DuckDBPyConnection) -> None:
    """Note in PARSED what queries say; a table without a schema is a step of the query itself.

    All in one statement, in half the time. DuckDB's get_table_names would do, but it hands back aliases
    and cannot bind `using` before the tables exist.
    """
    unknown = {path: query for path, query in queries.items() if query not in PARSED}
    if not unknown:
        return
    texts = ", ".join(f"({quoted(query)})" for query in unknown.values())
    trees = con.execute(
        f"select tree, json_array_length(tree, '$.statements'), json_extract(tree, {OUTERMOST}) "
        f"from (select json_serialize_sql(query) as tree from (values {texts}) as each (query))"
    ).fetchall()
    for (path, query), (tree, statement_count, selects) in zip(unknown.items(), trees, strict=True):
        if statement_count != 1:
            problem = json.loads(tree).get("error_message") or f"{statement_count} statements"
            raise ModelError(f"{path}: the query is not one select statement: {problem}")
        # No text of a query can look like this: its own quotation marks stand behind a backslash.
        reads = frozenset(".".join(names) for names in READ.findall(tree))
        PARSED[query] = Parsed(reads, _names(next(filter(None, selects), "[]")))


def _names(select: str) -> tuple[str, ...]:
    """Names of the columns of a select; none unless each has one."""
    columns = json.loads(select)
    names = [column["alias"] or (column.get("column_names") or [""])[-1] for column in columns]
    return tuple(names) if all(names) and not any(column["class"] == "STAR" for column in columns) else ()
