"""The whole way: a source answers on loopback, and its numbers stand in the published release."""

import csv
import json
import re
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows import sql_text
from flows.errors import SettingsError
from flows.landing.status import read_status
from flows.refresh import making, steps
from flows.release import lock, releases
from flows.settings import Settings
from flows.sources import SOURCES, papers_with_code
from tests.loopback import Answer, Loopback
from tests.shared_data import shared

NOW = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
HOST, _, PATH = papers_with_code.URL["links.parquet"].removeprefix("https://").partition("/")
ONLY = [papers_with_code]

Record = dict[str, object]


def record(number: int, month: str = "2106", framework: str = "pytorch", **values: object) -> Record:
    return {
        "paper_url": f"https://paperswithcode.com/paper/{number}",
        "paper_title": f"Paper {number}",
        "paper_arxiv_id": f"{month}.{number:05d}",
        "paper_url_abs": None,
        "paper_url_pdf": None,
        "repo_url": f"https://github.com/owner/name{number}",
        "is_official": True,
        "mentioned_in_paper": True,
        "mentioned_in_github": False,
        "framework": framework,
    } | values


def parquet(folder: Path, records: list[Record]) -> bytes:
    """An archive of these records, as the source serves it."""
    (folder / "archive.json").write_text(json.dumps(records))
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in papers_with_code.COLUMNS.items())
    with closing(duckdb.connect()) as con:
        con.execute(
            f"copy (from read_json('{folder}/archive.json', columns = {{{columns}}})) "
            f"to '{folder}/archive.parquet' (format parquet)"
        )
    return (folder / "archive.parquet").read_bytes()


@pytest.fixture
def archive(tmp_path: Path, server: Loopback):
    """Serve an archive of these records from now on."""

    def serve(records: list[Record], etag: str = '"one"') -> None:
        body = parquet(tmp_path, records)
        server.answer(HOST, f"/{PATH}", Answer(body=body, etag=etag))

    return serve


def asked(settings: Settings, sql: str) -> list[tuple]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return con.execute(sql).fetchall()


def origin(settings: Settings) -> str:
    return asked(settings, "select origin from marts.source_status where source = 'papers_with_code'")[0][0]


@pytest.mark.slow
def test_an_archive_that_answers_is_live_and_its_counts_are_those_of_its_records(settings, archive, real_pages):
    archive([record(1), record(2), record(3, framework="tf"), record(4, framework="none"), record(5, month="2107")])
    report = steps.refresh(settings, ONLY, NOW)
    assert report.checks["papers_with_code"].outcome == "downloaded"
    assert origin(settings) == "live"
    found = asked(
        settings,
        "select framework, value, base, share_pct, origin, quality, retrieved_at from marts.framework_shares where "
        "source = 'papers_with_code' and series = 'links_all' and population = 'all' and grain = 'month' and "
        "period_start = '2021-06-01' and value > 0 order by framework",
    )
    at = NOW.replace(tzinfo=None)
    assert found == [
        ("none", 1, 4, 25, "live", "full", at),
        ("pytorch", 2, 4, 50, "live", "full", at),
        ("tensorflow", 1, 4, 25, "live", "full", at),
    ]
    site = settings.current / "site"
    assert "CC-BY-SA-4.0" in (site / "index.html").read_text()
    # Served by itself, the site has what its pages offer.
    links = re.findall(r'href="([^"#]+)"', (site / "data.html").read_text(encoding="utf-8"))
    assert "data/datapackage.json" in links
    assert not [link for link in links if not link.startswith(("http", "data:")) and not (site / link).exists()]
    exported = settings.current / "exports"
    offered = {path.name for path in (site / "data").iterdir()}
    packed = {f"{name}{ending}" for name in offered for ending in (".gz", ".br")}
    assert offered - packed == {path.name for path in exported.iterdir()}


@pytest.mark.slow
def test_a_second_refresh_downloads_no_body_and_makes_no_release(settings, server, archive):
    archive([record(1)])
    first = steps.refresh(settings, ONLY, NOW)
    archive([record(2), record(3)])  # the same ETag: whoever took the body would see other records
    second = steps.refresh(settings, ONLY, NOW + timedelta(days=1))
    assert [request.headers.get("If-None-Match") for request in server.asked(f"/{PATH}")] == [None, '"one"']
    assert second.checks["papers_with_code"].outcome == "unchanged"
    assert not second.built.is_new
    assert second.built.release == first.built.release
    assert read_status(settings).sources["papers_with_code"].last_success_at == NOW + timedelta(days=1)


@pytest.mark.slow
def test_new_records_make_a_new_release(settings, archive):
    archive([record(1)])
    steps.refresh(settings, ONLY, NOW)
    archive([record(1), record(2)], etag='"two"')
    report = steps.refresh(settings, ONLY, NOW + timedelta(days=1))
    assert report.built.is_new
    assert report.before
    assert report.before.release_id < report.built.release.release_id
    count = "select value from marts.framework_shares where population = 'all' and framework = 'pytorch' limit 1"
    assert asked(settings, count) == [(2,)]


@pytest.mark.slow
def test_a_landing_is_live_within_its_cadence_and_cached_after_it_or_after_a_failed_check(settings, server, archive):
    archive([record(1)])
    steps.refresh(settings, ONLY, NOW)
    steps.refresh(settings, ONLY, NOW + timedelta(days=30), offline=True)
    assert origin(settings) == "live"
    steps.refresh(settings, ONLY, NOW + timedelta(days=31), offline=True)
    assert origin(settings) == "cached"
    steps.refresh(settings, ONLY, NOW + timedelta(days=32))
    assert origin(settings) == "live"
    server.answer(HOST, f"/{PATH}", Answer(status=404))
    report = steps.refresh(settings, ONLY, NOW + timedelta(days=33))
    assert report.failed_sources == ["papers_with_code"]
    assert origin(settings) == "cached"
    [(message,)] = asked(settings, "select message from marts.source_status where source = 'papers_with_code'")
    assert "found status 404" in message or "404" in message


@pytest.mark.slow
def test_a_source_that_fails_leaves_the_embedded_data_in_use_and_says_so(settings, server):
    server.answer(HOST, f"/{PATH}", Answer(body=b"<html><title>Log in</title></html>"))
    report = steps.refresh(settings, ONLY, NOW)
    message = report.checks["papers_with_code"].message
    assert "expected a Parquet file, found an HTML page ('Log in')" in message
    assert papers_with_code.URL["links.parquet"] in message
    assert origin(settings) == "reference"


@pytest.mark.slow
def test_without_a_network_the_embedded_data_are_published(settings, server, archive):
    away = replace(settings, mirror="http://127.0.0.1:9")
    report = steps.refresh(away, ONLY, NOW)
    assert report.failed_sources == ["papers_with_code"]
    assert "no network" in report.checks["papers_with_code"].message
    origins = asked(settings, "select distinct origin from marts.source_status where row_count > 0")
    assert origins == [("reference",)]


@pytest.mark.slow
def test_offline_asks_nobody(settings, server, archive):
    archive([record(1)])
    report = steps.refresh(settings, SOURCES, NOW, offline=True)
    assert server.requests == []
    assert report.checks == {}
    assert report.built.is_new


@pytest.mark.slow
def test_the_bytes_of_a_release_depend_on_its_input_alone(settings, archive, real_pages):
    archive([record(1)])
    steps.refresh(settings, ONLY, NOW)  # the first release says that it is the first
    pages = []
    for _ in range(2):
        with lock.locked(settings):
            built = steps.build(settings, NOW, force=True)
        assert built.is_new
        page = (settings.current / "site" / "index.html").read_bytes()
        pages.append(page.replace(built.release.release_id.encode(), b""))
    assert pages[0] == pages[1]


@pytest.mark.slow
def test_a_build_that_fails_changes_nothing(settings, archive, monkeypatch):
    archive([record(1)])
    steps.refresh(settings, ONLY, NOW)
    before = releases.current(settings)
    archive([record(1), record(2)], etag='"two"')
    with monkeypatch.context() as patched:
        patched.setattr(making, "render", lambda *_: (_ for _ in ()).throw(RuntimeError("boom")))
        with pytest.raises(RuntimeError, match="boom"):
            steps.refresh(settings, ONLY, NOW + timedelta(days=1))
    assert releases.current(settings) == before
    assert steps.refresh(settings, ONLY, NOW + timedelta(days=1)).built.is_new
    assert [path.name for path in (settings.data / "releases").iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
def test_what_was_rolled_back_is_held_back_by_name_until_it_is_accepted(settings, archive):
    archive([record(1)])
    steps.refresh(settings, ONLY, NOW)
    archive([record(1), record(2)], etag='"two"')
    steps.refresh(settings, ONLY, NOW + timedelta(days=1))
    left, now_current, held_back = steps.rollback(settings, NOW + timedelta(days=1, hours=1))
    assert (left, held_back) == ("2026-01-03T120000Z", ("papers_with_code",))
    for day, count in ((2, 2), (3, 3)):  # the same once more, and then a newer file of that name
        archive([record(number) for number in range(1, count + 1)], etag=f'"{count}"')
        report = steps.refresh(settings, ONLY, NOW + timedelta(days=day))
        assert not report.built.is_new
        assert releases.current(settings) == now_current
    assert "was rolled back" in read_status(settings).quarantined["papers_with_code"].reason
    with lock.locked(settings):
        assert steps.accept(settings, "papers_with_code", NOW + timedelta(days=3)).is_new
    assert asked(settings, "select count(*) from raw.papers_with_code_links") == [(3,)]
    assert read_status(settings).quarantined == {}


@pytest.mark.slow
def test_history_keeps_what_every_release_said(settings, archive):
    for day, count in enumerate((1, 2)):
        archive([record(number) for number in range(1, count + 1)], etag=f'"{count}"')
        steps.refresh(settings, ONLY, NOW + timedelta(days=day))
    kept = sql_text.parquet(*(settings.data / "history" / "framework_shares").glob("*.parquet"))
    with closing(duckdb.connect()) as con:
        said = con.execute(
            f"select release_id, value from {kept} where "
            "population = 'all' and series = 'links_all' and grain = 'month' and framework = 'pytorch' order by 1"
        ).fetchall()
    assert said == [("2026-01-02T120000Z", 1), ("2026-01-03T120000Z", 2)]


def test_an_unknown_source_is_named_beside_the_known_ones():
    with pytest.raises(SettingsError, match="--source paperswithcode: expected one of papers_with_code"):
        steps.chosen(["paperswithcode"])


def month_of(arxiv_id: str | None) -> str | None:
    """The month of an arXiv id, written a second time for comparison."""
    found = re.fullmatch(r"(?:(\d\d)(\d\d)\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]+)?/(\d\d)(\d\d)\d{3})", arxiv_id or "")
    if not found:
        return None
    year, month = int(found[1] or found[3]), int(found[2] or found[4])
    return f"{1900 + year if year >= 91 else 2000 + year}-{month:02d}-01"


def real_records() -> list[Record]:
    """The 92 verbatim records, and the six columns of the sample of September 2024 that the archive has."""
    records = json.loads(shared("papers_with_code/links-between-papers-and-code.first92.json").read_text())
    with shared("papers_with_code/paper_repo_info.2024-09.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["paper_url"] == "paper_url" or not (row["repo_url"] or "").startswith("http"):
                continue
            records.append(
                record(0)
                | {name: row[name] for name in ("paper_title", "paper_url", "repo_url", "framework")}
                | {"paper_arxiv_id": row["paper_arxiv_id"] or None, "is_official": row["is_official"].lower() == "true"}
            )
    return records


@pytest.mark.slow
def test_monthly_counts_of_real_records_equal_an_independent_count(settings, archive):
    records = real_records()
    archive(records)
    steps.refresh(settings, ONLY, NOW)
    assert origin(settings) == "live"
    names = {"tf": "tensorflow", "paddle": "paddlepaddle", "caffe2": "caffe"}
    expected = Counter(
        (month_of(one["paper_arxiv_id"]), names.get(one["framework"], one["framework"]))
        for one in records
        if month_of(one["paper_arxiv_id"])
    )
    found = asked(
        settings,
        "select period_start::varchar, framework, value from marts.framework_shares where source = 'papers_with_code' "
        "and series = 'links_all' and population = 'all' and grain = 'month' and value > 0",
    )
    assert {(month, framework): value for month, framework, value in found} == dict(expected)
    assert len(records) > 2300
    undated = sum(month_of(one["paper_arxiv_id"]) is None for one in records)
    left_out = asked(settings, "select sum(record_count)::bigint, any_value(record_total) from marts.rejected_records")
    assert left_out == [(undated, len(records))]
