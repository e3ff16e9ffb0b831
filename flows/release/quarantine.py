"""Holds a new landing back when it cannot be right beside what is published.

A landing is compared after the build and before the release: its rows, periods and shares against those of the current
release; a first landing against the size that its source is known to have, and against the embedded figures. One that
fails goes into quarantine (data/status.json): what was there before is used, the reason stands beside the source, and
`trends accept SOURCE` lets it pass. A landing that cannot be loaded is held back likewise.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .. import sources
from ..engine import duckdb
from ..errors import BadLanding, CheckFailed, ModelError, TrendsError
from ..sql_text import first_line, quoted
from .inputs import Inputs

log = logging.getLogger(__name__)

# A landing with at most two thirds of the rows of the one before is held back: half of them must never pass.
LEAST_ROWS = 2 / 3
# A file is compared with the one before from so many rows on: a list of two pages may well fit on one the next day.
FEWEST_COMPARED = 12


def new_files(inputs: Inputs) -> dict[str, tuple[str, ...]]:
    """Landed files that the current release was not made from, by source; accepted ones are left out."""
    known = _known(inputs)
    found = {
        source: tuple(file.source_file for file in files if file.source_file not in known)
        for source, files in inputs.landed.items()
    }
    return {source: files for source, files in found.items() if files}


def _known(inputs: Inputs) -> set[str]:
    """Landed files that the current release was made from, and those that were accepted."""
    known = set(inputs.status.accepted)
    warehouse = inputs.settings.current / "warehouse.duckdb"
    if warehouse.exists():
        with _told_if_not_comparable(), closing(_attached(before=warehouse)) as con:
            known |= {row[0] for row in con.execute("select source_file from before.raw.refresh_landings").fetchall()}
    return known


def added_by(left: Path, current: Path) -> dict[str, tuple[str, ...]]:
    """Landed files that one release was made from and another was not, by source."""
    found: dict[str, list[str]] = defaultdict(list)
    files = {"was": left / "warehouse.duckdb", "held": current / "warehouse.duckdb"}
    with _told_if_not_comparable(), closing(_attached(**files)) as con:
        for source, file in con.execute(
            "select source, source_file from was.raw.refresh_landings "
            "where source_file not in (select source_file from held.raw.refresh_landings) order by source_file"
        ).fetchall():
            found[source].append(file)
    return {source: tuple(files) for source, files in found.items()}


def doubtful(inputs: Inputs, warehouse: Path) -> dict[str, str]:
    """Reasons to hold a source's new files back, by source, from comparing a new warehouse with the current one.

    After an upgrade the current one is what this version makes of it, so that both sides have the same tables.
    """
    new = new_files(inputs)
    if not new:
        return {}
    reasons: dict[str, list[str]] = defaultdict(list)
    held = inputs.redefined.warehouse if inputs.redefined else inputs.settings.current / "warehouse.duckdb"
    if held.exists():
        with _told_if_not_comparable(), closing(_attached(before=held, after=warehouse)) as con:
            for source, reason in _by_sql(con, inputs.settings.sql / "gates"):
                reasons[source].append(reason)
            for source, files in new.items():
                reasons[source] += _lost_rows(con, source) + _halved_files(con, source, files)
    if first := _first(inputs):
        with _told_if_not_comparable(), closing(_attached(after=warehouse)) as con:
            for source, reason in _by_sql(con, inputs.settings.sql / "first_gates"):
                if source in first:
                    reasons[source].append(reason)
            for source in first:
                reasons[source] += _far_from_known(con, source)
    return {source: _words(source, "; ".join(found)) for source, found in reasons.items() if found and source in new}


def _by_sql(con: duckdb.DuckDBPyConnection, folder: Path) -> list[tuple[str, str]]:
    """What the gates of a folder say: source and reason."""
    con.execute((folder.parent / "macros" / "landed_by.sql").read_text(encoding="utf-8"))
    found: list[tuple[str, str]] = []
    for gate in sorted(folder.glob("*.sql")):
        with _told_if_not_comparable():
            found += con.execute(gate.read_text(encoding="utf-8")).fetchall()
    return found


def _first(inputs: Inputs) -> set[str]:
    """Sources that come as whole files and land for the first time: no release of ours can be their measure."""
    if not inputs.settings.expect_sizes:
        return set()
    known = {file.partition("/")[0] for file in _known(inputs)}
    whole = {source.NAME for source in sources.SOURCES if hasattr(source, "KNOWN_ROWS")}
    return (new_files(inputs).keys() & whole) - known


def _far_from_known(con: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Raw tables of a first landing that lack too many of the rows that the source is known to have."""
    sizes = getattr(sources.source_of(source), "KNOWN_ROWS", {})
    reasons = []
    for table, known in sizes.items():
        [(found,)] = con.execute(f"select count(*) from after.raw.{table}").fetchall()
        if 0 < found < known * LEAST_ROWS:
            reasons.append(f"raw.{table} has {found:,} rows, the source is known to have {known:,}")
    return reasons


def to_blame(inputs: Inputs, error: TrendsError) -> dict[str, str]:
    """The source whose new files made a build fail, with the reason; none when the error does not tell."""
    new = new_files(inputs)
    if isinstance(error, BadLanding):
        blamed = [error.source]
    elif isinstance(error, CheckFailed | ModelError):
        blamed = [source for source in new if source in str(error)]
    else:
        blamed = []
    if len(blamed) != 1 or blamed[0] not in new:
        return {}
    return {blamed[0]: _words(blamed[0], " ".join(str(error).split()))}


@contextmanager
def _told_if_not_comparable() -> Iterator[None]:
    """Go on without comparing when the current release is damaged or of another version: it must not block the next."""
    try:
        yield
    except duckdb.Error as error:
        log.warning("The current release cannot be compared with: %s", first_line(error))


def _attached(**files: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    for name, file in files.items():
        con.execute(f"attach {quoted(str(file))} as {name} (read_only)")
    return con


def _lost_rows(con: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Raw tables of a source that lost too many of their rows."""
    reasons = []
    for table in sources.source_of(source).TABLES:
        known = con.execute(
            f"select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = {quoted(table)}"
        ).fetchall()[0][0]
        if known < 2:  # a table that the previous release did not have yet
            continue
        counts = f"(select count(*) from before.raw.{table}), (select count(*) from after.raw.{table})"
        held, found = con.execute(f"select {counts}").fetchall()[0]
        if found < held * LEAST_ROWS:
            reasons.append(f"raw.{table} has {found:,} rows, the previous release had {held:,}")
    return reasons


def _halved_files(con: duckdb.DuckDBPyConnection, source: str, files: tuple[str, ...]) -> list[str]:
    """New files that lost too many rows of the file of the same name that they take the place of."""
    names = ", ".join(quoted(Path(file).name) for file in files)
    reasons = []
    for table in sources.source_of(source).TABLES:
        if not _in_both(con, table, "_source_file"):
            continue
        before, after = (
            f"(select parse_filename(_source_file) as file_name, count(*) as row_count from {database}.raw.{table} "
            "group by file_name)"
            for database in ("before", "after")
        )
        lost = con.execute(
            f"select file_name, coalesce(after.row_count, 0), before.row_count from {before} as before "
            f"left join {after} as after using (file_name) "
            f"where file_name in ({names}) and before.row_count >= {FEWEST_COMPARED} "
            f"and coalesce(after.row_count, 0) < before.row_count * {LEAST_ROWS} order by file_name"
        ).fetchall()
        if lost:
            name, found, held = lost[0]
            reasons.append(f"{name} has {found:,} rows in raw.{table}, the file before had {held:,} ({len(lost)} such)")
    return reasons


def _in_both(con: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether both warehouses have a raw table with this column: the previous release may be of an older version."""
    known = con.execute(
        "select count(*) from duckdb_columns() "
        f"where schema_name = 'raw' and table_name = {quoted(table)} and column_name = {quoted(column)}"
    ).fetchall()
    return bool(known[0][0] == 2)


def _words(source: str, reason: str) -> str:
    return (
        f"The new landing of {source} is held back: {reason}. The one before it stays in use, or what is embedded. "
        f"Look at data/raw/{source}; if the new one is right, run `trends accept {source}`."
    )
