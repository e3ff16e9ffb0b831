"""Every way in which a server, a network or a mirror misbehaves, against a real server on loopback."""

import gzip
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from flows.errors import NetworkError, Paused, SourceError
from flows.network.budget import Budget
from flows.network.mirror import from_mirror, to_mirror
from flows.network.web import Web, session, unreachable
from flows.settings import Settings
from tests.loopback import Answer, Loopback, Request

HOST = "api.example.org"
ADDRESS = f"https://{HOST}/data"
NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def ask(settings: Settings, address: str = ADDRESS, clock: Clock | None = None, draw: float = 1.0) -> bytes:
    budget = Budget(settings.source_seconds, clock, clock.sleep) if clock else None
    with Web(settings, budget, source="example", draw=lambda: draw, now=lambda: NOW) as web:
        return web.get(address).body


def fails(settings: Settings, *words: str, kind: type[SourceError] = SourceError, clock: Clock | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        ask(settings, clock=clock)
    error = caught.value
    assert type(error) is kind
    assert error.address == ADDRESS
    assert error.expected
    assert error.cure
    for word in (ADDRESS, *words):
        assert word in str(error)
    return str(error)


def test_connection_refused(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        mirror = f"http://127.0.0.1:{taken.getsockname()[1]}"
        clock = Clock()
        fails(replace(settings, mirror=mirror), "refused", mirror, "TRENDS_MIRROR", kind=NetworkError, clock=clock)
    assert len(clock.slept) == settings.attempts - 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        pytest.param(Answer(b"x" * 100, stall_seconds=5), "silence of 0.3 s", marks=pytest.mark.slow),
        pytest.param(
            Answer(b"x" * 100, cut_at=10, after_cut="stall"),
            "after 10 of 100 bytes: silence of 0.3 s",
            marks=pytest.mark.slow,
        ),
        (Answer(b"x" * 100, cut_at=10, after_cut="reset"), "reset"),
        (Answer(b"x" * 100, cut_at=10), "after 10 of 100 bytes: it ended too early"),
        (Answer(b"x" * 100, cut_at=10, chunked=True), "after 10 bytes: it ended too early"),
        (Answer(no_answer=True), "closed connection"),
    ],
)
def test_broken_connections_are_tried_again(server: Loopback, settings: Settings, bad: Answer, words: str) -> None:
    server.answer(HOST, "/data", bad, Answer(b"good"))
    assert ask(settings) == b"good"
    server.answer(HOST, "/data", bad)
    fails(replace(settings, attempts=1), words, "attempt 1 of 1", kind=NetworkError)


def test_backoff_doubles_with_full_jitter(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(status=503))
    clock = Clock()
    with pytest.raises(SourceError, match="attempt 4 of 4"):
        ask(replace(settings, attempts=4, backoff_seconds=0.4), clock=clock, draw=0.5)
    assert clock.slept == [0.2, 0.4, 0.8]


@pytest.mark.parametrize("bad", [Answer(status=500), Answer(status=429), Answer(status=502, body="<html>")])
def test_passing_status_then_good(server: Loopback, settings: Settings, bad: Answer) -> None:
    server.answer(HOST, "/data", bad, bad, Answer(b"good"))
    assert ask(settings) == b"good"
    assert len(server.requests) == 3


def test_unavailable_for_ever(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(status=503))
    fails(settings, "status 503 Service Unavailable (attempt 3 of 3)", "refresh again later")
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        (400, "documentation"),
        (401, "TRENDS_MIRROR"),
        (403, "TRENDS_MIRROR"),
        (404, "update URL in flows/sources/example.py"),
        (410, "update URL in flows/sources/example.py"),
    ],
)
def test_refusals_are_asked_once(server: Loopback, settings: Settings, status: int, cure: str) -> None:
    server.answer(HOST, "/data", Answer(status=status))
    fails(settings, f"found status {status}", cure, f"(through the mirror {server.address})")
    assert len(server.requests) == 1


@pytest.mark.parametrize("told", ["7", "Sat, 21 Nov 2026 14:15:07 GMT"])
def test_retry_after_is_waited_for(server: Loopback, settings: Settings, told: str) -> None:
    server.answer(HOST, "/data", Answer(status=429, headers={"Retry-After": told}), Answer(b"good"))
    clock = Clock()
    assert ask(replace(settings, source_seconds=60), clock=clock) == b"good"
    assert clock.slept == [7.0]


def test_retry_after_beyond_the_budget_ends_at_once(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(status=429, headers={"Retry-After": "3600"}))
    clock = Clock()
    fails(settings, "status 429", "come back in 3600 s, at 2026-11-21T15:15:00Z", "5 s are left", clock=clock)
    assert (len(server.requests), clock.slept) == (1, [])


@pytest.mark.parametrize(("seconds", "requests"), [("599", 2), ("600", 1), ("100000", 1)])
def test_no_source_sends_us_to_sleep_for_long(
    server: Loopback, settings: Settings, seconds: str, requests: int
) -> None:
    server.answer(HOST, "/data", Answer(status=429, headers={"Retry-After": seconds}))
    clock = Clock()
    fails(replace(settings, source_seconds=1e6, attempts=2), "status 429", clock=clock)
    assert (len(server.requests), len(clock.slept)) == (requests, requests - 1)


def test_pauses_between_attempts_have_a_cap(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(status=503))
    clock = Clock()
    fails(replace(settings, source_seconds=1e6, attempts=5, backoff_seconds=20.0), "attempt 5 of 5", clock=clock)
    assert clock.slept == [20.0, 40.0, 60.0, 60.0]


@pytest.mark.parametrize(("status", "may_pass"), [(503, True), (429, True), (404, False), (400, False)])
def test_only_what_was_tried_again_may_pass(server: Loopback, settings: Settings, status: int, may_pass: bool) -> None:
    server.answer(HOST, "/data", Answer(status=status))
    with pytest.raises(SourceError) as caught:
        ask(settings)
    assert (caught.value.may_pass, caught.value.status) == (may_pass, status)


def test_retry_after_nonsense_is_ignored(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(status=429, headers={"Retry-After": "soon"}), Answer(b"good"))
    assert ask(settings) == b"good"


@pytest.mark.parametrize(
    "slow",
    [
        Answer(b"x" * 1000, drip_seconds=0.1),
        Answer(b"x" * 1000, drip_seconds=0.1, chunked=True),
        Answer(b"x", stall_seconds=10),
    ],
)
def test_no_server_is_slower_than_the_budget(server: Loopback, settings: Settings, slow: Answer) -> None:
    server.answer(HOST, "/data", slow)
    started = time.monotonic()
    patient = replace(settings, source_seconds=0.4, read_seconds=9)
    fails(patient, "0.4 s of this source", "TRENDS_SOURCE_SECONDS (now 0.4)", kind=Paused)
    assert time.monotonic() - started < 1


def test_dripping_headers_end_with_the_budget(settings: Settings) -> None:
    dripped = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 1000:
                connection.send(bytes([byte]))
                if dripped.wait(0.05):
                    break

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        mirror = f"http://127.0.0.1:{listener.getsockname()[1]}"
        started = time.monotonic()
        fails(replace(settings, mirror=mirror, source_seconds=0.4), "0.4 s", kind=Paused)
        assert time.monotonic() - started < 1
        dripped.set()
        thread.join()


def test_oversize_by_header_reads_no_body(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(b"x" * 2000, cut_at=0, after_cut="stall"))
    fails(replace(settings, max_bytes=1000), "at most 1000 bytes", "2000 bytes", "TRENDS_MAX_BYTES")
    assert len(server.requests) == 1


def test_oversize_by_body(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(b"x" * 2000, chunked=True))
    fails(replace(settings, max_bytes=1000), "at most 1000 bytes", "TRENDS_MAX_BYTES")


def test_redirect_loop(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer.redirect("/other"))
    server.answer(HOST, "/other", Answer.redirect("/data"))
    fails(settings, "a redirect loop", "flows/sources/example.py")
    assert len(server.requests) < 15


@pytest.mark.parametrize("location", ["ftp://example.org/x", "https://["])
def test_redirect_that_leads_nowhere(server: Loopback, settings: Settings, location: str) -> None:
    server.answer(HOST, "/data", Answer.redirect(location))
    fails(settings, "a redirect that leads nowhere", "flows/sources/example.py")
    assert len(server.requests) == 1


def test_redirect_without_location(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(status=302))
    fails(settings, "status 302 Found")


def test_body_of_a_redirect_is_not_read(server: Loopback, settings: Settings) -> None:
    endless = Answer.redirect("/good", body=b"x" * 100, cut_at=1, after_cut="stall")
    server.answer(HOST, "/data", endless)
    server.answer(HOST, "/good", Answer(b"good"))
    assert ask(settings) == b"good"


@pytest.mark.parametrize(
    ("location", "host", "path"),
    [
        ("https://cdn.example.net/a%2Fb?sig=%2f", "cdn.example.net", "/a%2Fb"),
        ("//cdn.example.net/b", "cdn.example.net", "/b"),
        ("/b", HOST, "/b"),
        ("b/c", HOST, "/b/c"),
        ("MIRROR/cdn.example.net/b", "cdn.example.net", "/b"),
    ],
)
def test_redirects_under_a_mirror(server: Loopback, settings: Settings, location: str, host: str, path: str) -> None:
    server.answer(HOST, "/data", Answer.redirect(location.replace("MIRROR", server.address)))
    server.answer(host, path, Answer(b"good"))
    with Web(settings) as web:
        answer = web.get(ADDRESS)
    assert answer.body == b"good"
    assert answer.final_address.split("?")[0] == f"https://{host}{path}"
    assert server.requests[-1].headers["Host"] == server.address.removeprefix("http://")


def test_mirror_keeps_method_path_query_and_body(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/a%20b/%C3%A9", lambda request: Answer(request.body))
    with Web(settings) as web:
        answer = web.get(f"https://{HOST}/a%20b/%C3%A9?q=a%2Bb&q=%7B", method="POST", data=b"body")
    request = server.requests[-1]
    assert (request.method, request.host, request.path) == ("POST", HOST, "/a%20b/%C3%A9")
    assert (request.query, answer.body) == ("q=a%2Bb&q=%7B", b"body")


def test_addresses_of_a_mirror() -> None:
    mirror = "http://127.0.0.1:80/base"
    assert to_mirror(mirror, "https://user:secret@h.org:8443") == f"{mirror}/h.org:8443/"
    assert to_mirror(mirror, f"{mirror}/h.org/x") == f"{mirror}/h.org/x"
    assert from_mirror(mirror, f"{mirror}/h.org/x?y") == "https://h.org/x?y"
    assert from_mirror(mirror, "//127.0.0.1:80/base/h.org/x") == "https://h.org/x"
    assert from_mirror(mirror, "/base/h.org/x") == "/base/h.org/x"


def test_cookies_belong_to_the_outside_host(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/login", Answer(headers={"Set-Cookie": "NID=abc; Domain=.example.org; Path=/; Secure"}))
    server.answer(HOST, "/data", Answer(b"good"))
    server.answer("elsewhere.net", "/data", Answer(b"good"))
    with session(settings) as used:  # as a library would use it: no limits, no retries of ours
        first = used.get(f"https://{HOST}/login", timeout=1)
        used.get(f"https://www.{HOST}/data", timeout=1)
        used.get("https://elsewhere.net/data", timeout=1)
    assert first.cookies.get("NID", domain=".example.org") == "abc"
    assert first.url == f"https://{HOST}/login" == first.request.url
    assert [request.headers.get("Cookie") for request in server.requests] == [None, "NID=abc", None]


def test_passwords_of_netrc_reach_nobody(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither in place of our key, nor at a mirror, nor where a redirect leads."""
    netrc = tmp_path / "netrc"
    netrc.write_text("\n".join(f"machine {host} login me password secret" for host in (HOST, "elsewhere.net")))
    monkeypatch.setenv("NETRC", str(netrc))
    server.answer(HOST, "/data", Answer.redirect("https://elsewhere.net/data"))
    server.answer("elsewhere.net", "/data", Answer(b"good"))
    assert ask(settings) == b"good"
    with Web(settings) as web:
        web.get(ADDRESS, headers={"Authorization": "Bearer key"})
    sent = [(request.host, request.headers.get("Authorization")) for request in server.requests]
    assert sent == [(HOST, None), ("elsewhere.net", None), (HOST, "Bearer key"), ("elsewhere.net", None)]


def test_mirror_goes_past_proxies(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    server.answer(HOST, "/data", Answer(b"good"))
    assert ask(settings) == b"good"


def test_library_that_forgets_a_time_limit_has_one(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data", Answer(stall_seconds=9))
    with session(settings) as used, pytest.raises(requests.ReadTimeout):
        used.get(ADDRESS)


def test_small_json_answers(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, "/data?page=2", Answer({"items": [1, 2]}))
    with Web(settings) as web:
        assert web.get_json(ADDRESS, {"page": 2}) == {"items": [1, 2]}


def html(_: Request) -> Answer:
    return Answer("<!DOCTYPE html><html><head><title>Sign\n in</title>", headers={"Content-Type": "text/html"})


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (html, "found an HTML page ('Sign in')"),
        (Answer(b""), "found an empty body"),
        (Answer(b'{"a": '), "breaks off or is damaged"),
        (Answer(b"PK\3\4"), "bytes starting with"),
    ],
)
def test_json_that_is_none(
    server: Loopback, settings: Settings, answer: Answer | Callable[[Request], Answer], found: str
) -> None:
    server.answer(HOST, "/data", answer)
    with Web(settings, source="example") as web, pytest.raises(SourceError) as caught:
        web.get_json(ADDRESS)
    for words in (ADDRESS, "expected a JSON document", found, "flows/sources/example.py"):
        assert words in str(caught.value)


def test_encoded_answers_are_decoded(server: Loopback, settings: Settings) -> None:
    body = gzip.compress(b'{"a": 1}')
    server.answer(HOST, "/data", Answer(body, headers={"Content-Encoding": "gzip"}))
    with Web(settings) as web:
        assert web.get_json(ADDRESS) == {"a": 1}
    server.answer(HOST, "/data", Answer(b"no gzip at all", headers={"Content-Encoding": "gzip"}))
    with Web(settings) as web, pytest.raises(SourceError, match="a body that does not unpack"):
        web.get_json(ADDRESS)


class TestUnreachable:
    def test_one_host_answers(self, settings: Settings) -> None:
        assert unreachable(("a.invalid", "b.invalid"), settings) is None  # the mirror stands for both

    def test_nobody_answers(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "create_connection", unknown)
        monkeypatch.setenv("NO_PROXY", "*")
        said = unreachable(("a.invalid", "b.invalid"), replace(settings, mirror=None))
        assert said == (
            "no network: none of a.invalid:443, b.invalid:443 answered within 0.5 s (name or service not known)."
        )

    def test_hanging_name_lookup(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        over = threading.Event()

        def hang(*_: object, **__: object) -> None:
            over.wait(5)
            raise OSError("too late")

        monkeypatch.setattr(socket, "create_connection", hang)
        started = time.monotonic()
        said = unreachable(("a.invalid",), replace(settings, mirror=None, reachable_seconds=0.1))
        over.set()
        assert time.monotonic() - started < 0.5
        assert "no answer" in (said or "")

    def test_proxy_is_asked_in_place_of_hosts(
        self, server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        direct = replace(settings, mirror=None)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, server.address)
        assert unreachable(("a.invalid",), direct) is None
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        assert "127.0.0.1:1 did not answer" in (unreachable(("a.invalid",), direct) or "")
