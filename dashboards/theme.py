"""The look: colours, faces and dashes, each in one place.

Charts name colours as CSS custom properties. The SVG renderer passes them through, so light, dark and print switch
without drawing again.
"""

from collections.abc import Mapping
from typing import Any

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
    # The place of a chart says in words what it shows and hides its marks, so that none needs words of its own.
    "aria": False,
    "mark": {"aria": False},
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


def _tokens(column: int) -> str:
    named: Mapping[str, tuple[Any, ...]] = COLOURS | {f"fw-{name}": value for name, value in FRAMEWORKS.items()}
    return "".join(f"  --{name}: {value[column]};\n" for name, value in named.items())
