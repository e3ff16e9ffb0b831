"""All charts as one script: each specification once, without figures, for every page that shows it."""

import importlib
import json
from pathlib import Path
from typing import Any

from dashboards import charts, theme

NAMES = tuple(sorted(path.stem for path in Path(charts.__file__).parent.glob("[a-z]*.py")))


def specification(name: str) -> dict[str, Any]:
    """One chart as Vega-Lite, with the look of the site; rows and parameters are set where it is drawn."""
    # The tests hold every chart against the schema; doing it here would double the time of a render.
    spec: dict[str, Any] = importlib.import_module(f"dashboards.charts.{name}").chart().to_dict(validate=False)
    return spec | {"autosize": "none", "padding": 0, "width": 600, "config": theme.CONFIG}


def script() -> str:
    """The script that pages load: window.trendsShapes."""
    shapes = {name: specification(name) for name in NAMES}
    return f"window.trendsShapes = {json.dumps(shapes, sort_keys=True, separators=(',', ':'))};\n"
