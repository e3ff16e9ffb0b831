"""What charts share: the pair's colours and dashes as scales, the time axis, rules for events and breaks."""

import json
from typing import Any

import altair as alt

from . import theme

Layered = alt.LayerChart | alt.FacetChart

# What a page puts into a specification, each under its own name and once. Words come with their places, in pixels: only
# the page can measure them (static/charts/places.js).
ROWS, ENDS = alt.NamedData("rows"), alt.NamedData("ends")
EVENTS, BREAKS = alt.NamedData("events"), alt.NamedData("breaks")
BELOW, WORDS = alt.NamedData("below"), alt.NamedData("words")

# A framework without a colour of its own shares a grey: a chart names the token in the field "token".
_KNOWN = json.dumps([*theme.FRAMEWORKS, "ink", "muted"])
TOKEN = f"indexof({_KNOWN},datum.framework)<0?'any-other':datum.framework"
TOKEN_OF_WORDS = f"indexof({_KNOWN},datum.token)<0?'any-other':datum.token"


def colours() -> alt.Color:
    """One colour per framework, the same everywhere; words may have the colours of text too."""
    return alt.Color("token:N").scale(_colour_scale()).legend(None)


def outlines() -> alt.Stroke:
    """The same colours, for what is filled paler than its edge."""
    return alt.Stroke("token:N").scale(_colour_scale()).legend(None)


def _colour_scale() -> alt.Scale:
    tokens = {name: f"fw-{name}" for name in theme.FRAMEWORKS} | {name: name for name in ("ink", "muted")}
    return alt.Scale(domain=list(tokens), range=[theme.variable(name) for name in tokens.values()])


def dashes() -> alt.StrokeDash:
    """One dash per framework, so that colour is never the only cue."""
    scale = alt.Scale(domain=list(theme.FRAMEWORKS), range=[list(value[2]) for value in theme.FRAMEWORKS.values()])
    return alt.StrokeDash("token:N").scale(scale).legend(None)


def shapes() -> alt.Shape:
    """One end mark per framework."""
    scale = alt.Scale(domain=list(theme.FRAMEWORKS), range=[value[3] for value in theme.FRAMEWORKS.values()])
    return alt.Shape("token:N").scale(scale).legend(None)


def time_x(field: str = "period_middle") -> alt.X:
    """The time axis between the parameters x0 and x1, which the page sets."""
    scale = alt.Scale(type="utc", domain=alt.ExprRef("[x0,x1]"), nice=False)
    return alt.X(f"{field}:T").scale(scale).axis(format="%Y", values=alt.ExprRef("ticks"))


def params(**values: Any) -> list[alt.Parameter]:
    """Parameters that the page sets before it draws."""
    return [alt.param(name=name, value=value) for name, value in values.items()]


def break_rules() -> list[alt.Chart]:
    """Two quiet rules on a cleared strip where a series stops being comparable; the reading tells why."""
    base = alt.Chart(BREAKS).encode(time_x("event_date"))
    strip = base.mark_rule(color=theme.variable("surface"), strokeWidth=7)
    return [
        strip,
        *(base.mark_rule(color=theme.variable("event"), strokeWidth=1, xOffset=offset) for offset in (-3.5, 3.5)),
    ]


def read_rules() -> list[alt.Chart]:
    """The rule at the date that the reader points at: the parameter `at`, 0 for none."""
    one = alt.Chart(alt.InlineData(values=[{}]))
    rule = one.mark_rule(color=theme.variable("accent"), y=0, y2=alt.ExprRef("height"), opacity=alt.ExprRef("at?1:0"))
    return [rule.encode(x=alt.value(alt.ExprRef("at?scale('x',at):0")))]


def event_rules() -> alt.Chart:
    """A dotted rule for each event, up to its words above the plot."""
    rule = alt.Chart(EVENTS).mark_rule(
        color=theme.variable("event"), strokeDash=[1, 3], y=alt.ExprRef("datum.top"), y2="height"
    )
    drawn: alt.Chart = rule.encode(time_x("event_date"))
    return drawn


def words(data: alt.NamedData) -> alt.Chart:
    """Words where the page found room for them; their halo over rules and lines is painted first (`paint-order`)."""
    place: dict[str, Any] = {
        "x": alt.ExprRef("datum.x"),
        "y": alt.ExprRef("datum.y"),
        "align": alt.ExprRef("datum.align"),
        "fontSize": alt.ExprRef("datum.size"),
        "fontWeight": alt.ExprRef("datum.weight"),
        "limit": alt.ExprRef("datum.room"),
        "lineHeight": alt.ExprRef("datum.size>12?16:15"),
    }
    halo = alt.ExprRef("datum.halo?'var(--'+datum.halo+')':null")
    base = alt.Chart(data).transform_calculate(token=TOKEN_OF_WORDS)
    written: alt.Chart = base.mark_text(stroke=halo, strokeWidth=4, **place).encode(alt.Text("text:N"), colours())
    return written
