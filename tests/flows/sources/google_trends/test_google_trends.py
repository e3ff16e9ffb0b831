"""Pulling Google Trends: what is asked, what is kept, and what happens when the service refuses."""

import csv
import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.command import imports
from flows.errors import NetworkError, SettingsError, SourceError
from flows.landing.landing import LandedFile, Landing, landed_files
from flows.network.web import Web
from flows.refresh import making, steps
from flows.release.releases import Release
from flows.settings import PROJECT, Settings
from flows.sources.google_trends import source as google_trends
from tests.flows.sources.google_trends.google_trends_site import (
    BY_COUNTRY,
    EXPLORE,
    HOME,
    HOST,
    OVER_TIME,
    TrendsSite,
    timeline,
)
from tests.loopback import Answer, Loopback, Request

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
WEEK = timedelta(days=7)
SHARED = PROJECT.parent / "shared"


@pytest.fixture
def site(server: Loopback) -> TrendsSite:
    return TrendsSite(server)


@pytest.fixture
def few(settings: Settings) -> Settings:
    """The world only: six questions over time, three by country."""
    return replace(settings, google_trends_countries="none")


def pull(settings: Settings, now: datetime = NOW) -> dict[str, LandedFile]:
    with Web(settings, source="google_trends") as web:
        landing = Landing(settings, "google_trends", web, licence="l", citation="c", checks={}, now=now)
        google_trends.fetch(landing, settings)
    return held(settings)


def held(settings: Settings) -> dict[str, LandedFile]:
    return {file.card.name: file for file in landed_files(settings, "google_trends")}


class TestQuestions:
    def test_groups_of_five_share_one_anchor_of_middling_size(self, settings: Settings) -> None:
        groups = google_trends.framework_groups(settings.reference, "term")
        assert [list(group) for group in groups] == [
            ["pytorch", "tensorflow", "keras", "scikit-learn", "paddlepaddle"],
            ["keras", "mxnet", "mindspore"],
        ]
        assert google_trends.framework_groups(settings.reference, "topic") == [
            {"pytorch": "/g/11gd3905v1", "tensorflow": "/g/11bwp1s2k3"}
        ]

    def test_a_new_framework_is_asked_for_by_its_row_alone(self, settings: Settings, tmp_path: Path) -> None:
        shutil.copytree(settings.project / "data" / "reference", tmp_path / "project" / "data" / "reference")
        (tmp_path / "project" / "sql").mkdir()
        path = tmp_path / "project/data/reference/frameworks.csv"
        columns = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        both = {"is_framework": "true", "is_compared": "true"}
        with path.open("a", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, columns, lineterminator="\n")
            rows.writerow(both | {"framework": "flux", "google_topic_id": "/m/0flux", "google_search_term": "flux.jl"})
            rows.writerow(both | {"framework": "unknown"})
        asked = google_trends.questions(replace(settings, project=tmp_path / "project"))
        assert {keyword for one in asked for keyword in one.keywords} >= {"flux.jl", "/m/0flux"}
        assert not any("unknown" in one.frameworks for one in asked)

    def test_world_and_countries_both_windows_and_both_kinds(self, settings: Settings) -> None:
        asked = google_trends.questions(replace(settings, google_trends_countries="US,JP"))
        assert {(one.geo, one.timeframe, one.kind) for one in asked if one.what == "time"} == {
            (geo, timeframe, kind)
            for geo in ("", "US", "JP")
            for timeframe in ("today 5-y", "all")
            for kind in ("term", "topic")
        }
        assert {(one.geo, one.timeframe) for one in asked if one.what == "countries"} == {("", "today 5-y")}

    @pytest.mark.parametrize("text", ["us", "US, DE", "USA", "US,", "world"])
    def test_countries_that_are_no_codes(self, text: str) -> None:
        with pytest.raises(SettingsError, match=r"TRENDS_GOOGLE_TRENDS_COUNTRIES: expected ISO codes.*found"):
            Settings.from_env({"TRENDS_GOOGLE_TRENDS_COUNTRIES": text})

    def test_settings_come_from_the_environment(self) -> None:
        settings = Settings.from_env({"TRENDS_GOOGLE_TRENDS_PAUSE_SECONDS": "3", "TRENDS_GOOGLE_TRENDS_SECONDS": "60"})
        assert (settings.google_trends_pause_seconds, settings.google_trends_seconds) == (3, 60)


class TestPull:
    def test_everything_lands_as_sent_with_its_question(
        self, site: TrendsSite, few: Settings, server: Loopback
    ) -> None:
        landed = pull(few)
        assert sorted(landed) == [
            "terms_world_5y_countries_keras+mxnet+mindspore_2026-11-21.json",
            "terms_world_5y_countries_pytorch+tensorflow+keras+scikit-learn+paddlepaddle_2026-11-21.json",
            "terms_world_5y_time_keras+mxnet+mindspore_2026-11-21.json",
            "terms_world_5y_time_pytorch+tensorflow+keras+scikit-learn+paddlepaddle_2026-11-21.json",
            "terms_world_all_time_keras+mxnet+mindspore_2026-11-21.json",
            "terms_world_all_time_pytorch+tensorflow+keras+scikit-learn+paddlepaddle_2026-11-21.json",
            "topics_world_5y_countries_pytorch+tensorflow_2026-11-21.json",
            "topics_world_5y_time_pytorch+tensorflow_2026-11-21.json",
            "topics_world_all_time_pytorch+tensorflow_2026-11-21.json",
        ]
        one = landed["topics_world_5y_time_pytorch+tensorflow_2026-11-21.json"]
        assert one.path.read_bytes().startswith(b")]}',\n{")
        assert one.card.address == f"https://{HOST}{OVER_TIME}"
        assert one.card.details == {
            "kind": "topic",
            "geo": "",
            "timeframe": "today 5-y",
            "what": "time",
            "keywords": '["/g/11gd3905v1", "/g/11bwp1s2k3"]',
            "resolution": "WEEK",
            "window": "2021-11-21 2026-11-21",
            "user_type": "USER_TYPE_SCRAPER",
        }
        # One visit, one explore per question: the map takes the widget of the series before it.
        assert [len(server.asked(path)) for path in (HOME, EXPLORE, OVER_TIME, BY_COUNTRY)] == [1, 6, 6, 3]

    def test_windows_are_asked_again_after_a_week_and_kept_side_by_side(
        self, site: TrendsSite, few: Settings, server: Loopback
    ) -> None:
        pull(few)
        asked = len(server.requests)
        pull(few, NOW + timedelta(days=3))
        assert len(server.requests) == asked
        assert len(pull(few, NOW + WEEK)) == 18

    def test_the_newest_pulls_and_one_of_each_quarter_are_loaded(self, site: TrendsSite, few: Settings) -> None:
        (one, *_) = [file for name, file in pull(few).items() if name.startswith("topics_world_all")]
        days = [NOW - number * WEEK for number in range(40)]
        many = [replace(one, card=replace(one.card, fetched_at=day)) for day in days]
        used = sorted(file.card.fetched_at for file in google_trends.used_pulls(many))
        assert used[-8:] == days[7::-1]
        # Before them the first pull of each quarter: 21 February, 4 April and 4 July.
        assert used[:-8] == [days[39], days[33], days[20]]


def forever(server: Loopback, after: int, answer: Answer) -> None:
    """From the request with this number on, the service gives one answer to everything."""
    served = TrendsSite(server)
    plays = {EXPLORE: served.explore, OVER_TIME: served.over_time, BY_COUNTRY: served.by_country}

    def play(request: Request) -> Answer:
        return answer if len(server.requests) >= after else plays[request.path](request)

    for path in plays:
        server.answer(HOST, path, play)


class TestRefusals:
    def test_429_for_ever_at_the_third_request(self, server: Loopback, few: Settings) -> None:
        before = pull_with_site(server, few, NOW - 2 * WEEK)
        asked = len(server.requests)
        forever(server, asked + 3, Answer("", status=429, headers={"Content-Type": "text/javascript"}))
        started = datetime.now(UTC)
        with pytest.raises(SourceError) as caught:
            pull(few)
        assert datetime.now(UTC) - started < timedelta(seconds=few.google_trends_seconds)
        # The visit, the first widgets, and three attempts at their figures: then it leaves the service alone.
        assert len(server.requests) - asked == 2 + few.attempts
        assert held(few) == before
        for words in (
            f"https://{HOST}{OVER_TIME}: expected an answer, found status 429 Too Many Requests (attempt 3 of 3)",
            "kept 0 of 9 windows in this run",
            "What was landed before stays in use. Missing: terms world over 5y (pytorch and 4 others), terms",
            "and 6 more. The next refresh asks for windows never pulled first, then for the oldest",
            "trends import google-trends",
        ):
            assert words in str(caught.value)

    def test_the_next_refresh_asks_first_for_what_is_missing(self, server: Loopback, few: Settings) -> None:
        forever(server, 6, Answer("", status=429))
        with pytest.raises(SourceError, match=r"kept 2 of 9 windows in this run \(terms world over 5y \(pytorch and 4"):
            pull(few)
        assert len(held(few)) == 2
        TrendsSite(server)
        now = NOW + timedelta(hours=1)
        assert len(google_trends.due_questions(few, now)) == 7
        assert google_trends.due_questions(few, now)[0].kind == "topic"
        assert len(pull(few, now)) == 9
        assert google_trends.due_questions(few, now) == []
        # A week later everything is old; what was pulled first comes first.
        first, *_ = google_trends.due_questions(few, NOW + 2 * WEEK)
        assert (first.what, first.frameworks[0]) == ("time", "pytorch")

    def test_429_on_the_first_visit(self, server: Loopback, few: Settings) -> None:
        server.answer(HOST, HOME, Answer("", status=429))
        with pytest.raises(SourceError, match=r"explore/: expected an answer, found status 429.*kept 0 of 9"):
            pull(few)
        assert len(server.requests) == few.attempts

    @pytest.mark.slow
    def test_the_time_of_the_source_ends_the_run(self, site: TrendsSite, few: Settings) -> None:
        short = replace(few, google_trends_seconds=1.0, google_trends_pause_seconds=0.4)
        with pytest.raises(
            NetworkError, match=r"the 1 s of this source.*kept [1-3] of 9.*Raising TRENDS_GOOGLE_TRENDS_SECONDS"
        ):
            pull(short)
        assert 1 <= len(held(short)) <= 3

    def test_one_bad_window_does_not_stop_the_others(self, site: TrendsSite, server: Loopback, few: Settings) -> None:
        def explore(request: Request) -> Answer:
            return Answer("{}", status=400) if "mxnet" in request.query else site.explore(request)

        server.answer(HOST, EXPLORE, explore)
        with pytest.raises(SourceError, match=r"status 400 \(a bad question\).*kept 6 of 9 windows.*Missing: terms wo"):
            pull(few)
        assert len(held(few)) == 6


def pull_with_site(server: Loopback, settings: Settings, now: datetime) -> dict[str, LandedFile]:
    TrendsSite(server)
    return pull(settings, now)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("create schema raw")
    for table, columns in google_trends.TABLES.items():
        kinds = [f"{name} {kind}" for name, kind in columns.items()]
        made.execute(f"create table raw.{table} ({', '.join(kinds)}, _landed_at TIMESTAMP, _source_file VARCHAR)")
    return made


class TestLoad:
    def test_points_in_the_words_of_the_source(
        self, server: Loopback, few: Settings, con: duckdb.DuckDBPyConnection
    ) -> None:
        def level(framework: str, day: date) -> float | None:
            return {"pytorch": 80.0, "mxnet": 0.05, "mindspore": None}.get(framework, 20.0)

        TrendsSite(server, level=level)
        google_trends.load(list(pull(few).values()), con)
        rows = con.execute(
            "select keyword, position, value, formatted_value, has_data, is_partial, kind, geo, resolution, user_type, "
            "is_import, retrieved, _landed_at from raw.google_trends_points "
            "where resolution = 'MONTH' and len(keyword) < 10 and time = '1793491200' and _source_file like '%mxnet%' "
            "order by position"
        ).fetchall()
        common = ("term", "", "MONTH", "USER_TYPE_SCRAPER", False, NOW.date(), NOW.replace(tzinfo=None))
        assert rows == [
            ("keras", 1, "100", "100", True, True, *common),
            ("mxnet", 2, "0", "<1", True, True, *common),
            ("mindspore", 3, "0", "0", False, True, *common),
        ]
        counts = con.execute("select resolution, count(*) from raw.google_trends_points group by all order by 1")
        assert counts.fetchall() == [("MONTH", 60), ("WEEK", 80)]

    def test_the_mark_of_a_changed_way_of_counting_is_kept(
        self, site: TrendsSite, server: Loopback, few: Settings, con: duckdb.DuckDBPyConnection
    ) -> None:
        note = "On 1 January 2022 an improvement to our data collection was applied"
        noted = timeline([date(2021, 12, 1), date(2022, 1, 1)], [[50, 25], [100, 50]], axisNote=note)
        server.answer(HOST, OVER_TIME, noted)
        with pytest.raises(SourceError):  # five keywords get figures for two: refused, the pair is kept
            pull(few)
        google_trends.load(landed_files(few, "google_trends"), con)
        query = "select distinct time, axis_note from raw.google_trends_points order by time"
        assert con.execute(query).fetchall() == [("1638316800", None), ("1640995200", note)]

    def test_countries(self, site: TrendsSite, few: Settings, con: duckdb.DuckDBPyConnection) -> None:
        google_trends.load(list(pull(few).values()), con)
        rows = con.execute(
            "select keyword, geo_code, geo_name, value, formatted_value, has_data, time_window "
            "from raw.google_trends_countries where kind = 'topic' order by geo_code, position"
        ).fetchall()
        window = "2021-11-21 2026-11-21"
        assert rows == [
            ("/g/11gd3905v1", "BM", "Bermuda", "0", "", False, window),
            ("/g/11bwp1s2k3", "BM", "Bermuda", "0", "", False, window),
            ("/g/11gd3905v1", "US", "United States", "67", "67%", True, window),
            ("/g/11bwp1s2k3", "US", "United States", "33", "33%", True, window),
        ]


def status(settings: Settings) -> tuple[str, int, str | None]:
    with duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True) as con:
        query = "select origin, row_count, message from marts.source_status where source = 'google_trends'"
        return con.execute(query).fetchall()[0]


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases without pages: drawing them takes seconds and is tested elsewhere."""

    def render(_: Settings, folder: Path, __: Release) -> None:
        (folder / "site").mkdir(exist_ok=True)
        (folder / "site" / "index.html").write_text("pages")

    monkeypatch.setattr(making, "render", render)


def crossover(settings: Settings, population: str) -> date:
    """First month from which PyTorch stays above TensorFlow to the end."""
    with duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True) as con:
        [(month,)] = con.execute(
            "select min(period_start) from marts.head_to_head where source = 'google_trends' "
            "and series = 'search_terms' and grain = 'month' and framework_a = 'pytorch' "
            f"and framework_b = 'tensorflow' and population = '{population}' and period_start > ("
            "select max(period_start) from marts.head_to_head where source = 'google_trends' "
            "and series = 'search_terms' and grain = 'month' and framework_a = 'pytorch' "
            f"and framework_b = 'tensorflow' and population = '{population}' and a_value <= b_value)"
        ).fetchall()
    assert isinstance(month, date)
    return month


@pytest.mark.usefixtures("undrawn")
@pytest.mark.slow
def test_an_import_alone_is_imported_on_an_empty_data_folder(few: Settings, tmp_path: Path) -> None:
    (tmp_path / "multiTimeline.csv").write_text(
        "Month,pytorch: (Worldwide),tensorflow: (Worldwide),pizza: (Worldwide)\n"
        "2021-02,40,60,9\n2021-03,70,65,9\n2021-04,80,80,9\n2021-05,100,90,9\n2021-06,99,<1,9\n"
    )
    options = ["--retrieved", "2021-06-20", "--geo", "world", "--kind", "term"]
    imports.run(few, ["google-trends", str(tmp_path / "multiTimeline.csv"), *options], NOW)
    steps.build(few, NOW)
    origin, _, message = status(few)
    # The last month had not ended on the day of the download.
    assert origin == "imported"
    assert message == "5 of 15 records left out: no framework goes by the keyword of the column."
    assert crossover(few, "world") == date(2021, 5, 1)
    assert crossover(few, "region not shown") == date(2021, 4, 1)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir() and not os.environ.get("CI"), reason="needs the digitised series")
@pytest.mark.usefixtures("undrawn")
def test_the_digitised_months_cross_in_april_2021(few: Settings) -> None:
    path = SHARED / "data/google_trends/digitised/search_terms_monthly_2016-01_2025-03.csv"
    options = ["--retrieved", "2025-03-15", "--geo", "world", "--kind", "term"]
    said = imports.run(few, ["google-trends", str(path), *options], NOW)
    assert "columns tensorflow (tensorflow), pytorch (pytorch)" in said
    steps.build(few, NOW)
    assert crossover(few, "world") == date(2021, 4, 1)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.slow
def test_refresh_end_to_end(server: Loopback, few: Settings) -> None:
    """Live after a pull, cached after a refused one; the pulled months stand beside the embedded ones."""
    TrendsSite(server)
    steps.refresh(few, [google_trends], NOW)
    origin, rows, message = status(few)
    assert (origin, message) == ("live", None)
    with duckdb.connect(str(few.current / "warehouse.duckdb"), read_only=True) as con:
        pairs = con.execute(
            "select series, population, grain, count(*), min(a_share_of_pair_pct)::int, max(a_share_of_pair_pct)::int "
            "from marts.head_to_head where source = 'google_trends' and origin = 'live' "
            "and framework_a = 'pytorch' and framework_b = 'tensorflow' group by all order by all"
        ).fetchall()
    assert pairs == [
        ("search_terms", "world", "month", 5, 67, 67),
        ("search_terms", "world", "week", 7, 67, 67),
        ("search_terms_by_country", "US", "window", 1, 67, 67),
        ("topics", "world", "month", 5, 67, 67),
        ("topics", "world", "week", 7, 67, 67),
        ("topics_by_country", "US", "window", 1, 67, 67),
    ]
    assert crossover(few, "region not shown") == date(2021, 4, 1)
    server.answer(HOST, HOME, Answer("", status=429))
    later = steps.refresh(few, [google_trends], NOW + 2 * WEEK)
    assert later.failed_sources == ["google_trends"]
    origin, again, message = status(few)
    assert (origin, again) == ("cached", rows)
    assert "status 429" in str(message)
    assert json.loads((few.data / "status.json").read_text())["sources"]["google_trends"]["outcome"] == "failed"
