"""Hiring threads: found page by page, read once, counted by whole words over twelve months."""

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.errors import SourceError
from flows.settings import Settings
from flows.sources import hn_hiring
from tests.flows.sources.pulled import NOW, Pulled, loaded, modelled, pull
from tests.loopback import Answer, Loopback
from tests.shared_data import shared

HOST = "hn.algolia.com"
SEARCH = "/api/v1/search_by_date"
MODELS = ("staging/hn_hiring__posts", "intermediate/hn_hiring_observations")
MONTHS = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(10, 22)]  # 2025-11 to 2026-10


@pytest.fixture(autouse=True)
def _one_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", MONTHS[0])


def hit(thread: int, title: str) -> dict[str, Any]:
    return {"objectID": str(thread), "title": title, "created_at": "2026-01-01T15:00:00.000Z", "author": "whoishiring"}


def title(month: date) -> str:
    return f"Ask HN: Who is hiring? ({month:%B %Y})"


def serve_search(server: Loopback, *pages: list[dict[str, Any]]) -> None:
    for number, hits in enumerate(pages):
        body = {"hits": hits, "page": number, "nbPages": len(pages), "nbHits": 99, "hitsPerPage": 20}
        query = f"page={number}&query=hiring&tags=story%2C%28author__whoishiring%2C+author_whoishiring%29"
        server.answer(HOST, f"{SEARCH}?{query}", Answer(body, etag=f'W/"{len(hits)}"'))


def serve_thread(server: Loopback, thread: int, month: date, *texts: str | None) -> None:
    posts = [
        {"id": thread * 1000 + number, "text": text, "author": "a", "children": [{"id": 1, "text": "PyTorch?"}]}
        for number, text in enumerate(texts)
    ]
    body = {"id": thread, "title": title(month), "type": "story", "text": "keras", "children": posts}
    server.answer(HOST, f"/api/v1/items/{thread}", Answer(body))


def serve_year(server: Loopback, *texts: str | None) -> None:
    """Twelve threads on two pages, among threads of another kind and that of the running month."""
    hits = [hit(100 + number, title(month)) for number, month in enumerate(MONTHS)][::-1]
    others = [hit(7, "Ask HN: Who wants to be hired? (October 2026)"), hit(8, "Ask HN: Who is hiring right now?")]
    serve_search(server, [hit(112, title(date(2026, 11, 1))), *others, *hits[:6]], hits[6:])
    for number, month in enumerate(MONTHS):
        serve_thread(server, 100 + number, month, *(texts or ("PyTorch and Keras", "nothing", None)))


def figures(settings: Settings, pulled: Pulled) -> dict[tuple[date, str], tuple[float, int]]:
    rows = modelled(settings, hn_hiring, pulled.landed, *MODELS)
    return {(row["period_start"], row["framework"]): (row["value"], row["base"]) for row in rows}


def threads(server: Loopback) -> list[str]:
    return [request.path.rpartition("/")[2] for request in server.requests if "/items/" in request.path]


def test_a_thread_is_read_again_within_sixty_days_and_landed_where_its_posts_differ(
    server: Loopback, settings: Settings
) -> None:
    serve_year(server)
    pulled = pull(settings, hn_hiring)
    server.requests.clear()
    serve_thread(server, 103, MONTHS[3], "PyTorch and Keras", "nothing", None, "PyTorch, too")
    body = {"id": 104, "points": 99, "children": [{"id": 104001, "text": "nothing", "children": []}]}
    body["children"] += [{"id": 104000, "text": "PyTorch and Keras"}, {"id": 104002, "text": None}]
    server.answer(HOST, "/api/v1/items/104", Answer(body))
    for day in range(5, 61, 5):
        pulled = pull(settings, hn_hiring, NOW + timedelta(days=day), checks=pulled.checks)
    again = [thread for thread in threads(server) if thread != "112"]  # that of the month that has ended since
    assert set(again) == {str(100 + number) for number in range(12)}
    assert max(again.count(thread) for thread in again) <= 2
    stamps = {file.card.name: file.path.parent.name for file in pulled.landed}
    assert stamps["thread-103.json"] > stamps["thread-104.json"] == stamps["thread-105.json"]


def test_twelve_months_are_summed(server: Loopback, settings: Settings) -> None:
    serve_year(server)
    pulled = pull(settings, hn_hiring)
    assert pulled.note is None
    assert threads(server) == [str(number) for number in range(111, 99, -1)]  # newest first
    # Answers to posts, the thread's own words and deleted posts do not count.
    assert figures(settings, pulled) == {(MONTHS[-1], "pytorch"): (12, 24), (MONTHS[-1], "keras"): (12, 24)}


def test_names_are_whole_words(server: Loopback, settings: Settings) -> None:
    texts = {
        "We use PYTORCH/TensorFlow.": ["pytorch", "tensorflow"],
        "PyTorch&#x2F;JAX, <i>scikit-learn</i>": ["jax", "pytorch", "scikit-learn"],
        "sklearn; scikit-learn; scikit learn": ["scikit learn", "scikit-learn", "sklearn"],
        "caffe2": ["caffe2"],
        "decaffeinated, jaxson, pytorchvision, kerasy": [],
        "Hugging Face models, fast.ai": ["fast.ai", "hugging face"],
        "torch-bearer with a carrot": [],
        "keras keras keras": ["keras"],
    }
    serve_year(server, *texts)
    pulled = pull(settings, hn_hiring)
    with loaded(settings, hn_hiring, pulled.landed) as con:
        rows = con.execute("select list_sort(words) from raw.hn_hiring_posts order by post_id").fetchall()
    assert [row[0] for row in rows] == list(texts.values()) * 12
    # Three names of one framework in one post are one mention of it.
    assert {framework: value / 12 for (_, framework), (value, _) in figures(settings, pulled).items()} == {
        "pytorch": 2,
        "tensorflow": 1,
        "jax": 1,
        "scikit-learn": 2,
        "caffe2": 1,
        "huggingface-transformers": 1,
        "fastai": 1,
        "keras": 1,
    }


def test_before_its_first_mention_a_framework_has_no_row(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", date(2025, 10, 1))
    serve_year(server, "PyTorch")
    hits = [hit(100 + number, title(month)) for number, month in enumerate(MONTHS)]
    serve_search(server, [hit(99, title(date(2025, 10, 1))), *hits])
    serve_thread(server, 99, date(2025, 10, 1), "Theano")
    serve_thread(server, 111, MONTHS[-1], "JAX")
    found = figures(settings, pull(settings, hn_hiring))
    assert found[date(2026, 9, 1), "pytorch"] == (11, 12)
    assert (date(2026, 9, 1), "jax") not in found
    assert found[date(2026, 10, 1), "jax"] == (1, 12)


def test_a_first_fill_goes_on_where_it_stopped(server: Loopback, settings: Settings) -> None:
    serve_year(server)
    limited = replace(settings, hiring_threads_per_refresh=5)
    first = pull(limited, hn_hiring)
    assert first.note == (
        "5 of 12 monthly hiring threads are held; the next refresh goes on with the others, "
        "which take about 2 more refreshes."
    )
    assert figures(settings, first) == {}  # five months are not twelve
    second = pull(limited, hn_hiring, NOW + timedelta(days=1), checks=first.checks)
    third = pull(limited, hn_hiring, NOW + timedelta(days=2), checks=second.checks)
    assert third.note is None
    assert len(threads(server)) == len(set(threads(server))) == 12
    count = len(server.requests)
    pull(limited, hn_hiring, NOW + timedelta(days=3), checks=third.checks)
    [request] = server.requests[count:]  # only whether there is a new thread, and only if the page has changed
    assert request.query.startswith("page=0&")
    assert request.headers["If-None-Match"] == 'W/"9"'


def test_the_month_in_the_title_decides(server: Loopback, settings: Settings) -> None:
    assert hn_hiring.month_of("Ask HN: Who is Hiring? (January 2012)") == "2012-01"
    assert hn_hiring.month_of("Ask HN: Who is hiring? (Sept 2014)") == "2014-09"
    assert hn_hiring.month_of("Ask HN: Who is hiring? (Smarch 2014)") is None
    assert hn_hiring.month_of("Ask HN: Freelancer? Seeking freelancer? (May 2014)") is None
    serve_year(server)
    pull(settings, hn_hiring, datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    assert threads(server)[0] == "110"  # October is not over in UTC
    serve_search(server, [hit(200, title(date(2030, 1, 1)))])
    pull(settings, hn_hiring, datetime(2026, 11, 1, 0, 1, tzinfo=UTC))
    assert "200" not in threads(server)


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ([[hit(111, title(MONTHS[-1]))], []], "page=1&query.*rows in hits, found an empty list"),
        ([[hit(111, title(MONTHS[-1]))]] * 2, "that stood on no page before it, found the same ones again"),
        ([[hit(111, title(MONTHS[-1]))], [{"objectID": "1"}]], "none named title in"),
    ],
    ids=["empty page in the middle", "the same page again", "renamed"],
)
def test_pages_that_do_not_go_on_are_told_and_what_was_found_is_landed(
    server: Loopback, settings: Settings, pages: list[list[dict[str, Any]]], found: str
) -> None:
    serve_search(server, *pages, [hit(100, title(MONTHS[0]))])
    serve_thread(server, 111, MONTHS[-1], "PyTorch")
    pulled = pull(settings, hn_hiring)
    assert re.search(found, pulled.note or "")
    assert "1 of 12 monthly hiring threads are held" in (pulled.note or "")
    assert "thread-111.json" in pulled.names


def test_titles_that_name_no_month_are_refused(server: Loopback, settings: Settings) -> None:
    serve_search(server, [hit(number, "perhaps") for number in range(5)])
    with pytest.raises(SourceError, match=r"page=0.*expected a title such as 'Ask HN: .*found perhaps, perhaps"):
        pull(settings, hn_hiring)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer("<html><title>Log in</title>"), "found an HTML page ('Log in')"),
        (Answer({"id": 5, "children": [{"id": 1, "text": "x"}]}), "an id and a text, found the item 5 with 1 answers"),
        (Answer({"id": 111, "children": []}), "found the item 111 with no answers"),
        (Answer({"id": 111, "kids": []}), 'does not have key "children"'),
        (Answer({"id": 111, "children": [{"id": 1, "comment": "x"}]}), 'does not have key "text"'),
        (Answer({"id": 111, "children": {"1": "x"}}), "Expected ARRAY, but got OBJECT"),
        (Answer(b'{"id": 111, "children": [{"id": 1, "text": x}]}'), "Malformed JSON"),
        (Answer("gone", status=404), "found status 404"),
    ],
    ids=["login", "another thread", "empty", "renamed", "renamed text", "no list", "damaged", "gone"],
)
def test_a_bad_thread_leaves_the_others(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch, answer: Answer, found: str
) -> None:
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", MONTHS[-2])
    serve_year(server)
    server.answer(HOST, "/api/v1/items/111", answer)
    pulled = pull(settings, hn_hiring)
    assert found in (pulled.note or "")
    assert threads(server) == ["111", "110"]
    assert [name for name in pulled.names if name.startswith("thread-")] == ["thread-110.json"]


def test_a_landed_file_that_cannot_be_read_is_named(server: Loopback, settings: Settings) -> None:
    serve_year(server)
    landed = pull(settings, hn_hiring).landed
    [damaged] = [file.path for file in landed if file.card.name == "thread-105.json"]
    damaged.write_text('{"id": 105, "children": [{"id": 1, "te')
    with pytest.raises(
        SourceError, match=rf"{re.escape(str(damaged))}: expected a landed file that .* for raw.hn_hiring_posts, found"
    ):
        modelled(settings, hn_hiring, landed, *MODELS)


def test_a_spent_quota_stops_the_fill_and_keeps_what_there_is(server: Loopback, settings: Settings) -> None:
    serve_year(server)
    limited = Answer({"message": "Too many requests"}, status=429, headers={"Retry-After": "3600"})
    server.answer(HOST, "/api/v1/items/109", limited)
    pulled = pull(settings, hn_hiring)
    assert threads(server) == ["111", "110", "109"]
    assert "10 missing for now (2026-08, 2026-07" in (pulled.note or "")
    assert "'Too many requests'" in (pulled.note or "")
    assert "come back in 3600 s" in (pulled.note or "")
    assert "2 of 12 monthly hiring threads are held" in (pulled.note or "")


def test_no_search_is_an_error(server: Loopback, settings: Settings) -> None:
    with pytest.raises(SourceError, match=r"search_by_date.*status 404"):
        pull(settings, hn_hiring)


def test_texts_of_posts_stay_out_of_the_warehouse(server: Loopback, settings: Settings) -> None:
    serve_year(server, "PyTorch at Example Ltd")
    with loaded(settings, hn_hiring, pull(settings, hn_hiring).landed) as con:
        assert "example" not in str(con.execute("from raw.hn_hiring_posts").fetchall()).lower()


def recorded_pages() -> list[dict[str, Any]]:
    text = shared("api_samples/hn_algolia_search_by_date.vcr.yml").read_text(encoding="utf-8")
    bodies = re.findall(r"string: '(\{\"hits\"(?:[^']|'')*)'", text)
    return [json.loads(re.sub(r"\n +", " ", body.replace("''", "'"))) for body in bodies]


def test_recorded_pages(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", date(2014, 1, 1))
    for page in recorded_pages():
        query = f"page={page['page']}&query=hiring&tags=story%2C%28author__whoishiring%2C+author_whoishiring%29"
        server.answer(HOST, f"{SEARCH}?{query}", Answer(page))
    pulled = pull(replace(settings, hiring_threads_per_refresh=1), hn_hiring, datetime(2023, 9, 25, tzinfo=UTC))
    # Every month from January 2014 to August 2023 has its thread on the recorded pages.
    assert "missing" not in (pulled.note or "").replace("1 missing for now (2023-08)", "")
    assert threads(server) == ["36956867"]
    found = {month for page in recorded_pages() for hit in page["hits"] if (month := hn_hiring.month_of(hit["title"]))}
    assert len({month for month in found if "2014-01" <= month <= "2023-08"}) == 116


@pytest.mark.slow
def test_sums_of_the_recorded_history(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads with as many posts and mentions as were counted from 2018-10 to 2019-09 give their sums."""
    with shared("jobs_hn/hn_who_is_hiring_framework_mentions.csv").open(encoding="utf-8", newline="") as file:
        months = [row for row in csv.DictReader(file) if row["month"] >= "2018-10"]
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", date(2018, 10, 1))
    dates = [date.fromisoformat(f"{row['month']}-01") for row in months]
    serve_search(server, [hit(500 + number, title(month)) for number, month in enumerate(dates)])
    for number, (row, month) in enumerate(zip(months, dates, strict=True)):
        named = ["TensorFlow"] * int(row["tensorflow"]) + ["PyTorch"] * int(row["pytorch"])
        serve_thread(server, 500 + number, month, *named, *["-"] * (int(row["posts"]) - len(named)))
    found = figures(settings, pull(settings, hn_hiring, datetime(2019, 10, 20, tzinfo=UTC)))
    posts = sum(int(row["posts"]) for row in months)
    for framework in ("tensorflow", "pytorch"):
        assert found[date(2019, 9, 1), framework] == (sum(int(row[framework]) for row in months), posts)
