"""Questions to the lake: a release's marts are copied once, and asked as a release that was published here would be.

So a question meets the same walls, and the second one to a release asks the lake nothing but which one is the newest.
The records below the marts stay in the lake, which any DuckDB reads: they may be larger than this host.
"""

import shutil
from contextlib import closing
from dataclasses import replace

import duckdb

from ..replacing import replaced
from ..settings import Settings
from ..sql_text import quoted
from .commits import Commit, comment_as, found
from .engine import connected

# Copies of other snapshots than the last few that were asked go.
KEPT = 3


def copied(settings: Settings, release_id: str | None = None) -> Settings:
    """Settings whose current release is one of the lake.

    Args:
        settings: where the lake and the data folder are.
        release_id: of the release, or the number of its snapshot; the newest one without.

    Raises:
        QueryError: the lake holds no such release.
        LakeError: it cannot be reached.
    """
    commit = found(settings, release_id)
    above = settings.data / "cache" / "lake"
    data = above / f"{commit.snapshot}-{commit.fingerprint[:12]}"
    target = data / "current" / "warehouse.duckdb"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with replaced(target) as temporary:
            _copy(settings, commit, str(temporary))
    target.touch()
    by_use = sorted(above.glob("*/current/warehouse.duckdb"), key=lambda path: path.stat().st_mtime)
    for path in by_use[:-KEPT]:
        shutil.rmtree(path.parent.parent, ignore_errors=True)
    return replace(settings, data=data)


def _copy(settings: Settings, commit: Commit, file: str) -> None:
    with closing(duckdb.connect(file)) as made:
        made.execute("create schema marts")
    with connected(settings, snapshot=commit.snapshot, read_only=True) as con:
        con.execute(f"attach {quoted(file)} as copy")
        tables = con.execute(
            "select table_name from duckdb_tables() where database_name = 'lake' and schema_name = 'marts' order by all"
        ).fetchall()
        for (table,) in tables:
            con.execute(f"create table copy.marts.{table} as from lake.marts.{table}")
            comment_as(con, "lake", "copy", "marts", table)
        con.execute("detach copy")
