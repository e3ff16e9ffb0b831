"""The overview: who has more today, by kind of evidence, what speaks against it, when the lead changed, the others."""

from collections.abc import Iterator

from ..drawing import Drawing
from . import Page
from .evidence import lines

# Kinds of evidence whose first full chart stands here too.
SHOWN = ("Research", "Developer activity")
MOST_CHANGES = 12


def pages(drawing: Drawing) -> Iterator[Page]:
    """The overview."""
    tables, pair = drawing.tables, drawing.pair
    evidence = lines(drawing)
    figures = [drawing.full(source) for kind in SHOWN for source in drawing.sources_of(kind)[:1]]
    answer = next(iter(tables.rows("pages.answer")), None)
    yield Page(
        "index.html",
        answer["sentence"] if answer else "Overview",
        {
            "answer": answer,
            "weighed": next(iter(tables.rows("pages.ranking_answer")), None),
            "headlines": tables.rows("marts.headlines"),
            "changes": tables.rows("marts.changes")[:MOST_CHANGES],
            "claim_count": len(tables.rows("pages.claims")),
            "kinds": [row for row in evidence if row["kind_place"] == 1],
            "against": [row for row in evidence if row["stand"] != "agrees" and row["kind_place"] > 1],
            "timeline": drawing.timeline(pair),
            "others": [
                row
                for row in tables.rows("pages.frameworks")
                if row["framework"] not in (pair["framework_a"], pair["framework_b"]) and row["is_compared"]
            ],
            "figures": [figure for figure in figures if figure],
            "pair": pair,
            "pair_page": f"compare/{pair['file']}" if drawing.pairs else None,
            "sources": list(drawing.sources.values()),
        },
        has_charts=True,
    )
