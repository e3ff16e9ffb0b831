"""One ranking under every weighting: who is first under how many, the reader's own weights, and how it came about."""

from collections.abc import Iterator

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import OWN_DATES, Choice, Figure, Panel
from ..tables import Row
from . import Page

FILE = "ranking.html"
PRESETS = {"equal": "All alike", "research": "Research", "industry": "Industry", "learners": "Learners"}
BARS_TABLE = {
    "label": ("Framework", "text"),
    "rank": ("Rank", "number"),
    "acceptability_pct": ("Of 100 weightings", "pct"),
}
YEARS_TABLE = {
    "year_label": ("Year", "text"),
    "label": ("Framework", "text"),
    "rank": ("Rank, all sources alike", "number"),
    "leads_pct": ("First under, of 100 weightings", "pct"),
    "source_count": ("Sources", "number"),
    "kind_count": ("Kinds of evidence", "number"),
}


def pages(drawing: Drawing) -> Iterator[Page]:
    """The ranking."""
    tables = drawing.tables
    answer = next(iter(tables.rows("pages.ranking_answer")), None)
    weighed = tables.rows("marts.weighed_sources")
    readings = tables.rows("pages.ranking_readings")
    pairs = [
        row
        for row in tables.rows("pages.pair_weightings")
        if answer and row["year"] == "newest" and row["framework_a"] == answer["framework"]
    ]
    years = tables.rows("pages.ranking_years")
    yield Page(
        FILE,
        "Ranking",
        {
            "answer": answer,
            "bars": _bars(drawing, answer) if answer else None,
            "years": _years(drawing, years) if years else None,
            "year_sentences": [row["sentence"] for row in years if row["sentence"]],
            "presets": [row | {"name": PRESETS[row["preset"]]} for row in tables.rows("pages.ranking_presets")],
            "pairs": pairs,
            "kinds": _kinds(readings),
            "weighing": _weighing(drawing, readings),
            "weighed": weighed,
        },
        has_charts=True,
    )


def _kinds(readings: list[Row]) -> dict[str, dict[str, str]]:
    """Names of the sources of each kind of evidence, by source."""
    kinds: dict[str, dict[str, str]] = {}
    for row in readings:
        kinds.setdefault(row["kind"], {})[row["source"]] = row["source_label"]
    return kinds


def _weighing(drawing: Drawing, readings: list[Row]) -> Row:
    """What the page's script weighs: readings by places of sources and frameworks, and how typical an order is."""
    bars = [row for row in drawing.tables.rows("pages.ranking_bars") if row["rank"] == 1]
    names = [row["framework"] for row in bars]
    sources = {row["source"]: {key: row[key] for key in ("source", "kind", "audience")} for row in readings}
    places = {source: place for place, source in enumerate(sources)}
    return {
        "sources": list(sources.values()),
        "frameworks": [{"framework": row["framework"], "label": row["label"]} for row in bars],
        "readings": [
            {
                "source": places[row["source"]],
                "a": names.index(row["framework_a"]),
                "b": names.index(row["framework_b"]),
                "share": row["a_share_of_pair_pct"],
            }
            for row in readings
        ],
        "orders": {row["first_places"]: row["words"] for row in drawing.tables.rows("pages.ranking_orders")},
    }


def _source(made_of: str) -> Row:
    """Whose figures these are: ours, made of those of the sources that are weighed."""
    return {
        "label": "Framework Trends",
        "attribution": f"Framework Trends, made of {made_of}",
        "licence": "each source has its own",
        "is_passed_on": True,
    }


def _bars(drawing: Drawing, answer: Row) -> Figure:
    rows = drawing.tables.rows("pages.ranking_bars")
    labels = ", ".join(row["label"] for row in drawing.tables.rows("marts.weighed_sources") if row["is_weighed"])
    told = "; ".join(f"{row['label']}: {row['words']}" for row in rows if row["rank"] == 1)
    choice = Choice(
        key="all",
        label="",
        title=f"Ranks under every weighting of {answer['source_count']} sources",
        subtitles={
            "": "Under how many of 100 ways to weigh the sources each framework is first, second, third. "
            "The fullest part of a bar is the first rank, lower ranks follow to the right; the axis counts weightings."
        },
        text_alternative=f"Of 100 weightings. {told}.",
        data_up_to=OWN_DATES,
        panels=[Panel("ranks-plot", rows)],
    )
    return _figure(drawing, "ranks", choice, BARS_TABLE, f"the newest readings of {labels}")


def _years(drawing: Drawing, rows: list[Row]) -> Figure:
    choice = Choice(
        key="all",
        label="",
        title="Ranks year by year, all sources alike",
        subtitles={
            "": "Rank of each framework when every kind of evidence counts the same, and in it every source. "
            "A framework is ranked in years in which three sources of two kinds know it."
        },
        text_alternative=". ".join(row["sentence"] for row in rows if row["sentence"]) + ".",
        data_up_to=OWN_DATES,
        panels=[Panel("bump-plot", rows)],
    )
    return _figure(drawing, "bump", choice, YEARS_TABLE, "the readings of all sources in each year")


def _figure(drawing: Drawing, shape: str, choice: Choice, table: dict[str, tuple[str, str]], made_of: str) -> Figure:
    return Figure(
        name=shape,
        shape=shape,
        choices=[choice],
        table=table,
        fields=FIELDS[shape],
        pair=drawing.pair,
        sources=[_source(made_of)],
        file_name=f"ranking-{shape}",
    )
