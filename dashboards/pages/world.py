"""The map of the search page: where of two frameworks which one is searched for more, one tile per country."""

from typing import Any

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import Choice, Figure, Panel
from ..tables import Row, grouped
from ..wording import month

SERIES = {"search_terms_by_country": "Search terms", "topics_by_country": "Topics"}
TOLD = 3


def figure(drawing: Drawing) -> Figure | None:
    """One choice per kind of search and window; None where no country has figures."""
    pair = drawing.pair
    rows = drawing.of_pair("pages.countries", pair)
    if not rows:
        return None
    label_a, label_b = pair["label_a"], pair["label_b"]
    return Figure(
        name="countries",
        shape="tiles",
        choices=[_choice(pair, own) for own in grouped(rows, "series", "window_start").values()],
        table={
            "name": ("Country", "text"),
            "country": ("Code", "text"),
            "a_value": (f"{label_a}, % of searches", "pct"),
            "b_value": (f"{label_b}, % of searches", "pct"),
            "a_share_of_pair_pct": (f"{label_a} of the pair, %", "pct"),
            "label": ("Ahead", "text"),
        },
        fields=(*FIELDS["tiles"], "window_start"),
        pair=pair,
        sources=[drawing.sources["google_trends"]],
        places=drawing.tables.rows("pages.tiles"),
        file_name="search-by-country",
    )


def by_country(drawing: Drawing) -> dict[str, Any]:
    """Every framework in every country: the labels of the columns, and the lines of a table."""
    rows = drawing.tables.rows("pages.country_shares")
    labels = list(dict.fromkeys(row["label"] for row in rows))
    return {
        "labels": labels,
        "lines": [
            own[0] | {"figures": [{row["label"]: row["figure"] for row in own}.get(label) for label in labels]}
            for own in grouped(rows, "country", "series").values()
        ],
    }


def _choice(pair: Row, rows: list[Row]) -> Choice:
    first, label_a = rows[0], pair["label_a"]
    kind = SERIES.get(first["series"], first["series"])
    since = month(first["window_start"])
    told = [f"{row['name']} {row['share_words']}" for row in rows]
    highest, lowest = ", ".join(told[:TOLD]), ", ".join(reversed(told[-TOLD:]))
    lost = sorted(row["name"] for row in rows if not row["has_place"])
    return Choice(
        key=f"{first['series']}|{first['window_start']}",
        label=f"{kind}, window from {since}",
        title=f"{first['sentence']}, by Google searches since {since}",
        subtitles={
            "": f"{label_a} as a share of {label_a} and {pair['label_b']} together within each country, percent. "
            f"{kind}, one window from {since} on. Round: more of {label_a}; square: more of {pair['label_b']}; "
            "plain grey: no figures."
        },
        text_alternative=f"A map of equal tiles, one per country. {first['sentence']}. Highest shares of {label_a}: "
        f"{highest}. Lowest: {lowest}. All {len(rows)} stand in the table.",
        data_up_to=f"the end of the window from {since}",
        note="Google gives no figures for countries with few searches: a grey tile is unknown, not zero. Tiles are of "
        "one size and stand only roughly where the country lies."
        + (f" In the table but not on the map: {', '.join(lost)}." if lost else ""),
        panels=[Panel("countries-plot", rows)],
        origins=tuple(sorted({row["origin"] for row in rows})),
        qualities=tuple(sorted({row["quality"] for row in rows})),
    )
