"""One place for every outside request: time limits, retries, caps on size, and errors that an operator can act on.

A request is tried again where another attempt may help: no connection, a broken or silent one, 429 and 5xx.
Everything else ends at once. A source has one time budget for all that it asks; no server, however slow, can exceed it.
"""

import logging
import os
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3

from ..errors import NetworkError, SourceError, module_of
from ..json_text import parsed_json
from ..settings import Settings
from .budget import Budget
from .environment import passwords
from .expect import HEAD_BYTES, JSON, describe
from .failures import Passing, broken_connection, is_door, is_throttle, refused_status, said_by
from .mirror import MOST_REDIRECTS, session
from .pace import Pace, Turns
from .reach import unreachable
from .watch import Late, Watch

__all__ = ["Answer", "Passing", "Reply", "Web", "public", "session", "unreachable"]

log = logging.getLogger(__name__)
T = TypeVar("T")

PIECE_BYTES = 65536
LONGEST_BACKOFF_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 600.0  # a source that wants us away for longer than this is left for the next refresh


def public(address: str) -> str:
    """Leave out what may be a secret: a password before the host, and the signature that a query may hold."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@dataclass(frozen=True)
class Answer:
    """A small answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    final_address: str


class Reply:
    """An answer whose body is still on the wire."""

    def __init__(self, web: "Web", address: str, response: requests.Response) -> None:
        self._web, self._address, self._response = web, address, response
        self.status: int = response.status_code
        self.reason: str = response.reason or ""
        self.headers: Mapping[str, str] = response.headers
        self.final_address: str = response.url

    @property
    def length(self) -> int | None:
        """What the server says that it sends now."""
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isdecimal() else None

    def pieces(self, decode: bool = True) -> Iterator[bytes]:
        """Yield the body as it comes in, within the limits of time and size."""
        web, raw, size = self._web, self._response.raw, 0
        self.refuse_size(self.length or 0)
        while True:
            web.budget.check(self._address)
            try:
                piece = raw.read1(PIECE_BYTES, decode_content=decode)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                web.budget.check(self._address)
                whole = "" if self.length is None else f" of {self.length}"
                raise broken_connection(error, web.settings, f" after {size}{whole} bytes") from error
            if not piece:
                break
            size += len(piece)
            self.refuse_size(size)
            yield piece
        web.budget.check(self._address)  # the end of the time ends a body just like the server does
        if self.length is not None and raw.tell() != self.length:
            raise broken_connection(EOFError(), web.settings, f" after {raw.tell()} of {self.length} bytes")

    def refuse_size(self, size: int) -> None:
        """Raise SourceError for a body that is larger than we keep."""
        limit = self._web.settings.max_bytes
        if size > limit:
            cure = f"Raise TRENDS_MAX_BYTES (now {limit}) if this size is right."
            raise self._web.refusal(self._address, f"at most {limit} bytes", f"{size} bytes or more", cure)

    def head(self) -> bytes:
        """The first bytes of a refusal's body; empty where they do not come."""
        try:
            return bytes(self._response.raw.read1(HEAD_BYTES, decode_content=True))
        except (urllib3.exceptions.HTTPError, OSError, ValueError):
            return b""

    def close(self) -> None:
        """Give the connection back."""
        self._response.close()


class Web:
    """Asks on behalf of one source, within its budget.

    Args:
        settings: limits, mirror and user agent.
        budget: the source's time; a new one of `settings.source_seconds` if left out.
        source: name of the source's module, for the words of errors.
        draw: a number from 0 to 1 that spreads the pauses.
        now: the time of day, which Retry-After may speak of.
        paces: how many requests each host allows; a host that is not named here is not waited for.

    Attributes:
        secrets: texts that may stand in no error and no log, such as a key.
    """

    def __init__(
        self,
        settings: Settings,
        budget: Budget | None = None,
        *,
        source: str = "x",
        draw: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        paces: Mapping[str, Pace] | None = None,
    ) -> None:
        self.secrets: set[str] = passwords(os.environ)
        self._turns = Turns(paces or {})
        self.settings, self.budget, self.source = settings, budget or Budget(settings.source_seconds), source
        self._watch = Watch(self.budget.remaining)
        self._draw, self._now, self._session = draw, now, session(settings, self._watch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._watch.close()
        self._session.close()

    def key(self, secret: str) -> str:
        """A key as it may be sent: not at all to a mirror, which is not the service that the key belongs to."""
        self.secrets |= {secret} - {""}
        return "" if self.settings.mirror else secret

    def get(
        self,
        address: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        data: Any = None,
        also_good: Collection[int] = (),
    ) -> Answer:
        """Fetch a small answer into memory."""

        def receive(reply: Reply) -> Answer:
            body = b"".join(reply.pieces())
            if is_door(reply.status, body[:HEAD_BYTES]):
                raise self._shut_out(reply, address, body[:HEAD_BYTES])
            return Answer(reply.status, reply.headers, body, reply.final_address)

        sent = dict(headers or {})
        return self.exchange(
            address, receive, headers=lambda: sent, method=method, params=params, data=data, also_good=also_good
        )

    def get_json(self, address: str, params: Mapping[str, Any] | None = None, **request: Any) -> Any:
        """Fetch a small JSON answer and parse it."""
        return self.parsed(address, self.get(address, params, **request))

    def parsed(self, address: str, answer: Answer) -> Any:
        """The JSON of a small answer."""
        found = JSON.refuse_head(answer.body[:HEAD_BYTES], len(answer.body))
        if not found:
            try:
                return parsed_json(answer.body)
            except ValueError as error:
                found = f"JSON that breaks off or is damaged ({error})"
        cure = f"Open the address in a browser; if the service has changed, update {module_of(self.source)}."
        raise self.refusal(address, "a JSON document", found, cure, answer.final_address)

    def has_cookie(self, name: str) -> bool:
        """Whether some answer has set a cookie of this name."""
        return name in self._session.cookies.keys()  # noqa: SIM118  # the jar is no mapping of names

    def hold(self, address: str, seconds: float) -> None:
        """Stay away from the host of `address` for so long, as it asks."""
        self._turns.hold(urlsplit(address).netloc, self.budget.now() + seconds)

    def exchange(
        self,
        address: str,
        receive: Callable[[Reply], T],
        *,
        headers: Callable[[], Mapping[str, str]] = dict,
        method: str = "GET",
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        also_good: Collection[int] = (),
    ) -> T:
        """Ask until `receive` has read an answer to its end.

        Args:
            address: the outside address.
            receive: gets each good answer (2xx; 304 and 416 where the headers asked for them); may raise Passing.
            headers: called before each attempt, so that a download can ask for what is still missing.
            method: of the request.
            params: of the query.
            data: body of the request.
            also_good: statuses beside 2xx that are answers of this source.
        """
        attempt = 0
        while True:
            attempt += 1
            self.budget.check(address)
            sent = headers()
            try:
                with self._turns.turn(address, self.budget):
                    reply = Reply(self, address, self._open(method, address, params=params, headers=sent, data=data))
                    try:
                        if reply.status not in also_good:
                            self.judge(reply, address, sent)
                        return receive(reply)
                    finally:
                        reply.close()
            except Passing as problem:
                self._pause(address, attempt, problem)

    def refusal(
        self,
        address: str,
        expected: str,
        found: str,
        cure: str,
        final_address: str | None = None,
        kind: type[SourceError] = SourceError,
    ) -> SourceError:
        """Make an error that tells where the answer came from: a redirect, a mirror."""
        if final_address and public(final_address) != public(address):
            found += f" after a redirect to {public(final_address)}"
        if self.settings.mirror:
            found += f" (through the mirror {self.settings.mirror})"
        error = kind(address, expected, self.without_secrets(found), cure)
        error.host = urlsplit(final_address or address).netloc
        return error

    def without_secrets(self, text: str) -> str:
        """Blot out keys, which a source may repeat in what it answers."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def _open(self, method: str, address: str, **request: Any) -> requests.Response:
        left = self.budget.remaining()
        limits = (min(self.settings.connect_seconds, left), min(self.settings.read_seconds, left))
        try:
            return self._session.request(method, address, stream=True, timeout=limits, **request)
        except Late as error:
            self.budget.check(address)
            raise Passing(f"no answer within {left:.1f} s", "Refresh again later.") from error
        except requests.TooManyRedirects as error:
            cure = f"Open the address in a browser and update {module_of(self.source)}."
            found = f"a redirect loop (more than {MOST_REDIRECTS} redirects)"
            raise self.refusal(address, "a file", found, cure) from error
        except ValueError as error:  # what requests and urllib3 raise for addresses that are none
            cure = f"Open the address in a browser and update {module_of(self.source)}."
            found = f"a redirect that leads nowhere ({error})"
            raise self.refusal(address, "an http or https address", found, cure) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            self.budget.check(address)
            problem = broken_connection(error, self.settings)
            problem.final_address = getattr(getattr(error, "request", None), "url", None)
            # The library's error names the whole address, so it is left out where that holds a key.
            cause = None if self.secrets else error
            if "CERTIFICATE_VERIFY_FAILED" in problem.found:
                there = problem.final_address
                raise self.refusal(address, "an answer", problem.found, problem.cure, there, NetworkError) from cause
            raise problem from cause

    def judge(self, reply: Reply, address: str, sent: Mapping[str, str]) -> None:
        """Let good answers pass; raise Passing for those that may get better and SourceError for the others."""
        status = reply.status
        asked_for = {304: {"If-None-Match", "If-Modified-Since"}, 416: {"Range"}}.get(status, set())
        if 200 <= status < 300 or asked_for & sent.keys():
            return
        head = reply.head()
        if is_door(status, head):
            raise self._shut_out(reply, address, head)
        said = self.without_secrets(said_by(head))
        found, cure, wait = refused_status(status, reply.reason, reply.headers, self.source, self._now(), said)
        if is_throttle(status, head) or status >= 500:
            raise Passing(found, cure, wait, SourceError, status, reply.final_address)
        error = self.refusal(address, "an answer with status 200", found, cure, reply.final_address)
        error.status = status
        raise error

    def _shut_out(self, reply: Reply, address: str, head: bytes) -> SourceError:
        """The error for a page that a firewall sends in place of the service: asking on makes it last longer."""
        host = urlsplit(reply.final_address).netloc
        cure = (
            f"What stands before {host} takes us for a robot: nothing more is asked of this source in this refresh. "
            "Refresh again later, or from another network; until then the last landing is used."
        )
        found = f"status 403 with {describe(head)}"
        error = self.refusal(address, "an answer of the service", found, cure, reply.final_address, NetworkError)
        error.status = reply.status
        return error

    def _pause(self, address: str, attempt: int, problem: Passing) -> None:
        """Wait before the next attempt; raise where there is none."""
        backoff = min(self.settings.backoff_seconds * 2 ** (attempt - 1), LONGEST_BACKOFF_SECONDS)
        wait = max(self._draw() * backoff, problem.wait or 0)
        found = f"{problem.found} (attempt {attempt} of {self.settings.attempts})"
        if attempt < self.settings.attempts and wait >= min(self.budget.remaining(), LONGEST_WAIT_SECONDS):
            found += f"; {self.budget.remaining():.0f} s are left for this source"
        elif attempt < self.settings.attempts:
            log.info("%s: %s; next in %.1f s", address, self.without_secrets(found), wait)
            self.budget.sleep(wait)
            return
        error = self.refusal(address, "an answer", found, problem.cure, problem.final_address, problem.kind)
        error.status = problem.status
        error.may_pass = True
        raise error from problem
