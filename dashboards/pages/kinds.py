"""The pages of evidence: research, search, surveys and developer activity, a full chart per source."""

from collections.abc import Iterator
from urllib.parse import urlencode

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import LINES_TABLE, MEASURES, Choice, Figure, Panel
from ..tables import Row
from . import Page, world

# kind of evidence: (page, its name in the navigation, what it is about)
KINDS = {
    "Research": ("research.html", "Research", "Code of research papers and what papers at conferences name."),
    "Search": ("search.html", "Search", "What people look for on Google, over time and by country."),
    "Surveys": ("surveys.html", "Surveys", "What developers say that they use."),
    "Developer activity": (
        "activity.html",
        "Developer activity",
        "Package downloads, questions, stars, models, citations and hiring: traces of daily work.",
    ),
}


def place(row: Row) -> str:
    """Where the figures of a source are drawn."""
    return f"{KINDS[row['kind']][0]}#{row['source']}"


def place_of_series(drawing: Drawing, source: str, series: str, population: str | None) -> str | None:
    """Where the figures of one series are drawn, with that choice made; None where its source has no chart."""
    choices = drawing.choices.get(source)
    if not choices:
        return None
    if any(row["series"] == series and row["choice"] == population for row in choices):
        return f"{KINDS[choices[0]['kind']][0]}#{urlencode({'f': source, 's': f'{series}|{population}'})}"
    return place(choices[0])


def pages(drawing: Drawing) -> Iterator[Page]:
    """One page per kind."""
    votes = {row["kind"]: row["words"] for row in drawing.of_pair("pages.votes", drawing.pair)}
    evidence = drawing.of_pair("pages.evidence", drawing.pair)
    first = {row["kind"]: row for row in evidence if row["kind_place"] == 1}
    for kind, (file, label, lead) in KINDS.items():
        figures = [figure for figure in map(drawing.full, drawing.sources_of(kind)) if figure]
        is_search = kind == "Search"
        yield Page(
            file,
            f"{kind}: {votes[kind]}" if kind in votes else label,
            {
                "lead": lead,
                "first": first.get(kind),
                "figures": figures,
                "more": _conferences(drawing) if kind == "Research" else None,
                "agreement": drawing.tables.rows("pages.label_agreement") if kind == "Research" else [],
                "examples": drawing.tables.rows("pages.label_examples") if kind == "Research" else [],
                "is_search": is_search,
                "world": world.figure(drawing) if is_search else None,
                "countries": world.by_country(drawing) if is_search else None,
            },
            has_charts=bool(figures),
        )


def _conferences(drawing: Drawing) -> Figure | None:
    """The first pair at every conference, edition by edition."""
    pair = drawing.pair
    found = [row for row in drawing.of_pair("pages.population_summaries", pair) if row["window_start"] is None]
    if not found:
        return None
    summary = found[0]
    said = [
        row
        for row in drawing.of_pair("pages.sentences", pair)
        # What follows a comma is another way to list the same conference.
        if (row["source"], row["series"]) == (summary["source"], summary["series"]) and "," not in row["population"]
    ]
    panels = [
        Panel(
            f"conferences-{number}",
            drawing.lines(row, "population"),
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
        text_alternative=f"One small chart per conference, by edition. {summary['sentence']}. {summary['detail']}",
        data_up_to=max((row["period_start"], row["period_label"]) for row in said)[1],
        panels=panels,
    )
    return Figure(
        name="conferences",
        shape="lines",
        choices=[choice],
        table=LINES_TABLE,
        fields=FIELDS["lines"],
        pair=pair,
        sources=[drawing.sources[summary["source"]]],
        measure="pair",
        named=[pair["framework_a"], pair["framework_b"]],
        small=True,
        file_name="conferences",
        note="A single edition is a dot. A conference of every second year has half the points, not a gap.",
    )
