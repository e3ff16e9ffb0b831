"""The Stack Overflow survey's own counts, as its archive keeps them beside the tables of respondents.

They know bases and groups that the public rows do not: the base of the published charts, and who counted as what. Their
percents are those of the charts, so they also tell when the printed number of responses is not the base of a chart.
Not every state of the archive has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from ...engine import duckdb
from ...errors import SourceError
from ...json_text import parsed_json
from ...landing.landing import LandedFile
from ...sql_text import Value, insert_rows
from .editions import YEARS, Form

TABLE = "stack_overflow_survey_aggregates"
COLUMNS = {
    "year": "INTEGER",
    "respondents": "VARCHAR",  # which of them, in the publisher's words
    "response_count": "BIGINT",
    "option": "VARCHAR",
    "frequency": "BIGINT",  # null where only percents are given, with four decimals
    "percent": "DOUBLE",
}
RESPONSES = re.compile(r"([\d,]+) responses")


def check(address: str, form: Form, path: Path) -> None:
    """Refuse a file that does not hold the question."""
    rows_of(path, address, form)


def rows_of(path: Path, address: str, form: Form) -> list[tuple[Value, ...]]:
    """The rows of the raw table that a file of aggregates gives for the question on frameworks.

    Raises:
        SourceError: it is no JSON, or does not hold the question in a shape that we know.
    """
    cure = f"Compare the file with aggregates_topic of {form.year} in data/reference/{YEARS}.csv."
    expected = f"counts of {form.aggregates_topic!r} in {form.year}"
    try:
        found = list(_rows(parsed_json(path.read_bytes()), form))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SourceError(address, expected, f"another shape ({type(error).__name__}: {error})", cure) from error
    if not found:
        raise SourceError(address, expected, "none", cure)
    return found


def load(landed: list[LandedFile], forms: dict[int, Form], con: duckdb.DuckDBPyConnection) -> None:
    """Fill the raw table."""
    for file in landed:
        told = (file.card.fetched_at.astimezone(UTC), file.source_file)
        found = rows_of(file.path, str(file.path), forms[int(file.card.details["year"])])
        insert_rows(con, f"raw.{TABLE}", [(*row, *told) for row in found])


def _rows(document: Any, form: Form) -> Iterator[tuple[Value, ...]]:
    """Read either shape: charts of percents (to 2020), or counts by topic and group of respondents."""
    if form.aggregates_topic in document:
        for dataset in document[form.aggregates_topic]["datasets"].values():
            told = (form.year, str(dataset["name"]).strip(), int(dataset["total_respondents"]))
            for row in dataset["data"]:
                percent = round(100 * float(row["percent"]), 6)
                yield (*told, str(row["response"]).strip(), int(row["frequency"]), percent)
        return
    for graph in _graphs(document, form.aggregates_topic):
        if said := RESPONSES.search(graph["SubText"]):
            told = (form.year, str(graph["Title"]).strip(), int(said[1].replace(",", "")))
            for option, percent in graph["Data"].items():
                yield (*told, option.strip(), None, float(percent))


def _graphs(node: Any, topic: str) -> Iterator[Any]:
    """Find the charts of a topic, however deep they lie."""
    if isinstance(node, dict):
        if node.get("Title") == topic and "Graphs" in node:
            yield from node["Graphs"]
        node = list(node.values())
    if isinstance(node, list):
        for branch in node:
            yield from _graphs(branch, topic)
