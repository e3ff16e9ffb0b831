"""The published file in other hands: any DuckDB from 1.2 on opens it, under any name, and reads its comments.

The slow tests make a virtual environment for each claimed engine, once, in pytest's cache folder.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import duckdb
import pytest

from flows.ask import catalogue
from flows.ask.query import warehouse_path
from flows.settings import Settings

# The oldest and the newest engine that the README claims.
OLDEST, NEWEST = "1.2.0", "2.0.0"

# What a stranger does: open, look at meanings, ask. Prints one JSON document.
STRANGER = """
import json, sys
import duckdb

path, attached, queries = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
found = {"version": duckdb.__version__}
with duckdb.connect(path, read_only=True) as con:
    con.execute("set timezone = 'UTC'")
    found["comments"] = con.execute(
        "select count(*), count(comment) from duckdb_columns() where schema_name in ('marts', 'staging')"
    ).fetchall()
    found["answers"] = {name: [[str(cell) for cell in row] for row in con.execute(sql).fetchall()]
                        for name, sql in queries.items()}
with duckdb.connect() as con:
    con.execute(f"attach '{attached}' as other_name (read_only)")
    found["views"] = {}
    for name, in con.execute(
        "select view_name from duckdb_views() where database_name = 'other_name' and schema_name = 'staging'"
    ).fetchall():
        found["views"][name] = con.execute(f"select count(*) from other_name.staging.{name}").fetchall()[0][0]
print(json.dumps(found, sort_keys=True))
"""


def stranger(python: Path | str, warehouse: Path, queries: dict[str, str], folder: Path) -> dict[str, object]:
    script = folder / "stranger.py"
    script.write_text(STRANGER, encoding="utf-8")
    done = subprocess.run(
        [str(python), "-I", str(script), str(warehouse), str(warehouse), json.dumps(queries)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_the_views_work_under_another_name(embedded):
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse_path(embedded)}' as other_name (read_only)")
        views = con.execute("select view_name from duckdb_views() where schema_name = 'staging'").fetchall()
        assert views
        for (view,) in views:
            con.execute(f"select * from other_name.staging.{view} limit 1").fetchall()


def test_every_table_view_and_column_has_a_comment(embedded):
    with duckdb.connect(str(warehouse_path(embedded)), read_only=True) as con:
        bare = con.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'raw' and comment is null
            union all
            select schema_name || '.' || view_name from duckdb_views() where schema_name = 'staging' and comment is null
            union all
            select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
            where schema_name in ('staging', 'intermediate', 'marts', 'pages') and comment is null
            """
        ).fetchall()
    assert bare == []


def test_an_open_session_neither_blocks_a_publication_nor_is_broken_by_it(embedded, tmp_path):
    """What `current` points at is replaced, never written: a session keeps the file that it opened."""
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    for path, value in ((old, 1), (new, 2)):
        with duckdb.connect(str(path)) as con:
            con.execute(f"create table t as select {value} as n")
    link = tmp_path / "current.duckdb"
    link.symlink_to(old)
    with duckdb.connect(str(link), read_only=True) as session:
        assert session.execute("from t").fetchall() == [(1,)]
        (tmp_path / "next").symlink_to(new)
        (tmp_path / "next").replace(link)
        old.unlink()
        assert session.execute("from t").fetchall() == [(1,)]
        with duckdb.connect() as other:
            other.execute(f"attach '{link}' as c (read_only)")
            assert other.execute("from c.t").fetchall() == [(2,)]


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest):
    """Make, once, an environment that holds one version of DuckDB; return its interpreter."""

    def make(version: str) -> Path:
        folder = Path(request.config.cache.mkdir("duckdb")) / version
        python = folder / "bin" / "python"
        if not (folder / "ready").exists():
            venv.create(folder, with_pip=True, clear=True)
            install = [str(python), "-m", "pip", "install", "--quiet", f"duckdb=={version}"]
            done = subprocess.run(install, capture_output=True, text=True, check=False)
            if done.returncode:
                message = f"duckdb {version} cannot be installed here: {done.stderr[-300:]}"
                pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
            (folder / "ready").touch()
        return python

    return make


@pytest.mark.slow
@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_the_oldest_and_the_newest_engine_open_it_and_answer_every_worked_query_alike(
    embedded, engine, tmp_path, version
):
    queries = {worked.name: worked.sql for worked in catalogue.worked_queries(Settings())}
    path = warehouse_path(embedded)
    here = stranger(sys.executable, path, queries, tmp_path)
    there = stranger(engine(version), path, queries, tmp_path)
    assert there.pop("version") == version
    assert here.pop("version") == duckdb.__version__
    (columns, commented) = there["comments"][0]  # type: ignore[index]
    assert columns == commented > 100
    assert there["views"]
    assert there == here
