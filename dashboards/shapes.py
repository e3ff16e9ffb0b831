"""All charts as one script: each drawn once, without figures, for every page that shows it."""

import hashlib
import importlib
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import charts, theme
from .program import put

# What most pictures are drawn with comes first: they begin while the rest is compiled.
FIRST = ("lines", "levels")
NAMES = (*FIRST, *sorted({path.stem for path in Path(charts.__file__).parent.glob("[a-z]*.py")} - {*FIRST}))


def specification(name: str) -> dict[str, Any]:
    """One chart as Vega-Lite, with the look of the site; rows and parameters are set where it is drawn."""
    # The tests hold every chart against the schema; doing it here would double the time of a render.
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        spec: dict[str, Any] = importlib.import_module(f"{charts.__name__}.{name}").chart().to_dict(validate=False)
    return spec | {"autosize": "none", "padding": 0, "width": 600, "config": theme.CONFIG}


def compiled(cache: Path) -> Iterator[tuple[str, str]]:
    """Every chart as Vega, so that no page spends time on it: its name, and its text as soon as it is there.

    Drawing and compiling takes a second; `cache` keeps the result under a name made of the code that draws.
    """
    kept = cache / f"shapes-{_made_of()}.json"
    if kept.exists():
        yield from json.loads(kept.read_text(encoding="utf-8")).items()
        return
    # The import alone costs time that no other render should pay.
    import vl_convert

    made = {}
    for name in NAMES:
        chart = vl_convert.vegalite_to_vega(json.dumps(specification(name)))
        made[name] = json.dumps(chart, sort_keys=True, separators=(",", ":"))
        yield name, made[name]
    put(kept, json.dumps(made))


def script(made: Mapping[str, str]) -> str:
    """The script that pages load: window.trendsShapes, all charts by their names."""
    charts = ",".join(f'"{name}":{made[name]}' for name in sorted(made))
    return f"window.trendsShapes = {{{charts}}};\n"


def _made_of() -> str:
    """Checksum over this package and the libraries that draw: the charts hold no figures."""
    total = hashlib.sha256(f"{version('altair')} {version('vl-convert-python')}".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]
