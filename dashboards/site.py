"""Writes the static site of a release: pages, and beside them the style, the scripts and the Vega libraries.

It reads marts and what only pages need, and the same warehouse gives the same bytes.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from . import shapes, theme, wording
from .bundle import place_bundle
from .drawing import Drawing
from .linking import linker
from .navigation import BELOW, NAVIGATION, entry_of
from .pages import claims, compare, data, evidence, framework, kinds, methods, overview, pair, sources, which
from .program import PASSED_ON, DashboardError, Release, Settings, redistribution
from .tables import Tables

HERE = Path(__file__).parent
MODULES = (overview, which, evidence, kinds, compare, pair, framework, claims, data, sources, methods)
# The parts of the charts' script; the first two are pure, and node tests them.
CHARTS = ("rows", "places", "pictures", "drawing", "reading", "choices", "embed", "address", "taking", "start")


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
            for name, text in pages(Tables(con), release, cache=cache):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
        (folder / "theme.css").write_text(theme.stylesheet(), encoding="utf-8")
        (folder / "shapes.js").write_text(shapes.script(cache), encoding="utf-8")
        (folder / "charts.js").write_text(charts_script(), encoding="utf-8")
        for asset in sorted((HERE / "static").glob("*.*")):
            shutil.copyfile(asset, folder / asset.name)
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


def pages(
    tables: Tables,
    release: Release,
    rules: Mapping[str, tuple[str, str]] | None = None,
    cache: Path | None = None,
) -> Iterator[tuple[str, str]]:
    """Every page: its file within the site, and its text.

    Args:
        tables: of one warehouse.
        release: what is published.
        rules: by source, whether its figures may be passed on and why; those of the project when None.
        cache: existing folder that keeps the compiled templates.
    """
    rules = redistribution(Settings()) if rules is None else rules
    passed_on = {source: reason for source, (value, reason) in rules.items() if value in PASSED_ON}
    drawing = Drawing(tables, passed_on)
    environment = _environment(release, cache)
    environment.filters["linked"] = linker(tables.rows("pages.frameworks"))
    for module in MODULES:
        template = environment.get_template(f"{module.__name__.rpartition('.')[2]}.html.j2")
        for page in module.pages(drawing):
            shown = {
                "file": page.file,
                "section": entry_of(page.file),
                "section_label": dict(NAVIGATION).get(entry_of(page.file), page.title),
                "title": page.title,
                "description": f"{page.title}. Figures with source, base and date.",
                "root": "../" * page.file.count("/"),
                "has_charts": page.has_charts,
            }
            yield page.file, template.render(page.context | {"page": shown})


def charts_script() -> str:
    """The parts of the charts' script as one classic script: it opens from disk, and its names stay within it."""
    parts = "\n".join((HERE / "static" / "charts" / f"{part}.js").read_text(encoding="utf-8") for part in CHARTS)
    head = "/* Figures come from the page, pictures from shapes.js. */"
    return f'{head}\n(function () {{\n"use strict";\n{parts}}})();\n'


def _environment(release: Release, cache: Path | None) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([HERE / "pages", HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        # Compiling them takes a fifth of a render.
        bytecode_cache=FileSystemBytecodeCache(str(cache)) if cache else None,
    )
    environment.filters |= wording.FILTERS
    environment.globals |= {
        "release": release,
        "navigation": NAVIGATION,
        "below": BELOW,
        "origins": wording.ORIGINS,
        "qualities": wording.QUALITIES,
        "states": wording.STATES,
        "tokens": frozenset(theme.FRAMEWORKS),
    }
    return environment
