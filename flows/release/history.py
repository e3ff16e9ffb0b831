"""What the release before this one said, loaded so that the models can tell what has changed.

data/history/<table>/<release>.parquet is written by flows/release/releases.py and never pruned. Only the release that
is current while the next one is built counts; before the first release the tables stay empty.
"""

import logging
from pathlib import Path

import duckdb

from ..settings import Settings
from ..sql_text import quoted
from . import releases

log = logging.getLogger(__name__)

# The columns of each history table that the models read; older releases may lack the newer ones.
TABLES = {
    "history_framework_shares": {
        "release_id": "VARCHAR",
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "grain": "VARCHAR",
        "period_start": "DATE",
        "framework": "VARCHAR",
        "value": "DOUBLE",
        "share_pct": "DOUBLE",
        "share_low_pct": "DOUBLE",
        "share_high_pct": "DOUBLE",
        "unit": "VARCHAR",
    },
    "history_source_status": {"release_id": "VARCHAR", "source": "VARCHAR", "origin": "VARCHAR"},
    "history_claims": {
        "release_id": "VARCHAR",
        "claim_id": "VARCHAR",
        "statement": "VARCHAR",
        "verdict": "VARCHAR",
        "reason": "VARCHAR",
    },
}


def load(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Fill the raw.history_* tables from the release that is current now, if there is one."""
    held = releases.current(settings)
    if held is None:
        return
    for table, columns in TABLES.items():
        path = settings.data / "history" / table.removeprefix("history_") / f"{held.release_id}.parquet"
        if path.is_file():
            _insert(con, path, table, columns)


def _insert(con: duckdb.DuckDBPyConnection, path: Path, table: str, columns: dict[str, str]) -> None:
    """Insert what the file has of the columns; a damaged file costs the comparison, not the build."""
    reader = f"read_parquet({quoted(str(path))})"
    try:
        found = {row[0] for row in con.execute(f"describe select * from {reader}").fetchall()}
        values = [name if name in found else f"null::{kind}" for name, kind in columns.items()]
        con.execute(f"insert into raw.{table} select {', '.join(values)} from {reader}")
    except duckdb.Error as error:
        log.warning(
            "%s: cannot be read, so changes since that release are not told: %s", path, str(error).split("\n")[0]
        )
