"""The map: where of two frameworks which one is searched for more, one tile a country."""

from collections.abc import Sequence
from pathlib import Path

from .fields import FIELDS
from .figures import Choice, Figure, Panel
from .marts import Row, grouped
from .program import Settings, read_rows
from .wording import month, percent

SERIES = {"search_terms_by_country": "Search terms", "topics_by_country": "Topics"}
TOLD = 3


def layout(folder: Path) -> list[Row]:
    """Every country with its name and its places on a wide and on a narrow map, from data/reference/countries.csv."""
    return [
        {
            "country": row["country"],
            "name": row["name"],
            "region": row["region"],
            "is_small": row["is_small"] == "true",
            "wide": [int(row["tile_column"]), int(row["tile_row"])],
            "narrow": [int(row["narrow_column"]), int(row["narrow_row"])],
        }
        for row in read_rows(folder, "countries")
    ]


def world(pair: Row, rows: Sequence[Row], source: Row) -> Figure | None:
    """One choice a kind of search and window; None where no country has figures."""
    if not rows:
        return None
    # Our own layout: rough positions, so that every country has the same room. Small ones show only with figures.
    places = layout(Settings().reference)
    names = {place["country"]: place["name"] for place in places}
    named = [row | {"name": names.get(row["country"], row["country"])} for row in rows]
    label_a, label_b = pair["label_a"], pair["label_b"]
    return Figure(
        name="countries",
        shape="tiles",
        choices=[_choice(pair, own, names) for own in grouped(named, "series", "window_start").values()],
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
        sources=[source],
        places=places,
        file_name="search-by-country",
    )


def _choice(pair: Row, rows: list[Row], names: dict[str, str]) -> Choice:
    first, label_a = rows[0], pair["label_a"]
    kind = SERIES.get(first["series"], first["series"])
    since = month(first["window_start"])
    told = [f"{row['name']} {percent(row['a_share_of_pair_pct'])}" for row in rows]
    highest, lowest = ", ".join(told[:TOLD]), ", ".join(reversed(told[-TOLD:]))
    lost = sorted(row["name"] for row in rows if row["country"] not in names)
    return Choice(
        key=f"{first['series']}|{first['window_start']}",
        label=f"{kind}, window from {since}",
        title=f"{first['sentence']}, by Google searches since {since}",
        subtitles={
            "": f"{label_a} as a share of {label_a} and {pair['label_b']} together within each country, percent. "
            f"{kind}, one window from {since} on. Round: {label_a} ahead; square: {pair['label_b']} ahead; plain grey: "
            "no figures."
        },
        text_alternative=f"A map of equal tiles, one a country. {first['sentence']}. Highest shares of {label_a}: "
        f"{highest}. Lowest: {lowest}. All {len(rows)} stand in the table.",
        data_up_to=f"the end of the window from {since}",
        note="Google gives no figures for countries with few searches: a grey tile is unknown, not zero. Tiles are of "
        "one size and stand only roughly where the country lies."
        + (f" In the table but not on the map: {', '.join(lost)}." if lost else ""),
        panels=[Panel("countries-plot", rows)],
        origins=tuple(sorted({row["origin"] for row in rows})),
        qualities=tuple(sorted({row["quality"] for row in rows})),
    )
