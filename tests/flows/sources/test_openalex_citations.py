"""Citations of framework papers: closed years, one reading a week, and a key that nobody sees."""

import json
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.errors import SourceError
from flows.settings import Settings
from flows.sources import openalex_citations
from tests.flows.sources.pulled import NOW, Pulled, modelled, pull
from tests.loopback import Answer, Loopback
from tests.shared_data import shared

HOST = "api.openalex.org"
MODELS = ("staging/openalex_citations__years", "intermediate/openalex_citations_observations")
PYTORCH, TENSORFLOW = "10.48550/arxiv.1912.01703", "10.48550/arxiv.1605.08695"


@pytest.fixture(autouse=True)
def _two_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    papers = {PYTORCH: "pytorch", TENSORFLOW: "tensorflow"}
    monkeypatch.setattr(openalex_citations, "further_names", lambda *_: papers)
    monkeypatch.setattr(openalex_citations, "titles", lambda *_: dict.fromkeys(papers, "A paper on frameworks"))


def work(number: int = 1, title: str = "A paper", **years: object) -> dict[str, Any]:
    rows = [{"year": int(year.removeprefix("y")), "cited_by_count": count} for year, count in years.items()]
    return {"id": f"https://openalex.org/W{number}", "display_name": title, "counts_by_year": rows}


def serve(server: Loopback, pytorch: Any = None, tensorflow: Any = None) -> None:
    for doi, body in ((PYTORCH, pytorch), (TENSORFLOW, tensorflow)):
        body = work(y2026=4, y2025=30, y2024=20) if body is None else body
        server.answer(HOST, f"/works/doi:{doi}", body if isinstance(body, Answer) else Answer(body))


def figures(settings: Settings, pulled: Pulled) -> dict[tuple[int, str], float]:
    rows = modelled(settings, openalex_citations, pulled.landed, *MODELS)
    return {(row["period_start"].year, row["framework"]): row["value"] for row in rows}


def test_closed_years_count_and_the_running_one_is_left_out(server: Loopback, settings: Settings) -> None:
    serve(server, tensorflow=work(y2026=1, y2025="12", y2024=None))
    pulled = pull(settings, openalex_citations)
    assert pulled.note is None
    assert figures(settings, pulled) == {(2025, "pytorch"): 30, (2024, "pytorch"): 20, (2025, "tensorflow"): 12}


def test_a_year_is_closed_in_utc(server: Loopback, settings: Settings) -> None:
    serve(server)
    pulled = pull(settings, openalex_citations, datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert max(year for year, _ in figures(settings, pulled)) == 2025


def test_a_work_is_read_once_a_week(server: Loopback, settings: Settings) -> None:
    serve(server)
    first = pull(settings, openalex_citations)
    pull(settings, openalex_citations, NOW + timedelta(days=6), checks=first.checks)
    assert len(server.requests) == 2
    pull(settings, openalex_citations, NOW + timedelta(days=7), checks=first.checks)
    assert len(server.requests) == 4


def test_a_merged_record_is_followed(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=Answer.redirect("https://api.openalex.org/works/W2", status=301))
    server.answer(HOST, "/works/W2", Answer(work(y2025=7)))
    assert figures(settings, pull(settings, openalex_citations))[2025, "pytorch"] == 7


def test_the_same_year_twice_counts_once(server: Loopback, settings: Settings) -> None:
    twice = work(y2025=7)
    twice["counts_by_year"] *= 2
    serve(server, pytorch=twice)
    assert figures(settings, pull(settings, openalex_citations))[2025, "pytorch"] == 7


def test_papers_dated_ahead_cost_nothing_and_show_nothing(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=work(y2028=1, y2027=3, y2026=4, y2025=30))
    pulled = pull(settings, openalex_citations)
    assert pulled.note is None
    assert {year for year, name in figures(settings, pulled) if name == "pytorch"} == {2025}


def test_recorded_tail(server: Loopback, settings: Settings) -> None:
    tail = json.loads(shared("recorded_answers/openalex_citations/work-tail-2025-11.json").read_text())
    serve(server, pytorch=tail | {"display_name": "A paper on frameworks"})
    assert pull(settings, openalex_citations).note is None


def test_a_doi_that_is_lost_is_asked_by_the_id_it_had(server: Loopback, settings: Settings) -> None:
    serve(server)
    first = pull(settings, openalex_citations)
    serve(server, pytorch=Answer({"error": "Not found"}, status=404))
    server.answer(HOST, "/works/W1", Answer(work(y2025=31)))
    later = pull(settings, openalex_citations, NOW + timedelta(days=8), checks=first.checks)
    assert later.note is None
    assert figures(settings, later)[2025, "pytorch"] == 31


def test_a_doi_that_openalex_never_had_says_what_to_do(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=Answer({"error": "Not found"}, status=404))
    assert "under an id only, put that in place of the DOI" in (pull(settings, openalex_citations).note or "")


def test_a_merged_record_is_told(server: Loopback, settings: Settings) -> None:
    serve(server)
    first = pull(settings, openalex_citations)
    serve(server, pytorch=work(number=77, y2025=50))
    later = pull(settings, openalex_citations, NOW + timedelta(days=8), checks=first.checks)
    assert f"{PYTORCH} was W1 and is W77 now" in (later.note or "")


def test_an_id_stands_in_place_of_a_doi(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openalex_citations, "further_names", lambda *_: {"W12": "pytorch"})
    server.answer(HOST, "/works/W12", Answer(work(number=12, y2025=5)))
    assert pull(settings, openalex_citations).names == ["work-W12.json"]


def test_a_limit_told_with_403_is_a_limit(server: Loopback, settings: Settings) -> None:
    slow = Answer({"error": "Forbidden", "message": "Rate limit exceeded; slow down"}, status=403)
    serve(server, pytorch=slow)
    server.answer(HOST, f"/works/doi:{PYTORCH}", slow, Answer(work(y2025=30)))
    assert pull(settings, openalex_citations).note is None
    serve(server, pytorch=slow)
    with pytest.raises(SourceError, match=r"Rate limit exceeded; slow down.*limits us") as raised:
        pull(settings, openalex_citations, NOW + timedelta(days=8))
    assert raised.value.may_pass


TWO_COUNTS = work(y2025=7)
TWO_COUNTS["counts_by_year"].append({"year": 2025, "cited_by_count": 8})


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer("<!doctype html><title>Sign in</title>"), "found an HTML page ('Sign in')"),
        (Answer({"error": "Not found"}, status=404), "found status 404 Not Found"),
        (work(y2029=3), "years up to 2028, found the year 2029"),
        (work(title="Another work", y2025=3), "the work 'A paper on frameworks', found 'Another work'"),
        (work(y2025="many"), "for 2025, found 'many'"),
        (TWO_COUNTS, "one count for 2025, found 7 and 8"),
        ({"id": "W1", "counts": []}, "a list named counts_by_year, found none"),
        (work(), "rows in counts_by_year, found an empty list"),
    ],
    ids=["login", "missing", "future", "another", "words", "two counts", "renamed", "empty"],
)
def test_bad_answers_are_refused_and_the_others_stay(
    server: Loopback, settings: Settings, answer: Any, found: str
) -> None:
    serve(server)
    first = pull(settings, openalex_citations)
    serve(server, pytorch=answer, tensorflow=work(y2025=99))
    later = pull(settings, openalex_citations, NOW + timedelta(days=8), checks=first.checks)
    assert found in (later.note or "")
    assert PYTORCH in (later.note or "")
    assert figures(settings, later)[2025, "pytorch"] == 30
    assert figures(settings, later)[2025, "tensorflow"] == 99


def test_a_spent_quota_says_so_and_asks_no_more(server: Loopback, settings: Settings) -> None:
    said = {"error": "Rate limit exceeded", "message": "The allowance returns at midnight UTC."}
    serve(server, pytorch=Answer(said, status=429, headers={"Retry-After": "35000"}))
    with pytest.raises(SourceError, match=r"Rate limit exceeded: The allowance returns at midnight UTC.*in 35000 s"):
        pull(settings, openalex_citations)
    assert len(server.requests) == 1


def test_a_key_is_not_sent_to_a_mirror(server: Loopback, settings: Settings) -> None:
    serve(server)
    pull(replace(settings, openalex_key="secret123"), openalex_citations)
    assert server.requests
    assert {request.query for request in server.requests} == {""}


def test_a_key_is_sent_and_stands_nowhere(
    server: Loopback, outside: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings = outside
    caplog.set_level(logging.INFO)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # as the command line does
    keyed = replace(settings, openalex_key="secret123")
    serve(server, tensorflow=Answer({"error": "bad key secret123"}, status=403))
    pulled = pull(keyed, openalex_citations)
    assert server.requests[0].query == "api_key=secret123"
    assert "bad key ***" in (pulled.note or "")
    server.answer(HOST, f"/works/doi:{PYTORCH}", Answer(no_answer=True))
    with pytest.raises(SourceError) as raised:
        pull(keyed, openalex_citations, NOW + timedelta(days=8), checks=pulled.checks)
    written = [path.read_text() for path in Path(settings.data).rglob("*.json")]
    told = [str(raised.value), str(raised.value.__cause__), caplog.text, pulled.note or "", repr(keyed), *written]
    assert not [text for text in told if "secret123" in text]
    assert figures(settings, pulled) == {(2025, "pytorch"): 30, (2024, "pytorch"): 20}
    assert date(2026, 1, 1).year not in {year for year, _ in figures(settings, pulled)}
