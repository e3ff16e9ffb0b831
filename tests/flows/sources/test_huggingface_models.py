"""Models per library: the site's total, or the documented list counted page by page."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.errors import SourceError
from flows.settings import Settings
from flows.sources import huggingface_created, huggingface_models
from tests.flows.sources.pulled import NOW, Pulled, modelled, pull
from tests.loopback import Answer, Loopback
from tests.shared_data import shared

HOST = "huggingface.co"
MODELS = (
    "staging/huggingface_models__totals",
    "staging/huggingface_models__pages",
    "staging/huggingface_models__created",
    "intermediate/huggingface_models_observations",
)
TODAY = date(2026, 11, 21)
PAGES = "https://huggingface.co/api/models?filter={}&limit=1000&cursor={}"


@pytest.fixture(autouse=True)
def _two_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_created, "fill", lambda *_: "")  # has tests of its own
    monkeypatch.setattr(huggingface_models, "main_names", lambda *_: {"pytorch": "pytorch", "tf": "tensorflow"})


def total(number: object) -> Answer:
    return Answer({"models": [{"id": "owner/name"}], "numItemsPerPage": 30, "numTotalItems": number, "pageIndex": 0})


def serve(server: Loopback, **totals: Answer) -> None:
    for library, answer in totals.items():
        server.answer(HOST, f"/models-json?library={library}&withCount=true", answer)


def serve_list(server: Loopback, library: str, *pages: list[str], links: list[str | None] | None = None) -> None:
    """Pages of the documented list; each links to the next one unless other links are given."""
    addresses = [f"filter={library}&limit=1000"] + [
        f"filter={library}&limit=1000&cursor={n}" for n in range(1, len(pages))
    ]
    links = links or [*(PAGES.format(library, n) for n in range(1, len(pages))), None]
    for address, ids, link in zip(addresses, pages, links, strict=True):
        headers = {"Link": f'<{link}>; rel="next"'} if link else {}
        server.answer(HOST, f"/api/models?{address}", Answer([{"id": one, "likes": 1} for one in ids], headers=headers))


def figures(settings: Settings, pulled: Pulled) -> dict[tuple[date, str], float]:
    rows = modelled(settings, huggingface_models, pulled.landed, *MODELS)
    return {(row["period_start"], row["framework"]): row["value"] for row in rows}


def test_the_total_of_the_day(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=total(700_000), tf=total("9000"))
    pulled = pull(settings, huggingface_models)
    assert pulled.note is None
    assert figures(settings, pulled) == {(TODAY, "pytorch"): 700_000, (TODAY, "tensorflow"): 9000}


def test_a_library_is_read_once_a_week(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=total(1), tf=total(2))
    first = pull(settings, huggingface_models)
    pull(settings, huggingface_models, NOW + timedelta(days=1), checks=first.checks)
    assert len(server.requests) == 2  # NOW is a Saturday
    later = pull(settings, huggingface_models, NOW + timedelta(days=2), checks=first.checks)
    assert len(server.requests) == 4
    assert set(figures(settings, later)) == {
        (day, name) for day in (TODAY, TODAY + timedelta(days=2)) for name in ("pytorch", "tensorflow")
    }


def test_a_library_that_was_missed_is_read_with_the_others_again(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=total(1), tf=Answer("trouble", status=404))
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    first = pull(settings, huggingface_models, monday)
    serve(server, tf=total(2))
    second = pull(settings, huggingface_models, monday + timedelta(days=1), checks=first.checks)
    third = pull(settings, huggingface_models, monday + timedelta(days=7), checks=second.checks)
    assert [(day.day, name) for day, name in sorted(figures(settings, third))] == [
        (23, "pytorch"),
        (24, "tensorflow"),
        (30, "pytorch"),
        (30, "tensorflow"),
    ]


def test_the_day_is_that_of_utc(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=total(1), tf=total(2))
    late = datetime.fromisoformat("2026-12-01T01:30:00+05:00")
    assert {day for day, _ in figures(settings, pull(settings, huggingface_models, late.astimezone(UTC)))} == {
        date(2026, 11, 30)
    }


@pytest.mark.parametrize(
    "answer",
    [
        Answer("<!doctype html><title>Log in</title>"),
        Answer("not here", status=404),
        total(None),
        total("many"),
        Answer({"models": [], "total": 5}),
        Answer([]),
    ],
    ids=["login", "gone", "null", "words", "renamed", "another form"],
)
def test_the_documented_list_is_the_fall_back(server: Loopback, settings: Settings, answer: Answer) -> None:
    serve(server, pytorch=total(5), tf=answer)
    serve_list(server, "tf", ["a/1", "a/2"], ["a/2", "a/3"], ["a/4"])
    # A model that moved from one page to the next while we read counts once.
    assert figures(settings, pull(settings, huggingface_models)) == {(TODAY, "pytorch"): 5, (TODAY, "tensorflow"): 4}


def broken_lists() -> Iterator[Any]:
    loop = PAGES.format("tf", 1)
    yield pytest.param([["a/1"], ["a/2"]], [loop, loop], "which was read before", id="loop")
    yield pytest.param([["a/1"], [], ["a/3"]], None, "found an empty page", id="empty page in the middle")
    yield pytest.param([["a/1"]], ["https://example.org/next"], "which is another host", id="elsewhere")
    yield pytest.param([["a/1"], [""]], None, "models without one", id="no id")


@pytest.mark.parametrize(("pages", "links", "found"), list(broken_lists()))
def test_a_list_that_does_not_end_well_counts_nothing(
    server: Loopback, settings: Settings, pages: list[list[str]], links: list[str | None] | None, found: str
) -> None:
    serve(server, pytorch=total(5))
    serve_list(server, "tf", *pages, links=links)
    pulled = pull(settings, huggingface_models)
    assert found in (pulled.note or "")
    assert "Before that, https://huggingface.co/models-json?library=tf&withCount=true" in (pulled.note or "")
    assert figures(settings, pulled) == {(TODAY, "pytorch"): 5}


def test_a_list_too_long_to_count(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_models, "MOST_PAGES", 2)
    serve(server, pytorch=total(5))
    serve_list(server, "tf", ["a/1"], ["a/2"], ["a/3"])
    pulled = pull(settings, huggingface_models)
    assert "the end of the list within 2 pages" in (pulled.note or "")
    assert figures(settings, pulled) == {(TODAY, "pytorch"): 5}


def test_without_the_count_there_is_no_total(server: Loopback, settings: Settings) -> None:
    """As the service does it: the number stands in the answer where it is asked for."""
    bare = {"models": [], "numItemsPerPage": 30, "pageIndex": 0}
    for library, number in (("pytorch", 700_000), ("tf", 9000)):
        server.answer(HOST, f"/models-json?library={library}", Answer(bare))
        serve(server, **{library: total(number)})
    assert figures(settings, pull(settings, huggingface_models)) == {
        (TODAY, "pytorch"): 700_000,
        (TODAY, "tensorflow"): 9000,
    }
    assert len(server.requests) == 2


def test_a_list_without_an_end_lands_nothing_and_rests_for_a_week(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_models, "MOST_PAGES", 2)
    serve(server, pytorch=total(5), tf=total(None))
    serve_list(server, "tf", ["a/1"], ["a/2"], ["a/3"])
    first = pull(settings, huggingface_models)
    assert [name for name in first.names if name.startswith("list-")] == []
    assert len(server.asked("/api/models")) == 2
    soon = pull(settings, huggingface_models, NOW + timedelta(days=6), checks=first.checks)
    assert len(server.asked("/api/models")) == 2
    assert "found that it had none on 2026-11-21" in (soon.note or "")
    monkeypatch.setattr(huggingface_models, "MOST_PAGES", 3)
    later = pull(settings, huggingface_models, NOW + timedelta(days=9), checks=soon.checks)
    assert [name[:7] for name in later.names if name.startswith("list-")] == ["list-tf"] * 3


def test_a_spent_window_is_told_by_its_header(server: Loopback, settings: Settings) -> None:
    limited = Answer(
        "", status=429, headers={"RateLimit": '"pages";r=0;t=222', "RateLimit-Policy": '"pages";q=100;w=300'}
    )
    serve(server, pytorch=limited, tf=total(1))
    with pytest.raises(SourceError, match=r"come back in 222 s"):
        pull(settings, huggingface_models)


def test_a_spent_quota_does_not_try_the_other_way(server: Loopback, settings: Settings) -> None:
    limited = Answer({"error": "We had to rate limit you"}, status=429, headers={"Retry-After": "300"})
    serve(server, pytorch=limited, tf=total(1))
    with pytest.raises(SourceError, match=r"'We had to rate limit you'.*come back in 300 s"):
        pull(settings, huggingface_models)
    assert len(server.requests) == 1


def test_what_was_held_stays(server: Loopback, settings: Settings) -> None:
    serve(server, pytorch=total(5), tf=total(6))
    first = pull(settings, huggingface_models)
    serve(server, pytorch=Answer("<html>", status=200), tf=Answer("<html>", status=200))
    with pytest.raises(SourceError):
        pull(settings, huggingface_models, NOW + timedelta(days=8), checks=first.checks)
    assert figures(settings, Pulled(None, first.landed))[TODAY, "pytorch"] == 5


def test_recorded_shape(server: Loopback, settings: Settings) -> None:
    body = json.loads(shared("api_samples/hf_models_json.json").read_text())["body"]
    serve(server, pytorch=Answer(body), tf=Answer(body))
    assert figures(settings, pull(settings, huggingface_models)) == {(TODAY, "pytorch"): 0, (TODAY, "tensorflow"): 0}
