"""What earlier releases said, and how a period's share changed over them."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.release import revisions
from flows.settings import PROJECT, Settings
from flows.warehouse.runner import create_table

SHARES = [column for column in revisions.COLUMNS if column != "release_id"]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("create schema raw; create schema staging; create schema marts")
    made.execute("create table staging.refresh__definitions as select null::varchar as definitions")
    for table, columns in revisions.TABLES.items():
        create_table(made, table, columns)
    return made


def said(settings: Settings, release_id: str, *rows: tuple[str, int, int], more: str = "") -> Path:
    """Keep what a release said: framework, value and base in one month."""
    file = settings.data / "history" / "framework_shares" / f"{release_id}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute(f"copy ({select(*rows, first=repr(release_id) + ' as release_id, ', more=more)}) to '{file}'")
    return file


def select(*rows: tuple[str, int, int], first: str = "", more: str = "") -> str:
    values = ", ".join(str(row) for row in rows)
    return (
        f"select {first}'papers' as source, 'links' as series, 'all' as population, 'month' as grain, "
        "date '2021-06-01' as period_start, framework, value::double as value, base::bigint as base, "
        f"100 * value / base as share_pct, 'live' as origin{more} from (values {values}) as v (framework, value, base)"
    )


def made_revisions(con: duckdb.DuckDBPyConnection, *rows: tuple[str, int, int]) -> list[tuple[object, ...]]:
    con.execute(f"create or replace table marts.framework_shares as {select(*rows)}")
    for layer, model in (("staging", "history__revisions"), ("marts", "revisions")):
        query = (PROJECT / "sql" / layer / f"{model}.sql").read_text(encoding="utf-8")
        con.execute(f"create or replace table {layer}.{model} as {query}")
    return con.execute(
        "select framework, release_id, revision_number, share_before_pct, share_pct, change_points, period_start "
        "from marts.revisions"
    ).fetchall()


def test_only_what_a_release_changed_is_loaded(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    said(settings, "2026-01-01T000000Z", ("pytorch", 50, 100), ("tf", 40, 100))
    said(settings, "2026-01-02T000000Z", ("pytorch", 50, 100), ("tf", 40, 100))
    said(settings, "2026-01-03T000000Z", ("pytorch", 60, 100), ("tf", 40, 100), more=", 1 as new_column")
    said(settings, "2026-01-04T000000Z", ("pytorch", 50, 100))
    revisions.load(settings, con)
    query = "select release_id[9:10], framework, value from raw.history_revisions order by all"
    assert con.execute(query).fetchall() == [
        ("01", "pytorch", 50.0),
        ("01", "tf", 40.0),
        ("03", "pytorch", 60.0),
        ("04", "pytorch", 50.0),
    ]
    june = date(2021, 6, 1)
    assert made_revisions(con, ("pytorch", 50, 100), ("tf", 44, 110)) == [
        ("pytorch", "2026-01-03T000000Z", 1, 50.0, 60.0, 10.0, june),
        ("pytorch", "2026-01-04T000000Z", 2, 60.0, 50.0, -10.0, june),
        ("tf", "this release", 1, 40.0, 40.0, 0.0, june),
    ]


def test_the_page_tells_how_many_and_the_largest(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """A month ten times higher two years later; one that came back to what it was has not been put right."""
    said(settings, "2026-01-01T000000Z", ("pytorch", 500, 1000), ("tf", 40, 1000), ("jax", 300, 1000))
    said(settings, "2026-01-02T000000Z", ("pytorch", 500, 1000), ("tf", 400, 1000), ("jax", 310, 1000))
    revisions.load(settings, con)
    made_revisions(con, ("pytorch", 510, 1000), ("tf", 400, 1000), ("jax", 300, 1000))
    con.execute("create table marts.frameworks as select 'tf' as framework, 'TensorFlow' as label")
    for macros in sorted((PROJECT / "sql" / "macros").glob("*.sql")):
        con.execute(macros.read_text(encoding="utf-8"))
    query = (PROJECT / "sql" / "pages" / "revisions.sql").read_text(encoding="utf-8")
    assert con.execute(query).fetchall() == [
        (
            "papers",
            2,
            "2 figures of Jun 2021 have been put right since a release first told them; "
            "the most: TensorFlow in Jun 2021, from 4% to 40%.",
        )
    ]


def test_what_another_version_says_otherwise_is_no_revision(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    said(settings, "2026-01-01T000000Z", ("pytorch", 50, 100), more=", 'older' as definitions")
    said(settings, "2026-01-02T000000Z", ("pytorch", 55, 100), more=", 'newer' as definitions")
    said(settings, "2026-01-03T000000Z", ("pytorch", 56, 100), more=", 'newer' as definitions")
    revisions.load(settings, con)
    con.execute("update staging.refresh__definitions set definitions = 'newest'")
    found = [
        (release_id, before, now) for _, release_id, _, before, now, *_ in made_revisions(con, ("pytorch", 60, 100))
    ]
    assert found == [("2026-01-03T000000Z", 55.0, 56.0)]


def test_no_history_no_revisions(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    revisions.load(settings, con)
    assert made_revisions(con, ("pytorch", 50, 100)) == []


def test_a_damaged_file_of_the_history_is_left_out_and_kept(
    settings: Settings, con: duckdb.DuckDBPyConnection, caplog: pytest.LogCaptureFixture
) -> None:
    said(settings, "2026-01-01T000000Z", ("pytorch", 50, 100))
    damaged = said(settings, "2026-01-02T000000Z", ("pytorch", 60, 100))
    damaged.write_bytes(b"PAR1 and then nothing")
    revisions.load(settings, con)
    assert con.execute("select count(*) from raw.history_revisions").fetchall() == [(1,)]
    assert "2026-01-02T000000Z.parquet: expected what a release said" in caplog.text
    assert damaged.exists()


def test_a_release_is_counted_from_the_newest(
    settings: Settings, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MOST_RELEASES", 2)
    for day in (1, 2, 3):
        said(settings, f"2026-01-0{day}T000000Z", ("pytorch", 50 + day, 100))
    revisions.load(settings, con)
    assert con.execute("select value from raw.history_revisions order by 1").fetchall() == [(52.0,), (53.0,)]
