"""All charts as one script: each drawn once, without figures, for every page that shows it."""

import hashlib
import importlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import charts, theme
from .program import put

NAMES = tuple(sorted(path.stem for path in Path(charts.__file__).parent.glob("[a-z]*.py")))


def specification(name: str) -> dict[str, Any]:
    """One chart as Vega-Lite, with the look of the site; rows and parameters are set where it is drawn."""
    # The tests hold every chart against the schema; doing it here would double the time of a render.
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        spec: dict[str, Any] = importlib.import_module(f"{charts.__name__}.{name}").chart().to_dict(validate=False)
    return spec | {"autosize": "none", "padding": 0, "width": 600, "config": theme.CONFIG}


def script(cache: Path) -> str:
    """The script that pages load: window.trendsShapes, compiled to Vega so that no page spends time on it.

    Drawing and compiling take two seconds; `cache` keeps the result under a name made of the code that draws.
    """
    kept = cache / f"shapes-{_made_of()}.js"
    if not kept.exists():
        put(kept, _compiled({name: specification(name) for name in NAMES}))
    return kept.read_text(encoding="utf-8")


def _made_of() -> str:
    """Checksum over this package and the libraries that draw: the charts hold no figures."""
    total = hashlib.sha256(f"{version('altair')} {version('vl-convert-python')}".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _compiled(shapes: dict[str, dict[str, Any]]) -> str:
    # The import alone costs time that no other render should pay.
    import vl_convert

    drawn = {name: vl_convert.vegalite_to_vega(json.dumps(spec)) for name, spec in shapes.items()}
    return f"window.trendsShapes = {json.dumps(drawn, sort_keys=True, separators=(',', ':'))};\n"
