"""conda downloads: one Parquet file per month, newest first, closed months once and for ever."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.errors import SourceError
from flows.landing.landing import landed_files
from flows.settings import Settings
from flows.sources import conda_downloads
from tests.flows.sources.pulled import NOW, Pulled, modelled, pull
from tests.loopback import Answer, Loopback
from tests.parquet import written

HOST = "anaconda-package-data.s3.amazonaws.com"
MODELS = ("staging/conda_downloads__months", "intermediate/conda_downloads_observations")
ROWS = [
    ("conda-forge", "pytorch", 310),
    ("conda-forge", "pytorch", 310),  # another version
    ("anaconda", "pytorch", 310),
    ("bioconda", "pytorch", 31),
    ("conda-forge", "tensorflow", 31),
    ("conda-forge", "samtools", 10**6),
]

Make = Callable[..., bytes]


@pytest.fixture
def parquet(tmp_path: Path) -> Make:
    """A month's file in the source's format, one row per version."""

    def make(month: str, rows: list[tuple[str, str, object]] | None = None, select: str = "*") -> bytes:
        path = tmp_path / f"{month}.parquet"
        values = ", ".join(
            f"('{channel}', '{month}', '{package}', '{number}', 'linux-64', '3.12', {count})"
            for number, (channel, package, count) in enumerate(ROWS if rows is None else rows)
        )
        names = "data_source, time, pkg_name, pkg_version, pkg_platform, pkg_python, counts"
        empty = "" if rows != [] else " where false"
        values = values or "('a', 'b', 'c', 'd', 'e', 'f', 1)"
        written(f"select {select} from (values {values}) as t ({names}){empty}", path)
        return path.read_bytes()

    return make


def serve(server: Loopback, make: Make, *months: str, **fields: str) -> None:
    for month in months:
        server.answer(HOST, f"/conda/monthly/{month[:4]}/{month}.parquet", Answer(make(month), etag='"1"'))


@pytest.fixture(autouse=True)
def _short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conda_downloads, "FIRST_MONTH", date(2026, 7, 1))


def figures(settings: Settings, pulled: Pulled, population: str) -> dict[tuple[date, str], float]:
    rows = modelled(settings, conda_downloads, pulled.landed, *MODELS)
    return {(row["period_start"], row["framework"]): row["value"] for row in rows if row["population"] == population}


def asked(server: Loopback) -> list[str]:
    return [request.path.rpartition("/")[2].removesuffix(".parquet") for request in server.requests]


def test_channels_are_populations(server: Loopback, settings: Settings, parquet: Make) -> None:
    serve(server, parquet, "2026-07", "2026-08", "2026-09", "2026-10")
    pulled = pull(settings, conda_downloads)
    october = date(2026, 10, 1)
    assert pulled.note is None
    assert figures(settings, pulled, "all channels")[october, "pytorch"] == 31
    assert figures(settings, pulled, "conda-forge")[october, "pytorch"] == 20
    assert figures(settings, pulled, "anaconda")[october, "pytorch"] == 10
    # No download in a channel is no row, not 0.
    assert (october, "tensorflow") not in figures(settings, pulled, "anaconda")
    assert figures(settings, pulled, "pytorch") == {}
    assert len(figures(settings, pulled, "all channels")) == 2 * 4


def test_the_newest_month_comes_first_and_a_limit_is_kept(server: Loopback, settings: Settings, parquet: Make) -> None:
    serve(server, parquet, "2026-07", "2026-08", "2026-09", "2026-10")
    limited = replace(settings, conda_months_per_refresh=1)
    first = pull(limited, conda_downloads)
    assert asked(server) == ["2026-10", "2026-09"]
    goes_on = f"months at {HOST} are held; the next refresh goes on with the others, which take about"
    assert first.note == f"2 of 4 {goes_on} 2 more refreshes."
    second = pull(limited, conda_downloads, NOW + timedelta(days=1), checks=first.checks)
    assert asked(server)[2:] == ["2026-10", "2026-08"]
    assert second.note == f"3 of 4 {goes_on} 1 more refresh."
    third = pull(limited, conda_downloads, NOW + timedelta(days=2), checks=second.checks)
    assert third.note is None
    fourth = pull(limited, conda_downloads, NOW + timedelta(days=3), checks=third.checks)
    # Only the newest month is still open, and its bytes are not sent again.
    [request] = server.requests[6:]
    assert request.path.endswith("2026-10.parquet")
    assert request.headers["If-None-Match"] == '"1"'
    assert [file.card.fetched_at for file in fourth.landed] == [file.card.fetched_at for file in third.landed]


def test_a_month_that_is_not_published_yet_is_no_fault(server: Loopback, settings: Settings, parquet: Make) -> None:
    serve(server, parquet, "2026-07", "2026-08", "2026-09")
    server.answer(HOST, "/conda/monthly/2026/2026-10.parquet", Answer("<Error>AccessDenied</Error>", status=403))
    pulled = pull(settings, conda_downloads)
    assert pulled.note is None
    assert pulled.names == ["2026-07.parquet", "2026-08.parquet", "2026-09.parquet"]


def test_a_source_that_has_moved_away_is_an_error(server: Loopback, settings: Settings) -> None:
    with pytest.raises(SourceError, match=r"2026-07\.parquet: .*found status 404"):
        pull(settings, conda_downloads)
    assert asked(server) == ["2026-10", "2026-09", "2026-08", "2026-07"]


def test_a_month_in_between_that_is_missing_is_told(server: Loopback, settings: Settings, parquet: Make) -> None:
    serve(server, parquet, "2026-07", "2026-09", "2026-10")
    pulled = pull(settings, conda_downloads)
    assert "1 missing for now (2026-08)" in (pulled.note or "")
    assert f"3 of 4 months at {HOST} are held" in (pulled.note or "")
    assert "2026-07.parquet" in pulled.names


def test_months_end_in_utc(server: Loopback, settings: Settings, parquet: Make) -> None:
    serve(server, parquet, "2026-07", "2026-08", "2026-09", "2026-10")
    pull(settings, conda_downloads, datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    assert asked(server)[0] == "2026-09"


def test_the_days_without_a_log_do_not_count(
    server: Loopback, settings: Settings, parquet: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conda_downloads, "FIRST_MONTH", date(2018, 4, 1))
    body = parquet("2018-04", [("anaconda", "tensorflow", 2400)])
    server.answer(HOST, "/conda/monthly/2018/2018-04.parquet", Answer(body))
    pulled = pull(settings, conda_downloads, datetime(2018, 5, 20, tzinfo=UTC))
    assert figures(settings, pulled, "anaconda")[date(2018, 4, 1), "tensorflow"] == 100


def test_numbers_as_text_and_nulls(server: Loopback, settings: Settings, parquet: Make) -> None:
    serve(server, parquet, "2026-07", "2026-08", "2026-09")
    body = parquet(
        "2026-10", [("anaconda", "pytorch", 310), ("anaconda", "jax", "null")], "* replace (counts::varchar as counts)"
    )
    server.answer(HOST, "/conda/monthly/2026/2026-10.parquet", Answer(body))
    found = figures(settings, pull(settings, conda_downloads), "anaconda")
    assert found[date(2026, 10, 1), "pytorch"] == 10
    assert (date(2026, 10, 1), "jax") not in found


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (
            lambda parquet: parquet("2026-10", select="* rename (counts as count)"),
            "counts are lost; it has data_source",
        ),
        (lambda parquet: parquet("2026-11"), "downloads of 2026-10 alone, found those of 2026-11 to 2026-11"),
        (lambda parquet: parquet("2026-10", []), "rows with counts, found none"),
        (lambda parquet: parquet("2026-10", [("a", "b", -1)]), "counts from 0 up, found -1"),
        (
            lambda parquet: parquet("2026-10", [("a", "b", 1)], "* replace ('n/a' as counts)"),
            "DuckDB can read, found Conv",
        ),
        (lambda parquet: b"<html><title>Log in</title></html>", "a Parquet file, found an HTML page ('Log in')"),
        (lambda parquet: parquet("2026-10")[:-20], "found a cut Parquet file"),
    ],
    ids=["renamed", "future", "empty", "negative", "words", "login", "cut"],
)
def test_bad_files_are_refused_and_what_was_held_stays(
    server: Loopback,
    settings: Settings,
    parquet: Make,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Make], bytes],
    found: str,
) -> None:
    monkeypatch.setattr(conda_downloads, "FIRST_MONTH", date(2026, 10, 1))
    serve(server, parquet, "2026-10")
    first = pull(settings, conda_downloads)
    server.answer(HOST, "/conda/monthly/2026/2026-10.parquet", Answer(make(parquet)))
    with pytest.raises(SourceError) as raised:
        pull(settings, conda_downloads, NOW + timedelta(days=1), checks=first.checks)
    assert found in str(raised.value)
    assert "2026-10.parquet" in str(raised.value)
    assert landed_files(settings, "conda_downloads") == first.landed


def test_a_spent_quota_stops_the_fill(server: Loopback, settings: Settings, parquet: Make) -> None:
    serve(server, parquet, "2026-10")
    slow = Answer(status=429, headers={"Retry-After": "7200"})
    server.answer(HOST, "/conda/monthly/2026/2026-09.parquet", slow)
    note = pull(settings, conda_downloads).note or ""
    assert "3 missing for now (2026-09, 2026-08, 2026-07)" in note
    assert "come back in 7200 s" in note
    assert asked(server) == ["2026-10", "2026-09"]


def test_months_that_were_not_seen_in_long_are_asked_again(
    server: Loopback, settings: Settings, parquet: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts of old months were put right years later; a month that is the same costs a question without a body."""
    monkeypatch.setattr(conda_downloads, "closed_month", lambda _: date(2026, 9, 1))
    serve(server, parquet, "2026-07", "2026-08", "2026-09")
    first = pull(settings, conda_downloads)
    server.requests.clear()
    checks = pull(settings, conda_downloads, NOW + timedelta(days=5), checks=first.checks).checks
    assert asked(server) == ["2026-09"]
    server.requests.clear()
    for days in range(12, 61, 7):
        checks = pull(settings, conda_downloads, NOW + timedelta(days=days), checks=checks).checks
    assert {"2026-08", "2026-07"} <= set(asked(server)), "each within 60 days"
    assert len(server.requests) < 8 + 4, "and none at each refresh"
    assert all("If-None-Match" in request.headers for request in server.requests)


def test_settled_months_that_the_publisher_replaces_are_taken(
    server: Loopback, settings: Settings, parquet: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is replaced, one has vanished: what is held of that one stays, and that it is missing is said."""
    monkeypatch.setattr(conda_downloads, "closed_month", lambda _: date(2026, 9, 1))
    serve(server, parquet, "2026-07", "2026-08", "2026-09")
    checks = pull(settings, conda_downloads).checks
    more = parquet("2026-08", [(channel, package, 10 * int(str(count))) for channel, package, count in ROWS])
    server.answer(HOST, "/conda/monthly/2026/2026-08.parquet", Answer(more, etag='"2"'))
    server.answer(HOST, "/conda/monthly/2026/2026-07.parquet", Answer(b"", status=403))
    notes, pulled = [], Pulled(None, [], checks)
    for days in range(7, 61, 7):
        pulled = pull(settings, conda_downloads, NOW + timedelta(days=days), checks=pulled.checks)
        notes.append(pulled.note or "")
    assert pulled.names == ["2026-07.parquet", "2026-08.parquet", "2026-09.parquet"]
    found = figures(settings, pulled, "all channels")
    assert found[date(2026, 8, 1), "pytorch"] == pytest.approx(10 * found[date(2026, 7, 1), "pytorch"])
    assert any("1 missing for now (2026-07)" in note for note in notes)


@pytest.mark.slow
def test_a_file_with_any_byte_damaged_is_refused_in_our_words(parquet: Make, tmp_path: Path) -> None:
    """Names in a damaged file are no text, which DuckDB hands on as an error of Python's own."""
    whole, path = parquet("2026-09"), tmp_path / "damaged.parquet"
    refused = 0
    for place in range(4, len(whole), 2):
        path.write_bytes(whole[:place] + b"\xd4" + whole[place + 1 :])
        try:
            conda_downloads._check("address", path, date(2026, 9, 1))
        except SourceError:
            refused += 1
    assert refused > 100
