"""A refresh that finds nothing new: it starts no engine, and still notices what is damaged or changed."""

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.ask import query
from flows.landing import loading
from flows.landing.status import SourceCheck, Status, write_status
from flows.refresh import health
from flows.release import releases, told
from flows.release.inputs import Inputs
from flows.release.releases import Release
from flows.settings import PROJECT, Settings
from tests.sql.support import stored

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEAVY = "sorted({'duckdb', 'pandas', 'numpy', 'flows.refresh.making', 'flows.sources.github_stars'} & set(sys.modules))"
REFRESH = f"""
import sys
from flows.command.cli import main
assert main(["refresh", "--offline", *sys.argv[1:]]) == 0
print({HEAVY})
"""


def test_what_looks_for_news_imports_neither_the_engine_nor_the_sources() -> None:
    look = f"import sys\nfrom flows.refresh import alerts, report, steps\nprint({HEAVY})"
    done = subprocess.run([sys.executable, "-c", look], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_nothing_new_starts_no_engine_and_a_damaged_release_is_made_anew(tmp_path: Path) -> None:
    def refreshed() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", REFRESH, "--source", "papers_with_code"],
            cwd=PROJECT,
            env=os.environ | {"TRENDS_DATA": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    first, again = refreshed(), refreshed()
    assert "'duckdb'" in first[-1]
    assert again[-1] == "[]"
    assert any(line.startswith("no new release: nothing changed") for line in again)
    assert first[0].split() == again[0].split(), "the same table of sources"
    (warehouse := tmp_path / "data" / "current" / "warehouse.duckdb").write_bytes(bytes(warehouse.stat().st_size))
    assert any(line.startswith("published ") for line in refreshed())


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """A release that was published, and tells of itself."""
    settings = Settings(data=tmp_path / "data")
    folder = releases.new_folder(settings, NOW)
    with stored(folder / "warehouse.duckdb") as con:
        con.execute("create schema marts; create schema raw")
        con.execute(
            "create table marts.source_status as select 'hn_hiring' as source, 'cached' as origin, 'cached' as state, "
            "7 as row_count, date '2026-10-01' as latest_period, 'Oct 2026' as latest_label, "
            "timestamp '2026-11-01 10:20:30' as last_success_at, null::varchar as message"
        )
        con.execute("create table raw.refresh_landings as select 'hn_hiring' as source, 'hn_hiring/t/f' as source_file")
        con.execute("create table marts.headlines as select 'So it is.' as sentence, 1 as position")
        said = told.by(con)
    (folder / "site" / "index.html").write_text("pages")
    release = Release(releases.id_of(folder), "", NOW.isoformat(), told=said)
    releases.publish(settings, folder, release)
    return settings


def test_a_release_says_in_its_release_json_what_its_warehouse_says(here: Settings) -> None:
    with query.opened(query.warehouse_path(here)) as con:
        asked = {what: what(con) for what in told.TOLD}
    (here.current / "warehouse.duckdb").unlink()  # nobody asks it
    assert {what: told.of(here, what) for what in told.TOLD} == asked
    assert asked[told.sources] == [("hn_hiring", "cached", 7, "Oct 2026", "2026-11-01 10:20", None)]


def test_a_release_of_a_version_that_wrote_nothing_is_asked(here: Settings) -> None:
    release = releases.current(here)
    assert release
    folder = releases.new_folder(here, NOW)
    for name in ("warehouse.duckdb", "site/index.html"):
        (folder / name).write_bytes((here.current / name).read_bytes())
    released = replace(release, release_id=releases.id_of(folder), told={})
    releases.publish(here, folder, released)
    assert told.of(here, told.headlines) == [("So it is.",)]
    for other in (None, 5, ["So"], [["So", "it is."]], [[]]):  # of another version, or damaged
        told_so = replace(released, told={"headlines": other})
        (here.current / "release.json").write_text(json.dumps(vars(told_so)))
        assert told.of(here, told.headlines) == [("So it is.",)], other


@pytest.mark.parametrize("keeps_its_times", [False, True])
def test_a_warehouse_that_was_written_to_is_opened_again(here: Settings, keeps_its_times: bool) -> None:
    folder = here.current.resolve()
    file = folder / "warehouse.duckdb"
    assert releases.is_untouched(here, folder)
    assert not health.troubles(here, [])
    was = file.stat()
    with file.open("r+b") as opened:
        opened.write(bytes(was.st_size))  # as long as before
    if keeps_its_times:
        os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert not releases.is_untouched(here, folder)
    assert not releases.is_whole(here, folder)
    assert "release:current" in health.troubles(here, [])


def test_a_warehouse_that_only_moved_is_found_whole_and_not_opened_twice(here: Settings, monkeypatch) -> None:
    folder = here.current.resolve()
    file = folder / "warehouse.duckdb"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    monkeypatch.setattr("flows.landing.verified.SETTLED_NS", 0)
    assert not releases.is_untouched(here, folder)
    assert releases.is_whole(here, folder)
    assert releases.is_untouched(here, folder)


def test_what_runs_ask_of_the_engine_is_kept_for_the_next_and_follows_what_is_known(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(now: datetime, **how: bool) -> tuple[str, bool]:
        found = next(each for each in health.health(here, now, **how) if each.source == "hn_hiring")
        return found.state, found.is_stale

    kept = here.data / "cache" / "judged.json"
    write_status(here, Status({"hn_hiring": SourceCheck(NOW, NOW, "unchanged")}))
    assert one(NOW) == ("live", False)
    assert not kept.exists(), "looking changes nothing"
    assert one(NOW, is_of_a_run=True) == ("live", False)
    with monkeypatch.context() as patched:
        patched.setattr(health, "looking", None)  # no engine is there
        assert one(NOW + timedelta(days=1)) == ("live", False)
        with pytest.raises(TypeError):
            one(NOW + timedelta(days=400))  # not live any more: other rows
    assert one(NOW + timedelta(days=400), is_of_a_run=True) == ("cached", True)
    assert one(NOW + timedelta(days=400)) == ("cached", True)
    with monkeypatch.context() as patched:
        patched.setattr(health, "looking", None)
        assert one(NOW + timedelta(days=8)) == ("cached", False), "the limit is kept, not the answer of that day"
    one(NOW, is_of_a_run=True)
    key = json.loads(kept.read_text())["key"]
    for said in (None, 5, "x", [[]], [["hn_hiring", "late"]], [["x", "live", 1, 1]]):
        kept.write_text(json.dumps({"key": key, "said": said}))
        assert one(NOW) == ("live", False), said
    kept.write_text('{"key":')
    assert one(NOW) == ("live", False)


def test_definitions_that_change_are_asked_anew(here: Settings, tmp_path: Path) -> None:
    health.health(here, NOW, is_of_a_run=True)
    project = tmp_path / "project"
    (project / "sql" / "macros").mkdir(parents=True)
    (project / "data").mkdir()
    (project / "data" / "reference").symlink_to(here.reference)
    text = (here.sql / "macros" / "source_state.sql").read_text().replace("'embedded'", "'compiled'")
    (project / "sql" / "macros" / "source_state.sql").write_text(text)
    found = health.health(replace(here, project=project), NOW)
    assert not {one.state for one in found} & {"embedded"}


@pytest.mark.parametrize(
    "file", ["sql/columns.csv", "sql/macros/new.sql", "data/reference/sources.csv", "flows/a.py", "dashboards/a.js"]
)
def test_whatever_a_release_is_made_of_counts_as_new_when_it_changes(tmp_path: Path, file: str) -> None:
    for folder in ("sql/macros", "data/reference", "flows", "dashboards"):
        (tmp_path / folder).mkdir(parents=True)
    (path := tmp_path / file).write_text("one")
    inputs = Inputs(Settings(project=tmp_path, data=tmp_path / "data"), {}, Status(), NOW)
    before = inputs.fingerprint()
    path.write_text("two")
    assert inputs.fingerprint() != before


def test_the_address_that_pages_stand_at_makes_another_release(here: Settings) -> None:
    settings = replace(here, site_url="https://trends.example/")
    inputs = Inputs(here, {}, Status(), NOW)
    assert replace(inputs, settings=settings).fingerprint() != inputs.fingerprint()


def test_an_engine_that_is_asked_by_another_name_is_the_package_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.engine import duckdb as lazily

    with closing(lazily.connect()) as con:
        assert con.execute("select 1").fetchall() == [(1,)]
    assert lazily.Error is duckdb.Error
    monkeypatch.setattr(duckdb, "connect", "replaced")
    assert lazily.connect == "replaced"
    assert loading.duckdb is lazily
