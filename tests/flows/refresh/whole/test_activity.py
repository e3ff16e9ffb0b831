"""GitHub, Stack Exchange and the successors of Papers With Code, all the way to the published release."""

import csv
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.refresh import steps
from flows.settings import Settings
from flows.sources import github_stars, stack_overflow_questions
from flows.sources.papers_after_2025 import source as papers_after_2025
from tests.activity import (
    GITHUB,
    HUGGING_FACE,
    STACK_EXCHANGE,
    SUCCESSOR,
    asked,
    following,
    parameters,
    serve_dump,
    serve_lists,
    serve_questions,
    serve_repository,
    weeks_up_to,
)
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
OURS = [github_stars, stack_overflow_questions, papers_after_2025]
REPOSITORIES = {
    "pytorch": ("pytorch/pytorch", ""),
    "tensorflow": ("tensorflow/tensorflow", ""),
    "newcomer": ("new/comer", ""),  # a row that was added to frameworks.csv
}
BEGINNINGS = {"pytorch": date(2026, 6, 3), "tensorflow": date(2026, 5, 3), "newcomer": date(2026, 9, 3)}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in OURS:
        monkeypatch.setattr(source, "PACES", {})


def found(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return con.execute(query).fetchall()


def status(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """Origin, newest period and message by source."""
    names = ", ".join(f"'{source.NAME}'" for source in OURS)
    query = f"select source, origin, latest_period, message from marts.source_status where source in ({names})"
    return {row[0]: row[1:] for row in found(settings, query)}


@pytest.fixture
def world(server: Loopback, settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a project that follows three frameworks, and services that tell of them up to NOW."""
    for name, _ in REPOSITORIES.values():
        serve_repository(server, name, weeks_up_to(NOW, 35), stars=5000)
    serve_questions(server, lambda tag, month: month.month, BEGINNINGS)
    serve_dump(server, tmp_path)
    serve_lists(server)
    made = following(settings, tmp_path, "github_repo", REPOSITORIES)
    path = made.project / "data" / "reference" / "frameworks.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["first_release"] = ""
        row["stack_overflow_tag"] = row["framework"] if row["framework"] in REPOSITORIES else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return made


@pytest.mark.slow
def test_every_signal_is_live_and_reaches_the_served_month_then_only_open_periods_are_asked_and_it_is_cached_when_away(
    server: Loopback, world: Settings
) -> None:
    report = steps.refresh(world, OURS, NOW)
    assert report.failed_sources == []
    shown = status(world)
    assert {source: row[:2] for source, row in shown.items()} == {
        "github_stars": ("live", date(2026, 11, 21)),
        "stack_overflow_questions": ("live", date(2026, 10, 1)),
        "papers_after_2025": ("live", date(2026, 10, 1)),  # November is not over
    }
    assert (shown["github_stars"][2], shown["stack_overflow_questions"][2]) == (None, None)
    assert shown["papers_after_2025"][2] == (
        "2 of 34 records left out: dated 2025-07-28 or before, in the time of Papers With Code. "
        "1 of 64 records left out: dated 29 to 31 July 2025, which are no month."
    )
    newest = found(
        world,
        "select source, series, population, grain, max(period_start) from marts.framework_shares "
        "where origin = 'live' group by all order by all",
    )
    october, july = date(2026, 10, 1), date(2026, 7, 1)
    expected = [
        ("github_stars", "forks", "repositories", "day", NOW.date()),
        ("github_stars", "open_issues", "repositories", "day", NOW.date()),
        ("github_stars", "stars_gained", "repositories", "month", october),
        ("github_stars", "stars_gained", "repositories", "week", date(2026, 11, 8)),
        ("github_stars", "stars_month_end", "repositories", "month", october),
        ("papers_after_2025", "links_all", "Hugging Face Papers", "month", october),
        ("papers_after_2025", "links_all", "Hugging Face Papers", "quarter", july),
        ("papers_after_2025", "links_all", "paperswithcode.co", "month", october),
        ("papers_after_2025", "links_all", "paperswithcode.co", "quarter", july),
        ("stack_overflow_questions", "questions_by_month", "tagged questions", "month", october),
    ]
    assert newest == sorted(expected)
    # 5,000 stars less one a day from 1 to 21 November.
    query = "select value from marts.framework_shares where series = 'stars_month_end' and period_start = '2026-10-01'"
    assert found(world, query) == [(4979,), (4979,), (4979,)]
    query = "select distinct series from marts.framework_shares where framework = 'newcomer' and origin = 'live'"
    assert len(found(world, query)) == 5, "stars, stars gained, forks, issues and questions: a row adds it to all"
    server.requests.clear()
    steps.refresh(world, OURS, NOW + timedelta(hours=20))
    history = "/repos/{}/stargazers/history?per_page=30&page=1"
    assert asked(server, GITHUB) == [
        one for name, _ in REPOSITORIES.values() for one in (f"/repos/{name}", history.format(name))
    ]
    running = [parameters(request) for request in server.requests if request.host == STACK_EXCHANGE]
    assert [(query["tagged"], query["fromdate"]) for query in running] == [
        ("pytorch", "1793491200"),
        ("tensorflow", "1793491200"),
        ("newcomer", "1793491200"),
    ], "November is running"
    lists = [*asked(server, HUGGING_FACE), *asked(server, SUCCESSOR)]
    windows = {part for one in lists for part in one.split("&") if "month=" in part or "start_date=" in part}
    assert windows == {"/api/daily_papers?month=2026-11", "start_date=2026-11-17", "start_date=2026-11-09"}
    for host, path in list(server._answers):
        if host in (GITHUB, STACK_EXCHANGE):
            server.answer(host, path, Answer(b"<html><title>Sign in</title>"))
    steps.refresh(world, OURS, NOW + timedelta(days=3))
    for source in ("github_stars", "stack_overflow_questions"):
        assert status(world)[source][0] == "cached"
        assert "found an HTML page" in status(world)[source][2]


@pytest.mark.slow
def test_offline_each_falls_back_to_its_reference_series_and_says_so(world: Settings) -> None:
    offline = replace(world, mirror="http://127.0.0.1:9", reachable_seconds=0.3)
    report = steps.refresh(offline, OURS, NOW)
    assert report.failed_sources == [source.NAME for source in OURS]
    shown = status(offline)
    assert shown["github_stars"][:2] == ("reference", date(2026, 9, 1))
    assert shown["stack_overflow_questions"][:2] == ("reference", date(2023, 5, 1))
    assert shown["papers_after_2025"][:2] == (None, None), "nobody can embed what came after"
    for source, row in shown.items():
        assert row[2].startswith("no network: "), source
        assert ("Embedded reference data." in row[2]) == (source != "papers_after_2025")
