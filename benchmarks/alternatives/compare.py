"""Says whether other tools' marts are ours: the same rows and counts, shares to 1e-9."""

from contextlib import closing
from pathlib import Path

import duckdb

from benchmarks.lineage import MARTS
from flows.settings import PROJECT
from flows.sql_text import quoted
from flows.warehouse.models import read_model

TOLERANCE = 1e-9


def assert_same(ours: Path, theirs: Path) -> dict[str, int]:
    """Compare the three marts of two warehouses; return their numbers of rows.

    Args:
        ours: a DuckDB file.
        theirs: a DuckDB file of the same schema, or a folder with one Parquet file a mart; it may lack columns that
            are the same in all rows.
    """
    with closing(duckdb.connect()) as con:
        con.execute(f"attach {quoted(str(ours))} as ours (read_only)")
        if theirs.is_file():
            con.execute(f"attach {quoted(str(theirs))} as theirs (read_only)")
        return {mart: _rows(con, mart, theirs) for mart in MARTS}


def _rows(con: duckdb.DuckDBPyConnection, mart: str, theirs: Path) -> int:
    name = mart.partition(".")[2]
    there = f"theirs.{mart}" if theirs.is_file() else quoted(str(theirs / f"{name}.parquet"))
    held = {row[0] for row in con.execute(f"describe from {there}").fetchall()}
    kinds = {row[0]: row[1] for row in con.execute(f"describe ours.{mart}").fetchall() if row[0] in held}
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
    missing = {"framework", "value", "base", "share_pct"} - held if name == "framework_shares" else set()
    if found or missing or not rows:
        raise SystemExit(f"{mart}: {theirs} differs from {rows} rows of ours: {missing or found}")
    return rows
