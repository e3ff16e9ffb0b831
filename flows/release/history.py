"""What the previous release said, loaded so that the models can tell what has changed.

A release keeps what it said in its own folder, and data/history what changed from one to the next, for ever
(flows/release/keeping.py). Only the release that is current while the next one is built counts; before the first
release the tables stay empty.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ..settings import Settings
from ..sql_text import first_line, parquet, quoted
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
    "history_head_to_head_latest": {
        "release_id": "VARCHAR",
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "grain": "VARCHAR",
        "framework_a": "VARCHAR",
        "framework_b": "VARCHAR",
        "period_start": "DATE",
        "first_period": "DATE",
        "leader": "VARCHAR",
        "led_since": "DATE",
        "a_share_of_pair_pct": "DOUBLE",
        "is_within_chance": "BOOLEAN",
        "is_headline": "BOOLEAN",
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
# Every verdict that differed from the one before it, of all releases: a claim may break in several steps.
VERDICTS = {
    "history_verdicts": {
        "release_id": "VARCHAR",
        "definitions": "VARCHAR",
        "turn": "INTEGER",
        "claim_id": "VARCHAR",
        "verdict": "VARCHAR",
    }
}
# What changed, of the newest releases.
CHANGES = {
    "history_changes": {
        "release_id": "VARCHAR",
        "change_order": "BIGINT",
        "kind": "VARCHAR",
        "subject": "VARCHAR",
        "source": "VARCHAR",
        "period_start": "DATE",
        "sentence": "VARCHAR",
        "release_before": "VARCHAR",
    }
}
MOST_RELEASES = 200

# What tells one figure from another, in every version.
FIGURE = "source, series, population, grain, period_start, framework"


@dataclass(frozen=True)
class Redefined:
    """The current release as this version would have made it (flows/release/upgrade.py).

    Attributes:
        release_id: of the current release.
        warehouse: what this version makes of its landings.
        figure_count: its figures.
        changed_count: those that read differently now.
    """

    release_id: str
    warehouse: Path
    figure_count: int
    changed_count: int


def load(settings: Settings, con: duckdb.DuckDBPyConnection, redefined: Redefined | None = None) -> None:
    """Fill the raw.history_* tables from the release that is current now, if there is one."""
    held = releases.current(settings)
    if held is None:
        return
    for table, columns in TABLES.items():
        if redefined and table != "history_source_status":
            _insert_redefined(con, redefined, table, columns)
            continue
        path = settings.current / "history" / f"{table.removeprefix('history_')}.parquet"
        if path.is_file():
            _insert(con, path, table, columns)


def load_verdicts(settings: Settings, con: duckdb.DuckDBPyConnection, redefined: Redefined | None = None) -> None:
    """Fill raw.history_verdicts; the second turn of a release is what a later version would have said in its place."""
    said = [
        query
        for turn, folder in enumerate(("claims", releases.REDEFINED_CLAIMS))
        if (query := _verdicts(con, settings.data / "history" / folder, turn))
    ]
    if redefined:
        con.execute(f"attach {quoted(str(redefined.warehouse))} as redefined (read_only)")
        now = "(select definitions from raw.refresh_definitions)"
        said.append(f"select {quoted(redefined.release_id)}, {now}, 1, claim_id, verdict from redefined.marts.claims")
    if said:
        con.execute(
            f"insert into raw.history_verdicts select * from ({' union all '.join(said)}) "
            "as said (release_id, definitions, turn, claim_id, verdict) "
            "qualify (verdict, definitions) is distinct from lag((verdict, definitions)) over "
            "(partition by claim_id order by release_id, turn)"
        )
    if redefined:
        con.execute("detach redefined")


def load_changes(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.history_changes with what the newest releases said had changed."""
    [(table, columns)] = CHANGES.items()
    for path in sorted((settings.data / "history" / "changes").glob("[0-9]*.parquet"))[-MOST_RELEASES:]:
        _insert(con, path, table, columns)


def _verdicts(con: duckdb.DuckDBPyConnection, folder: Path, turn: int) -> str:
    """A query for the verdicts in a folder of the history; empty where none can be read."""
    said = []
    for path in sorted(folder.glob("[0-9]*.parquet")):
        reader = parquet(path)
        try:
            found = {row[0] for row in con.execute(f"describe select * from {reader}").fetchall()}
        except duckdb.Error as error:
            log.warning("%s: cannot be read, so its verdicts are left out: %s", path, first_line(error))
            continue
        if found >= {"release_id", "claim_id", "verdict"}:
            definitions = "definitions" if "definitions" in found else "null::varchar"
            said.append(f"select release_id, {definitions}, {turn}, claim_id, verdict from {reader}")
    return " union all ".join(said)


def _insert_redefined(
    con: duckdb.DuckDBPyConnection, redefined: Redefined, table: str, columns: dict[str, str]
) -> None:
    """Insert what the current release would say by the definitions of today."""
    names = ", ".join(name for name in columns if name != "release_id")
    con.execute(f"attach {quoted(str(redefined.warehouse))} as redefined (read_only)")
    try:
        con.execute(
            f"insert into raw.{table} (release_id, {names}) select {quoted(redefined.release_id)}, {names} "
            f"from redefined.marts.{table.removeprefix('history_')}"
        )
    finally:
        con.execute("detach redefined")


def _insert(con: duckdb.DuckDBPyConnection, path: Path, table: str, columns: dict[str, str]) -> None:
    """Insert what the file has of the columns; a damaged file costs the comparison, not the build."""
    reader = parquet(path)
    try:
        found = {row[0] for row in con.execute(f"describe select * from {reader}").fetchall()}
        values = [name if name in found else f"null::{kind}" for name, kind in columns.items()]
        con.execute(f"insert into raw.{table} select {', '.join(values)} from {reader}")
    except duckdb.Error as error:
        log.warning("%s: cannot be read, so changes since that release are not told: %s", path, first_line(error))
