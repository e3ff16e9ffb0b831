"""Requests keep to what a host allows, counted at the server; keys and refusals are put into words."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from flows.errors import Paused, SourceError
from flows.landing.landing import JSON, Landing
from flows.network import pace
from flows.network.budget import Budget
from flows.network.pace import MOST_KEPT, Pace, Turns
from flows.network.web import Web
from flows.settings import Settings
from flows.sources import SOURCES, github_stars, hosts, huggingface_models, papers_with_code, pypi_downloads
from tests.flows.sources.pulled import NOW, pull
from tests.loopback import Answer, Loopback, Request


class Clock:
    """Time that passes only where someone waits."""

    def __init__(self) -> None:
        self.time, self.slept = 100.0, list[float]()

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def most_in(times: list[float], seconds: float) -> int:
    """The largest number of requests within any so many seconds."""
    return max(sum(start <= time < start + seconds for time in times) for start in times)


def test_a_burst_up_to_the_limit_waits_for_nothing_and_the_next_one_does() -> None:
    clock = Clock()
    budget, turns = Budget(600, clock, clock.sleep), Turns({"a.org": Pace(3, 60)})
    times = []
    for _ in range(8):
        with turns.turn("https://a.org/x", budget):
            times.append(clock.time)
            clock.time += 1  # the answer takes a second, and counts from its end
    assert times == [100, 101, 102, 161, 162, 163, 222, 223]
    assert most_in(times, 60) == 3


def test_a_host_may_have_a_second_limit() -> None:
    clock = Clock()
    paces = {"a.org": pypi_downloads.PACES["pypistats.org"]}
    budget, turns, times = Budget(600, clock, clock.sleep), Turns(paces), list[float]()
    for _ in range(70):
        with turns.turn("https://a.org/x", budget):
            times.append(clock.time)
    assert (most_in(times, 1), most_in(times, 60)) == (5, 30)
    assert times[-1] - times[0] < 130


def test_hosts_have_turns_of_their_own() -> None:
    clock = Clock()
    budget, turns = Budget(600, clock, clock.sleep), Turns({"a.org": Pace(1, 60), "b.org": Pace(1, 60)})
    for host in ("a.org", "b.org", "c.org", "c.org", "c.org"):
        with turns.turn(f"https://{host}/", budget):
            pass
    assert clock.slept == []


def test_a_turn_after_the_end_of_the_time_is_not_waited_for() -> None:
    clock = Clock()
    budget, turns = Budget(30, clock, clock.sleep), Turns({"a.org": Pace(1, 60)})
    with turns.turn("https://a.org/1", budget):
        pass
    words = r"a\.org/2: .*the 30 s of this source are used up \(TRENDS_SOURCE_SECONDS\).*Refresh again: it goes on"
    with pytest.raises(Paused, match=words), turns.turn("https://a.org/2", budget):
        pass
    assert clock.slept == [], "no use in waiting for nothing"


def test_requests_are_spread_and_held_off_when_a_host_asks_for_it() -> None:
    clock = Clock()
    budget, turns = Budget(10, clock, clock.sleep), Turns({"a.org": Pace(1, 2)})
    for later, held in ((0, 0), (0.5, 0), (0, 3.0), (0, 0)):
        with turns.turn("https://a.org/x", budget):
            pass
        clock.time += later
        if held:
            turns.hold("a.org", held, budget)
    assert clock.slept == [2.0, 1.5, 3.0]


def test_a_host_without_a_pace_can_ask_us_to_stay_away(server: Loopback, settings: Settings) -> None:
    clock = Clock()
    server.answer("a.org", "/", Answer({}))
    with Web(settings, Budget(60, clock, clock.sleep)) as web:
        web.get("https://a.org/")
        web.hold("https://a.org/other", 7)
        web.get("https://a.org/")
        web.hold("https://a.org/", 70)
        with pytest.raises(Paused, match="the 60 s of this source are used up"):
            web.get("https://a.org/")
    assert clock.slept == [7.0]
    assert len(server.requests) == 2


def test_the_server_never_counts_more_than_the_limit(server: Loopback, settings: Settings) -> None:
    server.answer("a.org", "/", Answer({}))
    server.answer("a.org", "/slow", *[Answer(status=500)] * 2, Answer({}))
    with Web(settings, paces={"a.org": Pace(5, 0.2)}) as web:
        for _ in range(11):
            web.get("https://a.org/")
        web.get("https://a.org/slow")  # attempts are requests too
    times = [request.time for request in server.requests]
    assert len(times) == 14
    assert most_in(times, 0.2) <= 5


@pytest.mark.parametrize("is_noted", [True, False])
def test_those_who_share_a_folder_keep_one_pace_together(server: Loopback, settings: Settings, is_noted: bool) -> None:
    """Three threads stand for three workers: each opens the file of the host by itself, as a process does."""
    server.answer("a.org", "/", Answer({}))

    def ask(_: int) -> None:
        with Web(settings, paces={"a.org": Pace(4, 0.3)}, is_noted=is_noted) as web:
            for _ in range(4):
                web.get("https://a.org/")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(ask, range(3)))
    times = [request.time for request in server.requests]
    assert len(times) == 12
    assert (most_in(times, 0.3) <= 4) is is_noted, "without the folder each counts for itself"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of day and that of every budget."""
    made = Clock()
    monkeypatch.setattr(pace, "time", SimpleNamespace(time=made))
    return made


def noted(folder: Path, clock: Clock) -> tuple[Budget, Turns]:
    return Budget(600, clock, clock.sleep), Turns({"a.org": Pace(1, 60)}, folder)


def test_the_next_run_knows_when_a_host_was_asked_and_what_it_asked_for(tmp_path: Path, clock: Clock) -> None:
    budget, turns = noted(tmp_path, clock)
    with turns.turn("https://a.org/", budget):
        pass
    budget, turns = noted(tmp_path, clock)
    with turns.turn("https://a.org/", budget):
        pass
    turns.hold("a.org", 500, budget)
    assert sum(clock.slept) == 60
    budget, turns = noted(tmp_path, clock)
    with turns.turn("https://a.org/", budget):
        pass
    assert sum(clock.slept) == 560


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[1]",
        '{"asked": [1',
        '{"asked": ["x"], "held_until": 0}',
        '{"asked": [null], "held_until": null}',
        f'{{"asked": [{10**11}], "held_until": 0}}',
        "[" * 100_000,
        '{"asked": [NaN], "held_until": NaN}',
    ],
    ids=["empty", "list", "cut", "text", "null", "of a clock that was put back", "deep", "no number"],
)
def test_a_file_of_turns_that_tells_nothing_keeps_nobody_waiting(tmp_path: Path, clock: Clock, content: str) -> None:
    (tmp_path / "a.org").write_text(content)
    for waits in (0, 60):
        budget, turns = noted(tmp_path, clock)
        with turns.turn("https://a.org/", budget):
            pass
        assert sum(clock.slept) == waits


def test_a_host_that_wants_us_away_while_another_asks_it_is_left_alone(tmp_path: Path, clock: Clock) -> None:
    (budget, turns), (_, other) = noted(tmp_path, clock), noted(tmp_path, clock)
    asking = ExitStack()
    asking.enter_context(other.turn("https://a.org/", budget))

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        asking.close()

    turns.hold("a.org", 500, Budget(600, clock, sleep))
    asking.close()
    with turns.turn("https://a.org/", budget):
        pass
    assert 500 <= sum(clock.slept) < 501


def test_on_a_full_disk_a_source_goes_by_its_own_requests(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As there, the file is emptied and nothing comes into it."""
    monkeypatch.setattr(pace, "_write", lambda file, _: file.truncate(0))
    budget, turns = noted(tmp_path, clock)
    for _ in range(2):
        with turns.turn("https://a.org/", budget):
            pass
    assert clock.slept == [60]
    turns.hold("a.org", 500, budget)
    with turns.turn("https://a.org/", budget):
        pass
    assert clock.slept == [60, 500]


def test_where_no_file_can_be_had_a_source_goes_by_its_own_requests(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("")
    budget, turns = noted(tmp_path / "file", clock)
    for _ in range(2):
        with turns.turn("https://a.org/", budget):
            pass
    assert clock.slept == [60]


def test_a_large_body_keeps_nobody_else_from_asking(server: Loopback, settings: Settings) -> None:
    begun, is_there = Event(), Event()

    def slow(_: Request) -> Answer:
        begun.set()
        return Answer(b"[" + b" " * 100 + b"]", drip_seconds=0.1, drip_bytes=20)

    server.answer("a.org", "/large", slow)
    server.answer("a.org", "/small", Answer({}))
    paces = {"a.org": Pace(10, 1)}

    def large() -> None:
        with Web(settings, paces=paces, is_noted=True) as web:
            web.get("https://a.org/large")
            is_there.set()

    with ThreadPoolExecutor(1) as pool, Web(settings, paces=paces, is_noted=True) as web:
        asked = pool.submit(large)
        assert begun.wait(10)
        web.get("https://a.org/small")
        assert not is_there.is_set()
        asked.result()


def test_a_whole_source_keeps_to_its_pace(server: Loopback, settings: Settings) -> None:
    """The stated limits, five hundred times as fast."""
    paces = {host: Pace(one.count // 5, one.seconds / 500) for host, one in pypi_downloads.PACES.items()}
    with pytest.raises(SourceError):
        pull(settings, pypi_downloads, paces=paces)  # nothing is there: every package is asked for all the same
    times = [request.time for request in server.requests if request.host == "pypistats.org"]
    assert len(times) == 17
    kept = paces["pypistats.org"]
    assert (kept.count, kept.seconds) == (6, 0.12)
    assert most_in(times, kept.seconds) <= kept.count


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.NAME)
def test_every_pace_belongs_to_a_host_of_its_source(source: object) -> None:
    paces: dict[str, Pace] = getattr(source, "PACES", {})
    assert set(paces) <= set(source.HOSTS)  # type: ignore[attr-defined]
    assert all(1 <= one.count <= MOST_KEPT and one.seconds > 0 for one in paces.values())


def test_who_asks_a_host_that_another_source_knows_the_pace_of_keeps_to_it() -> None:
    assert set(hosts.paces_of(papers_with_code)) == {"huggingface.co"}
    assert hosts.paces_of(github_stars) == github_stars.PACES
    assert hosts.paces_of(papers_with_code)["huggingface.co"] == huggingface_models.PACES["huggingface.co"]


def download(server: Loopback, settings: Settings, **request: object) -> tuple[Landing, Path]:
    with Web(settings, source="x") as web:
        landing = Landing(settings, "x", web, licence="-", citation="-", checks={}, now=NOW)
        file = landing.download("https://a.org/sql", name="a.json", expect=JSON, **request)  # type: ignore[arg-type]
    return landing, file.path


def test_a_post_is_neither_conditional_nor_resumed(server: Loopback, settings: Settings) -> None:
    whole = Answer({"a": "b" * 500}, etag='"1"', accept_ranges=True)
    server.answer("a.org", "/sql", replace(whole, cut_at=100), whole)
    download(server, settings, data="select 'ä'")
    download(server, settings, data="select 'ä'")
    assert [request.method for request in server.requests] == ["POST"] * 3
    assert {request.body for request in server.requests} == {"select 'ä'".encode()}
    assert not [request for request in server.requests if {"Range", "If-None-Match"} & request.headers.keys()]


def test_parameters_stay_off_the_card_and_asked_headers_come_on_it(server: Loopback, settings: Settings) -> None:
    server.answer("a.org", "/sql", Answer({}, headers={"Link": "<next>", "X-Other": "1"}))
    landing, path = download(server, settings, params={"api_key": "secret"}, remember=("Link", "X-Missing"))
    assert server.requests[0].query == "api_key=secret"
    held = landing.held("a.json")
    assert held
    assert held.path == path
    assert held.card.details == {"Link": "<next>"}
    assert "secret" not in held.card.as_json()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer({"error": {"a": 1}}, status=400), r"\('\{'a': 1\}'\)"),
        (Answer({"message": "m " * 400}, status=400), r"m \.\.\.'\)|m m\.\.\.'\)"),
        (Answer("Code: 62. Syntax error", status=400), r"\('Code: 62\. Syntax error'\)"),
        (
            Answer("<html>{error}</html>", status=400),
            "found status 400 Bad Request after|found status 400 Bad Request ",
        ),
        (Answer('{"error": "cut', status=400), r"found status 400 Bad Request \(through"),
    ],
    ids=["object", "long", "clickhouse", "html", "cut"],
)
def test_a_refusal_says_what_the_source_said(server: Loopback, settings: Settings, answer: Answer, words: str) -> None:
    server.answer("a.org", "/", answer)
    with Web(settings) as web, pytest.raises(SourceError, match=words) as raised:
        web.get("https://a.org/")
    assert raised.value.status == 400
    assert len(str(raised.value)) < 700
