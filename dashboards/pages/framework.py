"""The pages of frameworks: one that lists all with figures, and one for each, with every source that knows it."""

from collections.abc import Iterator, Sequence

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import LINES_TABLE, MEASURES, OWN_DATES, Choice, Figure
from ..tables import Row, grouped
from . import Page
from .kinds import place_of_series


def pages(drawing: Drawing) -> Iterator[Page]:
    """The list, and one page per framework with figures."""
    frameworks = drawing.tables.rows("pages.frameworks")
    yield Page("framework/index.html", "Frameworks", {"framework": None, "frameworks": frameworks})
    readings = drawing.tables.by("pages.framework_readings", "framework")
    changes = {(row["framework"], row["source"]): row for row in drawing.tables.rows("pages.framework_changes")}
    years = drawing.tables.by("pages.framework_years", "framework")
    events = drawing.tables.by("marts.events", "framework")
    for row in frameworks:
        key = (row["framework"],)
        own = [
            reading
            | {
                "file": place_of_series(drawing, reading["source"], reading["series"], reading["choice"]),
                "change": changes[reading["framework"], reading["source"]],
            }
            for reading in readings[key]
        ]
        yield Page(
            f"framework/{row['framework']}.html",
            row["sentence"],
            {
                "framework": row,
                "readings": own,
                "by_source": _by_source(drawing, row, own),
                "years": _years(years[key]),
                "rivals": _rivals(drawing, row["framework"]),
                "events": [event for event in events.get(key, []) if not event["is_break"]],
            },
            has_charts=True,
        )


def _by_source(drawing: Drawing, framework: Row, readings: Sequence[Row]) -> Figure:
    """Every source that knows it: a small chart each, all on one time axis."""
    panels = []
    for reading in readings:
        rows = [row for row in drawing.lines(reading, "choice") if row["framework"] == framework["framework"]]
        panels.append(
            drawing.panel(
                f"own-{reading['source']}",
                reading,
                [row | {"source_label": reading["source_label"]} for row in rows],
                heading=reading["source_label"],
                words={
                    "population": reading["choice_label"],
                    "sentence": f"{reading['period_label']}: {reading['figure_words']}.",
                    "detail": f"Place: {reading['place_words']}."
                    + (f" Newer: {reading['newer_words']}." if reading["newer_words"] else ""),
                    "origin": reading["origin"],
                    "quality": reading["quality"],
                },
            )
        )
    choice = Choice(
        key="all",
        label="",
        title=f"{framework['label']} at every source that knows it",
        subtitles={
            "count": "The figures themselves, each source in its own unit: compare directions, not levels.",
            "share": "Share of all that a source counts, percent, where it has a base. Bands: 95% intervals.",
        },
        measures={"count": "Figures", "share": MEASURES["share"]},
        text_alternative=f"One small chart per source, each over time. {framework['sentence']}. {framework['detail']}",
        data_up_to=OWN_DATES,
        panels=panels,
    )
    return Figure(
        name="own",
        shape="lines",
        choices=[choice],
        table={"source_label": ("Source", "text")}
        | {name: shown for name, shown in LINES_TABLE.items() if not name.startswith("pair")},
        fields=FIELDS["lines"],
        pair=drawing.pair,
        sources=[drawing.sources[reading["source"]] for reading in readings],
        measure="count",
        named=[framework["framework"]],
        small=True,
        file_name=framework["framework"],
        note="A double rule marks a day across which a source's figures are not comparable; a gap is a missing period.",
    )


def _years(rows: Sequence[Row]) -> Row:
    """Places year by year, one line per source."""
    years = sorted({row["year"] for row in rows})
    lines = [
        own[0] | {"years": [{row["year"]: row for row in own}.get(year) for year in years]}
        for own in grouped(rows, "source").values()
    ]
    return {"years": years, "lines": lines}


def _rivals(drawing: Drawing, framework: str) -> list[Row]:
    """Its pairs with figures, each with the sources that tell since when, and which of both gained."""
    return [
        pair
        | {
            "since": [row for row in drawing.of_pair("pages.lead_changes", pair) if row["crossed_date"]],
            "fits": drawing.of_pair("pages.fits", pair),
        }
        for pair in drawing.pairs
        if framework in (pair["framework_a"], pair["framework_b"])
    ]
