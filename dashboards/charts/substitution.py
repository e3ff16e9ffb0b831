"""A fitted line of substitution beside the figures that it was fitted to, and the forecast where one is earned."""

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 120


def chart() -> marks.Layered:
    """Dots for the figures, a line with its band for the fit, dashes and a ring for the forecast."""
    base = (
        alt.Chart(marks.ROWS).transform_calculate(token=marks.TOKEN).transform_filter("datum.point_date<=x1")
    ).encode(marks.time_x("point_date"))
    fitted = base.transform_filter("isValid(datum.fitted_pct)")
    ahead = base.transform_filter("isValid(datum.forecast_pct)")
    half = alt.Chart(alt.InlineData(values=[{"half": 50}])).mark_rule(
        color=variable("event"), strokeDash=[2, 3], clip=True
    )
    last = ahead.transform_filter("!isValid(datum.observed_pct)")
    layers = [
        half.encode(_y("half")),
        *marks.read_rules(),
        base.mark_point(filled=True, size=14, opacity=0.45).encode(_y("observed_pct"), marks.colours()),
        fitted.mark_area(opacity=0.16, interpolate="monotone").encode(
            _y("fitted_low_pct"), alt.Y2("fitted_high_pct:Q"), marks.colours()
        ),
        fitted.mark_line(strokeWidth=2.25, interpolate="monotone").encode(_y("fitted_pct"), marks.colours()),
        ahead.mark_line(strokeWidth=2, strokeDash=[3, 3]).encode(_y("forecast_pct"), marks.colours()),
        last.mark_point(size=60, strokeWidth=2, fill=variable("surface"), opacity=1).encode(
            _y("forecast_pct"), marks.colours()
        ),
        last.transform_calculate(words="format(datum.forecast_pct,'.0f')+'%'")
        .mark_text(align="left", dx=8, fontWeight="bold")
        .encode(_y("forecast_pct"), alt.Text("words:N"), marks.colours()),
    ]
    given = marks.params(x0=0, x1=1, ticks=[], at=0)
    return alt.layer(*layers).add_params(*given).properties(height=HEIGHT)


def _y(field: str) -> alt.Y:
    scale = alt.Scale(domain=[0, 100], nice=False)
    return alt.Y(f"{field}:Q").scale(scale).axis(labelExpr="datum.label+'%'", tickCount=2)
