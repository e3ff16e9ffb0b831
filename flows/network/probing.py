"""Asks one small question as a source does, and says what differs from what its client is written against."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from ..errors import NetworkError, SourceError
from ..months import month_after, month_before
from ..settings import Settings
from .budget import Budget
from .expect import describe
from .pace import Pace
from .web import Answer, Reply, Web

FIRST_BYTES = 16
RANGE = {"Range": f"bytes=0-{FIRST_BYTES - 1}", "Accept-Encoding": "identity"}
WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
_LIMIT = re.compile(r"rate-?limit|retry-after|quota|backoff", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Probe:
    """A small question, and the shape that its answer has.

    Attributes:
        address: what is asked; {month} stands for a month that is surely published, {after} for the one behind it.
        shape: of a JSON answer: types, lists of one shape, and objects with the keys that we know. `...: None` in an
            object allows keys that we do not name; a tuple names several types; None is null.
        begins: the first bytes of a file, of which no more is asked for.
        data: body of a POST.
        headers: to send.
        cookie: name of a cookie that the answer must set; its body then says nothing.
        good: statuses beside 2xx that the service answers with when all is well.
    """

    address: str
    shape: Any = None
    begins: bytes = b""
    data: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookie: str = ""
    good: tuple[int, ...] = ()

    @property
    def host(self) -> str:
        """The host that is asked."""
        return urlsplit(self.address).netloc


@dataclass(frozen=True)
class Finding:
    """What a probe found.

    Attributes:
        source: whose client asked.
        host: that was asked.
        address: what was asked.
        is_reached: something answered.
        is_as_expected: the answer has the shape that the client needs.
        differs: what is lost, new or of another type.
        limits: headers that tell a limit.
        redirected_to: host that answered in the end, where it is another one.
        refused_by: host that did not answer, or answered with a refusal.
        error: what went wrong, with its cure.
        bytes: size of what was read.
        seconds: that it took.
    """

    source: str
    host: str
    address: str
    is_reached: bool = False
    is_as_expected: bool = False
    differs: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    redirected_to: str = ""
    refused_by: str = ""
    error: str = ""
    bytes: int = 0
    seconds: float = 0.0


def ask(
    source: str, probes: tuple[Probe, ...], paces: Mapping[str, Pace], settings: Settings, today: date, seconds: float
) -> Iterator[tuple[Probe, Finding]]:
    """Ask a source's questions one after the other, at its pace and once each; nothing is written anywhere."""
    once = replace(settings, attempts=1, source_seconds=seconds, read_seconds=min(settings.read_seconds, seconds))
    with Web(once, Budget(seconds), source=source, paces=paces) as web:
        for probe in probes:
            month = month_before(month_before(month_before(today)))
            after = month_after(month)
            yield (
                probe,
                _ask(web, source, probe, _filled(probe.address, month, after), _filled(probe.data, month, after)),
            )


def _filled(text: str | None, month: date, after: date) -> str | None:
    return text and re.sub(r"\{(month|after)(:[^}]*)?\}", lambda m: m[0].format(month=month, after=after), text)


def _ask(web: Web, source: str, probe: Probe, address: str | None, data: str | None) -> Finding:
    assert address  # the address of a probe is a text
    found, began = Finding(source, probe.host, address), monotonic()
    headers = dict(probe.headers) | (RANGE if probe.begins else {})
    try:
        answer = web.exchange(
            address,
            _first if probe.begins else _whole,
            headers=lambda: headers,
            method="GET" if data is None else "POST",
            data=None if data is None else data.encode(),
            also_good=probe.good,
        )
        differs = tuple(_differences(web, probe, address, answer))
    except SourceError as error:
        is_reached = error.status is not None or not isinstance(error, NetworkError)
        refused = error.host or probe.host if error.status or not is_reached else ""
        found = replace(found, is_reached=is_reached, refused_by=refused, error=str(error))
    else:
        there = urlsplit(answer.final_address).netloc
        found = replace(
            found,
            is_reached=True,
            is_as_expected=not [words for words in differs if not words.startswith("new ")],
            differs=differs,
            limits=tuple(f"{name}: {value}" for name, value in answer.headers.items() if _LIMIT.search(name)),
            redirected_to=there if there != probe.host else "",
            bytes=len(answer.body),
        )
    return replace(found, seconds=round(monotonic() - began, 1))


def _whole(reply: Reply) -> Answer:
    return Answer(reply.status, reply.headers, b"".join(reply.pieces()), reply.final_address)


def _first(reply: Reply) -> Answer:
    """The first bytes of a file, also where a server sends all of it."""
    return Answer(reply.status, reply.headers, reply.head()[:FIRST_BYTES], reply.final_address)


def _differences(web: Web, probe: Probe, address: str, answer: Answer) -> Iterator[str]:
    if probe.cookie:
        if not web.has_cookie(probe.cookie):
            yield f"lost cookie {probe.cookie}"
    elif probe.begins:
        if not answer.body.startswith(probe.begins):
            yield f"expected a file that begins with {probe.begins!r}, found {describe(answer.body)}"
    else:
        yield from differences(probe.shape, web.parsed(address, answer))


def differences(shape: Any, value: Any, name: str = "") -> list[str]:
    """Say where a JSON value differs from a shape: `new field x`, `lost field y`, `z is text, expected a number`."""
    if isinstance(shape, tuple):
        found = [differences(one, value, name) for one in shape]
        return [] if [] in found else found[0]
    if isinstance(shape, dict) and isinstance(value, dict):
        known = shape.keys() - {...}
        told = [f"lost field {_path(name, key)}" for key in sorted(known - value.keys())]
        if ... not in shape:
            told += [f"new field {_path(name, key)}" for key in sorted(value.keys() - known)]
        for key in sorted(known & value.keys()):
            told += differences(shape[key], value[key], _path(name, key))
        return told
    if isinstance(shape, list) and isinstance(value, list):
        return list(dict.fromkeys(words for one in value[:20] for words in differences(shape[0], one, f"{name}[]")))
    if shape is Any or value is shape:
        return []
    wanted = type(shape) if isinstance(shape, dict | list) else shape
    fits = wanted is not None and isinstance(value, (int, float) if wanted is float else wanted)
    if fits and (wanted is bool or not isinstance(value, bool)):
        return []
    is_ = "null" if value is None else WORDS.get(type(value), type(value).__name__)
    return [f"{name or 'the answer'} is {is_}, expected {WORDS.get(wanted, 'null')}"]


def _path(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key
