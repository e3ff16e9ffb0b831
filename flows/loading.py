"""Fills raw tables from many landed files at once: DuckDB reads them where they lie."""

from collections.abc import Mapping, Sequence
from datetime import UTC

import duckdb

from flows.errors import SourceError
from flows.landing import LandedFile
from flows.literals import Value, literal, quoted

LARGEST_OBJECT = 64 * 1024**2


def insert_from(
    con: duckdb.DuckDBPyConnection,
    table: str,
    files: Sequence[LandedFile],
    columns: dict[str, str],
    reader: str,
    facts: Mapping[str, Sequence[Value]] | None = None,
) -> None:
    """Insert what the files hold into raw.<table>.

    Args:
        con: the warehouse.
        table: name below raw.
        files: landed files of one form; nothing happens without any.
        columns: SQL by column of the table; may use the columns of the files and of `facts`.
        reader: from clause that reads `{files}` with a column `filename`, under any alias.
        facts: further columns by name, with one value a file, that the files do not tell themselves.
    """
    if not files:
        return
    facts = facts or {}
    known = [
        (str(file.path), file.card.fetched_at.astimezone(UTC), file.source_file, *(facts[name][n] for name in facts))
        for n, file in enumerate(files)
    ]
    values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in known)
    listed = ", ".join(quoted(str(file.path)) for file in files)
    names = ", ".join(["path", "landed_at", "source_file", *facts])
    try:
        con.execute(
            f"insert into raw.{table} ({', '.join(columns)}, _landed_at, _source_file) "
            f"select {', '.join(columns.values())}, landed.landed_at::timestamp, landed.source_file "
            f"from {reader.format(files=f'[{listed}]')} "
            f"inner join (values {values}) as landed ({names}) on landed.path = filename"
        )
    except duckdb.Error as error:
        raise SourceError(
            files[-1].path.parent.parent.name,
            f"{len(files)} landed files that DuckDB can read for raw.{table}",
            f"{type(error).__name__} ({str(error).splitlines()[0]})",
            "Delete the file and its card, if the message names one, and refresh again; "
            "if it stays so, the source has changed its format.",
        ) from error


def json_reader(columns: dict[str, str], form: str = "format = 'auto'") -> str:
    """The reader of JSON documents, one a file unless `form` says otherwise; other fields are left where they lie."""
    typed = ", ".join(f"{name}: {quoted(kind)}" for name, kind in columns.items()).replace("{", "{{").replace("}", "}}")
    return (
        f"read_json({{files}}, {form}, maximum_object_size = {LARGEST_OBJECT}, filename = true, "
        f"columns = {{{{{typed}}}}}) as document"
    )
