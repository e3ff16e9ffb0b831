"""Writes the static site of a release: index.html, and beside it the style, the scripts and the Vega libraries.

It reads marts only, and the same warehouse gives the same bytes.
"""

import shutil
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards import page, theme
from dashboards.bundle import place_bundle
from flows.errors import DashboardError
from flows.releases import Release

HERE = Path(__file__).parent

SOURCES = "from marts.source_status"
DATA_NOTES = "from marts.data_notes order by model, note"
# The strongest figure that speaks against the first headline.
COUNTER_EXAMPLE = """
select others.sentence
from marts.headlines as others
inner join marts.headlines as first on first.position = 1
where others.leader <> first.leader
order by others.leader_share_pct desc, others.position
limit 1
"""

ORIGINS = {
    "live": "pulled from the source and confirmed within its rhythm",
    "cached": "pulled from the source, not confirmed lately",
    "imported": "from a file given to the import command",
    "reference": "from the tables that come with the project",
}
QUALITIES = {
    "full": "a full count",
    "sample": "a sample",
    "digitised": "read off a published chart, about one point of error",
    "decoded": "read out of a published picture's data",
    "published": "as printed by the publisher",
    "fitted_base": "the base is inferred from published shares",
}


def render(warehouse: Path, folder: Path, release: Release, cache: Path) -> None:
    """Write the site of `release` into `folder`.

    Args:
        warehouse: the release's DuckDB file.
        folder: existing empty folder.
        release: what is published.
        cache: folder that keeps the Vega libraries between renders.

    Raises:
        DashboardError: the warehouse cannot be read, or the folder cannot be written.
    """
    try:
        with closing(duckdb.connect(str(warehouse), read_only=True)) as con:
            context = _context(con, release)
    except duckdb.Error as error:
        raise DashboardError(
            f"{warehouse}: the pages cannot be drawn from this warehouse: {error}. "
            "Run `trends build` to make a new one."
        ) from error
    try:
        (folder / "index.html").write_text(_write("index.html.j2", context), encoding="utf-8")
        (folder / "theme.css").write_text(theme.stylesheet(), encoding="utf-8")
        for asset in sorted((HERE / "static").iterdir()):
            shutil.copyfile(asset, folder / asset.name)
        place_bundle(cache, folder)
    except OSError as error:
        raise DashboardError(
            f"{folder}: the site cannot be written: {error}. Free the disk or correct its permissions."
        ) from error


def _context(con: duckdb.DuckDBPyConnection, release: Release) -> dict[str, Any]:
    headlines = page.rows_of(con, page.HEADLINES)
    counter = page.rows_of(con, COUNTER_EXAMPLE)
    figures = [page.figure(con, name) for name in page.FIGURES]
    return {
        "release": release,
        "headlines": headlines,
        "counter_example": counter[0]["sentence"] if counter else None,
        "figures": [figure for figure in figures if figure],
        "sources": page.rows_of(con, SOURCES),
        "data_notes": page.rows_of(con, DATA_NOTES),
        "origins": ORIGINS,
        "qualities": QUALITIES,
    }


def _write(template: str, context: dict[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["month"] = _month
    return environment.get_template(template).render(context)


def _month(day: str | None) -> str:
    """An ISO day as "Mar 2024"."""
    return date.fromisoformat(day[:10]).strftime("%b %Y") if day else page.NO_FIGURE
