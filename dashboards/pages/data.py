"""Data: what there is to download, what the rules of the tables found, and what every column of the marts means."""

from collections.abc import Iterator

from ..drawing import Drawing
from ..tables import Row
from . import Page


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all data."""
    yield Page(
        "data.html",
        "Data",
        {"data_notes": drawing.tables.rows("marts.data_notes"), "dictionary": _dictionary(drawing)},
    )


def _dictionary(drawing: Drawing) -> list[Row]:
    """The marts with their columns, as the engine's own catalogue tells them."""
    columns = drawing.tables.by("duckdb_columns()", "schema_name", "table_name")
    return [
        {"name": row["table_name"], "comment": row["comment"], "row_count": row["estimated_size"]}
        | {"columns": columns["marts", row["table_name"]]}
        for row in sorted(drawing.tables.rows("duckdb_tables()"), key=lambda row: str(row["table_name"]))
        if row["schema_name"] == "marts"
    ]
