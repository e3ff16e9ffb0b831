"""Releases in a lake of PostgreSQL and an object store."""

import io
import platform
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import duckdb
import pytest

from flows.ask import walls
from flows.errors import LakeError, QueryError
from flows.lake import cluster, commits, engine, reading, shared
from flows.landing.cards import digest
from flows.release import releases
from flows.release.releases import Release
from flows.settings import Settings
from tests.flows.lake import services
from tests.flows.lake.services import PASSWORD

pytestmark = pytest.mark.slow


def published(settings: Settings, release_id: str, value: int, fingerprint: str = "") -> Release:
    """A small release with one mart."""
    folder = settings.data / "releases" / f".new-{release_id}"
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "index.html").write_text("page")
    with closing(duckdb.connect(str(folder / "warehouse.duckdb"))) as con:
        con.execute("create schema marts; create schema intermediate; create schema pages")
        con.execute(f"create table marts.shares as select range as number, {value} as value from range(1000)")
        con.execute("comment on table marts.shares is 'Shares.'; comment on column marts.shares.value is 'a value'")
        con.execute("create view marts.pairs as from marts.shares")
        con.execute("create table pages.words as select 1 as word")
        con.execute("create table intermediate.papers_with_code_links_dated as select 7 as link_id")
    release = Release(release_id, fingerprint or f"of {value}", "2026-11-30T00:00:00+00:00")
    releases.publish(settings, folder, release)
    return release


def rows(settings: Settings, sql: str, release_id: str | None = None) -> list[tuple[object, ...]]:
    snapshot = commits.found(settings, release_id).snapshot
    with engine.connected(settings, snapshot=snapshot, read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_release_is_one_snapshot_with_its_comments_and_can_be_read_by_name(lake):
    published(lake, "2026-01-01T000000Z", 1)
    assert commits.keep_up(lake)
    published(lake, "2026-01-02T000000Z", 2)
    assert commits.keep_up(lake)
    assert commits.keep_up(lake) is None, "the same release twice is one snapshot"
    assert rows(lake, "select max(value), count(*) from lake.marts.shares") == [(2, 1000)]
    assert rows(lake, "select max(value) from lake.marts.shares", "2026-01-01T000000Z") == [(1,)]
    assert rows(lake, "from lake.intermediate.papers_with_code_links_dated") == [(7,)]
    assert rows(lake, "select count(*) from lake.marts.pairs") == [(1000,)]
    said = "select comment from duckdb_tables() where database_name = 'lake' and table_name = 'shares'"
    assert rows(lake, said) == [("Shares.",)]
    tables = "from duckdb_tables() select distinct schema_name where database_name = 'lake' order by all"
    listed = rows(lake, tables)
    assert listed == [("intermediate",), ("marts",)], "pages are no data"
    with pytest.raises(QueryError, match=r"--release 2020: expected a release of the lake, found none\. It holds 2026"):
        commits.found(lake, "2020")


def test_two_hosts_share_a_lake_and_a_rollback_of_one_leaves_the_other_alone(lake, tmp_path):
    other = replace(lake, data=tmp_path / "other")
    published(lake, "2026-01-01T000000Z", 1)
    commits.keep_up(lake)
    published(lake, "2026-01-03T000000Z", 3)
    commits.keep_up(lake)
    published(other, "2026-01-02T000000Z", 2)
    commits.keep_up(other)
    assert rows(lake, "select max(value) from lake.marts.shares") == [(2,)], "the newest commit"
    releases.rollback(lake)
    commits.keep_up(lake)
    assert rows(lake, "select max(value) from lake.marts.shares") == [(2,)], "the other's stays on top"
    with pytest.raises(QueryError, match="expected a release"):
        commits.found(lake, "2026-01-03T000000Z")
    assert rows(other, "select max(value) from lake.marts.shares", "2026-01-01T000000Z") == [(1,)]


def test_a_rollback_of_what_is_on_top_brings_the_release_before_back(lake):
    published(lake, "2026-01-01T000000Z", 1)
    commits.keep_up(lake)
    published(lake, "2026-01-02T000000Z", 2)
    commits.keep_up(lake)
    releases.rollback(lake)
    commits.keep_up(lake)
    assert rows(lake, "select max(value) from lake.marts.shares") == [(1,)]
    with pytest.raises(QueryError, match="expected a release"):
        commits.found(lake, "2026-01-02T000000Z")
    assert commits.keep_up(lake) is None


def test_pruned_releases_go_from_the_lake_too(lake):
    kept = replace(lake, releases_kept=2)
    for day in range(1, 6):
        published(kept, f"2026-01-0{day}T000000Z", day)
        commits.keep_up(kept)
    with engine.connected(kept, read_only=True) as con:
        assert [one.release_id[9] for one in commits.commits(con)] == ["4", "5"]


def test_hosts_that_share_a_data_folder_commit_its_release_once_and_a_copy_of_it_is_another_folder(
    lake, tmp_path, monkeypatch
):
    published(lake, "2026-01-01T000000Z", 1)
    assert commits.keep_up(lake)
    monkeypatch.setattr(commits.platform, "node", lambda: "another-host")
    assert commits.keep_up(lake) is None
    shutil.copytree(lake.data, tmp_path / "copy", symlinks=True)
    assert commits.keep_up(replace(lake, data=tmp_path / "copy"))
    published(replace(lake, releases_kept=1), "2026-01-02T000000Z", 2)
    commits.keep_up(lake)
    with engine.connected(lake, read_only=True) as con:
        held = [one.release_id[9] for one in commits.commits(con)]
    assert held.count("2") == 1
    assert "1" in held, "what the copy committed stays"


def test_a_lake_of_the_version_before_gets_no_release_twice_and_lets_pruned_ones_go(lake, tmp_path, monkeypatch):
    """Until 2026-11-30 a folder was told by its host's name and its path, which may be those of another host too."""
    kept, other = replace(lake, releases_kept=2), replace(lake, data=tmp_path / "other")

    def held() -> list[str]:
        with engine.connected(kept, read_only=True) as con:
            return [one.release_id[:10] for one in commits.commits(con)]

    def at_home(settings: Settings, release_id: str, value: int) -> Release:
        history = settings.data / "history" / releases.HISTORY_TABLES[0]
        history.mkdir(parents=True, exist_ok=True)
        (history / f"{release_id}.parquet").touch()
        return published(settings, release_id, value)

    with monkeypatch.context() as before:
        before.setattr(commits, "folder_key", lambda _: digest(platform.node(), str(kept.data.absolute()))[:16])
        made = [at_home(kept, f"2026-01-0{day}T000000Z", day) for day in (1, 2)]
        made.append(at_home(other, "2025-01-01T000000Z", 9))
        for release, settings in zip(made, (kept, kept, other), strict=True):
            with engine.connected(settings) as con:
                commits.commit(con, settings, release)
    assert commits.keep_up(kept) is None
    assert held() == ["2026-01-01", "2026-01-02", "2025-01-01"]
    for day in (3, 4):
        at_home(kept, f"2026-01-0{day}T000000Z", day)
        commits.keep_up(kept)
    assert held() == ["2025-01-01", "2026-01-03", "2026-01-04"]


def test_a_damaged_word_of_the_folder_is_another_word(settings: Settings) -> None:
    settings.data.mkdir(exist_ok=True)
    before = commits.folder_key(settings)
    (settings.data / "lake_id").write_bytes(b"\xff")
    assert commits.folder_key(settings) not in ("", before)


def test_two_releases_of_one_id_are_told_apart(lake, tmp_path):
    other = replace(lake, data=tmp_path / "other")
    published(lake, "2026-01-01T000000Z", 1)
    commits.keep_up(lake)
    published(other, "2026-01-01T000000Z", 2)
    made = commits.keep_up(other)
    with pytest.raises(QueryError, match=r"2 hosts committed one\. Name its snapshot"):
        commits.found(lake, "2026-01-01T000000Z")
    assert rows(lake, "select max(value) from lake.marts.shares", str(made.snapshot)) == [(2,)]


def test_a_lake_that_cannot_be_reached_costs_no_release_and_is_told_without_its_password(lake, caplog):
    published(lake, "2026-01-01T000000Z", 1)
    lost = replace(lake, lake=lake.lake.replace("127.0.0.1:", "127.0.0.1:1"))
    shared.keep_up(lost)
    words = shared.trouble(lost)
    assert "trends:***@" in words
    for secret in (PASSWORD, "s3cret"):
        assert secret not in words + caplog.text
    assert releases.current(lake).release_id == "2026-01-01T000000Z"
    shared.keep_up(lake)
    assert not shared.trouble(lake), "the next one makes up for it"
    assert rows(lake, "select max(value) from lake.marts.shares") == [(1,)]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("trends:", "trends:not-"), "password authentication failed"),
        (("127.0.0.1", "no.such.host.invalid"), "no.such.host.invalid"),
        (("/lake", "/nothere"), "does not exist"),
    ],
)
@pytest.mark.parametrize("on_cluster", [False, True])
def test_no_error_of_a_connection_tells_the_password(lake, change, found, on_cluster):
    asked = replace(lake, lake=lake.lake.replace(*change), cluster="tcp://127.0.0.1:1")
    with closing(duckdb.connect()) as con:
        attempt = cluster.shared_out(asked, con) if on_cluster else engine.connected(asked)
        with pytest.raises(LakeError, match=found) as error, attempt:
            pass
    assert "s3cret" not in str(error.value)
    assert error.value.__suppress_context__, "the engine's own words are not shown either"


def test_an_address_in_words_and_one_with_options_of_its_own_serve_as_well(lake):
    url = urlsplit(lake.lake)
    words = f"host={url.hostname} port={url.port} user=trends password='{PASSWORD}' dbname={url.path[1:]}"
    own = f"{lake.lake}?options=-c%20tcp_keepalives_idle%3D99"
    shown = (
        "from postgres_query('__ducklake_metadata_lake', 'select current_setting(''tcp_keepalives_idle'') as seconds')"
    )
    found = []
    for address in (lake.lake, words, own):
        with engine.connected(replace(lake, lake=address)) as con:
            found += con.execute(shown).fetchall()
    assert found == [("15",), ("15",), ("99",)]


def test_a_bucket_that_is_denied_is_told_without_keys(lake):
    environ = {
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "geheim",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
    }
    with (
        pytest.raises(LakeError) as error,
        engine.connected(replace(lake, lake_data="s3://denied/x"), environ) as con,
    ):
        con.execute("create table lake.things as from range(1000)")
    assert "denied" in str(error.value)
    assert not [secret for secret in ("geheim", "s3cret") if secret in str(error.value)]


@pytest.mark.parametrize("writes", [0, 1])
def test_a_store_that_refuses_costs_no_release_and_leaves_the_lake_as_it_was(
    lake, store, monkeypatch, caplog, capsys, writes
):
    published(lake, "2026-01-01T000000Z", 1)
    commits.keep_up(lake)
    published(lake, "2026-01-02T000000Z", 2)
    with services.denying(store["AWS_ENDPOINT_URL_S3"], writes) as address, monkeypatch.context() as patched:
        patched.setenv("AWS_ENDPOINT_URL_S3", address)
        shared.keep_up(lake)
        words = shared.trouble(lake)
        with pytest.raises(LakeError) as refused:
            reading.copied(replace(lake, data=lake.data.parent / "reader"))
    assert "the store refuses us" in words
    assert "the store refuses us" in str(refused.value)
    assert "AWS_SECRET_ACCESS_KEY" in words
    assert len(words.splitlines()) == 1
    shown = words + str(refused.value) + caplog.text + "".join(capsys.readouterr())
    for secret in (PASSWORD, "s3cret", store["AWS_SECRET_ACCESS_KEY"], "Credential="):
        assert secret not in shown
    assert releases.current(lake).release_id == "2026-01-02T000000Z", "here it is published all the same"
    with engine.connected(lake, read_only=True) as con:
        assert [one.release_id for one in commits.commits(con)] == ["2026-01-01T000000Z"]
    assert rows(lake, "select max(value), count(*) from lake.marts.shares") == [(1, 1000)]
    shared.keep_up(lake)
    assert not shared.trouble(lake), "the next one makes up for it"
    assert rows(lake, "select max(value), count(*) from lake.marts.shares") == [(2, 1000)]


def test_a_server_that_dies_in_the_middle_leaves_the_lake_as_it_was(lake, postgres, monkeypatch):
    published(lake, "2026-01-01T000000Z", 1)
    commits.keep_up(lake)
    published(lake, "2026-01-02T000000Z", 2)
    comment = commits.comment_as

    def lost(*arguments: object) -> None:
        comment(*arguments)
        patched.undo()
        postgres.stop()

    with monkeypatch.context() as patched:
        patched.setattr(commits, "comment_as", lost)
        with pytest.raises(LakeError) as error:
            commits.keep_up(lake)
    assert "s3cret" not in str(error.value)
    postgres.start()
    assert rows(lake, "select max(value) from lake.marts.shares") == [(1,)]
    commits.keep_up(lake)
    assert rows(lake, "select max(value) from lake.marts.shares") == [(2,)]


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.soak)])
def test_four_writers_and_four_readers_see_whole_releases_only(lake, tmp_path, count):
    """Every reader finds one value in all rows of all tables, and no commit is lost."""
    hosts = [replace(lake, data=tmp_path / f"host{number}", releases_kept=100) for number in range(4)]
    each = count // 4

    def write(number: int) -> int:
        made = 0
        for turn in range(each):
            value = number * 1000 + turn
            published(hosts[number], f"2026-0{number + 1}-01T{turn:06d}Z", value)
            made += commits.keep_up(hosts[number]) is not None
        return made

    def read(until: list[bool]) -> int:
        seen = 0
        while not until or seen < 3:
            with engine.connected(lake, read_only=True) as con:
                con.execute("begin")
                if not commits.commits(con):
                    continue
                found = con.execute("select min(value), max(value), count(*) from lake.marts.shares").fetchall()
                [(low, high, count)] = found
                [(other,)] = con.execute("select max(value) from lake.marts.pairs").fetchall()
                assert (low, count) == (high, 1000)
                assert other == low
            seen += 1
        return seen

    published(hosts[0], "2025-12-31T000000Z", 0)
    commits.keep_up(hosts[0])
    ended: list[bool] = []
    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read, ended) for _ in range(4)]
        try:
            made = sum(pool.map(write, range(4)))
        finally:
            ended.append(True)  # also where a writer fails: readers would look for ever
        looks = [reader.result() for reader in readers]
    assert min(looks) >= 3
    assert made == 4 * each
    print(f"{made} commits; readers looked {looks} times")
    with engine.connected(lake, read_only=True) as con:
        held = commits.commits(con)
    assert len({(one.folder, one.release_id) for one in held}) == 4 * each + 1


def test_a_commit_whose_answer_alone_was_lost_is_not_made_again(lake, monkeypatch):
    whole = commits._commit_once

    def unanswered(*args):
        whole(*args)
        raise duckdb.TransactionException("Failed to commit DuckLake transaction.\nTransaction conflict")

    published(lake, "2026-01-01T000000Z", 1)
    monkeypatch.setattr(commits, "_commit_once", unanswered)
    made = commits.keep_up(lake)
    assert made is not None
    assert made.release_id == "2026-01-01T000000Z"
    with engine.connected(lake, read_only=True) as con:
        assert len(commits.commits(con)) == 1


def test_questions_to_the_lake_are_asked_of_a_copy_that_is_made_once(lake, monkeypatch):
    published(lake, "2026-01-01T000000Z", 1)
    commits.keep_up(lake)
    published(lake, "2026-01-02T000000Z", 2)
    commits.keep_up(lake)
    output = io.StringIO()
    asked = reading.copied(replace(lake, data=lake.data.parent / "reader"))
    assert walls.ask(asked, "select max(value) as value from shares", output, "csv") == 1
    assert (
        walls.ask(reading.copied(lake, "2026-01-01T000000Z"), "select max(value) as value from shares", output, "csv")
        == 1
    )
    assert output.getvalue().split() == ["value", "2", "value", "1"]
    monkeypatch.setattr(reading, "_copy", None)
    assert reading.copied(lake, "2026-01-01T000000Z").current.is_dir()
    with pytest.raises(QueryError, match=r"papers_with_code_links_dated"):
        walls.ask(asked, "from intermediate.papers_with_code_links_dated", output, "csv")


def test_without_the_group_it_says_what_to_install(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(engine, "find_spec", lambda _: None)
    with (
        pytest.raises(LakeError, match=r"Install the optional group: pip install 'framework-trends\[lake\]'"),
        engine.connected(replace(settings, lake=str(tmp_path / "x.ducklake"), lake_data=str(tmp_path))),
    ):
        pass
