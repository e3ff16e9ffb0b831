"""CodeOfPaper paper by paper: what is asked since its dump, how much at a time, and what is refused."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from flows.landing.landing import landed_files
from flows.network.pace import Pace
from flows.settings import Settings
from flows.sources.papers_after_2025 import lookups as paper_lookups
from flows.sources.papers_after_2025 import source as papers_after_2025
from tests.activity import DATASET, DUMP, HUGGING_FACE, parameters, pulled, raw, serve_dump, serve_lists
from tests.loopback import Answer, Loopback, Request

NOW = datetime(2025, 10, 20, 9, 0, tzinfo=UTC)
API = "api.codeofpaper.com"
# tests/activity.py lists two papers a month.
PAPERS = ["2509.00001", "2509.00002", "2508.00001", "2508.00002", "2507.00001", "2507.00002"]
KNOWN = {"paper": {}, "top_repos": [{"full_name": "a/b", "html_url": "https://github.com/a/b", "framework": "jax"}]}


@pytest.fixture(autouse=True)
def world(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, no dump, and an API that knows every other paper."""
    monkeypatch.setattr(papers_after_2025, "PACES", {})
    serve_lists(server)
    for number, paper in enumerate(PAPERS):
        unknown = Answer({"detail": "Paper not found"}, status=404)
        server.answer(API, f"/papers/{paper}/repos", unknown if number % 2 else Answer(KNOWN))


def asked(server: Loopback) -> list[str]:
    return [request.path.split("/")[2] for request in server.requests if request.host == API]


def kept(settings: Settings) -> dict[str, str]:
    """Bodies by paper."""
    with raw(settings, papers_after_2025) as con:
        query = "select part, body from raw.papers_after_2025_answers where kind = 'repositories'"
        return dict(con.execute(query).fetchall())


def test_without_a_dump_every_month_that_is_over_is_asked_newest_first(server: Loopback, settings: Settings) -> None:
    check = pulled(settings, papers_after_2025, NOW)
    assert asked(server) == PAPERS, "October is still running"
    assert "1 missing for now (the dump of CodeOfPaper). https://huggingface.co" in check.message
    assert list(kept(settings)) == PAPERS
    assert "Paper not found" in kept(settings)[PAPERS[1]]


def test_with_a_dump_only_what_came_after_it(server: Loopback, settings: Settings, tmp_path: Path) -> None:
    newer = {**DUMP, "papers": [*DUMP["papers"], {"id": 8, "arxiv_id": "2509.00009", "published_date": "2025-09-03"}]}
    serve_dump(server, tmp_path, newer)
    assert pulled(settings, papers_after_2025, NOW).message == ""
    assert asked(server) == PAPERS[:2]


def test_an_answer_is_kept_for_ever_also_that_a_paper_is_unknown(server: Loopback, settings: Settings) -> None:
    pulled(settings, papers_after_2025, NOW)
    server.requests.clear()
    pulled(settings, papers_after_2025, NOW + timedelta(days=1))
    assert asked(server) == []
    pulled(settings, papers_after_2025, NOW + timedelta(days=20))
    assert asked(server) == ["2510.00001", "2510.00002"]


def test_a_few_papers_a_refresh(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper_lookups, "MOST_ASKED", 3)
    first = pulled(settings, papers_after_2025, NOW)
    assert "3 of 6 papers at CodeOfPaper are held; the next refresh goes on" in first.message
    assert asked(server) == PAPERS[:3]
    second = pulled(settings, papers_after_2025, NOW + timedelta(hours=1))
    assert asked(server) == PAPERS
    assert "papers at CodeOfPaper" not in second.message


def test_the_stated_pace_is_kept(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert papers_after_2025.PACES == {}
    monkeypatch.setattr(papers_after_2025, "PACES", {API: Pace(1, 0.02)})
    pulled(settings, papers_after_2025, NOW)
    times = [request.time for request in server.requests if request.host == API]
    assert min(later - time for time, later in pairwise(times)) >= 0.02


def test_the_end_of_the_time_keeps_what_was_answered(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers_after_2025, "PACES", {API: Pace(3, 600)})
    check = pulled(settings, papers_after_2025, NOW)
    assert check.outcome == "downloaded"
    assert "The 5 s of this source are used up" in check.message
    assert list(kept(settings)) == PAPERS[:3]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("<html><title>Log in</title>"), "expected a JSON document, found an HTML page"),
        (Answer("{"), "found JSON that breaks off"),
        (Answer([1]), "expected a list named top_repos or repositories or repos, found"),
        (Answer("not here", status=404), "found bytes starting with"),
        (Answer({"detail": "no"}), "expected a list named top_repos or repositories or repos, found"),
        (Answer({"top_repos": None}), "expected a list named top_repos or repositories or repos, found"),
        (Answer({"top_repos": [{"name": "a"}]}), "expected repositories with html_url or full_name, found"),
        (Answer({"top_repos": ["a/b"]}), "expected repositories with html_url or full_name, found"),
        (Answer({"error": "quota"}, status=429, headers={"Retry-After": "900"}), "found status 429"),
    ],
)
def test_what_is_no_answer_ends_the_asking_and_keeps_the_rest(
    server: Loopback, settings: Settings, answer: Answer, words: str
) -> None:
    server.answer(API, f"/papers/{PAPERS[2]}/repos", answer)
    check = pulled(settings, papers_after_2025, NOW)
    assert check.outcome == "downloaded"
    for part in ("Papers at CodeOfPaper: 4 missing for now", f"api.codeofpaper.com/papers/{PAPERS[2]}/repos", words):
        assert part in check.message
    assert list(kept(settings)) == PAPERS[:2]
    assert asked(server) == PAPERS[:3]


def test_ids_that_are_none_of_arxiv_are_not_asked(server: Loopback, settings: Settings) -> None:
    def odd(request: Request) -> Answer:
        papers = ["../../x", "2508.00001v2", "", "2508.12345"] if parameters(request)["p"] == "0" else []
        return Answer([{"paper": {"id": one or "n", "publishedAt": "2025-08-05"}} for one in papers])

    server.answer(HUGGING_FACE, "/api/daily_papers", odd)
    pulled(settings, papers_after_2025, NOW)
    assert asked(server) == ["2508.12345"]
    assert not [file for file in landed_files(settings, "papers_after_2025") if DATASET in file.card.name]
