"""Says whether other tools' marts are ours: the same rows and counts, shares to 1e-9.

Compared are the columns that all sides make; of dbt, which runs our queries, every column. A script leaves out what
is the same in all of its rows (source, unit, origin, ...), and how sure the date of a crossing is unless it is asked to
say that too (INTERVALS).
"""

from collections.abc import Set
from contextlib import closing
from pathlib import Path

import duckdb

from benchmarks.lineage import MARTS
from flows.settings import PROJECT
from flows.sql_text import quoted
from flows.warehouse.models import read_model

TOLERANCE = 1e-9
PERIOD = {"series", "population", "grain", "period_start"}
PAIR = {"framework_a", "framework_b"}
CROSSOVERS = "marts.crossovers"
NEEDED = {
    "marts.framework_shares": PERIOD
    | {"framework", "value", "base", "share_pct", "share_low_pct", "share_high_pct", "is_out", "is_drawn"},
    "marts.head_to_head": PERIOD
    | PAIR
    | {"a_value", "b_value", "pair_value", "a_share_of_pair_pct", "low_pct", "high_pct"}
    | {"leader", "is_within_chance", "is_pair_drawn"},
    CROSSOVERS: (PERIOD - {"period_start"})
    | PAIR
    | {"leader_before", "leader_after", "crossed_period", "sustained_from", "before_period"}
    | {"is_lasting", "first_period", "last_period"},
}
INTERVALS = {"crossed_low", "crossed_high", "is_proven"}


def assert_same(ours: Path, theirs: Path, intervals: Set[str] = frozenset()) -> dict[str, int]:
    """Compare the three marts of two warehouses; return their numbers of rows.

    Args:
        ours: a DuckDB file.
        theirs: a DuckDB file of the same schema, or a folder with one Parquet file a mart, with at least the
            columns that are NEEDED.
        intervals: further columns that the crossovers of a folder must have.
    """
    with closing(duckdb.connect()) as con:
        con.execute(f"attach {quoted(str(ours))} as ours (read_only)")
        if theirs.is_file():
            con.execute(f"attach {quoted(str(theirs))} as theirs (read_only)")
        needed = NEEDED | {CROSSOVERS: NEEDED[CROSSOVERS] | intervals}
        return {mart: _rows(con, mart, theirs, needed[mart]) for mart in MARTS}


def _rows(con: duckdb.DuckDBPyConnection, mart: str, theirs: Path, needed: Set[str]) -> int:
    name = mart.partition(".")[2]
    there = f"theirs.{mart}" if theirs.is_file() else quoted(str(theirs / f"{name}.parquet"))
    held = {row[0] for row in con.execute(f"describe from {there}").fetchall()}
    columns = {row[0]: row[1] for row in con.execute(f"describe ours.{mart}").fetchall()}
    missing = (columns.keys() if theirs.is_file() else needed) - held
    if missing:
        raise SystemExit(f"{mart}: {theirs} differs from ours: it lacks {', '.join(sorted(missing))}")
    kinds = {name: kind for name, kind in columns.items() if name in held}
    grain = read_model(PROJECT / "sql" / "marts" / f"{name}.sql", con).grain
    keys = " and ".join(f"a.{key} = b.{key}" for key in grain if key in held)
    casts = ", ".join(f"{column}::{kind} as {column}" for column, kind in kinds.items())
    differs = " or ".join(
        f"coalesce(abs(a.{column} - b.{column}) > {TOLERANCE}, a.{column} is distinct from b.{column})"
        if kind == "DOUBLE"
        else f"a.{column} is distinct from b.{column}"
        for column, kind in kinds.items()
    )
    found = con.execute(
        f"select a, b from (select {casts} from ours.{mart}) as a full join (select {casts} from {there}) as b "
        f"on {keys} where {differs} limit 3"
    ).fetchall()
    rows = int(con.execute(f"select count(*) from ours.{mart}").fetchall()[0][0])
    if found or not rows:
        raise SystemExit(f"{mart}: {theirs} differs from {rows} rows of ours: {found}")
    return rows
