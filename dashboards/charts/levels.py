"""Figures of one date, where a line over time would be a stray dot: a bar per framework, with its interval."""

import altair as alt

from .. import marks
from ..theme import variable
from .lines import TICK

HEIGHT = 160


def chart() -> marks.Layered:
    """Named frameworks in colour, the others grey, from the greatest down; of a pair the half is marked."""
    rows = alt.Chart(marks.ROWS).transform_calculate(token=marks.TOKEN)
    row = alt.Y("framework:N").scale(alt.Scale(domain=alt.ExprRef("labels"), paddingInner=0))
    row = row.axis(labels=False, grid=False, domain=False, ticks=False)
    loud, grey = rows.transform_filter("datum.loud"), rows.transform_filter("!datum.loud")
    thick = alt.ExprRef("min(14,height/length(labels)*.5)")
    shown = alt.ExprRef("measure=='pair'?1:0")
    half = alt.Chart(alt.InlineData(values=[{"half": 50}])).mark_rule(
        color=variable("event"), strokeDash=[2, 3], opacity=shown, clip=True
    )
    layers = [
        half.encode(_x("half")),
        grey.mark_bar(color=variable("other"), height=thick).encode(_x("v"), row),
        loud.mark_bar(height=thick).encode(_x("v"), row, marks.colours()),
        rows.transform_filter("isValid(datum.low)")
        .mark_rule(color=variable("ink"), strokeWidth=2)
        .encode(_x("low"), alt.X2("high:Q"), row),
        marks.words(marks.WORDS),
    ]
    given = marks.params(measure="share", small=False, is_percent=False, ymax=100, labels=[])
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)


def _x(field: str) -> alt.X:
    scale = alt.Scale(domain=[0, alt.ExprRef("ymax")], nice=False)
    return (
        alt.X(f"{field}:Q")
        .scale(scale)
        .axis(
            labelExpr=f"ymax?{TICK}:''",
            tickCount=alt.ExprRef("small?2:4"),
            grid=True,
            gridOpacity=alt.ExprRef("ymax?1:0"),
            domain=False,
            ticks=False,
        )
    )
