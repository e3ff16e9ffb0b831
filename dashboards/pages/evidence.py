"""All evidence on the first pair: every source on one page, by kind."""

from collections.abc import Iterator, Sequence

from ..drawing import Drawing
from ..tables import Row, grouped
from . import Page
from .kinds import KINDS, place


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all sources of evidence."""
    kinds = [
        {"kind": kind, "file": KINDS[kind][0], "label": KINDS[kind][1], "lead": KINDS[kind][2], "rows": rows}
        for (kind,), rows in grouped(lines(drawing), "kind").items()
    ]
    yield Page("evidence.html", "The evidence, source by source", {"kinds": kinds, "pair": drawing.pair})


def lines(drawing: Drawing) -> Sequence[Row]:
    """One line per source on the first pair, with its small picture and the place of its chart."""
    sparks = {(row["source"], row["framework"]): row for row in drawing.of_pair("pages.sparks", drawing.pair)}
    return [
        row | {"spark": sparks.get((row["source"], row["drawn"])), "file": place(row)}
        for row in drawing.of_pair("pages.evidence", drawing.pair)
    ]
