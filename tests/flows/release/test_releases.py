"""Publishing, rolling back, cleaning up and locking."""

import json
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.errors import ReleaseError
from flows.landing.cards import Card, card_path, sha256_of
from flows.release import releases
from flows.release.releases import Release
from flows.settings import Settings
from tests.sql.support import stored

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", releases_kept=3)


def published(settings: Settings, words: str, now: datetime = NOON) -> Path:
    folder = releases.new_folder(settings, now)
    with stored(folder / "warehouse.duckdb") as con:
        con.execute(f"create table said as select '{words}' as words")
    (folder / "site" / "index.html").write_text(words)
    (folder / "history").mkdir()
    for table in releases.HISTORY_TABLES:
        (folder / "history" / f"{table}.parquet").write_text(words)
    release = Release(releases.id_of(folder), fingerprint=words, built_at=now.isoformat())
    return releases.publish(settings, folder, release)


def says(settings: Settings) -> tuple[str, str]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        [(words,)] = con.execute("from said").fetchall()
    return words, (settings.current / "site" / "index.html").read_text()


def test_a_release_becomes_current_with_database_and_pages_together(here):
    published(here, "one")
    published(here, "two")
    assert says(here) == ("two", "two")
    assert str(here.current.readlink()) == "releases/2026-01-02T120000Z.002"
    current = releases.current(here)
    assert current
    assert current.fingerprint == "two"


def test_a_reader_who_has_the_old_release_open_keeps_it(here):
    published(here, "one")
    with (here.current / "site" / "index.html").open() as file:
        for number in range(5):
            published(here, f"next {number}")
        assert file.read() == "one"


def test_only_the_last_releases_are_kept_but_their_history_stays(here):
    for number in range(5):
        published(here, str(number))
    assert [path.name for path in releases.all_releases(here)] == [f"2026-01-02T120000Z.00{n}" for n in (3, 4, 5)]
    for table in releases.HISTORY_TABLES:
        kept = sorted((here.data / "history" / table).glob("*.parquet"), key=lambda path: path.read_text())
        assert [path.read_text() for path in kept] == ["0", "1", "2", "3", "4"]


def test_ids_go_up_even_when_the_clock_is_put_back(here):
    published(here, "one", now=NOON.replace(year=2027))
    assert published(here, "two").name == "2027-01-02T120000Z.002"


def test_rollback_returns_to_the_release_before(here):
    published(here, "one")
    published(here, "two")
    left, now = releases.rollback(here)
    assert (left.name, now.fingerprint) == ("2026-01-02T120000Z.002", "one")
    assert says(here) == ("one", "one")
    with pytest.raises(ReleaseError, match="oldest release that is kept"):
        releases.rollback(here)


def test_rollback_before_the_first_release_says_what_to_do(here):
    with pytest.raises(ReleaseError, match=r"no release yet\. Run `trends refresh`"):
        releases.rollback(here)


def test_the_current_release_is_not_pruned_after_a_rollback(here):
    for words in ("one", "two", "three"):
        published(here, words)
    releases.rollback(here)
    releases.rollback(here)
    assert says(here) == ("one", "one")
    releases.new_folder(here, NOON)
    released = here.data / "releases"
    for number in range(4):
        (released / f"2027-01-0{number + 1}T000000Z").mkdir()
    releases.prune(here)
    assert says(here) == ("one", "one")


@pytest.mark.parametrize("missing", ["warehouse.duckdb", "site/index.html"])
def test_a_release_that_lacks_a_part_is_not_published(here, missing):
    published(here, "one")
    folder = releases.new_folder(here, NOON)
    for part in {"warehouse.duckdb", "site/index.html"} - {missing}:
        (folder / part).write_text("two")
    with pytest.raises(ReleaseError, match=f"lacks {missing}; nothing was published"):
        releases.publish(here, folder, Release("2026-01-02T120000Z.002", "two", ""))
    assert says(here) == ("one", "one")


def test_sweep_clears_what_an_interrupted_build_left_and_completes_the_history(here):
    published(here, "one")
    half = releases.new_folder(here, NOON)
    (half / "warehouse.duckdb").write_text("half")
    (here.data / "tmp").mkdir()
    (here.data / ".current-1").symlink_to("releases/nothing")
    (here.data / ".status.json.7").write_text("half")
    kept = here.data / "history" / "framework_shares" / "2026-01-02T120000Z.parquet"
    kept.unlink()
    releases.sweep(here)
    assert not half.exists()
    assert not (here.data / "tmp").exists()
    assert not (here.data / ".current-1").is_symlink()
    assert not (here.data / ".status.json.7").exists()
    assert kept.read_text() == "one"
    assert says(here) == ("one", "one")


def test_current_that_is_no_link_is_not_overwritten(here):
    here.current.mkdir(parents=True)
    (here.current / "mine").write_text("precious")
    with pytest.raises(ReleaseError, match="expected a symbolic link to a release, found a file or folder"):
        published(here, "one")
    assert (here.current / "mine").read_text() == "precious"


def test_a_file_in_the_place_of_the_current_release_says_what_helps(here):
    here.data.mkdir(exist_ok=True)
    here.current.write_text("x")
    with pytest.raises(ReleaseError, match=r"expected a symbolic link to a release.*Move it away"):
        releases.current(here)


@pytest.mark.parametrize(
    "text", ["{", "[]", "[" * 100_000, '{"release_id": 5, "fingerprint": "", "built_at": ""}'], ids=range(4)
)
def test_a_damaged_release_json_says_what_to_do(here, text):
    (published(here, "one") / "release.json").write_text(text)
    with pytest.raises(ReleaseError, match=r"no readable release\.json.*trends build"):
        releases.current(here)


def test_release_json_is_for_people_too(here):
    folder = published(here, "one")
    assert json.loads((folder / "release.json").read_text())["built_at"] == NOON.isoformat()


def test_sweep_clears_a_whole_release_that_its_run_could_not_make_current(here):
    published(here, "one")
    folder = releases.new_folder(here, NOON)
    (folder / "warehouse.duckdb").write_text("two")
    folder.rename(folder.with_name(releases.id_of(folder)))
    (here.data / ".status.json.4711").write_text("{}")
    releases.sweep(here)
    assert [path.name for path in (here.data / "releases").iterdir()] == ["2026-01-02T120000Z"]
    assert not (here.data / ".status.json.4711").exists()


def test_sweep_keeps_the_releases_that_a_rollback_left(here):
    for words in ("one", "two"):
        published(here, words)
    releases.rollback(here)
    releases.sweep(here)
    assert [path.name for path in releases.all_releases(here)] == ["2026-01-02T120000Z", "2026-01-02T120000Z.002"]


@pytest.mark.parametrize("damage", ["release.json", "warehouse.duckdb", "site/index.html"])
def test_a_damaged_release_is_passed_over_for_the_newest_whole_one(here, caplog, damage):
    """A power cut may leave files of no length."""
    for words in ("one", "two", "three"):
        published(here, words)
    (here.current / damage).write_text("")
    releases.sweep(here)
    assert says(here) == ("two", "two")
    assert "this release is damaged; 2026-01-02T120000Z.002 is current in its place" in caplog.text
    assert published(here, "four").name == "2026-01-02T120000Z.004", "its id is not given again"


def test_a_link_to_itself_is_passed_over_too(here):
    published(here, "one")
    here.current.unlink()
    here.current.symlink_to("current")
    releases.sweep(here)
    assert says(here) == ("one", "one")


def test_the_only_release_may_be_damaged(here):
    published(here, "one")
    (here.current / "release.json").write_text("")
    releases.sweep(here)
    assert releases.current(here) is None
    published(here, "two")
    assert says(here) == ("two", "two")


def test_rollback_leaves_a_damaged_release_and_passes_over_another(here):
    for words in ("one", "two", "three"):
        published(here, words)
    for folder in releases.all_releases(here)[1:]:
        (folder / "release.json").write_text("")
    releases.rollback(here)
    assert says(here) == ("one", "one")


def test_what_is_published_has_reached_the_disk_before_it_counts(here, monkeypatch):
    settled: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: settled.append(str(Path(f"/proc/self/fd/{handle}").readlink())))
    release = published(here, "one")
    making = str(release.with_name(f".new-{release.name}"))
    for name in ("warehouse.duckdb", "site/index.html", "site", ""):
        assert f"{making}/{name}".rstrip("/") in settled
    assert any(path.startswith(f"{making}/.release.json") for path in settled)
    assert str(here.data / "releases") in settled, "the rename"
    assert str(here.data) in settled, "the link"


def test_landings_that_no_kept_release_uses_are_deleted(here):
    """Of three landings of one file the oldest goes; the newest, one in use, an import and one held back stay."""
    places = {}
    for day, kind in enumerate(("download", "download", "download", "import", "import", "download", "download")):
        name = "file.csv" if day < 3 else "given.csv" if day < 5 else "held.csv"
        path = here.raw / "kaggle_survey" / f"2026-01-0{day + 1}T000000Z" / name
        path.parent.mkdir(parents=True)
        path.write_text("x")
        card = Card("kaggle_survey", name, "a", "a", NOON, sha256_of(path), 1, None, None, "l", "c", kind)
        card_path(path).write_text(card.as_json())
        places[day] = path
    folder = published(here, "one")
    with stored(folder / "warehouse.duckdb") as con:
        con.execute("create schema raw")
        con.execute(
            "create table raw.refresh_landings as select 'kaggle_survey/2026-01-02T000000Z/file.csv' as source_file"
        )
    releases.prune_landings(here, {"kaggle_survey/2026-01-06T000000Z/held.csv"})
    assert [day for day, path in places.items() if not path.exists()] == [0]
    assert not places[0].parent.exists()
