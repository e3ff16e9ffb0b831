"""The page of one pair: every source, when the lead changed, year by year, and how fast one replaces the other."""

from collections.abc import Iterator, Sequence

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import LINES_TABLE, MEASURES, OWN_DATES, Choice, Figure, Panel
from ..tables import Row, grouped
from . import Page, compare

CURVES_TABLE = {
    "source_label": ("Source", "text"),
    "population": ("Population", "text"),
    "period_label": ("Period", "text"),
    "observed_pct": ("Share of the pair, %", "pct"),
    "fitted_pct": ("Fitted, %", "pct"),
    "fitted_low_pct": ("from, %", "pct"),
    "fitted_high_pct": ("to, %", "pct"),
    "forecast_pct": ("Forecast, %", "pct"),
}


def pages(drawing: Drawing) -> Iterator[Page]:
    """One page per pair with figures."""
    shared = compare.choosers(drawing.pairs)
    moved = {row["framework"]: row for row in drawing.tables.rows("pages.frameworks")}
    for pair in drawing.pairs:
        yield Page(
            f"compare/{pair['file']}",
            f"{pair['label_a']} and {pair['label_b']}",
            {
                "pair": pair,
                "moved": [moved[pair[side]] for side in ("framework_a", "framework_b")],
                "by_source": _by_source(drawing, pair),
                "timeline": drawing.timeline(pair),
                "crossings": drawing.of_pair("pages.crossings", pair),
                "years": _years(drawing.of_pair("pages.years", pair)),
                "curves": _curves(drawing, pair),
                "fits": drawing.of_pair("pages.fits", pair),
                "lags": [row for row in drawing.of_pair("marts.source_lags", pair) if row["is_found"]],
                **shared,
            },
            has_charts=True,
            beside=tuple(f"framework/{pair[side]}.html" for side in ("framework_a", "framework_b")),
        )


def _by_source(drawing: Drawing, pair: Row) -> Figure | None:
    """The pair at every source: a small chart per source, all on one time axis."""
    said = {row["source"]: row for row in drawing.headlines(pair)}
    panels = [
        drawing.panel(
            f"sources-{source}",
            said[source],
            own,
            heading=own[0]["source_label"],
            words=said[source],
        )
        for (source,), own in grouped(drawing.of_pair("pages.pair_lines", pair), "source").items()
        if source in said
    ]
    if not panels:
        return None
    choice = Choice(
        key="all",
        label="",
        title=pair["spread"],
        subtitles={
            "pair": f"{pair['label_a']} as a share of {pair['label_a']} and {pair['label_b']} together, percent. "
            "Each source counts something else: compare directions, not levels.",
            "share": "Share of all that a source counts, percent, where it has a base.",
            "count": "The figures themselves, each source in its own unit.",
        },
        measures=MEASURES,
        text_alternative="One small chart per source, each over time. "
        + " ".join(row["sentence"] for row in said.values()),
        data_up_to=OWN_DATES,
        panels=panels,
    )
    return Figure(
        name="sources",
        shape="lines",
        choices=[choice],
        table={"source_label": ("Source", "text")} | LINES_TABLE,
        fields=FIELDS["lines"],
        pair=pair,
        sources=[drawing.sources[source] for source in said],
        measure="pair",
        named=[pair["framework_a"], pair["framework_b"]],
        small=True,
        file_name=f"{pair['framework_a']}-{pair['framework_b']}-by-source",
        note="A double rule marks a day across which a source's figures are not comparable; a gap is a missing "
        "period. Respondents and papers may name both frameworks.",
    )


def _curves(drawing: Drawing, pair: Row) -> Figure | None:
    """The fitted line of every series of the pair that is long enough, beside its figures."""
    rows = [row | {"framework": pair["framework_a"]} for row in drawing.of_pair("pages.curves", pair)]
    said = {(row["source"], row["population"]): row for row in drawing.of_pair("pages.fits", pair)}
    if not rows:
        return None
    panels = [
        Panel(
            f"fits-{number}",
            own,
            heading=own[0]["source_label"],
            words=said[key] | {"detail": said[key]["forecast_sentence"], "origin": None, "quality": None},
        )
        for number, (key, own) in enumerate(grouped(rows, "source", "population").items())
    ]
    told = " ".join(f"{row['source_label']}: {row['sentence']}" for row in said.values())
    choice = Choice(
        key="all",
        label="",
        title=next(iter(said.values()))["title"],
        subtitles={
            "": f"Dots: {pair['label_a']} as a share of {pair['label_a']} and {pair['label_b']} together, percent. "
            "Line and band: the curve under the figures, without the noise of single periods, with its 95% interval. "
            "Dashes: a forecast, where one is earned."
        },
        text_alternative=f"One small chart per series: figures, and the curve under them. {told}",
        data_up_to=max((row["point_date"], row["period_label"]) for row in rows if row["observed_pct"] is not None)[1],
        panels=panels,
    )
    return Figure(
        name="fits",
        shape="substitution",
        choices=[choice],
        table=CURVES_TABLE,
        fields=FIELDS["substitution"],
        pair=pair,
        sources=[drawing.sources[source] for source in dict.fromkeys(row["source"] for row in rows)],
        small=True,
        file_name=f"{pair['framework_a']}-{pair['framework_b']}-fitted",
        note="A forecast is earned where a straight line of log odds, fitted up to each of four years' ends or more, "
        "is proven to foretell the year after better than both the last value and the last trend.",
    )


def _years(rows: Sequence[Row]) -> Row | None:
    """Years side by side, one line per source and population; `told` says what all sources of a year say together."""
    if not rows:
        return None
    years = sorted({row["year"] for row in rows})
    lines = [
        own[0] | {"years": [{row["year"]: row for row in own}.get(year) for year in years]}
        for own in grouped(rows, "source", "population").values()
    ]
    told = {row["year"]: row for row in rows}
    return {"years": years, "lines": lines, "told": [told[year] for year in years]}
