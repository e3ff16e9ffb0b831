"""Sends requests to the outside world, or to a mirror that stands in for it.

A mirror keeps the layout MIRROR/HOST/PATH?QUERY. Only the wire sees its address: the caller, the cookie jar and
redirects go on speaking of the outside world, so a source module never knows that a mirror is in use.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar

from ..settings import Settings
from .watch import Watch

MOST_REDIRECTS = 10


def session(settings: Settings, watch: Watch | None = None) -> requests.Session:
    """Make the session that every outside request goes through, ours and those of libraries.

    Args:
        settings: user agent, mirror and time limits.
        watch: shuts the connections when the time of a source ends.
    """
    made = OutsideSession()
    made.headers["User-Agent"] = settings.user_agent
    made.max_redirects = MOST_REDIRECTS
    for scheme in ("https://", "http://"):
        made.mount(scheme, OutsideAdapter(settings, watch))
    return made


class OutsideSession(requests.Session):
    """A session that takes proxies and certificates from the environment, once a host, and nothing from ~/.netrc.

    What ~/.netrc has for a host, such as the password for its repositories, would take the place of our key, make a
    service refuse us, or reach a mirror.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self._environment = requests.Session()  # one that trusts it
        self._known: dict[tuple[Any, ...], Any] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """What requests makes of the environment and of what a request names itself."""
        asked = (*urlsplit(url)[:2], tuple(sorted((proxies or {}).items())), stream, verify, cert)
        if asked not in self._known:
            environment = self._environment
            environment.proxies, environment.verify, environment.cert = self.proxies, self.verify, self.cert
            self._known[asked] = environment.merge_environment_settings(url, proxies, stream, verify, cert)
        return {**self._known[asked], "proxies": dict(self._known[asked]["proxies"])}

    def rebuild_proxies(self, prepared_request: Any, proxies: Any) -> Any:
        """The proxies of the address that a redirect leads to."""
        return self._environment.rebuild_proxies(prepared_request, proxies)  # type: ignore[no-untyped-call]


class OutsideAdapter(HTTPAdapter):
    """Carries every hop of a requests session; works for any library that takes a session.

    Args:
        settings: the mirror and the time limits of a request that names none.
        watch: of all connections, if there is a time that ends.
    """

    def __init__(self, settings: Settings, watch: Watch | None = None) -> None:
        self.mirror = settings.mirror
        self.limits = (settings.connect_seconds, settings.read_seconds)
        self.watch = watch
        super().__init__()

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        """Make what opens the connections."""
        super().init_poolmanager(*args, **named)
        if self.watch:
            self.watch.over(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """What opens the connections to a proxy."""
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **named)
        if self.watch and is_new:
            self.watch.over(manager)
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send one hop; a redirect comes back without its body, which nobody needs and a server may make endless."""
        timeout = self.limits if timeout is None else timeout
        if self.mirror is None:
            response = super().send(request, stream, timeout, verify, cert, proxies)
        else:
            copy = request.copy()
            copy.url = to_mirror(self.mirror, request.url or "")
            copy.headers.pop("Host", None)
            try:
                response = super().send(copy, stream, timeout, verify, cert, proxies={})
            except requests.RequestException as error:
                error.request = request  # which names the host that the mirror stands for
                raise
            _speak_of_the_outside(response, request, self.mirror)
        if response.is_redirect:
            response.close()
            response._content = b""  # what requests checks before it would read the body
            response._content_consumed = True  # type: ignore[attr-defined]
        return response


def to_mirror(mirror: str, address: str) -> str:
    """Rewrite https://HOST/PATH?QUERY to MIRROR/HOST/PATH?QUERY, path and query byte for byte."""
    if address.startswith(f"{mirror}/"):
        return address
    host, rest = re.fullmatch(r"\w+://([^/?#]*)(.*)", address, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{mirror}/{host.rpartition('@')[2]}{rest if rest.startswith('/') else '/' + rest}"


def from_mirror(mirror: str, location: str) -> str:
    """Map a redirect to the mirror's own address back to the outside address that it stands for."""
    base = mirror.partition(":")[2] + "/"
    rest = re.sub(r"^https?:(?=//)", "", location)
    return f"https://{rest.removeprefix(base)}" if rest.startswith(base) else location


def _speak_of_the_outside(response: requests.Response, request: requests.PreparedRequest, mirror: str) -> None:
    response.request, response.url = request, request.url or ""
    if "Set-Cookie" in response.headers:
        response.cookies = RequestsCookieJar()
        extract_cookies_to_jar(response.cookies, request, response.raw)  # type: ignore[no-untyped-call]
    if "Location" in response.headers:
        response.headers["Location"] = from_mirror(mirror, response.headers["Location"])
