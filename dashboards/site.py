"""Writes the static site of a release: pages, and beside them the style, the scripts and the Vega libraries.

It reads marts and what only pages need, and the same warehouse gives the same bytes.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import shapes, sql_engine, theme, wording
from .bundle import place_bundle
from .drawing import Drawing
from .leaving import heads, pictures
from .leaving.beside import beside
from .leaving.dataset import dataset
from .linking import linker
from .navigation import NAVIGATION, below, entry_of
from .pages import (
    Page,
    changes,
    claims,
    compare,
    data,
    evidence,
    framework,
    kinds,
    methods,
    overview,
    pair,
    ranking,
    sources,
    which,
)
from .program import PASSED_ON, DashboardError, Release, Settings, redistribution
from .tables import Tables

HERE = Path(__file__).parent
FIRST = "index.html"  # the page whose first figure is seen before scripts run
MODULES = (overview, ranking, which, evidence, kinds, compare, pair, framework, claims, data, sources, methods, changes)
# The parts of the charts' script; the first three are pure, and node tests them.
CHARTS = (
    *("rows", "places", "weighing", "pictures", "drawing", "reading", "choices", "embed", "address", "taking"),
    *("weigher", "start"),
)


def render(warehouse: Path, folder: Path, release: Release, cache: Path, address: str = "") -> None:
    """Write the site of `release` into `folder`.

    Args:
        warehouse: the release's DuckDB file.
        folder: existing empty folder.
        release: what is published.
        cache: folder that keeps the Vega libraries, the charts and the compiled templates between renders.
        address: that the site is published at, or empty.

    Raises:
        DashboardError: the warehouse cannot be read, or the folder cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with closing(duckdb.connect(str(warehouse), read_only=True)) as con:
            tables = Tables(con)
            place_bundle(cache, folder)
            made = drawn(tables)
            images = pictures.of_pages([page for _, page in made])
            charts: dict[str, Future[str]] = {name: Future() for name in shapes.NAMES}
            # The engine of the pictures begins with the charts that most are drawn with, while the others and the pages
            # are made.
            with ThreadPoolExecutor(1) as pool:
                try:
                    engine = pictures.Engine(folder, HERE / "static" / "charts", lambda name: charts[name].result())
                    waiting = pool.submit(pictures.draw, engine, images, folder, cache, png=bool(address))
                    still = pool.submit(pictures.still, engine, images.get(FIRST), cache)
                    for name, chart in shapes.compiled(cache):
                        charts[name].set_result(chart)
                    _place_scripts(folder, {name: chart.result() for name, chart in charts.items()})
                    _write(folder, pages(tables, release, cache=cache, address=address, made=made, still=still.result))
                    waiting.result()
                finally:
                    for waited in charts.values():
                        waited.cancel()  # nothing waits for a chart that does not come
            _write(folder, beside([page for _, page in made], tables, release, address, folder, images))
    except duckdb.Error as error:
        raise DashboardError(
            f"{warehouse}: the pages cannot be drawn from this warehouse: {error}. "
            "Run `trends build` to make a new one."
        ) from error
    except OSError as error:
        raise DashboardError(
            f"{folder}: the site cannot be written: {error}. Free the disk or correct its permissions."
        ) from error


def _write(folder: Path, texts: Iterable[tuple[str, str]]) -> None:
    for name, text in texts:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _place_scripts(folder: Path, charts: Mapping[str, str]) -> None:
    (folder / "theme.css").write_text(theme.stylesheet(), encoding="utf-8")
    (folder / "shapes.js").write_text(shapes.script(charts), encoding="utf-8")
    (folder / "charts.js").write_text(charts_script(), encoding="utf-8")
    for asset in sorted((HERE / "static").glob("*.*")):
        shutil.copyfile(asset, folder / asset.name)


def drawn(tables: Tables, rules: Mapping[str, tuple[str, str]] | None = None) -> list[tuple[str, Page]]:
    """What stands on every page, with the name of its template.

    Args:
        tables: of one warehouse.
        rules: by source, whether its figures may be passed on and why; those of the project when None.
    """
    rules = redistribution(Settings()) if rules is None else rules
    passed_on = {source: reason for source, (value, reason) in rules.items() if value in PASSED_ON}
    drawing = Drawing(tables, passed_on)
    return [
        (f"{module.__name__.rpartition('.')[2]}.html.j2", page) for module in MODULES for page in module.pages(drawing)
    ]


def pages(
    tables: Tables,
    release: Release,
    rules: Mapping[str, tuple[str, str]] | None = None,
    cache: Path | None = None,
    address: str = "",
    made: Sequence[tuple[str, Page]] = (),
    still: Callable[[], str] = str,
) -> Iterator[tuple[str, str]]:
    """Every page: its file within the site, and its text.

    Args:
        tables: of one warehouse.
        release: what is published.
        rules: by source, whether its figures may be passed on and why; those of the project when None.
        cache: existing folder that keeps the compiled templates.
        address: that the site is published at, or empty.
        made: what stands on the pages, where it is known.
        still: gives the first page's first figure as it stands there before scripts run; asked at the end.
    """
    made = made or drawn(tables, rules)
    environment = _environment(release, cache)
    environment.filters["linked"] = linker(tables.rows("pages.frameworks"))
    environment.globals["dataset"] = partial(dataset, tables, release, address)
    images = pictures.of_pages([page for _, page in made])
    for template, page in sorted(made, key=lambda one: one[1].file == FIRST):
        entry = entry_of(page.file)
        shown = heads.told(page, address, images.get(page.file))
        shown |= {"section": entry, "section_label": dict(NAVIGATION).get(entry, page.title)}
        shown["still"] = Markup(still() if page.file == FIRST else "")
        yield page.file, environment.get_template(template).render(page.context | {"page": shown})


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
        "below": below(has_sql=cache is not None and sql_engine.kept(cache).exists()),
        "origins": wording.ORIGINS,
        "qualities": wording.QUALITIES,
        "states": wording.STATES,
        "state_words": wording.STATE_WORDS,
        "tokens": frozenset(theme.FRAMEWORKS),
    }
    return environment
