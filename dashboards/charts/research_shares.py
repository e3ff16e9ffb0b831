"""Share of every compared framework in research code, quarter by quarter."""

from typing import Any

import altair as alt

from dashboards import theme
from dashboards.theme import Row, variable

SUBTITLES = {
    "share": "Share of the links that carry a framework label, by quarter of the paper, percent. Bands: 95% intervals.",
    "pair": "Share of the links of these two frameworks, by quarter of the paper, percent. Bands: 95% intervals.",
    "count": "Links from a paper to its code that carry the framework's label, by quarter of the paper.",
}
MEASURES = {"share": "Share of all", "pair": "Share of the pair", "count": "Links"}
HEIGHT = 340
NOTE = "Quarters with fewer than 20 labelled links are in the table only."
QUERY = """
select
    period_label, period_middle, framework, label, is_in_pair, is_drawn, link_count, link_total, source, series,
    population, share_pct, share_low_pct, share_high_pct, pair_pct, pair_low_pct, pair_high_pct
from marts.research_shares_quarterly
order by period_start, framework_order
"""
EVENTS = """
select event_date, event
from marts.events
where framework in (select framework from marts.research_shares_quarterly where is_in_pair) and not is_break
order by event_date
"""
TABLE = {
    "period_label": "Quarter",
    "label": "Framework",
    "link_count": "Links",
    "link_total": "of labelled links",
    "share_pct": "Share, %",
    "share_low_pct": "from, %",
    "share_high_pct": "to, %",
    "pair_pct": "Share of the pair, %",
}
LABEL = "measure=='count'?format(datum.v,',d'):format(datum.v,'.0f')+'%'"


def chart(rows: list[Row]) -> theme.Layered:
    """The first pair in colour with bands, the others grey, each named where it ends above one of the pair."""
    drawn = [row for row in rows if row["is_drawn"]]
    pair = list(dict.fromkeys(row["framework"] for row in drawn if row["is_in_pair"]))
    most = max((row["link_count"] for row in drawn), default=1)
    base = (
        alt.Chart(theme.ROWS)
        .transform_calculate(
            v="datum[measure=='count'?'link_count':measure+'_pct']",
            low="measure=='count'?datum.v:datum[measure+'_low_pct']",
            high="measure=='count'?datum.v:datum[measure+'_high_pct']",
        )
        .encode(theme.time_x())
    )
    values = alt.Y("v:Q").scale(domainMin=0, domainMax=alt.ExprRef("ymax"), nice=False)
    values = values.axis(labelExpr="measure=='count'?format(datum.value,',d'):datum.label+'%'", tickCount=5)
    focus = base.transform_filter("datum.is_in_pair")
    colour = alt.Color("framework:N").scale(theme.colours(pair)).legend(None)
    dash = alt.StrokeDash("framework:N").scale(theme.dashes(pair)).legend(None)
    grey = base.transform_filter("!datum.is_in_pair").mark_line(color=variable("other"), strokeWidth=1.25)
    layers = [
        *theme.event_rules(),
        grey.encode(values, alt.Detail("framework:N")),
        focus.mark_area(opacity=0.16).encode(alt.Y("low:Q"), alt.Y2("high:Q"), colour),
        focus.mark_line(strokeWidth=2.5).encode(values, colour, dash),
        *_end_labels(base, pair),
        base.transform_filter("isValid(datum.v)").mark_point(size=220, opacity=0).encode(values, tooltip=_tooltip()),
    ]
    measure = alt.param(name="measure", value="share")
    top = alt.param(name="ymax", expr=f"measure=='count'?{most}*1.08:100")
    return alt.layer(*layers).add_params(measure, top).properties(height=HEIGHT)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("period_label:N").title("Quarter"),
        alt.Tooltip("label:N").title("Framework"),
        alt.Tooltip("link_count:Q").title("Links").format(",d"),
        alt.Tooltip("link_total:Q").title("of labelled links").format(",d"),
        alt.Tooltip("share_pct:Q").title("Share, %").format(".1f"),
        alt.Tooltip("pair_pct:Q").title("Share of the pair, %").format(".1f"),
    ]


def _end_labels(base: alt.Chart, pair: list[str]) -> list[alt.Chart]:
    """Names at the ends of the lines, pushed up where they would meet."""
    ends = (
        base.transform_filter("isValid(datum.v)")
        .transform_joinaggregate(last="max(period_middle)")
        .transform_filter("datum.period_middle==datum.last")
        .transform_calculate(pv="datum.is_in_pair?datum.v:null")
        .transform_joinaggregate(least="min(pv)")
        .transform_filter("datum.is_in_pair||datum.v>datum.least")
        .transform_joinaggregate(n="count()")
        .transform_calculate(gap="ymax*(datum.n>3?18:34)/height")
        .transform_window(i="row_number()", sort=[alt.SortField("v")], frame=[None, None])
        .transform_calculate(z="datum.v-datum.i*datum.gap")
        .transform_window(m="max(z)", sort=[alt.SortField("v")], frame=[None, 0])
        .transform_calculate(
            ly="datum.m+datum.i*datum.gap",
            words=f"datum.n>3?[datum.label]:[datum.label,{LABEL}]",
        )
    )
    scale = alt.Y("v:Q").scale(domainMin=0, domainMax=alt.ExprRef("ymax"), nice=False)
    colour = alt.Color("framework:N").scale(theme.colours(pair)).legend(None)
    shape = alt.Shape("framework:N").scale(theme.shapes(pair)).legend(None)
    place: dict[str, Any] = {"align": "left", "dx": 14, "lineHeight": 15}
    in_focus = ends.transform_filter("datum.is_in_pair")
    others = ends.transform_filter("!datum.is_in_pair")
    return [
        ends.mark_rule(color=variable("rule"), x2Offset=11).encode(scale, alt.X2("period_middle:T"), alt.Y2("ly:Q")),
        in_focus.mark_point(filled=True, opacity=1, size=55).encode(scale, colour, shape),
        in_focus.mark_text(fontWeight="bold", **place).encode(alt.Y("ly:Q"), alt.Text("words:N"), colour),
        others.mark_text(color=variable("muted"), **place).encode(alt.Y("ly:Q"), alt.Text("words:N")),
    ]
