"""A world of equal squares: one per country, in the colour of the framework that leads there."""

from typing import Any

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 600
# One step of the legend, in points of the share, and how full its colour is.
STEPS = [25, 40, 50, 60, 75]
FILLS = [1, 0.5, 0.2, 0.2, 0.5, 1]
STEP_WORDS = ["75 to 100", "60 to 75", "50 to 60"]


def chart() -> marks.Layered:
    """Round tiles where the first of the pair leads, square ones where the second does: colour is not the only cue."""
    places = alt.Chart(alt.NamedData("places"))
    base = alt.Chart(marks.ROWS).transform_calculate(
        token=marks.TOKEN, is_full="datum.a_share_of_pair_pct<25||datum.a_share_of_pair_pct>=75"
    )
    tile: dict[str, Any] = {
        "x": alt.ExprRef("datum.column*cell+1"),
        "x2": alt.ExprRef("(datum.column+1)*cell-1"),
        "y": alt.ExprRef("datum.row*cell+1"),
        "y2": alt.ExprRef("(datum.row+1)*cell-1"),
    }
    code: dict[str, Any] = {
        "x": alt.ExprRef("(datum.column+.5)*cell"),
        "y": alt.ExprRef("(datum.row+.5)*cell"),
        "baseline": "middle",
        "fontSize": alt.ExprRef("min(12,cell*.42)"),
    }
    layers = [
        places.mark_rect(color=variable("grid"), cornerRadius=2, **tile),
        places.mark_text(color=variable("muted"), **code).encode(alt.Text("country:N")),
        # The ring keeps the palest step apart from a country without figures.
        base.mark_rect(**tile, strokeWidth=1.25, cornerRadius=alt.ExprRef("datum.framework==pair[0]?cell/2:2")).encode(
            marks.colours(), marks.outlines(), _fill("a_share_of_pair_pct"), tooltip=_tooltip()
        ),
        *(
            base.transform_filter(f"{no}datum.is_full")
            .mark_text(color=variable(colour), fontWeight="bold", **code)
            # The pointer meets the words before the tile.
            .encode(alt.Text("country:N"), tooltip=_tooltip())
            for no, colour in (("!", "ink"), ("", "surface"))
        ),
        marks.words(marks.WORDS),
        *_legend(),
    ]
    given = marks.params(cell=30, pair=[], pair_labels=[], step=62)
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)


def _fill(field: str) -> alt.FillOpacity:
    scale = alt.Scale(type="threshold", domain=STEPS, range=FILLS)
    return alt.FillOpacity(f"{field}:Q").scale(scale).legend(None)


def _legend() -> list[alt.Chart]:
    """Six steps above the map: the second framework's to the left of the middle, the first's to the right."""
    words = [*STEP_WORDS, *reversed(STEP_WORDS)]
    shares = [12, 32, 45, 55, 68, 88]
    values = [
        {"place": place, "share": share, "words": text, "side": place // 3}
        for place, (share, text) in enumerate(zip(shares, words, strict=True))
    ]
    base = alt.Chart(alt.InlineData(values=values)).transform_calculate(framework="pair[1-datum.side]")
    base = base.transform_calculate(token=marks.TOKEN)
    sides = alt.Chart(alt.InlineData(values=[{"side": 0}, {"side": 1}]))
    words_at: dict[str, Any] = {"align": "left", "fontSize": 11, "color": variable("muted")}
    return [
        base.mark_rect(
            x=alt.ExprRef("datum.place*step"),
            x2=alt.ExprRef("(datum.place+1)*step-3"),
            y=-58,
            y2=-44,
            strokeWidth=1.25,
            cornerRadius=alt.ExprRef("datum.side?7:2"),
        ).encode(marks.colours(), marks.outlines(), _fill("share")),
        base.mark_text(x=alt.ExprRef("datum.place*step"), y=-32, **words_at).encode(alt.Text("words:N")),
        sides.mark_text(
            x=alt.ExprRef("datum.side*3*step"),
            y=-66,
            text=alt.ExprRef("'more '+pair_labels[1-datum.side]"),
            **(words_at | {"color": variable("ink"), "fontSize": 12}),
        ),
    ]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N").title("Country"),
        alt.Tooltip("label:N").title("Has more"),
        alt.Tooltip("a_share_of_pair_pct:Q").title("Share of the pair, %").format(".0f"),
    ]
