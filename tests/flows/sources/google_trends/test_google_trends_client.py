"""The adapter around pytrends: each of its known defects is made up for, or refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs

import pytest
from pytrends.request import BASE_TRENDS_URL

from flows.errors import NetworkError, SourceError
from flows.network.budget import Budget
from flows.network.web import Web
from flows.settings import Settings
from flows.sources.google_trends.client import Client, WindowError
from tests.flows.sources.google_trends.google_trends_site import (
    BY_COUNTRY,
    EXPLORE,
    HOME,
    HOST,
    JSON_TYPE,
    OVER_TIME,
    TrendsSite,
    behind,
    explored,
    timeline,
)
from tests.loopback import Answer, Loopback, Request

PAIR = ("pytorch", "tensorflow")
TODAY = date(2026, 11, 21)


@pytest.fixture
def site(server: Loopback) -> TrendsSite:
    return TrendsSite(server)


@pytest.fixture
def client(site: TrendsSite, settings: Settings) -> Iterator[Client]:
    with Web(settings, source="google_trends") as web:
        yield Client(web, 0.001)


def test_asks_the_outside_addresses_with_one_cookie_and_in_utc(client: Client, server: Loopback) -> None:
    pulled = client.ask(PAIR, "", "today 5-y", "time")
    client.ask(PAIR, "", "today 5-y", "countries")
    assert BASE_TRENDS_URL == "https://trends.google.com/trends"
    assert pulled.address == f"https://{HOST}{OVER_TIME}"
    assert {request.host for request in server.requests} == {HOST}
    visit, *questions = server.requests
    assert (visit.method, visit.path, visit.query) == ("GET", HOME, "geo=US")
    assert [request.headers["Cookie"] for request in questions] == ["NID=511=abc"] * 3
    assert [(request.method, request.path) for request in questions] == [
        ("POST", EXPLORE),
        ("GET", OVER_TIME),
        ("GET", BY_COUNTRY),
    ]
    assert parse_qs(questions[0].query)["tz"] == parse_qs(questions[1].query)["tz"] == ["0"]
    assert parse_qs(questions[1].query)["token"] == ["APP6_a"]


def test_a_cookie_that_comes_with_a_refusal_is_enough(site: TrendsSite, server: Loopback, settings: Settings) -> None:
    cookie = {"Set-Cookie": "NID=511=late; path=/; domain=.google.com; HttpOnly"}
    server.answer(HOST, HOME, Answer("<title>Error 429</title>", status=429, headers=cookie))
    with Web(settings, source="google_trends") as web:
        Client(web, 0.0).ask(["pytorch", "tensorflow"], "", "today 5-y", "time")
    assert len(server.asked(HOME)) == 1
    assert all("NID=511=late" in request.headers["Cookie"] for request in server.requests[1:])


def test_a_refusal_without_a_cookie_is_tried_again(site: TrendsSite, server: Loopback, settings: Settings) -> None:
    server.answer(HOST, HOME, Answer("slower", status=429))
    with Web(settings, source="google_trends") as web, pytest.raises(SourceError, match="status 429"):
        Client(web, 0.0)
    assert len(server.asked(HOME)) == settings.attempts


def test_untouched_bytes_and_what_the_widget_says(client: Client) -> None:
    pulled = client.ask(PAIR, "US", "all", "time")
    assert pulled.body.startswith(b')]}\',\n{"default"')
    assert pulled.details == {
        "resolution": "MONTH",
        "window": "2004-01-01 2026-11-21",
        "user_type": "USER_TYPE_SCRAPER",
    }


def test_pauses_between_questions_but_not_after_the_visit(site: TrendsSite, settings: Settings) -> None:
    slept: list[float] = []
    with Web(settings, Budget(60, sleep=slept.append)) as web:
        client = Client(web, 10)
        client.ask(PAIR, "", "all", "time")
        client.ask(PAIR, "", "today 5-y", "time")
    assert slept == [10, 10, 10]


def test_a_place_does_not_stick(client: Client, site: TrendsSite) -> None:
    client.ask(PAIR, "US", "today 5-y", "time")
    client.ask(PAIR, "", "today 5-y", "time")
    assert [{item["geo"] for item in question["comparisonItem"]} for question in site.questions] == [{"US"}, {""}]


def test_no_widgets_after_a_good_answer_is_no_old_answer(client: Client, server: Loopback) -> None:
    client.ask(PAIR, "", "today 5-y", "time")
    server.answer(HOST, EXPLORE, behind(")]}'", {"widgets": []}))
    asked = len(server.asked(OVER_TIME))
    with pytest.raises(WindowError, match="expected a widget for keras, mxnet in the world, found none"):
        client.ask(("keras", "mxnet"), "", "today 5-y", "time")
    assert len(server.asked(OVER_TIME)) == asked


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([("pizza", "today 5-y", ""), ("bagel", "today 5-y", "")], "found one for pizza, bagel in the world"),
        ([("pytorch", "today 5-y", "")], "found one for pytorch in the world"),
        ([(word, "today 5-y", "US") for word in PAIR], "found one for pytorch, tensorflow in US"),
    ],
)
def test_a_widget_of_another_question(
    client: Client, server: Loopback, items: list[tuple[str, str, str]], found: str
) -> None:
    server.answer(HOST, EXPLORE, explored(items, TODAY))
    with pytest.raises(WindowError, match=f"expected a widget for pytorch, tensorflow in the world, {found}"):
        client.ask(PAIR, "", "today 5-y", "time")
    assert server.asked(OVER_TIME) == []


@pytest.mark.parametrize(
    ("keywords", "found"),
    [
        ("pytorch", "found the text 'pytorch', which would be sent letter by letter"),
        (tuple("abcdef"), "found 6 keywords"),
        ((), "found 0 keywords"),
        (("PyTorch", "pytorch "), "found doubled or empty ones in PyTorch, pytorch"),
        (("pytorch", " "), "found doubled or empty ones"),
    ],
)
def test_keywords_that_no_request_takes(
    client: Client, server: Loopback, keywords: tuple[str, ...], found: str
) -> None:
    with pytest.raises(WindowError, match=f"expected a list of one to 5 different keywords, {found}.*frameworks.csv"):
        client.ask(keywords, "", "today 5-y", "time")
    assert server.asked(EXPLORE) == []


CONSENT = "<!DOCTYPE html><html><head><title>Before you continue to Google</title></head></html>"


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(CONSENT, headers={"Content-Type": "text/html"}), r"an HTML page \('Before you continue to Google'\)"),
        (Answer(b"", headers=JSON_TYPE), "an empty body"),
        (Answer('{"widgets": []}', headers=JSON_TYPE), "bytes starting with b'"),
        (Answer(')]}\'\n{"widgets": [', headers=JSON_TYPE), "JSON that breaks off or is damaged"),
        (Answer(")]}'\n[]", headers=JSON_TYPE), "found list"),
        (Answer("", status=429, headers={"Content-Type": "text/javascript"}), "status 429 Too Many Requests"),
        (Answer(")]}'\n{}", status=500, headers=JSON_TYPE), "status 500 Internal Server Error"),
    ],
)
@pytest.mark.parametrize("path", [EXPLORE, OVER_TIME])
def test_answers_that_are_about_us_and_not_about_the_question(
    client: Client, server: Loopback, answer: Answer, found: str, path: str
) -> None:
    server.answer(HOST, path, answer)
    with pytest.raises(SourceError, match=rf"https://{HOST}{path}: expected .*{found}") as caught:
        client.ask(PAIR, "", "today 5-y", "time")
    assert not isinstance(caught.value, WindowError)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"default": {"timelineData": []}}, "found an empty list"),
        ({"default": {}}, "found none"),
        ({"default": {"timelineData": [{"time": "0", "value": [1]}]}}, "found entries with 1 values"),
    ],
)
def test_answers_without_figures(client: Client, server: Loopback, body: object, found: str) -> None:
    server.answer(HOST, OVER_TIME, behind(")]}',", body))
    with pytest.raises(WindowError, match=rf"expected timelineData with 2 values in each entry, {found}"):
        client.ask(PAIR, "", "today 5-y", "time")


def test_an_answer_without_content_type(client: Client, server: Loopback) -> None:
    server.answer(HOST, OVER_TIME, replace(timeline([TODAY], [[1, 2]]), headers={}))
    assert client.ask(PAIR, "", "today 5-y", "time").body.startswith(b")]}',")


def test_consent_page_behind_a_redirect(client: Client, server: Loopback) -> None:
    server.answer(HOST, EXPLORE, Answer.redirect("https://consent.google.com/m?continue=x"))
    server.answer("consent.google.com", "/m", Answer(CONSENT))
    with pytest.raises(SourceError, match=r"after a redirect to https://consent\.google\.com/m .*asks for consent"):
        client.ask(PAIR, "", "today 5-y", "time")


@pytest.mark.parametrize("status", [429, 503])
def test_a_stumble_is_tried_again_without_the_retries_of_pytrends(
    client: Client, server: Loopback, site: TrendsSite, status: int
) -> None:
    def play(request: Request) -> Answer:
        return site.explore(request)

    server.answer(HOST, EXPLORE, Answer("", status=status), play)
    assert client.ask(PAIR, "", "today 5-y", "time").body
    assert (client.retries, client.backoff_factor, len(server.asked(EXPLORE))) == (0, 0, 2)


def test_no_network_ends_in_the_constructor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with (
        Web(replace(settings, mirror="http://127.0.0.1:9"), source="google_trends") as web,
        pytest.raises(NetworkError, match=r"explore/: expected an answer, found a broken connection"),
    ):
        Client(web, 0.001)


def test_the_tables_of_pytrends_are_not_made(client: Client) -> None:
    """They drop hasData and formattedValue, and differ with the version of pandas."""
    assert json.loads(client.ask(PAIR, "", "all", "time").body.partition(b"\n")[2])["default"]["timelineData"][0] == {
        "time": "1780272000",
        "formattedTime": "Jun 2026",
        "formattedAxisTime": "Jun 2026",
        "value": [100, 50],
        "hasData": [True, True],
        "formattedValue": ["100", "50"],
    }
    assert client.interest_over_time().empty
