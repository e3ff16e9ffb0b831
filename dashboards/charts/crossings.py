"""When the lead changed hands, by source: dot for the change, bar for its range, dashes where it did not."""

from typing import Any

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 320


def chart() -> marks.Layered:
    """One row a source; nobody is left out, so that a lead that never changed is seen too."""
    base = alt.Chart(marks.ROWS).transform_calculate(
        token=marks.TOKEN, at="isValid(datum.crossed_date)?datum.crossed_date:datum.end_date"
    )
    at = marks.time_x("at")
    row = alt.Y("source_label:N").sort(None).scale(alt.Scale(domain=alt.ExprRef("labels"), paddingInner=0))
    row = row.axis(labels=False, grid=True, tickBand="center", domain=False, ticks=False)
    crossed = base.transform_filter("isValid(datum.crossed_date)")
    waiting = base.transform_filter("!isValid(datum.crossed_date)")
    low = alt.ExprRef("narrow?7:0")
    place: dict[str, Any] = {"fontSize": 13, "color": variable("ink"), "baseline": "middle"}
    layers = [
        *marks.event_rules(),
        crossed.transform_filter("isValid(datum.crossed_low)")
        .mark_bar(height=10, opacity=0.35, yOffset=low)
        .encode(marks.time_x("crossed_low"), alt.X2("crossed_high:T"), row, marks.colours()),
        waiting.mark_rule(strokeWidth=2, strokeDash=[4, 3], yOffset=low).encode(
            marks.time_x("first_date"), alt.X2("end_date:T"), row, marks.colours()
        ),
        waiting.mark_point(shape="square", size=60, yOffset=low, fill=variable("bg"), opacity=1).encode(
            at, row, marks.colours()
        ),
        crossed.mark_point(filled=True, size=70, opacity=1, yOffset=low).encode(at, row, marks.colours()),
        # Where the words have room is the page's to say: it can measure them. The first copy is a halo over the rules.
        *(
            base.mark_text(
                **(place | look),
                align=alt.ExprRef("datum.side=='right'?'left':'right'"),
                dx=alt.ExprRef("datum.side=='right'?12:datum.side=='left'?-12:0"),
                dy=alt.ExprRef("datum.side=='over'?-12:0"),
                opacity=alt.ExprRef("narrow?0:1"),
            ).encode(marks.time_x("clear"), row, alt.Text("words:N"))
            for look in ({"stroke": variable("bg"), "strokeWidth": 4}, {})
        ),
        base.mark_text(
            **place, align="right", x=alt.ExprRef("width"), yOffset=-9, opacity=alt.ExprRef("narrow?1:0")
        ).encode(row, alt.Text("short_words:N")),
        base.mark_text(
            **place, align="left", x=alt.ExprRef("narrow?0:-210"), yOffset=alt.ExprRef("narrow?-9:0"), limit=204
        ).encode(row, alt.Text("source_label:N")),
    ]
    given = marks.params(labels=[], narrow=False, small=False, room=98, x0=0, x1=1, ticks=[])
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)
