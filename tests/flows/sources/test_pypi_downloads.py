"""Package downloads: whole months from two services, nothing asked twice, every oddity refused or put right."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.errors import NetworkError, SourceError
from flows.landing.landing import landed_files
from flows.settings import Settings
from flows.sources import pypi_downloads
from tests.flows.sources.pulled import NOW, Pulled, loaded, modelled, pull
from tests.loopback import Answer, Loopback, Request
from tests.shared_data import shared

CLICKHOUSE, PYPISTATS = "sql-clickhouse.clickhouse.com", "pypistats.org"
MODELS = (
    "staging/pypi_downloads__months",
    "staging/pypi_downloads__days",
    "intermediate/pypi_downloads_observations",
)
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


FURTHER = ("tensorflow-gpu", "tf-nightly", "paddlepaddle-gpu", "lightning")
MAIN = {"torch": "pytorch", "tensorflow": "tensorflow", "jax": "jax", "keras": "keras"}


@pytest.fixture(autouse=True)
def _four_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pypi_downloads, "main_names", lambda *_: MAIN)


def month(project: str, first: str, count: object) -> dict[str, object]:
    return {"project": project, "month": first, "download_count": count}


ROWS = [
    month("torch", "2026-09-01", "3000"),
    month("torch", "2026-10-01", "6200"),
    month("tensorflow", "2026-10-01", "3100"),
    month("tensorflow-cpu", "2026-10-01", "310"),
    month("jax", "2026-10-01", "31"),
    month("jaxlib", "2026-10-01", "62"),
]


def days(package: str, first: date, last: date, count: object = 10) -> dict[str, Any]:
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [{"category": "without_mirrors", "date": f"{day}", "downloads": count} for day in dates]
    return {"data": rows, "package": package, "type": "overall_downloads"}


def serve(server: Loopback, rows: list[dict[str, object]] | None = None, **packages: object) -> None:
    """ClickHouse knows these rows; pypistats.org knows these packages."""
    told = ROWS if rows is None else rows
    server.answer(CLICKHOUSE, "/", Answer({"meta": [], "data": told, "rows": len(told)}))
    for package, body in packages.items():
        server.answer(PYPISTATS, f"/api/packages/{package}/overall", Answer(body))


def figures(settings: Settings, pulled: Pulled, **wanted: object) -> dict[tuple[date, str], float]:
    """Value by month and framework of the series and population wanted."""
    wanted = {"series": "downloads_per_day", "population": "all installers"} | wanted
    rows = modelled(settings, pypi_downloads, pulled.landed, *MODELS)
    return {
        (row["period_start"], row["framework"]): row["value"]
        for row in rows
        if all(row[column] == value for column, value in wanted.items())
    }


def asked(server: Loopback) -> list[str]:
    """The queries that ClickHouse got."""
    return [request.body.decode() for request in server.requests if request.host == CLICKHOUSE]


def test_two_queries_give_every_month_of_every_package(server: Loopback, settings: Settings) -> None:
    serve(server)
    pulled = pull(settings, pypi_downloads)
    newest, before = asked(server)
    for query in (newest, before):
        assert "'torch'" in query
        assert "'tensorflow-cpu'" in query
    assert "month BETWEEN '2016-01-01' AND '2026-09-01'" in before
    assert "month BETWEEN '2026-10-01' AND '2026-10-01'" in newest
    assert figures(settings, pulled) == {
        (SEPTEMBER, "pytorch"): 100,  # 3000 in 30 days: by day, so that short months do not jump
        (OCTOBER, "pytorch"): 200,
        (OCTOBER, "tensorflow"): 100,
        (OCTOBER, "jax"): 1,
    }


def test_days_of_one_package_shorten_no_month_of_those_whose_days_were_not_told(
    server: Loopback, settings: Settings
) -> None:
    """As a package that was added, beside answers of the version that did not ask for days."""
    serve(server, [month("torch", "2026-10-01", "6200"), month("jax", "2026-10-01", "31") | {"day_count": "3"}])
    assert figures(settings, pull(settings, pypi_downloads)) == {(OCTOBER, "pytorch"): 200, (OCTOBER, "jax"): 1}


def test_a_month_that_is_short_of_days_is_a_sample_by_the_days_it_has(server: Loopback, settings: Settings) -> None:
    """As June 2024 was for a year; a package that rests for a day makes no month short."""
    whole = [month("torch", "2026-10-01", "6200") | {"day_count": "31"}]
    whole += [month("jax", "2026-10-01", "31") | {"day_count": "30"}]
    short = [month("torch", "2026-09-01", "1800") | {"day_count": "18"}]
    short += [month("jax", "2026-09-01", "36") | {"day_count": "17"}]
    serve(server, [*short, *whole])
    pulled = pull(settings, pypi_downloads)
    assert all("uniqExact(date) AS day_count" in query for query in asked(server))
    rows = modelled(settings, pypi_downloads, pulled.landed, *MODELS)
    assert {
        (row["period_start"], row["framework"]): (row["value"], row["quality"])
        for row in rows
        if row["series"] == "downloads_per_day"
    } == {
        (SEPTEMBER, "pytorch"): (100, "sample"),
        (SEPTEMBER, "jax"): (2, "sample"),
        (OCTOBER, "pytorch"): (200, "full"),
        (OCTOBER, "jax"): (1, "full"),
    }


def test_days_that_the_log_has_by_a_later_answer_change_no_earlier_one(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that is asked for after the log was put right has all days; those asked for before have theirs."""
    monkeypatch.setattr(pypi_downloads, "main_names", lambda *_: {"torch": "pytorch"})
    serve(server, [month("torch", "2026-09-01", "1800") | {"day_count": "18"}])
    pull(settings, pypi_downloads)
    monkeypatch.setattr(pypi_downloads, "main_names", lambda *_: {"torch": "pytorch", "keras": "keras"})
    serve(server, [month("keras", "2026-09-01", "36") | {"day_count": "17"}])
    pull(settings, pypi_downloads, now=NOW + timedelta(minutes=-1))
    monkeypatch.setattr(pypi_downloads, "main_names", lambda *_: {"torch": "pytorch", "jax": "jax"})
    serve(server, [month("jax", "2026-09-01", "60") | {"day_count": "30"}])
    pulled = pull(settings, pypi_downloads, now=NOW + timedelta(days=1))
    rows = modelled(settings, pypi_downloads, pulled.landed, *MODELS)
    assert {
        row["framework"]: (row["value"], row["quality"]) for row in rows if row["series"] == "downloads_per_day"
    } == {"pytorch": (100, "sample"), "keras": (2, "sample"), "jax": (2, "full")}


@pytest.mark.parametrize("days", ["0", "32", "soon", None, 9**99, [1]])
def test_days_that_no_month_has_are_refused(server: Loopback, settings: Settings, days: object) -> None:
    serve(server, [month("torch", "2026-10-01", "6200") | {"day_count": days}])
    with pytest.raises(SourceError, match="expected the days of a month that were counted, found day_count"):
        pull(settings, pypi_downloads)


@pytest.mark.parametrize("project", [["torch"], {"name": "torch"}])
def test_a_package_without_a_name_is_refused(server: Loopback, settings: Settings, project: object) -> None:
    serve(server, [month("torch", "2026-10-01", "6200") | {"project": project}])
    with pytest.raises(SourceError, match="expected a text or number for each of project, month, download_count"):
        pull(settings, pypi_downloads)


def test_a_package_that_is_unknown_is_told(server: Loopback, settings: Settings) -> None:
    serve(server, [*ROWS, month("keras", "2026-10-01", 31)])
    note = pull(settings, pypi_downloads).note or ""
    assert "No downloads are known of tensorflow-gpu, tf-nightly, paddlepaddle-gpu, lightning: check the names" in note


def test_a_package_that_is_missing_in_the_newest_month_is_told(server: Loopback, settings: Settings) -> None:
    everything = [month(name, "2026-10-01", 31) for name in (*MAIN, *FURTHER, "tensorflow-cpu", "jaxlib")]
    serve(server, everything)
    first = pull(settings, pypi_downloads)
    assert "tells no downloads" not in (first.note or "")
    serve(server, [row for row in everything if row["project"] != "jax"])
    note = pull(settings, pypi_downloads, NOW + timedelta(days=1), checks=first.checks).note or ""
    assert "sql-clickhouse.clickhouse.com tells no downloads of jax in 2026-10: refresh again later." in note


def test_variants_are_folded_and_companions_are_not(server: Loopback, settings: Settings) -> None:
    serve(server)
    folded = figures(settings, pull(settings, pypi_downloads), series="downloads_per_day_folded")
    assert folded[OCTOBER, "tensorflow"] == 110
    assert folded[OCTOBER, "pytorch"] == 200
    assert folded[OCTOBER, "jax"] == 1


def test_a_second_refresh_asks_for_the_open_month_only(server: Loopback, settings: Settings) -> None:
    everything = {name: days(name, date(2026, 5, 25), date(2026, 11, 20)) for name in MAIN}
    serve(server, [*ROWS, *(month(name, "2026-10-01", 1) for name in ("keras", *FURTHER))], **everything)
    first = pull(settings, pypi_downloads)
    assert first.note is None
    count = len(server.requests)
    second = pull(settings, pypi_downloads, NOW + timedelta(days=1), checks=first.checks)
    [request] = server.requests[count:]
    assert request.host == CLICKHOUSE
    assert "BETWEEN '2026-10-01' AND '2026-10-01'" in request.body.decode()
    assert figures(settings, second)[SEPTEMBER, "pytorch"] == 100


def test_an_answer_that_differs_in_how_long_it_took_is_no_new_one(server: Loopback, settings: Settings) -> None:
    counts = ("1", "1", "2")
    files = []
    checks: dict[str, Any] = {}
    for day, count in enumerate(counts):
        body = {"data": [month("torch", "2026-10-01", count)], "statistics": {"elapsed": day / 1000}}
        server.answer(CLICKHOUSE, "/", Answer(body))
        pulled = pull(settings, pypi_downloads, NOW + timedelta(days=day), checks=checks)
        checks = pulled.checks
        files.append(next(file.path for file in pulled.landed if file.card.name.startswith("months-2026-10")))
    assert files[0] == files[1] != files[2]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"exception": "Code: 159. DB::Exception: Timeout exceeded"}, "found Code: 159. DB::Exception: Timeout"),
        ({"rows": 131}, "the 131 rows that it speaks of, found 6"),
    ],
)
def test_an_answer_that_breaks_off_is_refused_and_asked_again(
    server: Loopback, settings: Settings, more: dict[str, object], found: str
) -> None:
    """ClickHouse sends 200 with its first rows, and the error where the others should be."""
    serve(server, torch=days("torch", OCTOBER, date(2026, 10, 31)))
    server.answer(CLICKHOUSE, "/", Answer({"meta": [], "data": ROWS, "rows": len(ROWS)} | more))
    pulled = pull(settings, pypi_downloads)
    assert found in (pulled.note or "")
    assert not [name for name in pulled.names if name.startswith("months-")]
    serve(server)
    again = pull(settings, pypi_downloads, NOW + timedelta(hours=1), checks=pulled.checks)
    assert figures(settings, again)[SEPTEMBER, "pytorch"] == 100


def test_a_history_that_was_put_right_is_seen_within_sixty_days(server: Loopback, settings: Settings) -> None:
    serve(server)
    first = pull(settings, pypi_downloads)
    serve(server, [month("torch", "2026-09-01", "9000"), *ROWS[1:]])
    soon = pull(settings, pypi_downloads, NOW + timedelta(days=49), checks=first.checks)
    assert len([query for query in asked(server) if "BETWEEN '2016-01-01'" in query]) == 1
    later = pull(settings, pypi_downloads, NOW + timedelta(days=51), checks=soon.checks)
    assert len([query for query in asked(server) if "BETWEEN '2016-01-01'" in query]) == 2
    assert figures(settings, later)[SEPTEMBER, "pytorch"] == 300


def test_a_new_month_asks_for_what_has_not_settled(server: Loopback, settings: Settings) -> None:
    serve(server)
    early = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)  # October has ended, but may still grow
    pulled = pull(settings, pypi_downloads, early)
    pull(settings, pypi_downloads, datetime(2026, 12, 5, tzinfo=UTC), checks=pulled.checks)
    newest, before = asked(server)[-2:]
    assert "BETWEEN '2026-11-01' AND '2026-11-01'" in newest
    assert "BETWEEN '2026-10-01' AND '2026-10-01'" in before


def test_a_month_is_asked_for_when_its_log_has_come_in(server: Loopback, settings: Settings) -> None:
    serve(server)
    pull(settings, pypi_downloads, datetime(2026, 11, 1, 12, 0, tzinfo=UTC))
    assert "AND '2026-09-01'" in asked(server)[0]


def test_a_new_package_is_asked_for_from_the_beginning(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(server)
    pulled = pull(settings, pypi_downloads)
    monkeypatch.setattr(pypi_downloads, "main_names", lambda *_: MAIN | {"tinygrad": "tinygrad"})
    pull(settings, pypi_downloads, NOW + timedelta(days=1), checks=pulled.checks)
    newest, whole = asked(server)[2:]
    assert "IN ('tinygrad') AND month BETWEEN '2016-01-01' AND '2026-09-01'" in whole
    assert "'tinygrad'" in newest
    assert "BETWEEN '2026-10-01'" in newest
    assert any(request.path == "/api/packages/tinygrad/overall" for request in server.requests)


def test_days_without_mirrors_count_in_whole_months(server: Loopback, settings: Settings) -> None:
    serve(
        server,
        torch=days("torch", date(2026, 8, 20), date(2026, 11, 20), "40"),
        jax=days("jax", date(2026, 10, 2), date(2026, 11, 20)),
    )
    found = figures(settings, pull(settings, pypi_downloads), population="without mirrors")
    # August and November are not whole; the package that starts on 2 October has no row there, not a low one.
    assert found == {(SEPTEMBER, "pytorch"): 40, (OCTOBER, "pytorch"): 40}


def test_days_of_earlier_windows_are_kept(server: Loopback, settings: Settings) -> None:
    serve(server, torch=days("torch", date(2026, 4, 25), date(2026, 10, 21), 30))
    first = pull(settings, pypi_downloads, datetime(2026, 10, 22, tzinfo=UTC))
    serve(server, torch=days("torch", date(2026, 6, 25), date(2026, 12, 21), 40))
    second = pull(settings, pypi_downloads, datetime(2026, 12, 22, tzinfo=UTC), checks=first.checks)
    found = figures(settings, second, population="without mirrors")
    assert [found[date(2026, number, 1), "pytorch"] for number in range(5, 12)] == [30, 32, 40, 40, 40, 40, 40]


def test_the_same_row_twice_counts_once(server: Loopback, settings: Settings) -> None:
    torch = days("torch", SEPTEMBER, date(2026, 11, 20), 40)
    torch["data"] *= 2
    serve(server, ROWS + ROWS, torch=torch)
    pulled = pull(settings, pypi_downloads)
    assert figures(settings, pulled)[OCTOBER, "pytorch"] == 200
    assert figures(settings, pulled, population="without mirrors")[OCTOBER, "pytorch"] == 40


def test_null_is_no_row(server: Loopback, settings: Settings) -> None:
    serve(server, [*ROWS, month("keras", "2026-10-01", None)], jax=days("jax", SEPTEMBER, date(2026, 11, 20), None))
    pulled = pull(settings, pypi_downloads)
    assert (OCTOBER, "keras") not in figures(settings, pulled)
    assert figures(settings, pulled, population="without mirrors") == {}


def test_the_running_month_is_left_out(server: Loopback, settings: Settings) -> None:
    serve(server, [*ROWS, month("torch", "2026-11-01", 99)])
    assert max(period for period, _ in figures(settings, pull(settings, pypi_downloads))) == OCTOBER


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            Answer({"data": [month("torch", "2026-12-01", 1)]}),
            "no day after today, 2026-11-22 in UTC, found 2026-12-01",
        ),
        (Answer({"data": [month("torch", "October", 1)]}), "a day such as 2026-10-31, found 'October'"),
        (Answer({"data": [month("torch", "2026-10-01", "many")]}), "for torch 2026-10-01, found 'many'"),
        (Answer({"data": [month("torch", "2026-10-01", -1)]}), "for torch 2026-10-01, found -1"),
        (
            Answer({"data": [*ROWS, month("torch", "2026-10-01", 7)]}),
            "one count for torch 2026-10-01, found 6200 and 7",
        ),
        (Answer({"data": [{"project": "torch", "month": "2026-10-01", "n": 1}]}), "none named download_count in"),
        (Answer({"data": []}), "rows in data, found an empty list"),
        (Answer({"exception": "Code: 159. Timeout"}), 'a list named data, found none in {"exception": "Code: 159'),
        (Answer("<!DOCTYPE html><title>Sign in</title>"), r"a JSON document, found an HTML page ('Sign in')"),
        (Answer(b'{"data": [{"project": "torch"'), "a cut JSON document"),
    ],
    ids=["future", "no day", "words", "negative", "two counts", "renamed", "empty", "exception", "login", "cut"],
)
def test_bad_answers_are_refused_and_what_was_held_stays(
    server: Loopback, settings: Settings, answer: Answer, found: str
) -> None:
    serve(server)
    first = pull(settings, pypi_downloads)
    server.answer(CLICKHOUSE, "/", answer)
    with pytest.raises(SourceError) as raised:
        pull(settings, pypi_downloads, NOW + timedelta(days=1), checks=first.checks)
    assert found in str(raised.value)
    assert "clickhouse.com" in str(raised.value)
    assert landed_files(settings, "pypi_downloads") == first.landed


def test_two_counts_of_one_day_are_refused(server: Loopback, settings: Settings) -> None:
    torch = days("torch", SEPTEMBER, OCTOBER)
    torch["data"].append({"category": "without_mirrors", "date": "2026-09-05", "downloads": 11})
    serve(server, torch=torch)
    pulled = pull(settings, pypi_downloads)
    assert "4 missing" in (pulled.note or "")
    assert not [name for name in pulled.names if name.startswith("days-torch")]


def test_a_day_that_has_not_begun_in_utc_is_refused(server: Loopback, settings: Settings) -> None:
    late = datetime(2026, 11, 1, 1, 0, tzinfo=UTC).astimezone()  # whatever the local zone of the operator
    serve(server, torch=days("torch", date(2026, 9, 1), date(2026, 11, 2)))
    with_one = pull(settings, pypi_downloads, late)
    assert not [name for name in with_one.names if name.startswith("days-torch")]
    serve(server, torch=days("torch", date(2026, 9, 1), date(2026, 11, 1)))
    assert [name for name in pull(settings, pypi_downloads, late).names if name == "days-torch-to-2026-09.json"]


def test_a_spent_quota_says_when_it_returns_and_asks_no_more(server: Loopback, settings: Settings) -> None:
    said = "Code: 201. DB::Exception: Quota for user `demo` for 3600s has been exceeded. Interval will end at 15:00:00"
    server.answer(CLICKHOUSE, "/", Answer(said, status=503))
    limited = Answer({"error": "slow down"}, status=429, headers={"Retry-After": "86400"})
    server.answer(PYPISTATS, "/api/packages/torch/overall", limited)
    with pytest.raises(SourceError, match=r"status 429 .*'slow down'.*come back in 86400 s, at 2\d{3}-"):
        pull(settings, pypi_downloads)
    assert len(asked(server)) == settings.attempts
    assert len([request for request in server.requests if request.host == PYPISTATS]) == 1
    serve(server, torch=days("torch", SEPTEMBER, date(2026, 11, 20)))
    server.answer(CLICKHOUSE, "/", Answer(said, status=503))
    note = pull(settings, pypi_downloads).note or ""
    assert "Months at sql-clickhouse.clickhouse.com: 2 missing for now (2026-10, 2016-01 to 2026-09)" in note
    assert "Interval will end at 15:00:00" in note


def test_a_package_that_one_service_lacks_leaves_the_rest(server: Loopback, settings: Settings) -> None:
    serve(server, torch=days("torch", SEPTEMBER, date(2026, 11, 20)))
    pulled = pull(settings, pypi_downloads)
    assert "Packages at pypistats.org: 3 missing for now (tensorflow, jax, keras)" in (pulled.note or "")
    assert "status 404" in (pulled.note or "")
    assert figures(settings, pulled, population="without mirrors") == {
        (SEPTEMBER, "pytorch"): 10,
        (OCTOBER, "pytorch"): 10,
    }


def test_another_package_than_the_one_asked_for_is_refused(server: Loopback, settings: Settings) -> None:
    serve(server, torch=days("pytorch", SEPTEMBER, OCTOBER))
    assert "days-torch-to-2026-10.json" not in pull(settings, pypi_downloads).names


def test_no_network_at_all_is_one_error(settings: Settings, server: Loopback) -> None:
    server.answer(CLICKHOUSE, "/", Answer(no_answer=True))
    server.answer(PYPISTATS, "/api/packages/torch/overall", Answer(no_answer=True))
    with pytest.raises(NetworkError, match="broken connection"):
        pull(settings, pypi_downloads)


@pytest.mark.parametrize("name", ["clickhouse_public", "pypistats_overall"])
def test_recorded_shapes(server: Loopback, settings: Settings, name: str) -> None:
    body = json.loads(shared(f"api_samples/{name}.json").read_text())["body"]
    if name == "pypistats_overall":
        serve(server, torch=body | {"package": "torch"})
        assert "days-torch-to-2026-10.json" in pull(settings, pypi_downloads).names
    else:
        for row in body["data"]:
            row["month"] = "2026-03-01"  # the recorded query named one month; ours asks for the column
        serve(server, body["data"])
        found = figures(settings, pull(settings, pypi_downloads))
        assert found[date(2026, 3, 1), "pytorch"] == 87347847 / 31


def wide_rows(convert: Callable[[dict[str, str]], float]) -> list[dict[str, object]]:
    """The real lists in the shape of the ClickHouse answer: daily means times the days of the month."""
    rows: dict[tuple[str, str], dict[str, object]] = {}
    with shared("pypi_downloads/pypi_frameworks_monthly_wide.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            first = date.fromisoformat(f"{line['data_month']}-01")
            length = ((first + timedelta(days=31)).replace(day=1) - first).days
            for package in ("torch", "tensorflow"):
                if line[package]:
                    count = round(int(line[package]) / int(line["window_days"]) * length)
                    rows[package, f"{first}"] = month(package, f"{first}", str(count))
    return list(rows.values())


def test_torch_passes_tensorflow_for_good_in_march_2024(server: Loopback, settings: Settings) -> None:
    serve(server, wide_rows(lambda line: 1.0))
    found = figures(settings, pull(settings, pypi_downloads))
    shares = {
        period: found[period, "pytorch"] / (found[period, "pytorch"] + found[period, "tensorflow"])
        for period, framework in found
        if framework == "tensorflow" and (period, "pytorch") in found
    }
    behind = [period for period, share in shares.items() if share <= 0.5]
    ahead = [period for period in sorted(shares) if period > max(behind)]
    assert ahead[0] == date(2024, 3, 1)
    assert round(100 * shares[date(2018, 8, 1)]) == 7
    assert round(100 * shares[date(2021, 12, 1)]) == 29
    assert round(100 * shares[date(2023, 12, 1)]) == 47


def test_the_request_stands_on_the_card(server: Loopback, settings: Settings) -> None:
    serve(server)
    file = pull(settings, pypi_downloads).landed[0]
    assert file.card.details["request"] == asked(server)[1]
    with loaded(settings, pypi_downloads, [file]) as con:
        rows = con.execute("select project, month, download_count from raw.pypi_downloads_months").fetchall()
    assert ("torch", "2026-09-01", "3000") in rows


def test_queries_are_posted(server: Loopback, settings: Settings) -> None:
    got: list[Request] = []
    server.answer(CLICKHOUSE, "/", lambda request: got.append(request) or Answer({"data": ROWS}))
    pull(settings, pypi_downloads)
    assert (got[0].method, got[0].query) == ("POST", "user=demo&default_format=JSON")
    assert "If-None-Match" not in got[0].headers
