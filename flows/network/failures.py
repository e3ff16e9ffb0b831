"""Puts failed requests into words: what was found and what the operator can do about it."""

import http.client
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
import urllib3

from ..errors import NetworkError, SourceError, module_of
from ..json_text import parsed_json
from ..settings import Settings
from .expect import is_page

LONGEST_SAYING = 300
MOST_AWAY = timedelta(days=366)
MILLISECONDS = 1e11  # in seconds, the year 5138
_SLOWER = re.compile(rb"rate limit|slow down|too many requests", re.IGNORECASE)
_RATE_LIMIT = re.compile(r"\br=0\s*;\s*t=(\d+)")


class Passing(Exception):
    """A failure that may pass, so that the request is tried again.

    Args:
        found: what came in place of an answer.
        cure: what the operator can do if it does not pass.
        wait: seconds that the source asks us to wait.
        kind: the error that it becomes after the last attempt.
        status: of the answer, if there was one.
        final_address: what refused or did not answer, where a redirect led away from the address.
    """

    def __init__(
        self,
        found: str,
        cure: str,
        wait: float | None = None,
        kind: type[SourceError] = NetworkError,
        status: int | None = None,
        final_address: str | None = None,
    ) -> None:
        self.found, self.cure, self.wait, self.kind, self.status = found, cure, wait, kind, status
        self.final_address = final_address
        super().__init__(found)


def broken_connection(error: Exception, settings: Settings, where: str = "") -> Passing:
    """Put a failed connection into words."""
    root = _root(error)
    if isinstance(error, urllib3.exceptions.DecodeError):
        cure = "Refresh again later; if it stays so, the source sends another encoding than it names."
        return Passing(f"a body that does not unpack: {root}", cure, kind=SourceError)
    reason = getattr(root, "strerror", None) or str(root) or type(root).__name__
    cure = "Check the network and refresh again; until then the last landing is used."
    if settings.mirror:
        cure = f"Check that the mirror runs at {settings.mirror}, or unset TRENDS_MIRROR."
    if isinstance(error, requests.ConnectTimeout):
        reason = f"no connection within {settings.connect_seconds:g} s"
        cure = f"Refresh again later, or raise TRENDS_CONNECT_SECONDS (now {settings.connect_seconds:g})."
    elif isinstance(error, requests.ReadTimeout | urllib3.exceptions.ReadTimeoutError):
        reason = f"silence of {settings.read_seconds:g} s"
        cure = f"Refresh again later, or raise TRENDS_READ_SECONDS (now {settings.read_seconds:g})."
    elif isinstance(root, EOFError | http.client.IncompleteRead):
        reason = "it ended too early"
    elif "CERTIFICATE_VERIFY_FAILED" in str(root):
        cure = "Set REQUESTS_CA_BUNDLE to the certificates that your network trusts."
    elif isinstance(error, requests.exceptions.ProxyError):
        cure = "Check the proxy that HTTPS_PROXY names."
    return Passing(f"a broken connection{where}: {reason}", cure)


def said_by(body: bytes) -> str:
    """What a refusal says in words of its own, such as when a quota returns; empty where it is a page or nothing."""
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            answer = parsed_json(text)
        except ValueError:
            return ""
        words = [str(answer[key]) for key in ("error", "error_message", "message", "exception") if answer.get(key)]
        text = ": ".join(words)
    elif not text.startswith("Code: ") and (is_page(body) or not _SLOWER.search(body)):  # as ClickHouse writes
        return ""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SAYING else f"{text[:LONGEST_SAYING]}..."


def is_throttle(status: int, head: bytes) -> bool:
    """Whether a refusal asks us to be slower: some services say so with 403 in place of 429."""
    return status == 429 or (status == 403 and not is_page(head) and bool(_SLOWER.search(head)))


def is_door(status: int, head: bytes) -> bool:
    """Whether a refusal comes from what stands before a service: a page for people, where the service speaks JSON."""
    return status == 403 and is_page(head)


def refused_status(
    status: int, reason: str, headers: Mapping[str, str], source: str, now: datetime, said: str = ""
) -> tuple[str, str, float | None]:
    """Put a status into words: what was found, the cure, and the seconds that the source asks us to stay away."""
    found, wait, module = f"status {status} {reason}".rstrip(), None, module_of(source)
    found += f" ('{said}')" if said else ""
    if status in (403, 429) or status >= 500:
        wait = _retry_after(headers.get("Retry-After", ""), now)
        wait = _window_end(headers) if wait is None else wait
        if wait is not None:
            back = now + timedelta(seconds=min(wait, 1e9))
            found += f", asking us to come back in {wait:.0f} s, at {back:%Y-%m-%dT%H:%M:%SZ}"
    if status == 429 or status >= 500 or _SLOWER.search(said.encode()):
        cure = "The source has trouble of its own" if status >= 500 else "The source is overloaded or limits us"
        cure += ": refresh again later; until then the last landing is used."
    elif status in (401, 403):
        cure = "The source refuses us: check the address in a browser, or set TRENDS_MIRROR to a copy you may read."
    elif status in (404, 410):
        cure = f"The file has moved: find its new address and update URL in {module}."
    else:
        cure = f"The source does not accept this request: compare it with its documentation and update {module}."
    return found, cure, wait


def _window_end(headers: Mapping[str, str]) -> float | None:
    """Seconds until a spent quota returns, as in `RateLimit: "api";r=0;t=55`; None where nothing is spent."""
    told = _RATE_LIMIT.search(headers.get("RateLimit", ""))
    return float(told[1]) if told else None


def back_in(text: str, now: datetime) -> datetime | None:
    """When a service wants us back that says for how many seconds to stay away; a year at most."""
    return now + min(timedelta(seconds=min(float(text), 1e9)), MOST_AWAY) if text.isdecimal() else None


def back_at(text: str, now: datetime) -> datetime | None:
    """When a service wants us back that says it in seconds since 1970, or in milliseconds; None if it says neither."""
    seconds = float(text) if text.isdecimal() else -1.0
    seconds = seconds / 1000 if seconds > MILLISECONDS else seconds
    return datetime.fromtimestamp(seconds, UTC) if 0 <= seconds <= (now + MOST_AWAY).timestamp() else None


def _retry_after(text: str, now: datetime) -> float | None:
    """Seconds from a Retry-After header, given as seconds or as a date; None if it says neither."""
    text = text.strip()
    if text.isdecimal():
        return float(text)
    try:
        then = parsedate_to_datetime(text)
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _root(error: BaseException) -> BaseException:
    """Dig out the reason that requests and urllib3 wrap several times."""
    inner = [getattr(error, "reason", None), *error.args, error.__cause__]
    return next((_root(one) for one in inner if isinstance(one, BaseException)), error)
