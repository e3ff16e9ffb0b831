"""The look: colours, faces, dashes and the marks that charts share, each in one place.

Charts name colours as CSS custom properties. The SVG renderer passes them through, so light, dark and print switch
without drawing again.
"""

from collections.abc import Mapping, Sequence
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

# framework: (light, dark, dash)
FRAMEWORKS = {
    "pytorch": ("#C4441A", "#FFA27A", (1, 0)),
    "tensorflow": ("#163F78", "#4E8FE6", (7, 3)),
    "jax": ("#7F4AC6", "#C073B1", (2, 2)),
    "keras": ("#8D3661", "#DDA2B6", (9, 3, 2, 3)),
    "scikit-learn": ("#7E6545", "#FACD3B", (5, 2)),
    "huggingface-transformers": ("#22432A", "#589D15", (12, 3)),
    "mxnet": ("#067A99", "#44CBF5", (3, 3)),
    "paddlepaddle": ("#8F1600", "#D76C6F", (6, 2, 1, 2)),
    "any-other": ("#6A6459", "#B5AFA3", (1, 2)),
}
SHAPES = ("circle", "square", "triangle-up")

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


def framework_variable(framework: str) -> str:
    """The colour of a framework; those without one of their own share a grey."""
    return variable(f"fw-{framework if framework in FRAMEWORKS else 'any-other'}")


def colours(frameworks: Sequence[str]) -> alt.Scale:
    """One colour a framework, the same everywhere."""
    return alt.Scale(domain=list(frameworks), range=[framework_variable(name) for name in frameworks])


def dashes(frameworks: Sequence[str]) -> alt.Scale:
    """One dash a framework, so that colour is never the only cue."""
    known = [FRAMEWORKS.get(name, FRAMEWORKS["any-other"])[2] for name in frameworks]
    return alt.Scale(domain=list(frameworks), range=[list(dash) for dash in known])


def shapes(frameworks: Sequence[str]) -> alt.Scale:
    """One end mark a framework in focus."""
    return alt.Scale(domain=list(frameworks), range=list(SHAPES[: len(frameworks)]))


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
    """The time axis; page.py sets its ends, the parameters x0 and x1."""
    scale = alt.Scale(type="utc", domainMin=alt.ExprRef("x0"), domainMax=alt.ExprRef("x1"))
    return alt.X(f"{field}:T").scale(scale).axis(format="%Y", tickCount=alt.ExprRef("max(2,width/80)"))


def half_line() -> alt.Chart:
    """The line at one half, where the lead changes."""
    mark = alt.Chart(alt.InlineData(values=[{"half": 50}])).mark_rule(color=variable("event"), strokeDash=[2, 3])
    rule: alt.Chart = mark.encode(alt.Y("half:Q"))
    return rule


def break_rules() -> list[alt.Chart]:
    """Two ink rules on a cleared strip at each day across which a series is not comparable."""
    base = alt.Chart(BREAKS).encode(time_x("event_date"))
    strip = base.mark_rule(color=variable("surface"), strokeWidth=7)
    return [strip, *(base.mark_rule(color=variable("ink"), strokeWidth=1, xOffset=offset) for offset in (-3, 3))]


def event_rules() -> list[alt.Chart]:
    """A dotted rule for each event, its number above the plot; the words stand below the figure."""
    base = alt.Chart(EVENTS).encode(time_x("event_date"))
    rule = base.mark_rule(color=variable("event"), strokeDash=[1, 3])
    lane = alt.ExprRef("-8-13*datum.lane")
    return [rule, base.mark_text(y=lane, color=variable("muted"), fontSize=11.5).encode(alt.Text("number:N"))]


def _tokens(column: int) -> str:
    named: Mapping[str, tuple[Any, ...]] = COLOURS | {f"fw-{name}": value for name, value in FRAMEWORKS.items()}
    return "".join(f"  --{name}: {value[column]};\n" for name, value in named.items())
