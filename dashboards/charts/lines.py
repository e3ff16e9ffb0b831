"""Frameworks over time: a share of all, a share of the pair, or counts, with bands, events and breaks."""

from typing import Any

import altair as alt

from .. import marks
from ..theme import variable

HEIGHT = 340
# Whole percent hide which of two small shares is the greater.
NUMBER = (
    "measure!='count'?format({0},ymax<25?'.1f':'.0f')+'%':is_percent?format({0},'.1f')+'%'"
    ":{0}<1e4?format({0},',d'):format({0},'.3~s')"
)
VALUE = "datum[measure=='count'?'value':measure+'_pct']"


def chart() -> marks.Layered:
    """Named frameworks in colour, the others grey; the share of the pair is one line against a half line."""
    base = (
        alt.Chart(marks.ROWS)
        .transform_calculate(
            v=VALUE,
            low="measure=='count'?null:datum[measure+'_low_pct']",
            high="measure=='count'?null:datum[measure+'_high_pct']",
            token=marks.TOKEN,
            loud="indexof(loud,datum.framework)>=0",
        )
        .transform_filter("isValid(datum.v)&&datum.period_middle>=x0&&datum.period_middle<=x1")
        .transform_filter("datum.loud||!(alone||measure=='pair')")
        .encode(marks.time_x())
    )
    loud, grey = base.transform_filter("datum.loud"), base.transform_filter("!datum.loud")
    line = alt.Detail(["framework:N", "segment:N"])
    layers = [
        *marks.event_rules(),
        _half_line(),
        *marks.break_rules(),
        *_sides(),
        grey.mark_line(color=variable("other"), strokeWidth=1.25).encode(_y("v"), line),
        loud.transform_filter("isValid(datum.low)")
        .mark_area(opacity=0.16)
        .encode(_y("low"), alt.Y2("high:Q"), marks.colours(), line),
        loud.mark_line(strokeWidth=alt.ExprRef("small?2.25:2.5")).encode(
            _y("v"), marks.colours(), marks.dashes(), line
        ),
        loud.mark_point(filled=True, opacity=alt.ExprRef("datum.is_alone?1:0"), size=18).encode(
            _y("v"), marks.colours()
        ),
        *marks.read_rules(),
        loud.transform_filter("datum.period_middle==at")
        .mark_point(filled=True, size=45, opacity=1)
        .encode(_y("v"), marks.colours()),
        *_end_labels(base),
    ]
    given = marks.params(
        measure="share", named=[], pair=[], pair_labels=[], alone=False, small=False, is_percent=False, room=98
    )
    given += marks.params(ymax=100, x0=0, x1=1, ticks=[], sides=[[0.3, 0, 1], [0.7, 0, 1]], at=0)
    shown = alt.param(name="loud", expr="measure=='pair'?[pair[0]]:named")
    return alt.layer(*layers).add_params(*given, shown).properties(height=HEIGHT)


def _y(field: str) -> alt.Y:
    scale = alt.Scale(domain=[0, alt.ExprRef("ymax")], nice=False)
    words = (
        f"measure=='count'&&!is_percent?format(datum.value,datum.value<1e4?',':'.3~s'):{NUMBER.format('datum.value')}"
    )
    count = alt.ExprRef("small?2:5")
    return alt.Y(f"{field}:Q").scale(scale).axis(labelExpr=words, tickCount=count)


def _half_line() -> alt.Chart:
    """The line at one half, where the lead changes."""
    shown = alt.ExprRef("measure=='pair'?1:0")
    mark = alt.Chart(alt.InlineData(values=[{"half": 50}])).mark_rule(
        color=variable("event"), strokeDash=[2, 3], opacity=shown, clip=True
    )
    rule: alt.Chart = mark.encode(_y("half"))
    return rule


def _sides() -> list[alt.Chart]:
    """Which of the two is ahead on each side of the half line."""
    one = alt.Chart(alt.InlineData(values=[{}]))
    halo: dict[str, Any] = {"stroke": variable("surface"), "strokeWidth": 4}
    return [
        one.mark_text(
            y=alt.ExprRef(f"height*sides[{place}][0]"),
            x=alt.ExprRef(f"sides[{place}][1]?width-5:5"),
            align=alt.ExprRef(f"sides[{place}][1]?'right':'left'"),
            text=alt.ExprRef(f"measure=='pair'&&pair_labels[{place}]?pair_labels[{place}]+' ahead':''"),
            fontSize=11.5,
            opacity=alt.ExprRef(f"sides[{place}][2]"),
            **look,
        )
        for look in (halo, {"color": variable("muted")})
        for place in (0, 1)
    ]


def _end_labels(base: alt.Chart) -> list[alt.Chart]:
    """Names at the right, pushed up where they would meet; grey ones where they end above a named one."""
    number = NUMBER.format("datum.v")
    ends = (
        base.transform_joinaggregate(last="max(period_middle)")
        .transform_joinaggregate(own="max(period_middle)", groupby=["framework"])
        .transform_filter("datum.period_middle==datum.own&&(datum.loud||datum.own==datum.last&&!small)")
        .transform_calculate(lv="datum.loud&&datum.own==datum.last?datum.v:null")
        .transform_joinaggregate(least="min(lv)")
        .transform_filter("datum.loud||datum.v>datum.least")
        .transform_joinaggregate(n="count()")
        .transform_calculate(lines="length(split(datum.tag,'|'))")
        .transform_joinaggregate(most="max(lines)")
        .transform_calculate(gap="ymax*((datum.n>3?2:18)+15*datum.most)/height")
        .transform_window(i="row_number()", sort=[alt.SortField("v"), alt.SortField("framework")], frame=[None, None])
        .transform_calculate(z="datum.v-datum.i*datum.gap")
        .transform_window(m="max(z)", sort=[alt.SortField("v"), alt.SortField("framework")], frame=[None, 0])
        .transform_calculate(
            ly="min(datum.m+datum.i*datum.gap,ymax-(datum.n-datum.i)*datum.gap)",
            name="datum.own==datum.last?datum.tag:datum.tag+' (ended)'",
            words=f"small?[{number}]:split(datum.n>3?datum.name:datum.name+'|'+({number}),'|')",
        )
    )
    place: dict[str, Any] = {
        "align": "left",
        "x": alt.ExprRef("width"),
        "dx": alt.ExprRef("small?8:14"),
        "lineHeight": 15,
        "limit": alt.ExprRef("room"),
    }
    in_focus, others = ends.transform_filter("datum.loud"), ends.transform_filter("!datum.loud")
    leader = ends.transform_filter("datum.own==datum.last").mark_rule(
        color=variable("rule"), x2Offset=10, opacity=alt.ExprRef("small?0:1")
    )
    return [
        leader.encode(_y("v"), alt.X2("period_middle:T"), alt.Y2("ly:Q")),
        in_focus.mark_point(filled=True, opacity=1, size=55).encode(_y("v"), marks.colours(), marks.shapes()),
        in_focus.mark_text(fontWeight="bold", **place).encode(_y("ly"), alt.Text("words:N"), marks.colours()),
        others.mark_text(color=variable("muted"), **place).encode(_y("ly"), alt.Text("words:N")),
    ]
