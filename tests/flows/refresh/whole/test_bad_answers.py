"""Every bad answer a source can give: what was published stays, and the error tells where, what and what to do."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.refresh import making, steps
from flows.release import releases
from flows.settings import Settings
from flows.sources import papers_with_code
from tests.flows.refresh.whole.conftest import plain_page
from tests.flows.refresh.whole.test_refresh import asked, parquet, record
from tests.loopback import Answer, Loopback

# Two builds go before the first answer.
pytestmark = pytest.mark.slow

START = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
URL = papers_with_code.URL
SHARES = "select * exclude (origin, retrieved_at) from marts.framework_shares order by all"


class Published:
    """A server, and a release made from its good answer; each bad answer is then served in its place."""

    def __init__(self, folder: Path, server: Loopback) -> None:
        self.server, self.now = server, START
        self.settings = Settings(
            data=folder / "data",
            mirror=server.address,
            expect_sizes=False,
            connect_seconds=1.0,
            read_seconds=0.3,
            source_seconds=3.0,
            reachable_seconds=0.5,
            attempts=2,
            backoff_seconds=0.001,
        )
        self.good = parquet(folder, [record(number) for number in range(40)])
        self.bare = parquet(folder, [record(1)])
        self.answer(Answer(body=self.good, etag='"good"'))
        assert self.refresh().failed_sources == []
        self.answer(Answer(status=404))
        self.refresh()
        self.shares = asked(self.settings, SHARES)
        self.current = releases.current(self.settings)

    def answer(self, *answers: Answer, form: str = "parquet") -> None:
        name = "links.parquet" if form == "parquet" else "links.json.gz"
        host, _, path = URL[name].removeprefix("https://").partition("/")
        self.server.answer(host, f"/{path}", *answers)

    def refresh(self, **settings: Any) -> steps.Report:
        self.now += timedelta(seconds=1)
        return steps.refresh(replace(self.settings, **settings), [papers_with_code], self.now)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    with Loopback() as server, pytest.MonkeyPatch.context() as patched:
        patched.setattr(making, "render", lambda _, folder, release: plain_page(folder, release.release_id))
        yield Published(tmp_path_factory.mktemp("published"), server)


HTML = b"<!doctype html><html><head><title>Sign in</title></head></html>"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 41364239\n"
PACKED = gzip.compress(b'[{"paper_url": "x"}]' * 1000)

BAD: dict[str, tuple[list[Answer], str, str]] = {
    "an HTML page behind a redirect": (
        [Answer.redirect("https://huggingface.co/login")],
        "an HTML page ('Sign in') after a redirect",
        "Open the address",
    ),
    "a captive portal's 200": ([Answer(body=HTML)], "an HTML page ('Sign in')", "Open the address"),
    "a Git LFS pointer": ([Answer(body=POINTER)], "a Git LFS pointer (", "Open the address"),
    "an empty body": ([Answer(body=b"")], "an empty body", "Open the address"),
    "other bytes": ([Answer(body=b"PK\3\4" + b"0" * 99)], "bytes starting with b'PK", "Open the address"),
    "status 401": ([Answer(status=401)], "401", "The source refuses us"),
    "status 403": ([Answer(status=403)], "403", "The source refuses us"),
    "status 404": ([Answer(status=404)], "404", "update"),
    "status 429 for ever": ([Answer(status=429, headers={"Retry-After": "9999"})], "429", "efresh"),
    "status 503 for ever": ([Answer(status=503)], "503", "efresh"),
    "a redirect loop": ([Answer.redirect(URL["links.parquet"])], "redirect", "rowser"),
    "no answer": ([Answer(no_answer=True)], "through the mirror", "Check that the mirror runs"),
    "a stalled answer": ([Answer(body=b"PAR1", stall_seconds=2)], "0.3 s", "TRENDS_READ_SECONDS"),
}


def check(published: Published, report: steps.Report, address: str, found: str, cure: str) -> None:
    assert report.failed_sources == ["papers_with_code"]
    message = report.checks["papers_with_code"].message
    assert message.startswith(f"{address}: expected ")
    assert ", found " in message
    assert found in message
    assert cure in message
    assert not report.built.is_new
    assert releases.current(published.settings) == published.current
    assert asked(published.settings, SHARES) == published.shares


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_changes_nothing_and_is_told(published, name):
    answers, found, cure = BAD[name]
    published.server.answer("huggingface.co", "/login", Answer(body=HTML))
    published.answer(*answers)
    check(published, published.refresh(), URL["links.parquet"], found, cure)


def test_a_cut_parquet_file(published):
    published.answer(Answer(body=published.good[:-20]))
    check(published, published.refresh(), URL["links.parquet"], "a cut Parquet file (no PAR1 at the end)", "Open")


def test_a_cut_gzip_file(published):
    published.answer(Answer(body=PACKED[:-20]), form="json")
    report = published.refresh(papers_with_code_format="json")
    check(published, report, URL["links.json.gz"], "a cut gzip (ends in mid-stream)", "Open")


def test_a_body_that_is_reset_every_time(published):
    published.answer(Answer(body=published.good, cut_at=500, after_cut="reset"))
    check(published, published.refresh(), URL["links.parquet"], "through the mirror", "Check that the mirror runs")


def test_a_file_over_the_size_cap(published):
    published.answer(Answer(body=published.good))
    check(published, published.refresh(max_bytes=1000), URL["links.parquet"], "", "TRENDS_MAX_BYTES")


def test_a_body_that_drips_beyond_the_source_s_time(published):
    published.answer(Answer(body=published.good, drip_seconds=0.1))
    check(published, published.refresh(source_seconds=0.5), URL["links.parquet"], "0.5 s", "TRENDS_SOURCE_SECONDS")


def test_an_archive_that_lost_a_column(published, tmp_path):
    body = parquet(tmp_path, [record(1)]).replace(b"framework", b"framewirk")
    published.answer(Answer(body=body))
    check(published, published.refresh(), URL["links.parquet"], "framework", "Update COLUMNS")


def test_a_refused_connection(published):
    report = published.refresh(mirror="http://127.0.0.1:9")
    assert "no network" in report.checks["papers_with_code"].message
    assert not report.built.is_new
    assert asked(published.settings, SHARES) == published.shares


def test_after_all_of_them_the_source_is_live_again(published):
    published.answer(Answer(body=published.bare, etag='"new"'))
    report = published.refresh()
    assert report.failed_sources == []
    assert report.built.is_new
    origins = {source: origin for source, origin, *_ in report.built.release.told["figures"]}
    assert origins["papers_with_code"] == "live"
