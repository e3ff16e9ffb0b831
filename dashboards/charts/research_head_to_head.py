"""The first pair in research code: the share of the first in both together, quarter by quarter."""

from typing import Any

import altair as alt

from dashboards import theme
from dashboards.theme import Row, variable

SUBTITLES = {
    "": "Links of the first as a share of the links of both, by quarter of the paper, percent. Band: 95% interval."
}
HEIGHT = 280
NOTE = "Quarters with fewer than 20 links of the two are in the table only. The line of the other is its mirror."
QUERY = """
select
    lines.source, lines.series, lines.population, lines.period_label, lines.period_middle, lines.framework_a,
    lines.a_value, lines.b_value, lines.a_share_of_pair_pct, lines.low_pct, lines.high_pct, lines.is_drawn,
    lines.segment, lines.is_alone, first.label as label_a, second.label as label_b
from marts.head_to_head_preferred as lines
inner join marts.headlines as headlines
    on headlines.source = lines.source
    and headlines.framework_a = lines.framework_a
    and headlines.framework_b = lines.framework_b
inner join marts.frameworks as first on first.framework = lines.framework_a
inner join marts.frameworks as second on second.framework = lines.framework_b
where lines.source = 'papers_with_code'
order by lines.period_start
"""
EVENTS = """
select events.event_date, events.event
from marts.events as events
where not is_break
    and framework in (select unnest([framework_a, framework_b]) from marts.headlines where source = 'papers_with_code')
order by event_date
"""
TABLE = {
    "period_label": "Quarter",
    "label_a": "First",
    "a_value": "Links of the first",
    "label_b": "Second",
    "b_value": "Links of the second",
    "a_share_of_pair_pct": "Share of the first, %",
    "low_pct": "from, %",
    "high_pct": "to, %",
}


def chart(rows: list[Row]) -> theme.Layered:
    """One line against a half line, with its interval."""
    colour = theme.framework_variable(rows[0]["framework_a"])
    lines = pair_lines(
        colour, ticks=[0, 25, 50, 75, 100], end="[datum.label_a,format(datum.a_share_of_pair_pct,'.0f')+'%']"
    )
    names = [side_name("a", 9), side_name("b", alt.ExprRef("height-9"))]
    return alt.layer(*theme.event_rules(), *lines, *names).properties(height=HEIGHT)


def pair_lines(colour: str, ticks: list[int], end: str) -> list[alt.Chart]:
    """Half line, band, line and end mark of one source; each segment is a line of its own."""
    base = alt.Chart(theme.ROWS).encode(theme.time_x())
    share = alt.Y("a_share_of_pair_pct:Q").scale(domain=[0, 100], nice=False)
    share = share.axis(values=ticks, labelExpr="datum.label+'%'")
    last = base.transform_joinaggregate(last="max(period_middle)").transform_filter("datum.period_middle==datum.last")
    return [
        theme.half_line(),
        base.mark_area(color=colour, opacity=0.16).encode(
            alt.Y("low_pct:Q"), alt.Y2("high_pct:Q"), alt.Detail("segment:N")
        ),
        base.mark_line(color=colour, strokeWidth=2.25).encode(share, alt.Detail("segment:N")),
        base.mark_point(color=colour, filled=True, opacity=alt.ExprRef("datum.is_alone?1:0"), size=18).encode(share),
        last.mark_point(color=colour, filled=True, opacity=1, size=55).encode(share),
        last.transform_calculate(words=end)
        .mark_text(color=colour, fontWeight="bold", align="left", dx=10, lineHeight=15)
        .encode(share, alt.Text("words:N")),
        base.mark_point(size=160, opacity=0).encode(share, tooltip=_tooltip()),
    ]


def side_name(framework: str, y: object) -> alt.Chart:
    """Which of the two is ahead on one side of the half line."""
    first = alt.Chart(theme.ROWS).transform_joinaggregate(first="min(period_middle)")
    first = first.transform_filter("datum.period_middle==datum.first")
    named = first.transform_calculate(words=f"datum.label_{framework}+' ahead'")
    style: dict[str, Any] = {"align": "left", "color": variable("muted"), "fontSize": 11.5, "x": 6, "y": y}
    text: alt.Chart = named.mark_text(**style).encode(alt.Text("words:N"))
    return text


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("period_label:N").title("Period"),
        alt.Tooltip("population:N").title("Population"),
        alt.Tooltip("label_a:N").title("First"),
        alt.Tooltip("a_value:Q").title("its figure").format(",.4~g"),
        alt.Tooltip("label_b:N").title("Second"),
        alt.Tooltip("b_value:Q").title("its figure").format(",.4~g"),
        alt.Tooltip("a_share_of_pair_pct:Q").title("Share of the first, %").format(".1f"),
    ]
