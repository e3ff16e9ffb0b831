"""What earlier releases said of each period, for marts.revisions: data/history/framework_shares/RELEASE.parquet.

A figure is loaded from the first release that had it and from each one that changed it: a year of daily releases adds
the changes of a year and not 365 copies.
"""

import logging
from pathlib import Path

import duckdb

from ..settings import Settings
from ..sql_text import quoted

log = logging.getLogger(__name__)

COLUMNS = {
    "release_id": "VARCHAR",
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
MOST_RELEASES = 400  # the newest ones; 400 of 7,000 figures each load in under two seconds


def load(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.history_revisions with what the newest releases said first, and what they changed.

    Figures are told apart by a hash of their names, which is less work than sorting six texts; 40,000 figures
    collide once in 20 billion builds.
    """
    folder = settings.data / "history" / "framework_shares"
    files = [file for file in sorted(folder.glob("[0-9]*.parquet"))[-MOST_RELEASES:] if _is_readable(file, con)]
    if not files:
        return
    names = ", ".join(COLUMNS)
    listed = ", ".join(quoted(str(file)) for file in files)
    con.execute(
        f"""
        insert into raw.history_revisions
        select {names}
        from (
            select
                {names},
                row_number() over figure as appearance,
                lag(value) over figure as value_before,
                lag(base) over figure as base_before
            from read_parquet([{listed}], union_by_name = true)
            window figure as (
                partition by hash(source, series, population, grain, period_start, framework)
                order by release_id
            )
        )
        where appearance = 1 or value is distinct from value_before or base is distinct from base_before
        """
    )


def _is_readable(file: Path, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a file of the history has what we need; one that does not is left out, and kept."""
    try:
        con.execute(f"describe select {', '.join(COLUMNS)} from read_parquet({quoted(str(file))})")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        log.warning("%s: expected what a release said, found %s. Its revisions are left out.", file, reason)
        return False
    return True
