"""When the lead changed hands, by source: dot for the change, bar for its range, dashes where it did not."""

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 320


def chart() -> marks.Layered:
    """One row per source; nobody is left out, so that a lead that never changed is seen too."""
    rows = alt.Chart(marks.ROWS).transform_calculate(token=marks.TOKEN)
    row = alt.Y("source_label:N").sort(None).scale(alt.Scale(domain=alt.ExprRef("labels"), paddingInner=0))
    row = row.axis(labels=False, grid=True, tickBand="center", domain=False, ticks=False)
    crossed = rows.transform_filter("isValid(datum.crossed_date)")
    waiting = rows.transform_filter("!isValid(datum.crossed_date)")
    low = alt.ExprRef("low")
    layers = [
        marks.event_rules(),
        marks.words(marks.BELOW),
        crossed.transform_filter("isValid(datum.crossed_low)")
        .mark_bar(height=10, opacity=0.35, yOffset=low)
        .encode(marks.time_x("crossed_low"), alt.X2("crossed_high:T"), row, marks.colours()),
        waiting.mark_rule(strokeWidth=2, strokeDash=[4, 3], yOffset=low).encode(
            marks.time_x("first_date"), alt.X2("end_date:T"), row, marks.colours()
        ),
        waiting.mark_point(shape="square", size=60, yOffset=low, fill=variable("bg"), opacity=1).encode(
            marks.time_x("end_date"), row, marks.colours()
        ),
        crossed.mark_point(filled=True, size=70, opacity=1, yOffset=low).encode(
            marks.time_x("crossed_date"), row, marks.colours()
        ),
        marks.words(marks.WORDS),
    ]
    given = marks.params(labels=[], low=0, x0=0, x1=1, ticks=[])
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)
