"""What charts share: the pair's colours and dashes as scales, the time axis, rules for events and breaks."""

import json
from typing import Any

import altair as alt

from . import theme

Layered = alt.LayerChart | alt.FacetChart

# What a page puts into a specification, each under its own name and once.
ROWS, EVENTS, BREAKS = alt.NamedData("rows"), alt.NamedData("events"), alt.NamedData("breaks")

# A framework without a colour of its own shares a grey: a chart names the token in the field "token".
TOKEN = f"indexof({json.dumps(list(theme.FRAMEWORKS))},datum.framework)<0?'any-other':datum.framework"


def colours() -> alt.Color:
    """One colour a framework, the same everywhere."""
    return alt.Color("token:N").scale(_colour_scale()).legend(None)


def outlines() -> alt.Stroke:
    """The same colours, for what is filled paler than its edge."""
    return alt.Stroke("token:N").scale(_colour_scale()).legend(None)


def _colour_scale() -> alt.Scale:
    return alt.Scale(domain=list(theme.FRAMEWORKS), range=[theme.variable(f"fw-{name}") for name in theme.FRAMEWORKS])


def dashes() -> alt.StrokeDash:
    """One dash a framework, so that colour is never the only cue."""
    scale = alt.Scale(domain=list(theme.FRAMEWORKS), range=[list(value[2]) for value in theme.FRAMEWORKS.values()])
    return alt.StrokeDash("token:N").scale(scale).legend(None)


def shapes() -> alt.Shape:
    """One end mark a framework."""
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
    """Two ink rules on a cleared strip at each day across which a series is not comparable."""
    base = alt.Chart(BREAKS).encode(time_x("event_date"))
    strip = base.mark_rule(color=theme.variable("surface"), strokeWidth=7)
    return [
        strip,
        *(base.mark_rule(color=theme.variable("ink"), strokeWidth=1, xOffset=offset) for offset in (-3.5, 3.5)),
    ]


def read_rules() -> list[alt.Chart]:
    """The rule at the date that the reader points at: the parameter `at`, 0 for none."""
    one = alt.Chart(alt.InlineData(values=[{}]))
    rule = one.mark_rule(color=theme.variable("accent"), y=0, y2=alt.ExprRef("height"), opacity=alt.ExprRef("at?1:0"))
    return [rule.encode(x=alt.value(alt.ExprRef("at?scale('x',at):0")))]


def event_rules() -> list[alt.Chart]:
    """A dotted rule for each event; its words or number above the plot, in the lane that the page found free."""
    base = alt.Chart(EVENTS).encode(time_x("event_date"))
    rule = base.mark_rule(
        color=theme.variable("event"), strokeDash=[1, 3], y=alt.ExprRef("-2-15*datum.lane"), y2="height"
    )
    place: dict[str, Any] = {
        "y": alt.ExprRef("-8-15*datum.lane"),
        "dx": alt.ExprRef("datum.flip?-3:datum.middle?0:3"),
        "align": alt.ExprRef("datum.middle?'center':datum.flip?'right':'left'"),
        "fontSize": 11.5,
    }
    halo = base.mark_text(stroke=theme.variable("surface"), strokeWidth=4, **place).encode(alt.Text("words:N"))
    return [rule, halo, base.mark_text(color=theme.variable("muted"), **place).encode(alt.Text("words:N"))]
