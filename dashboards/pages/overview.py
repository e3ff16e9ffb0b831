"""The overview: who has more today, one card per kind of evidence, when the lead changed, and the first full charts."""

from collections.abc import Iterator

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import Choice, Figure, Panel
from ..tables import Row, grouped
from . import Page
from .kinds import place

# The time axis of the small lines.
FIRST_DAY = "2016-01-01"
# Kinds of evidence whose first full chart stands here too.
SHOWN = ("Research", "Developer activity")
MOST_CHANGES = 12


def pages(drawing: Drawing) -> Iterator[Page]:
    """The overview."""
    tables, pair = drawing.tables, drawing.pair
    headlines = tables.rows("marts.headlines")
    cards = _cards(drawing)
    figures = [drawing.full(source) for kind in SHOWN for source in drawing.sources_of(kind)[:1]]
    yield Page(
        "index.html",
        "Overview",
        {
            "answer": next(iter(tables.rows("pages.answer")), None),
            "headlines": headlines,
            "counter_example": _counter_example(headlines),
            "changes": tables.rows("marts.changes")[:MOST_CHANGES],
            "claim_count": len(tables.rows("pages.claims")),
            "evidence": cards,
            "evidence_figure": _sparks(drawing, cards),
            "timeline": drawing.timeline(pair),
            "figures": [figure for figure in figures if figure],
            "pair": pair,
            "pair_page": f"compare/{pair['file']}" if drawing.pairs else None,
            "sources": list(drawing.sources.values()),
        },
        has_charts=True,
    )


def _counter_example(headlines: list[Row]) -> str | None:
    """The strongest figure that speaks against the first headline."""
    others = [row for row in headlines if row["leader"] and row["leader"] != headlines[0]["leader"]]
    return max(others, key=lambda row: row["leader_share_pct"])["sentence"] if others else None


def _cards(drawing: Drawing) -> list[Row]:
    """One card per kind of evidence: its first source with figures of the first pair, and what its others say."""
    own = grouped(drawing.headlines(drawing.pair), "kind")
    return [
        rows[0] | {"others": rows[1:], "label_a": drawing.pair["label_a"], "file": place(rows[0])}
        for rows in own.values()
    ]


def _sparks(drawing: Drawing, cards: list[Row]) -> Figure | None:
    """The small lines of the cards, all on one time axis."""
    if not cards:
        return None
    panels = [
        Panel(
            f"evidence-{card['source']}",
            [row for row in drawing.lines(card, "population") if row["framework"] == card["framework_a"]],
        )
        for card in cards
    ]
    return Figure(
        name="evidence",
        shape="lines",
        choices=[Choice("all", "", "Evidence", {"pair": ""}, "", "", panels, measures={"pair": ""})],
        table={},
        fields=FIELDS["lines"],
        pair=drawing.pair | {"label_a": "", "label_b": ""},
        sources=[],
        measure="pair",
        small=True,
        first_day=FIRST_DAY,
        last_day=max(row["period_middle"] for panel in panels for row in panel.rows),
    )
