"""Published numbers beside measured ones: ring for what was published, dot and bar for what the figures give."""

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 320


def chart() -> marks.Layered:
    """One row per claim, in percent; the page tells it how many rows there are."""
    rows = alt.Chart(marks.ROWS)
    row = alt.Y("claim_id:N").scale(alt.Scale(domain=alt.ExprRef("labels"), paddingInner=0))
    row = row.axis(labels=False, grid=True, tickBand="center", domain=False, ticks=False)
    low, ink = alt.ExprRef("low"), variable("ink")
    layers = [
        rows.transform_filter("isValid(datum.low)")
        .mark_bar(height=8, opacity=0.6, color=variable("other"), yOffset=low)
        .encode(_x("low"), alt.X2("high:Q"), row),
        rows.mark_point(filled=True, size=60, opacity=1, color=ink, yOffset=low).encode(
            _x("measured"), row, tooltip=["claim_id:N", "published:Q", "measured:Q", "low:Q", "high:Q", "verdict:N"]
        ),
        rows.mark_point(size=110, strokeWidth=1.75, color=ink, opacity=1, yOffset=low).encode(_x("published"), row),
        marks.words(marks.WORDS),
    ]
    given = marks.params(labels=[], low=0, ymax=100)
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)


def _x(field: str) -> alt.X:
    scale = alt.Scale(domain=[0, alt.ExprRef("ymax")], nice=False)
    return alt.X(f"{field}:Q").scale(scale).axis(labelExpr="datum.label+'%'", tickCount=5, grid=False)
