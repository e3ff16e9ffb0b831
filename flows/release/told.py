"""What a release says of itself in short, written into its release.json while it is made.

Whoever only looks (a refresh that finds nothing new, `trends status`) then need not open its warehouse. A release of a
version that wrote nothing, or something else, is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ..ask.query import opened, warehouse_path
from ..engine import duckdb
from ..errors import ReleaseError
from ..settings import Settings
from . import releases

Rows = list[tuple[Any, ...]]


def sources(con: duckdb.DuckDBPyConnection) -> Rows:
    """Each source with its state, number of figures, newest period, last success and note, as at the release."""
    known = {row[0] for row in con.execute("describe marts.source_status").fetchall()}
    state = "state" if "state" in known else "origin"  # releases of older versions
    latest = "latest_label" if "latest_label" in known else "strftime(latest_period, '%Y-%m')"
    return con.execute(
        f"select source, {state}, row_count, {latest}, strftime(last_success_at, '%Y-%m-%d %H:%M'), message "
        "from marts.source_status"
    ).fetchall()


def figures(con: duckdb.DuckDBPyConnection) -> Rows:
    """Origin, number of figures and newest period of each source."""
    return con.execute("select source, origin, row_count, latest_period::varchar from marts.source_status").fetchall()


def landings(con: duckdb.DuckDBPyConnection) -> Rows:
    """The landed files that it was made from, with their source."""
    return con.execute("select source, source_file from raw.refresh_landings order by all").fetchall()


def headlines(con: duckdb.DuckDBPyConnection) -> Rows:
    """The sentences of the site's first screen."""
    return con.execute("select sentence from marts.headlines order by position limit 1").fetchall()


# Each with how many values its rows have.
TOLD: dict[Callable[[duckdb.DuckDBPyConnection], Rows], int] = {sources: 6, figures: 4, landings: 2, headlines: 1}


def of(settings: Settings, what: Callable[[duckdb.DuckDBPyConnection], Rows]) -> Rows:
    """What the current release says.

    Raises:
        QueryError: there is none, or none that can be read.
    """
    with suppress(ReleaseError):
        held = releases.current(settings)
        rows = held.told.get(what.__name__) if held else None
        # One of another version may say other things by this name.
        if isinstance(rows, list) and all(isinstance(row, list) and len(row) == TOLD[what] for row in rows):
            return [tuple(row) for row in rows]
    with opened(warehouse_path(settings)) as con:
        return what(con)


def by(con: duckdb.DuckDBPyConnection) -> dict[str, list[list[Any]]]:
    """All that a new warehouse says, for its release.json."""
    return {what.__name__: [list(row) for row in what(con)] for what in TOLD}
