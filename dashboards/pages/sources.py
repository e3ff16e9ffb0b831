"""Sources and method: what each source counts, how fresh it is, under which licence, and where not to compare it."""

from collections.abc import Iterator

from ..drawing import Drawing
from . import Page


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all sources."""
    yield Page(
        "sources.html",
        "Sources and method",
        {
            "sources": list(drawing.sources.values()),
            "series": {source: rows for (source,), rows in drawing.tables.by("marts.series", "source").items()},
            "left_out": {key[0]: rows for key, rows in drawing.tables.by("marts.rejected_records", "source").items()},
            "revised": {row["source"]: row["sentence"] for row in drawing.tables.rows("pages.revisions")},
            "breaks": {source: rows for (source,), rows in drawing.breaks.items()},
            "references": drawing.tables.rows("marts.publications"),
        },
    )
