"""The sources of counts end to end: live and up to date against the mirror, honest without a network."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.reference.frameworks import followed, further_names, main_names
from flows.refresh import steps
from flows.settings import Settings
from flows.sources import (
    conda_downloads,
    github_stars,
    hn_hiring,
    huggingface_created,
    huggingface_models,
    openalex_citations,
    pypi_downloads,
    stack_overflow_questions,
)
from flows.sources.papers_after_2025 import source as papers_after_2025
from tests.activity import serve_created, serve_dump, serve_lists, serve_questions, serve_repository, weeks_up_to
from tests.flows.sources.pulled import NOW
from tests.loopback import Answer, Loopback, Request

SIGNALS = (pypi_downloads, huggingface_models, conda_downloads, openalex_citations, hn_hiring)
ALL = (*SIGNALS, github_stars, stack_overflow_questions, papers_after_2025)
MONTHS = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(10, 22)]  # 2025-11 to 2026-10


@pytest.fixture
def world(server: Loopback, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Every source with a year of history for every framework."""
    monkeypatch.setattr(conda_downloads, "FIRST_MONTH", MONTHS[0])
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", MONTHS[0])
    monkeypatch.setattr(huggingface_created, "FIRST_MONTH", MONTHS[-3])
    serve_created(server, lambda library, _: 40 if library else 100)
    server.answer("sql-clickhouse.clickhouse.com", "/", _clickhouse)
    packages = main_names(settings, "pypi_package")
    for package in packages:
        server.answer("pypistats.org", f"/api/packages/{package}/overall", Answer(_days(package)))
    for library in main_names(settings, "huggingface_library"):
        path = f"/models-json?library={library}&withCount=true"
        server.answer("huggingface.co", path, Answer({"numTotalItems": 1000}))
    for doi in further_names(settings, "openalex_work"):
        body = {"id": "W", "counts_by_year": [{"year": year, "cited_by_count": 9} for year in (2026, 2025, 2024)]}
        server.answer("api.openalex.org", f"/works/doi:{doi}", Answer(body))
    for month in MONTHS:
        path = f"/conda/monthly/{month:%Y}/{month:%Y-%m}.parquet"
        body = _parquet(tmp_path, month, list(main_names(settings, "conda_package")))
        server.answer("anaconda-package-data.s3.amazonaws.com", path, Answer(body, etag='"1"'))
    hits = [{"objectID": f"{month:%Y%m}", "title": f"Ask HN: Who is hiring? ({month:%B %Y})"} for month in MONTHS]
    server.answer("hn.algolia.com", "/api/v1/search_by_date", Answer({"hits": hits, "nbPages": 1}, etag='"1"'))
    for month in MONTHS:
        posts = [{"id": f"{month:%Y%m}{number}", "text": "PyTorch or TensorFlow"} for number in range(40)]
        thread = {"id": int(f"{month:%Y%m}"), "title": "x", "children": posts}
        server.answer("hn.algolia.com", f"/api/v1/items/{month:%Y%m}", Answer(thread))
    return settings


def _clickhouse(request: Request) -> Answer:
    """A database that knows a thousand downloads of every package and month that the query names."""
    query = request.body.decode()
    projects = query.partition("IN (")[2].partition(")")[0].replace("'", "").split(", ")
    first, last = query.partition("BETWEEN '")[2][:10], query.partition("' AND '")[2][:10]
    months = [f"{month}" for month in MONTHS if first <= f"{month}" <= last]
    rows = [{"project": one, "month": month, "download_count": "31000"} for one in projects for month in months]
    return Answer({"meta": [], "data": rows, "rows": len(rows)})


def _days(package: str) -> dict[str, Any]:
    dates = [date(2026, 5, 25) + timedelta(days=number) for number in range(180)]
    return {
        "package": package,
        "data": [{"category": "without_mirrors", "date": f"{day}", "downloads": 7} for day in dates],
    }


def _parquet(folder: Path, month: date, packages: list[str]) -> bytes:
    path = folder / "month.parquet"
    with duckdb.connect() as con:
        con.execute(
            f"copy (select 'conda-forge' as data_source, '{month:%Y-%m}' as time, unnest({packages}) as pkg_name, "
            f"310 as counts) to '{path}' (format parquet)"
        )
    return path.read_bytes()


def status(settings: Settings) -> dict[str, tuple[Any, ...]]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        query = "select source, origin, latest_period, message from marts.source_status"
        return {row[0]: row[1:] for row in con.execute(query).fetchall()}


def ask(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return con.execute(query).fetchall()


@pytest.fixture
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The stated limits are measured in tests/flows/network/test_pace.py."""
    for source in ALL:
        monkeypatch.setattr(source, "PACES", {})
    return


@pytest.mark.slow
@pytest.mark.usefixtures("_no_waiting")
def test_every_signal_is_live_and_reaches_the_served_month(server: Loopback, world: Settings) -> None:
    report = steps.refresh(world, SIGNALS, NOW)
    assert report.failed_sources == []
    assert {name: check.message for name, check in report.checks.items() if check.message} == {}
    found = status(world)
    assert {source.NAME: found[source.NAME] for source in SIGNALS} == {
        "pypi_downloads": ("live", date(2026, 10, 1), None),
        "huggingface_models": ("live", date(2026, 11, 21), None),
        "conda_downloads": ("live", date(2026, 10, 1), None),
        "openalex_citations": ("live", date(2025, 1, 1), None),
        "hn_hiring": ("live", date(2026, 10, 1), None),
    }
    # Live months take the place of embedded ones; earlier embedded months stay.
    origins = ask(
        world,
        "select distinct population, origin, min(period_start) from marts.framework_shares "
        "where source = 'pypi_downloads' and series = 'downloads_per_day' group by all order by all",
    )
    assert ("all installers", "live", date(2025, 11, 1)) in origins
    assert ("all installers", "reference", date(2024, 11, 1)) in origins
    assert ("pip only", "reference", date(2018, 1, 1)) in origins
    assert ("without mirrors", "live", date(2026, 6, 1)) in origins
    [(share, base)] = ask(
        world,
        "select share_pct, base from marts.framework_shares where source = 'hn_hiring' and framework = 'pytorch' "
        "and origin = 'live'",
    )
    assert (share, base) == (100, 480)

    rows = ask(
        world,
        "select origin, period_start, share_pct from marts.framework_shares "
        "where series = 'models_created' and grain = 'month' and framework = 'pytorch' order by all",
    )
    assert rows == [("live", month, 40) for month in MONTHS[-3:]]

    # A second refresh asks for what is open, and nothing else.
    count, release = len(server.requests), report.built.release
    again = steps.refresh(world, SIGNALS, NOW + timedelta(hours=6))
    asked = sorted(f"{request.host}{request.path}" for request in server.requests[count:])
    assert asked == [
        "anaconda-package-data.s3.amazonaws.com/conda/monthly/2026/2026-10.parquet",
        "hn.algolia.com/api/v1/search_by_date",
        "sql-clickhouse.clickhouse.com/",
    ]
    [query] = [request.body.decode() for request in server.requests[count:] if request.method == "POST"]
    assert "BETWEEN '2026-10-01' AND '2026-10-01'" in query
    assert again.failed_sources == []
    third = steps.refresh(world, SIGNALS, NOW + timedelta(hours=7))
    assert third.built.release == again.built.release == release  # the same answers once more are no new release

    # Without a network what was landed is kept.
    away = replace(world, mirror="http://127.0.0.1:9", reachable_seconds=0.2)
    steps.refresh(away, SIGNALS, NOW + timedelta(days=1))
    found = status(away)
    assert {found[source.NAME][0] for source in SIGNALS} == {"cached"}
    assert found["conda_downloads"][1] == date(2026, 10, 1)


def serve_tags(server: Loopback, settings: Settings, more: int = 0) -> None:
    first = dict.fromkeys(followed(settings, "stack_overflow_tag"), date(2026, 8, 5))
    serve_questions(server, lambda _, month: month.month + more, first)


@pytest.fixture
def everything(server: Loopback, world: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """All eight signals with a short history."""
    monkeypatch.setattr(stack_overflow_questions, "SITE_BEGAN", date(2026, 8, 1))
    for name in followed(world, "github_repo"):
        serve_repository(server, name, weeks_up_to(NOW, 12))
    serve_questions(
        server, lambda _, month: month.month, dict.fromkeys(followed(world, "stack_overflow_tag"), date(2026, 8, 5))
    )
    serve_dump(server, tmp_path)
    serve_lists(server)
    return world


@pytest.mark.slow
@pytest.mark.usefixtures("_no_waiting")
def test_the_same_answers_of_all_signals_again_make_no_new_release(server: Loopback, everything: Settings) -> None:
    report = steps.refresh(everything, ALL, NOW)
    assert report.failed_sources == []
    assert {check.outcome for check in report.checks.values()} == {"downloaded"}
    count = len(server.requests)
    again = steps.refresh(everything, ALL, NOW + timedelta(hours=6))
    assert again.failed_sources == []
    hosts = {request.host for request in server.requests[count:]}
    assert {"api.github.com", "api.stackexchange.com", "sql-clickhouse.clickhouse.com", "huggingface.co"} <= hosts
    assert {check.outcome for check in again.checks.values()} == {"unchanged"}
    assert (again.built.is_new, again.built.reason) == (False, "nothing changed")

    # What changes is landed, and only that.
    serve_tags(server, everything, more=1)
    third = steps.refresh(everything, ALL, NOW + timedelta(hours=7))
    assert {name for name, check in third.checks.items() if check.outcome == "downloaded"} == {
        "stack_overflow_questions"
    }
    assert third.built.is_new


@pytest.mark.slow
def test_without_a_network_each_falls_back_and_says_so(settings: Settings) -> None:
    away = replace(settings, mirror="http://127.0.0.1:9", reachable_seconds=0.2)
    report = steps.refresh(away, SIGNALS, NOW)
    assert len(report.failed_sources) == len(SIGNALS)
    found = status(away)
    origin, latest, message = found["pypi_downloads"]
    assert (origin, latest) == ("reference", date(2026, 7, 1))
    assert message.startswith("no network: ")
    assert message.endswith("Embedded reference data.")
    for source in (huggingface_models, openalex_citations):
        origin, latest, message = found[source.NAME]
        assert (origin, latest) == (None, None)
        assert message.endswith("Nothing is landed, and no reference data is embedded.")
    for source in (conda_downloads, hn_hiring):
        assert found[source.NAME][0] == "reference"

    # The pair share of the embedded lists: PyTorch is ahead for good from 2024-03.
    rows = ask(
        away,
        "select period_start, a_share_of_pair_pct from marts.head_to_head where source = 'pypi_downloads' "
        "and series = 'downloads_per_day' and population = 'pip only' and framework_a = 'pytorch' "
        "and framework_b = 'tensorflow'",
    )
    behind = max(period for period, share in rows if share <= 50)
    assert min(period for period, _ in rows if period > behind) == date(2024, 3, 1)


@pytest.mark.slow
def test_a_new_framework_is_asked_for_everywhere(settings: Settings, tmp_path: Path, server: Loopback) -> None:
    """One more row in frameworks.csv is enough."""
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    for name in ("sql", "dashboards", "flows"):
        (project / name).symlink_to(settings.project / name)
    (project / "data" / "reference").mkdir()
    for path in settings.reference.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "frameworks.csv":
            row = dict.fromkeys(text.splitlines()[0].split(","), "") | {
                "is_framework": "true",
                "is_compared": "false",
                "is_deep_learning": "true",
                "language": "Python",
            }
            named = ("framework", "label", "pypi_package", "conda_package", "stack_overflow_tag", "huggingface_library")
            row |= dict.fromkeys(named, "tinygrad") | {"organisation": "tiny", "github_repo": "tinygrad/tinygrad"}
            text += ",".join(row.values()) + "\n"
        (project / "data" / "reference" / path.name).write_text(text, encoding="utf-8")
    theirs = replace(settings, project=project)
    assert "tinygrad" in main_names(theirs, "pypi_package")
    server.answer("sql-clickhouse.clickhouse.com", "/", Answer({"data": []}))
    steps.pull_one(theirs, pypi_downloads, NOW)
    steps.pull_one(theirs, huggingface_models, NOW)
    asked = [f"{request.path}?{request.query} {request.body.decode()}" for request in server.requests]
    for part in ("'tinygrad'", "/api/packages/tinygrad/overall", "library=tinygrad"):
        assert any(part in one for one in asked), json.dumps(asked)
