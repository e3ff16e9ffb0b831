"""Published numbers beside measured ones: ring for what was published, dot and bar for what the figures give."""

from typing import Any

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 320


def chart() -> marks.Layered:
    """One row a claim, in percent; the page tells it how many rows there are."""
    base = alt.Chart(marks.ROWS)
    row = alt.Y("claim_id:N").scale(alt.Scale(domain=alt.ExprRef("labels"), paddingInner=0))
    row = row.axis(labels=False, grid=True, tickBand="center", domain=False, ticks=False)
    scale = alt.Scale(domain=[0, alt.ExprRef("ymax")], nice=False)
    axis: dict[str, Any] = {"labelExpr": "datum.label+'%'", "tickCount": 5, "grid": False}
    low = alt.ExprRef("narrow?18:0")
    place: dict[str, Any] = {"fontSize": 13, "color": variable("ink"), "baseline": "middle", "align": "left"}
    measured = alt.X("measured:Q").scale(scale).axis(**axis)
    layers = [
        base.transform_filter("isValid(datum.low)")
        .mark_bar(height=8, opacity=0.6, color=variable("other"), yOffset=low)
        .encode(alt.X("low:Q").scale(scale).axis(**axis), alt.X2("high:Q"), row),
        base.mark_point(filled=True, size=60, opacity=1, color=variable("ink"), yOffset=low).encode(
            measured, row, tooltip=["claim_id:N", "published:Q", "measured:Q", "low:Q", "high:Q", "verdict:N"]
        ),
        base.mark_point(size=110, strokeWidth=1.75, color=variable("ink"), opacity=1, yOffset=low).encode(
            alt.X("published:Q").scale(scale).axis(**axis), row
        ),
        base.mark_text(
            **place,
            x=alt.ExprRef("narrow?0:-room"),
            # Two lines stand as high as one does in the middle.
            yOffset=alt.ExprRef("(narrow?-12:0)-(isArray(datum.words)&&datum.words.length>1?8:0)"),
            lineHeight=16,
        ).encode(row, alt.Text("words:N")),
    ]
    given = marks.params(labels=[], narrow=False, ymax=100, room=430)
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)
