"""What is kept for ever of a release: what it said otherwise than the releases before it, not a copy of all it said.

A file of data/history has the rows of one release that are new, or differ from the newest release before it that had a
row of the same key. A year of daily releases adds the changes of a year; reading them all in order gives every version.
"""

from __future__ import annotations

import logging
from pathlib import Path

from ..engine import duckdb
from ..landing.loading import looking
from ..replacing import put, replaced
from ..sql_text import first_line, parquet, quoted

log = logging.getLogger(__name__)

FIGURE = ("source", "series", "population", "grain", "period_start", "framework", "definitions")
PAIR = ("source", "series", "population", "grain", "framework_a", "framework_b")
# By table: what tells one row from another, and what has to differ; other tables are kept as they are.
KEPT = {
    "framework_shares": (FIGURE, ("value", "base")),
    "redefined_shares": (FIGURE, ("value", "base")),
    "head_to_head_latest": (PAIR, ("period_start", "led_since", "leader", "a_share_of_pair_pct")),
    "claims": (("claim_id",), ("verdict", "definitions")),
    "redefined_claims": (("claim_id",), ("verdict", "definitions")),
    "source_status": (("source",), ("origin", "state")),
}


def keep(said: Path, kept: Path) -> None:
    """Put into the history what a release said otherwise than those before it.

    Args:
        said: the whole table, as the release has it.
        kept: its place in the history, <table>/<release>.parquet.
    """
    table = kept.parent.name
    before = sorted(file for file in kept.parent.glob("[0-9]*.parquet") if file.name < kept.name)
    if table not in KEPT or not before:
        put(kept, said.read_bytes())
        return
    try:
        with looking() as con, replaced(kept) as temporary:
            whole = [file for file in before if _columns(con, parquet(file))]
            query = _changed(con, said, whole, *KEPT[table]) if whole else f"from {parquet(said)}"
            con.execute(f"copy ({query}) to {quoted(str(temporary))} (format parquet, compression zstd)")
    except duckdb.Error as error:
        log.warning("%s is kept as it is, since it cannot be compared: %s", said, first_line(error))
        put(kept, said.read_bytes())


def _changed(
    con: duckdb.DuckDBPyConnection, said: Path, before: list[Path], key: tuple[str, ...], compared: tuple[str, ...]
) -> str:
    """A query for the rows that differ from the newest ones of their keys; columns that a file lacks are null there."""
    now = parquet(said)
    then = parquet(*before, options=", union_by_name = true, filename = true")
    columns = {name: _columns(con, name) for name in (now, then)}

    def of(table: str, alias: str, name: str) -> str:
        return f"{alias}.{name}" if name in columns[table] else "null"

    same_key = " and ".join(f"{of(now, 'said', name)} is not distinct from {of(then, 'held', name)}" for name in key)
    same = " and ".join(f"{of(now, 'said', name)} is not distinct from {of(then, 'held', name)}" for name in compared)
    names = ", ".join(of(then, "held", name) for name in key)
    newest = f"select * from {then} as held qualify row_number() over (partition by {names} order by filename desc) = 1"
    return f"select said.* from {now} as said anti join ({newest}) as held on {same_key} and {same}"


def _columns(con: duckdb.DuckDBPyConnection, reader: str) -> set[str]:
    """The columns of what is read; none of a file that is damaged."""
    try:
        return {row[0] for row in con.execute(f"describe select * from {reader}").fetchall()}
    except duckdb.Error as error:
        log.warning("%s: left out of the history: %s", reader, first_line(error))
        return set()
