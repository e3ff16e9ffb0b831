"""Writes the static site of a release: pages, and beside them the style, the scripts and the Vega libraries.

It reads marts only, and the same warehouse gives the same bytes.
"""

import shutil
from contextlib import closing
from pathlib import Path

import duckdb

from . import shapes, theme
from .bundle import place_bundle
from .marts import Marts
from .pages import Site
from .program import DashboardError, Release

HERE = Path(__file__).parent
# The parts of the charts' script; the first two are pure, and node tests them.
CHARTS = ("rows", "places", "pictures", "drawing", "reading", "choices", "address", "taking", "start")


def charts_script() -> str:
    """The parts of the charts' script as one classic script: it opens from disk, and its names stay within it."""
    parts = "\n".join((HERE / "static" / "charts" / f"{part}.js").read_text(encoding="utf-8") for part in CHARTS)
    head = "/* Figures come from the page, pictures from shapes.js. */"
    return f'{head}\n(function () {{\n"use strict";\n{parts}}})();\n'


def render(warehouse: Path, folder: Path, release: Release, cache: Path) -> None:
    """Write the site of `release` into `folder`.

    Args:
        warehouse: the release's DuckDB file.
        folder: existing empty folder.
        release: what is published.
        cache: folder that keeps the Vega libraries, the charts and the compiled templates between renders.

    Raises:
        DashboardError: the warehouse cannot be read, or the folder cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with closing(duckdb.connect(str(warehouse), read_only=True)) as con:
            pages = Site(Marts(con), release, cache=cache).pages()
        for name, text in pages.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "theme.css").write_text(theme.stylesheet(), encoding="utf-8")
        (folder / "shapes.js").write_text(shapes.script(cache), encoding="utf-8")
        for asset in sorted((HERE / "static").glob("*.*")):
            shutil.copyfile(asset, folder / asset.name)
        (folder / "charts.js").write_text(charts_script(), encoding="utf-8")
        place_bundle(cache, folder)
    except duckdb.Error as error:
        raise DashboardError(
            f"{warehouse}: the pages cannot be drawn from this warehouse: {error}. "
            "Run `trends build` to make a new one."
        ) from error
    except OSError as error:
        raise DashboardError(
            f"{folder}: the site cannot be written: {error}. Free the disk or correct its permissions."
        ) from error
