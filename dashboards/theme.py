"""The look: colours, faces, dashes and the marks that charts share, each in one place.

Charts name colours as CSS custom properties. The SVG renderer passes them through, so light, dark and print switch
without drawing again.
"""

import json
from collections.abc import Mapping
from typing import Any

import altair as alt

Row = dict[str, Any]
Layered = alt.LayerChart | alt.FacetChart

# What page.py puts into a specification, each under its own name and once.
ROWS, EVENTS, BREAKS = alt.NamedData("rows"), alt.NamedData("events"), alt.NamedData("breaks")

# name: (light, dark). Contrasts and distances are measured in the design notes.
COLOURS = {
    "bg": ("#FAF8F4", "#15171A"),
    "surface": ("#FFFFFF", "#1D2024"),
    "ink": ("#1C1B19", "#EDEBE6"),
    "muted": ("#5D5A53", "#AEABA3"),
    "accent": ("#0B655C", "#6FCFC0"),
    "other": ("#8E897F", "#80858B"),
    "event": ("#8C877C", "#8A8D90"),
    "rule": ("#D9D4CA", "#3A3E44"),
    "grid": ("#ECE8E0", "#2A2E33"),
}

# framework: (light, dark, dash, end mark)
FRAMEWORKS = {
    "pytorch": ("#C4441A", "#FFA27A", (1, 0), "circle"),
    "tensorflow": ("#163F78", "#4E8FE6", (7, 3), "square"),
    "jax": ("#7F4AC6", "#C073B1", (2, 2), "triangle-up"),
    "keras": ("#8D3661", "#DDA2B6", (9, 3, 2, 3), "diamond"),
    "scikit-learn": ("#7E6545", "#FACD3B", (5, 2), "cross"),
    "huggingface-transformers": ("#22432A", "#589D15", (12, 3), "triangle-down"),
    "mxnet": ("#067A99", "#44CBF5", (3, 3), "triangle-right"),
    "paddlepaddle": ("#8F1600", "#D76C6F", (6, 2, 1, 2), "triangle-left"),
    "any-other": ("#6A6459", "#B5AFA3", (1, 2), "circle"),
}

SANS = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'
SERIF = 'Charter, "Iowan Old Style", "Palatino Linotype", Cambria, "Liberation Serif", serif'


def variable(name: str) -> str:
    """A colour token, as a chart names it."""
    return f"var(--{name})"


CONFIG: dict[str, Any] = {
    "font": SANS,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": variable("muted"),
        "labelFontSize": 12,
        "gridColor": variable("grid"),
        "domainColor": variable("rule"),
        "tickColor": variable("rule"),
        "labelPadding": 6,
        "title": None,
    },
    "axisY": {"domain": False, "ticks": False},
    "axisX": {"grid": False, "labelOverlap": True},
    "text": {"color": variable("ink"), "fontSize": 12},
}


# A framework without a colour of its own shares a grey: a chart names the token in the field "token".
TOKEN = f"indexof({json.dumps(list(FRAMEWORKS))},datum.framework)<0?'any-other':datum.framework"


def colours() -> alt.Color:
    """One colour a framework, the same everywhere."""
    return alt.Color("token:N").scale(_colour_scale()).legend(None)


def outlines() -> alt.Stroke:
    """The same colours, for what is filled paler than its edge."""
    return alt.Stroke("token:N").scale(_colour_scale()).legend(None)


def _colour_scale() -> alt.Scale:
    return alt.Scale(domain=list(FRAMEWORKS), range=[variable(f"fw-{name}") for name in FRAMEWORKS])


def dashes() -> alt.StrokeDash:
    """One dash a framework, so that colour is never the only cue."""
    scale = alt.Scale(domain=list(FRAMEWORKS), range=[list(value[2]) for value in FRAMEWORKS.values()])
    return alt.StrokeDash("token:N").scale(scale).legend(None)


def shapes() -> alt.Shape:
    """One end mark a framework."""
    scale = alt.Scale(domain=list(FRAMEWORKS), range=[value[3] for value in FRAMEWORKS.values()])
    return alt.Shape("token:N").scale(scale).legend(None)


def stylesheet() -> str:
    """The tokens as CSS: light, dark by the reader's system, and dark or light by the switch."""
    light, dark = _tokens(0), _tokens(1)
    faces = f"  --sans: {SANS};\n  --serif: {SERIF};\n"
    return (
        f":root {{\n  color-scheme: light;\n{faces}{light}}}\n"
        "@media (prefers-color-scheme: dark) {\n"
        f":root:not([data-theme=light]) {{\n  color-scheme: dark;\n{dark}}}\n}}\n"
        f":root[data-theme=dark] {{\n  color-scheme: dark;\n{dark}}}\n"
        f"@media print {{\n:root, :root:not([data-theme=light]) {{\n  color-scheme: light;\n{light}"
        "  --bg: #FFFFFF;\n}\n}\n"
    )


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
    strip = base.mark_rule(color=variable("surface"), strokeWidth=7)
    return [strip, *(base.mark_rule(color=variable("ink"), strokeWidth=1, xOffset=offset) for offset in (-3.5, 3.5))]


def read_rules() -> list[alt.Chart]:
    """The rule at the date that the reader points at: the parameter `at`, 0 for none."""
    one = alt.Chart(alt.InlineData(values=[{}]))
    rule = one.mark_rule(color=variable("accent"), y=0, y2=alt.ExprRef("height"), opacity=alt.ExprRef("at?1:0"))
    return [rule.encode(x=alt.value(alt.ExprRef("at?scale('x',at):0")))]


def event_rules() -> list[alt.Chart]:
    """A dotted rule for each event; its words or number above the plot, in the lane that the page found free."""
    base = alt.Chart(EVENTS).encode(time_x("event_date"))
    rule = base.mark_rule(color=variable("event"), strokeDash=[1, 3], y=alt.ExprRef("-2-15*datum.lane"), y2="height")
    place: dict[str, Any] = {
        "y": alt.ExprRef("-8-15*datum.lane"),
        "dx": alt.ExprRef("datum.flip?-3:datum.middle?0:3"),
        "align": alt.ExprRef("datum.middle?'center':datum.flip?'right':'left'"),
        "fontSize": 11.5,
    }
    halo = base.mark_text(stroke=variable("surface"), strokeWidth=4, **place).encode(alt.Text("words:N"))
    return [rule, halo, base.mark_text(color=variable("muted"), **place).encode(alt.Text("words:N"))]


def _tokens(column: int) -> str:
    named: Mapping[str, tuple[Any, ...]] = COLOURS | {f"fw-{name}": value for name, value in FRAMEWORKS.items()}
    return "".join(f"  --{name}: {value[column]};\n" for name, value in named.items())
