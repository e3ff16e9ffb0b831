"""The end of a source's time holds for every connection, and the environment is read once a host."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import requests

from flows.errors import Paused
from flows.network.web import Web, session
from flows.settings import Settings
from tests.loopback import Answer, Loopback

HOST = "api.example.org"
ADDRESS = f"https://{HOST}/data"
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"


@pytest.fixture
def brief(settings: Settings) -> Settings:
    """Time for quick answers only."""
    return replace(settings, source_seconds=0.4, read_seconds=9)


@pytest.fixture(autouse=True)
def _ends_in_time() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 1


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server that answers the first request, and the others byte by byte without an end."""
    over = threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.send(GOOD)
            connection.recv(65536)
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
                connection.send(bytes([byte]))
                if over.wait(0.05):
                    break

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        thread.join()


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Name the proxy for addresses that begin with http, and the hosts that need none."""

    def name(proxy: str, none_for: str = "") -> None:
        for variable, value in (("http_proxy", proxy), ("no_proxy", none_for)):
            monkeypatch.setenv(variable, value)
            monkeypatch.setenv(variable.upper(), value)

    return name


def test_a_connection_that_served_before_ends_in_time(dripping: str, brief: Settings) -> None:
    with Web(replace(brief, mirror=dripping)) as web:
        assert web.get(ADDRESS).body == b"good"
        with pytest.raises(Paused, match=r"0\.4 s of this source are used up"):
            web.get(ADDRESS)


def test_a_name_look_up_that_hangs_ends_in_time(brief: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> None:
        over.wait(5)
        raise socket.gaierror(socket.EAI_NONAME, "too late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with Web(replace(brief, mirror=None)) as web, pytest.raises(Paused, match=r"0\.4 s of this source are used up"):
        web.get("http://a.invalid/data")
    over.set()


def test_a_connection_that_opens_too_late_is_closed(
    server: Loopback, brief: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[socket.socket] = []
    told = threading.Event()

    def create(*_: object, **__: object) -> socket.socket:
        told.wait(5)
        opened.append(socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2]))))
        return opened[0]

    monkeypatch.setattr("urllib3.util.connection.create_connection", create)
    with Web(brief) as web, pytest.raises(Paused):
        web.get(ADDRESS)
    told.set()
    until = time.monotonic() + 0.5
    while time.monotonic() < until and (not opened or opened[0].fileno() >= 0):
        time.sleep(0.01)
    assert opened[0].fileno() == -1


def test_a_slow_proxy_ends_in_time(dripping: str, brief: Settings, proxies: Callable[..., None]) -> None:
    proxies(dripping)
    with Web(replace(brief, mirror=None)) as web:
        assert web.get("http://a.invalid/data").body == b"good"
        with pytest.raises(Paused, match=r"0\.4 s of this source are used up"):
            web.get("http://a.invalid/data")


def test_the_environment_is_read_once_a_host(
    server: Loopback, settings: Settings, proxies: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = requests.utils.get_environ_proxies

    def counted(address: str, **rest: Any) -> Any:
        read.append(address)
        return real(address, **rest)

    monkeypatch.setattr("requests.sessions.get_environ_proxies", counted)
    proxies(server.address, none_for="127.0.0.1")
    server.answer("data", "/", Answer(b"through the proxy"))
    server.answer("direct", "/data", Answer(b"direct"))
    with session(replace(settings, mirror=None)) as used:
        bodies = [used.get(f"http://a.invalid/data?{number}").content for number in range(3)]
        bodies += [used.get(f"{server.address}/direct/data").content for _ in range(2)]
    assert bodies == [b"through the proxy"] * 3 + [b"direct"] * 2
    assert read == ["http://a.invalid/data?0", f"{server.address}/direct/data"]


def test_a_redirect_goes_through_the_proxy_of_where_it_leads(
    server: Loopback, settings: Settings, proxies: Callable[..., None]
) -> None:
    proxies(server.address, none_for="127.0.0.1")
    server.answer("direct", "/data", Answer.redirect("http://a.invalid/data"))
    server.answer("data", "/", Answer(b"through the proxy"))
    with session(replace(settings, mirror=None)) as used:
        assert used.get(f"{server.address}/direct/data").content == b"through the proxy"


def test_a_request_names_its_own_proxy(server: Loopback, settings: Settings, proxies: Callable[..., None]) -> None:
    proxies("http://127.0.0.1:9")
    server.answer("data", "/", Answer(b"through its own"))
    with session(replace(settings, mirror=None)) as used:
        with pytest.raises(requests.exceptions.ProxyError):
            used.get("http://a.invalid/data")
        own = used.get("http://a.invalid/data", proxies={"http": server.address})
    assert own.content == b"through its own"
