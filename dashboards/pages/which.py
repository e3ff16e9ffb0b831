"""Which one for me: what the figures say to each kind of reader, beside what comparison articles conclude."""

from collections.abc import Iterator

from ..drawing import Drawing
from ..tables import grouped
from . import Page
from .kinds import place

AUDIENCES = {
    "research": "For research",
    "industry": "For work in industry",
    "learners": "For learning",
}


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page for who has to choose."""
    pair = drawing.pair
    sentences = [row | {"file": place(row)} for row in drawing.headlines(pair)]
    verdicts = {row["audience"]: row["words"] for row in drawing.tables.rows("pages.audience_verdicts")}
    yield Page(
        "which-one.html",
        "Which one for me?",
        {
            "audiences": [
                {
                    "key": key,
                    "title": title,
                    "verdict": verdicts.get(key),
                    "sentences": [row for row in sentences if row["audience"] == key],
                }
                for key, title in AUDIENCES.items()
            ],
            "pair": pair,
            "users": list(drawing.tables.by("pages.users", "framework").values()),
            "verdicts": [
                (criterion, list(grouped(rows, "article", "favoured", "paraphrase").values()))
                for (criterion,), rows in drawing.tables.by("pages.verdicts", "criterion").items()
            ],
        },
    )
