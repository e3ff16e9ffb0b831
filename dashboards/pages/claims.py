"""Published claims: each beside what the figures give, and whether it stands."""

from collections.abc import Iterator, Sequence

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import OWN_DATES, Choice, Figure, Panel
from ..tables import Row, grouped
from ..wording import ORIGINS, QUALITIES
from . import Page
from .kinds import place_of_series

READINGS_TABLE = {
    "claim_id": ("Claim", "text"),
    "statement": ("Statement", "text"),
    "published": ("Published, %", "pct"),
    "measured": ("Measured, %", "pct"),
    "low": ("from, %", "pct"),
    "high": ("to, %", "pct"),
    "verdict": ("Verdict", "text"),
}


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all claims."""
    titles = {row["article"]: row for row in drawing.tables.rows("pages.articles")}
    rows = [
        row
        | {
            "origins": [row["origin"]] if row["origin"] in ORIGINS else [],
            "qualities": [name for name in (row["quality"] or "").split("|") if name in QUALITIES],
            "file": place_of_series(drawing, row["source"], row["series"], row["population"]),
        }
        for row in drawing.tables.rows("pages.claims")
    ]
    readings = _readings(drawing, [row for row in rows if row["published"] is not None])
    verdicts = sorted(
        {(row["verdict_order"], row["verdict_count"], row["verdict"], row["verdict_words"]) for row in rows}
    )
    yield Page(
        "claims.html",
        f"{len(rows)} published claims, tested" if rows else "Published claims, tested",
        {
            "counts": ", ".join(f"{count} {verdict}" for _, count, verdict, _ in verdicts),
            "verdicts": [verdict for *_, verdict, _ in verdicts],
            "verdict_words": [(verdict, words) for *_, verdict, words in verdicts],
            "readings": readings,
            "published": drawing.tables.rows("pages.published"),
            "refuted": [row for row in rows if row["verdict"] == "inconsistent"],
            "claims": [(titles[article], own) for (article,), own in grouped(rows, "article").items()],
        },
        has_charts=bool(readings),
    )


def _readings(drawing: Drawing, rows: Sequence[Row]) -> Figure | None:
    """Published percentages beside measured ones."""
    if not rows:
        return None
    words = "; ".join(f"{row['statement']}: measured {row['measured_words']}" for row in rows)
    choice = Choice(
        key="all",
        label="",
        title="Published percentages beside what the figures give",
        subtitles={
            "": "Ring: the number as published. Dot: the same measure on the figures that the claim below names. "
            "Bar: how far it may be off, of a sample or a picture; what was counted in full has none."
        },
        text_alternative=words + ".",
        data_up_to=OWN_DATES,
        panels=[Panel("readings-plot", list(rows))],
    )
    return Figure(
        name="readings",
        shape="readings",
        choices=[choice],
        table=READINGS_TABLE,
        fields=FIELDS["readings"],
        pair=drawing.pair,
        sources=[drawing.sources[source] for source in dict.fromkeys(row["source"] for row in rows)],
        file_name="published-and-measured",
    )
