"""The previous release: loaded for the next build, told by refresh and verify."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from flows.command import cli
from flows.errors import WarehouseError
from flows.refresh import making, report
from flows.release import history, releases
from flows.release.releases import Release
from flows.settings import Settings
from flows.warehouse.runner import create_table


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def publish(settings: Settings, release_id: str, claims: str) -> Path:
    """A release of which only its claims matter; `claims` is the SQL that makes them."""
    folder = settings.data / "releases" / f".new-{release_id}"
    (folder / "site").mkdir(parents=True)
    (folder / "history").mkdir()
    duckdb.connect(str(folder / "warehouse.duckdb")).close()
    (folder / "site" / "index.html").write_text("pages")
    with closing(duckdb.connect()) as con:
        con.execute(f"copy ({claims}) to '{folder}/history/claims.parquet' (format parquet)")
    releases.publish(settings, folder, Release(release_id, fingerprint="f", built_at=""))
    return settings.data / "history" / "claims" / f"{release_id}.parquet"


def loaded(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    with closing(duckdb.connect()) as con:
        con.execute("create schema raw")
        for table, columns in history.TABLES.items():
            create_table(con, table, columns)
        history.load(settings, con)
        return {table: con.execute(f"from raw.{table}").fetchall() for table in history.TABLES}


SAID = "select '{}' as release_id, 'C-1' as claim_id, 'x' as statement, '{}' as verdict, 'r' as reason, 1 as more"


def test_before_the_first_release_the_tables_are_empty(here):
    assert set(map(len, loaded(here).values())) == {0}


def test_the_current_release_is_the_one_before_also_after_a_rollback(here):
    publish(here, "2026-01-01T000000Z", SAID.format("2026-01-01T000000Z", "confirmed"))
    publish(here, "2026-01-02T000000Z", SAID.format("2026-01-02T000000Z", "consistent"))
    assert loaded(here)["history_claims"] == [("2026-01-02T000000Z", "C-1", "x", "consistent", "r")]
    releases.rollback(here)
    assert loaded(here)["history_claims"] == [("2026-01-01T000000Z", "C-1", "x", "confirmed", "r")]


def test_an_older_release_may_lack_a_column(here):
    publish(here, "2026-01-01T000000Z", "select 'one' as release_id, 'C-1' as claim_id, 'confirmed' as verdict")
    assert loaded(here)["history_claims"] == [("one", "C-1", None, "confirmed", None)]


def test_a_damaged_file_costs_the_comparison_and_not_the_build(here, caplog):
    publish(here, "2026-01-01T000000Z", SAID.format("one", "confirmed"))
    path = here.current / "history" / "claims.parquet"
    path.write_bytes(b"PAR1 no more")
    assert loaded(here)["history_claims"] == []
    assert str(path) in caplog.text


def test_the_history_keeps_what_a_release_said_otherwise(here):
    for day, verdict in enumerate(("confirmed", "confirmed", "consistent", "confirmed"), 1):
        publish(here, f"2026-01-0{day}T000000Z", SAID.format(f"2026-01-0{day}T000000Z", verdict))
    with closing(duckdb.connect()) as con:
        files = str(here.data / "history" / "claims" / "*.parquet")
        found = con.execute(f"select release_id[9:10], verdict from '{files}' order by all").fetchall()
    assert found == [("01", "confirmed"), ("03", "consistent"), ("04", "confirmed")]


def test_a_damaged_file_of_the_history_costs_no_more_than_one_whole_copy(here, caplog):
    path = publish(here, "2026-01-01T000000Z", SAID.format("one", "confirmed"))
    path.write_bytes(b"PAR1 no more")
    kept = [publish(here, f"2026-01-0{day}T000000Z", SAID.format(day, "confirmed")) for day in (2, 3)]
    with closing(duckdb.connect()) as con:
        counts = [con.execute(f"select count(*) from '{file}'").fetchall()[0][0] for file in kept]
    assert counts == [1, 0]
    assert "left out of the history" in caplog.text


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run `trends` on a data folder of its own, without drawing pages."""
    monkeypatch.setenv("TRENDS_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(
        making, "render", lambda _, folder, release: (folder / "site" / "index.html").write_text(release.release_id)
    )

    def run(*arguments: str) -> tuple[int, str]:
        code = cli.main(arguments)
        return code, capsys.readouterr().out

    return run


def test_a_release_without_claims_says_what_to_do(here):
    publish(here, "2026-01-01T000000Z", SAID.format("one", "confirmed"))
    warehouse = here.current / "warehouse.duckdb"
    warehouse.unlink()
    with closing(duckdb.connect(str(warehouse))) as con:
        con.execute("create schema marts")
    with pytest.raises(WarehouseError, match=r"expected a release with the table marts\.claims.*Run `trends build`"):
        report.verified(here)


@pytest.mark.slow
def test_verify_ends_1_when_a_claim_that_was_confirmed_is_so_no_more(command, tmp_path):
    assert command("refresh", "--offline")[0] == 0
    code, out = command("verify")
    assert code == 0
    assert "CONF-04  confirmed " in out
    assert "14 confirmed, 14 consistent, 3 inconsistent, 6 not refuted, 1 not testable" in out
    assert "no previous release to compare with" in out

    # The previous release is made to have confirmed one claim more, one source live and one figure other.
    said = {
        "claims": "* replace (if(claim_id = 'GT-03', 'confirmed', verdict) as verdict)",
        "source_status": "* replace (if(source = 'google_trends', 'live', origin) as origin)",
        "framework_shares": "* replace (if(source = 'kaggle_survey' and framework = 'jax', 0.5, value) as value)",
    }
    with closing(duckdb.connect()) as con:
        for table, columns in said.items():
            [kept] = (tmp_path / "data" / "history" / table).glob("*.parquet")
            con.execute(f"create or replace table said as select {columns} from '{kept}'")
            for path in (kept, tmp_path / "data" / "current" / "history" / f"{table}.parquet"):
                con.execute(f"copy said to '{path}' (format parquet)")
    command("build")
    code, out = command("verify")
    assert code == 1
    assert "Claim broke now: GT-03." in out
    code, out = command("query", "select kind, subject from marts.changes", "--format", "csv")
    assert out.splitlines() == ["kind,subject", "claim broke,GT-03", "source went stale,google_trends"]

    # It stays broken until it is met again, though the previous release says so too.
    command("build")
    code, out = command("verify")
    assert code == 1
    assert "Claim broke in 2" in out
    assert "compared with " in out
