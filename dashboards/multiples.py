"""Figures of many small charts: one pair at every source, at every conference, and fitted lines of substitution."""

from collections.abc import Mapping, Sequence

from .fields import FIELDS
from .figures import LINES_TABLE, MEASURES, Choice, Figure, Panel
from .marts import Row, grouped

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


def by_source(pair: Row, panels: Sequence[Panel], sources: Sequence[Row]) -> Figure | None:
    """One pair at every source: a small chart a source, all on one time axis."""
    if not panels:
        return None
    said = " ".join(panel.words["sentence"] for panel in panels if panel.words)
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
        text_alternative=f"One small chart a source, each over time. {said}",
        data_up_to=_newest(panels),
        panels=list(panels),
    )
    return Figure(
        name="sources",
        shape="lines",
        choices=[choice],
        table={"source_label": ("Source", "text")} | LINES_TABLE,
        fields=FIELDS["lines"],
        pair=pair,
        sources=list(sources),
        measure="pair",
        named=[pair["framework_a"], pair["framework_b"]],
        small=True,
        file_name=f"{pair['framework_a']}-{pair['framework_b']}-by-source",
        note="A double rule marks a day across which a source's figures are not comparable; a gap is a missing "
        "period. Respondents and papers may name both frameworks.",
    )


def by_conference(
    pair: Row, said: Sequence[Row], rows: Mapping[tuple[str, ...], list[Row]], summary: Row, source: Row
) -> Figure | None:
    """One pair at every conference, edition by edition."""
    panels = [
        Panel(
            f"conferences-{number}",
            rows[(row["source"], row["series"], row["population"])],
            heading=row["population"],
            words=row | {"population": f"to the {row['period_label']}", "sentence": ""},
        )
        for number, row in enumerate(said)
    ]
    if len(panels) < 2:
        return None
    label_a, label_b = pair["label_a"], pair["label_b"]
    choice = Choice(
        key="all",
        label="",
        title=summary["sentence"],
        subtitles={
            "pair": f"{label_a} as a share of the papers that name either {label_a} or {label_b} and not both, "
            "by edition, percent. Bands: 95% intervals of counting.",
            "share": "Share of all papers of the edition, percent.",
            "count": "Papers that name the framework and not the other.",
        },
        measures=MEASURES | {"count": "Papers"},
        text_alternative=f"One small chart a conference, each by edition. {summary['sentence']}. {summary['detail']}",
        data_up_to=_newest(panels),
        panels=panels,
    )
    return Figure(
        name="conferences",
        shape="lines",
        choices=[choice],
        table=LINES_TABLE,
        fields=FIELDS["lines"],
        pair=pair,
        sources=[source],
        measure="pair",
        named=[pair["framework_a"], pair["framework_b"]],
        small=True,
        file_name="conferences",
        note="A single edition is a dot. A conference of every second year has half the points, not a gap.",
    )


def fitted(pair: Row, rows: Sequence[Row], sources: Mapping[str, Row]) -> Figure | None:
    """The fitted line of every series of a pair that is long enough, beside its figures."""
    if not rows:
        return None
    panels = [
        Panel(
            f"fits-{number}",
            own,
            heading=own[0]["source_label"],
            words=own[0] | {"detail": own[0]["forecast_words"], "origin": None, "quality": None},
        )
        for number, own in enumerate(grouped(rows, "source", "population").values())
    ]
    said = " ".join(f"{panel.heading}: {panel.words['sentence']}" for panel in panels if panel.words)
    choice = Choice(
        key="all",
        label="",
        title=rows[0]["title"],
        subtitles={
            "": f"Dots: {pair['label_a']} as a share of {pair['label_a']} and {pair['label_b']} together, percent. "
            "Line and band: the model of Fisher and Pry, in which the odds change by the same factor every year, with "
            "its 95% interval. Dashes: a forecast, where one is earned."
        },
        text_alternative=f"One small chart a series: figures, and the line fitted to them. {said}",
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
        sources=[sources[source] for source in dict.fromkeys(row["source"] for row in rows)],
        small=True,
        file_name=f"{pair['framework_a']}-{pair['framework_b']}-fitted",
        note="A forecast is earned where the line, fitted to the figures up to the end of each year, erred less on "
        "what came after than both the last value and the last trend.",
    )


def _newest(panels: Sequence[Panel]) -> str:
    """Name of the newest period that some panel speaks of."""
    newest: str = max((panel.words["period_start"], panel.words["period_label"]) for panel in panels if panel.words)[1]
    return newest
