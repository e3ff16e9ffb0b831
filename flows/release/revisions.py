"""What earlier releases said of each period, for marts.revisions: data/history/framework_shares/RELEASE.parquet.

A figure is loaded from the first release that had it and from each one that changed it: a year of daily releases adds
the changes of a year and not 365 copies.
"""

import logging
from pathlib import Path

import duckdb

from ..settings import Settings
from ..sql_text import first_line, parquet, quoted
from . import releases
from .history import FIGURE, Redefined

log = logging.getLogger(__name__)

COLUMNS = {
    "release_id": "VARCHAR",
    "definitions": "VARCHAR",
    "source": "VARCHAR",
    "series": "VARCHAR",
    "population": "VARCHAR",
    "grain": "VARCHAR",
    "period_start": "DATE",
    "framework": "VARCHAR",
    "value": "DOUBLE",
    "base": "BIGINT",
    "share_pct": "DOUBLE",
    "origin": "VARCHAR",
}
TABLES = {"history_revisions": COLUMNS}
MOST_RELEASES = 4000  # the newest ones; each adds a file of what it changed


def load(settings: Settings, con: duckdb.DuckDBPyConnection, redefined: Redefined | None = None) -> None:
    """Fill raw.history_revisions with what the newest releases said first, and what they changed.

    What two versions of the program make of the same landings differs by our own doing: figures are compared under the
    same definitions only, beginning with what the release before an upgrade would have said by the new ones.
    """
    said = _said(settings, con)
    if redefined:
        con.execute(f"attach {quoted(str(redefined.warehouse))} as redefined (read_only)")
        names = ", ".join(name for name in COLUMNS if name not in ("release_id", "definitions"))
        now = "(select definitions from raw.refresh_definitions)"
        said.append(
            f"select {quoted(redefined.release_id)} as release_id, {now} as definitions, {names} "
            "from redefined.marts.framework_shares"
        )
    if said:
        con.execute(f"insert into raw.history_revisions {_changed(' union all by name '.join(said))}")
    if redefined:
        con.execute("detach redefined")


def _said(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[str]:
    """A query for what the newest releases said."""
    files = sorted((settings.data / "history" / "framework_shares").glob("[0-9]*.parquet"))[-MOST_RELEASES:]
    files += sorted((settings.data / "history" / releases.REDEFINED).glob("[0-9]*.parquet"))[-MOST_RELEASES:]
    files = [file for file in files if _is_readable(file, con)]
    if not files:
        return []
    reader = parquet(*files, options=", union_by_name = true")
    found = {row[0] for row in con.execute(f"describe select * from {reader}").fetchall()}
    named = [
        name if name in found else f"null::varchar as {name}" for name in COLUMNS
    ]  # older ones have no definitions
    return [f"select {', '.join(named)} from {reader}"]


def _changed(said: str) -> str:
    """What each figure was at first, and whatever changed it.

    Figures are told apart by a hash of their names, which is less work than sorting six texts; 40,000 figures collide
    once in 20 billion builds.
    """
    names = ", ".join(COLUMNS)
    return f"""
        select {names}
        from (
            select
                {names},
                row_number() over figure as appearance,
                lag(value) over figure as value_before,
                lag(base) over figure as base_before
            from ({said})
            window figure as (partition by hash({FIGURE}, definitions) order by release_id)
        )
        where appearance = 1 or value is distinct from value_before or base is distinct from base_before
        """


def _is_readable(file: Path, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a file of the history has what we need; one that does not is left out, and kept."""
    try:
        needed = ", ".join(name for name in COLUMNS if name != "definitions")
        con.execute(f"describe select {needed} from {parquet(file)}")
    except duckdb.Error as error:
        reason = first_line(error)
        log.warning("%s: expected what a release said, found %s. Its revisions are left out.", file, reason)
        return False
    return True
