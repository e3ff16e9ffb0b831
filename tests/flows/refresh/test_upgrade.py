"""The day after an upgrade: a data folder that the version of 2026-11-21 made is read by the code of today.

tests/samples/data_folder_2026_11_21.tar.xz is what that version left behind after two refreshes, an hour apart, of the
made answers in tests/fault_sources.py: landings with their cards, the newest release (without exports, the pages of
pairs and the library that draws), history, status.json and alerts.json. It is never made anew: that later versions
read it is what is tested.
"""

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.landing.cards import Card, sha256_of
from flows.landing.status import read_status
from flows.refresh import making, steps
from flows.refresh.alerts import open_troubles
from flows.release import exports
from flows.settings import PROJECT, Settings
from tests.fault_answers import as_parquet, parquet_rows

pytestmark = pytest.mark.slow  # the first refresh after an upgrade makes the old release anew: five seconds

FOLDER = PROJECT / "tests" / "samples" / "data_folder_2026_11_21.tar.xz"
OLD = "2026-11-21T130000Z"
NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old data folder; do not write to it."""
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(FOLDER) as archive:
        archive.extractall(folder, filter="data")
    return folder / "data"


def copied(unpacked: Path, data: Path, patch: pytest.MonkeyPatch) -> Settings:
    """Settings of a run on a copy of the old data folder; pages and exports are others' to test."""
    patch.setattr(making, "render", lambda _, folder, __: (folder / "site" / "index.html").write_text("new"))
    patch.setattr(exports, "write", lambda *_: None)
    shutil.copytree(unpacked, data, symlinks=True)
    return Settings(data=data)


@pytest.fixture
def old(unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return copied(unpacked, tmp_path / "data", monkeypatch)


def asked(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return con.execute(query).fetchall()


def land(settings: Settings, source: str, name: str, rows: list[dict[str, Any]]) -> None:
    """Land a file beside those that the old version landed."""
    folder = settings.raw / source / f"{NOW:%Y-%m-%dT%H%M%SZ}"
    folder.mkdir()
    (folder / name).write_bytes(as_parquet(rows))
    [card] = [Card.read(path) for path in (settings.raw / source).glob(f"2*/{name}.card.json")]
    sha256, size = sha256_of(folder / name), (folder / name).stat().st_size
    (folder / f"{name}.card.json").write_text(replace(card, fetched_at=NOW, sha256=sha256, size=size).as_json())


def links(settings: Settings) -> list[dict[str, Any]]:
    """The links that the old version landed."""
    [path] = (settings.raw / "papers_with_code").glob("*/links.parquet")
    return parquet_rows(path.read_bytes())


def of_another_version(settings: Settings) -> None:
    """Make the old release one whose marts had other names, as if many more had changed since."""
    with closing(duckdb.connect(str(settings.data / "releases" / OLD / "warehouse.duckdb"))) as con:
        con.execute("alter table marts.framework_shares rename column share_low_pct to interval_low")
        con.execute("alter table marts.claims rename to verdicts_on_claims")
        con.execute("drop table marts.source_status")


@pytest.fixture(scope="module")
def upgraded(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, steps.Report]]:
    """The first refresh after the upgrade, without news of the sources."""
    with pytest.MonkeyPatch.context() as patch:
        data = tmp_path_factory.mktemp("upgraded") / "data"
        settings = copied(unpacked, data, patch)
        of_another_version(settings)
        yield settings, steps.refresh(settings, [], NOW, offline=True)


def test_the_first_refresh_reads_what_the_old_version_left(
    upgraded: tuple[Settings, steps.Report], unpacked: Path
) -> None:
    settings, report = upgraded
    assert report.before is not None
    assert (report.before.release_id, report.built.is_new) == (OLD, True)
    assert read_status(settings).quarantined == {}
    query = "select source_file, sha256 from raw.refresh_landings order by source_file"
    with closing(duckdb.connect(str(unpacked / "releases" / OLD / "warehouse.duckdb"), read_only=True)) as con:
        assert asked(settings, query) == con.execute(query).fetchall()
    assert not list((settings.data / "releases").glob(".new-*"))


def test_what_changed_by_our_own_doing_is_told_once(upgraded: tuple[Settings, steps.Report]) -> None:
    settings, _ = upgraded
    [(kind, subject, sentence)] = asked(settings, "select kind, subject, sentence from marts.changes")
    assert (kind, subject) == ("definitions changed", OLD)
    assert "figures of 2026-11-21T130000Z read differently by it." in sentence
    assert asked(settings, "select count(*) from marts.revisions where release_id = 'this release'") == [(0,)]


def test_no_leader_or_claim_is_alerted_of_that_the_sources_did_not_change(
    upgraded: tuple[Settings, steps.Report],
) -> None:
    settings, _ = upgraded
    assert [key for key in open_troubles(settings) if key.startswith("claim")] == []


def test_the_next_refresh_has_nothing_to_do(upgraded: tuple[Settings, steps.Report]) -> None:
    settings, _ = upgraded
    assert not steps.build(settings, NOW + timedelta(minutes=5)).is_new


def test_nothing_bad_gets_through_on_the_day_of_an_upgrade(old: Settings) -> None:
    of_another_version(old)
    land(old, "papers_with_code", "links.parquet", [link | {"framework": "jax"} for link in links(old)])
    steps.refresh(old, [], NOW, offline=True)
    assert "shares jump further" in read_status(old).quarantined["papers_with_code"].reason
    kinds = asked(old, "select kind, subject from marts.changes")
    # What is held back confirms nothing, so the source counts as stale.
    assert kinds == [("source went stale", "papers_with_code"), ("definitions changed", OLD)]


def test_news_of_the_day_of_an_upgrade_are_told_beside_it(old: Settings) -> None:
    of_another_version(old)
    more = links(old) + [
        link | {"paper_url": f"{link['paper_url']}b", "paper_title": "More", "paper_arxiv_id": f"2106.9{number:04d}"}
        for number, link in enumerate(links(old)[:6])
    ]
    land(old, "papers_with_code", "links.parquet", more)
    steps.refresh(old, [], NOW, offline=True)
    assert read_status(old).quarantined == {}
    revised = asked(old, "select distinct source from marts.revisions where release_id = 'this release'")
    assert revised == [("papers_with_code",)]
    assert len(asked(old, "from marts.changes where kind = 'definitions changed'")) == 1
    # A day later there is no upgrade any more, and the same revisions stand.
    steps.build(old, NOW + timedelta(hours=1), force=True)
    assert asked(old, "from marts.changes where kind = 'definitions changed'") == []
    assert asked(old, "select distinct source from marts.revisions") == [("papers_with_code",)]


def test_the_way_back_shows_the_pages_of_the_old_release(old: Settings) -> None:
    page = (old.current / "site" / "index.html").read_text()
    steps.refresh(old, [], NOW, offline=True)
    assert (old.current / "site" / "index.html").read_text() == "new"
    _, current, _ = steps.rollback(old, NOW)
    assert current.release_id == OLD
    assert (old.current / "site" / "index.html").read_text() == page
    assert not steps.build(old, NOW + timedelta(hours=1)).is_new
