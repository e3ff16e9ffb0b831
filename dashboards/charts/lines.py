"""Frameworks over time: a share of all, a share of the pair, or counts, with bands, events and breaks."""

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 340
# Whole percent hide which of two small shares is the greater.
TICK = (
    "measure!='count'||is_percent?format(datum.value,ymax<25?'.1f':'.0f')+'%'"
    ":format(datum.value,datum.value<1e4?',':'.3~s')"
)


def chart() -> marks.Layered:
    """Named frameworks in colour, the others grey; the share of the pair is one line against a half line."""
    rows = alt.Chart(marks.ROWS).transform_calculate(token=marks.TOKEN).encode(marks.time_x())
    ends = alt.Chart(marks.ENDS).transform_calculate(token=marks.TOKEN)
    ends = ends.encode(marks.time_x())
    loud, grey = rows.transform_filter("datum.loud"), rows.transform_filter("!datum.loud")
    line, value = alt.Detail(["framework:N", "segment:N"]), _y("v")
    layers = [
        marks.event_rules(),
        _half_line(),
        *marks.break_rules(),
        marks.words(marks.BELOW),
        grey.mark_line(color=variable("other"), strokeWidth=1.25).encode(value, line),
        loud.transform_filter("isValid(datum.low)")
        .mark_area(opacity=0.16)
        .encode(_y("low"), alt.Y2("high:Q"), marks.colours(), line),
        loud.mark_line(strokeWidth=alt.ExprRef("small?2.25:2.5")).encode(value, marks.colours(), marks.dashes(), line),
        loud.transform_filter("datum.is_alone")
        .mark_point(filled=True, opacity=1, size=18)
        .encode(value, marks.colours()),
        *marks.read_rules(),
        loud.transform_filter("datum.period_middle==at")
        .mark_point(filled=True, size=45, opacity=1)
        .encode(value, marks.colours()),
        # From a line that ends at the right edge to its name.
        ends.transform_filter("datum.is_last&&!small")
        .mark_rule(color=variable("rule"), x2Offset=10)
        .encode(value, alt.X2("period_middle:T"), y2=alt.value(alt.ExprRef("datum.y"))),
        ends.transform_filter("datum.loud")
        .mark_point(filled=True, opacity=1, size=55)
        .encode(value, marks.colours(), marks.shapes()),
        marks.words(marks.WORDS),
    ]
    given = marks.params(measure="share", small=False, is_percent=False, ymin=0, ymax=100, x0=0, x1=1, ticks=[], at=0)
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)


def _y(field: str) -> alt.Y:
    scale = alt.Scale(domain=[alt.ExprRef("ymin"), alt.ExprRef("ymax")], nice=False)
    return alt.Y(f"{field}:Q").scale(scale).axis(labelExpr=TICK, tickCount=alt.ExprRef("small?2:5"))


def _half_line() -> alt.Chart:
    """The line at one half, where the lead changes."""
    shown = alt.ExprRef("measure=='pair'?1:0")
    mark = alt.Chart(alt.InlineData(values=[{"half": 50}])).mark_rule(
        color=variable("event"), strokeDash=[2, 3], opacity=shown, clip=True
    )
    rule: alt.Chart = mark.encode(_y("half"))
    return rule
