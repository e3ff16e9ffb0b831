"""Answers that no service should give, made from good ones by a seeded hand: one value or header of each is changed."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.fault_answers import GUARDED_JSON, Good
from tests.loopback import Answer, Request

# Written into JSON as they are: what `json` would not write, too.
VALUES = (
    *(
        "null",
        "true",
        '""',
        '"x"',
        "-1",
        "0",
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "1e-400",
        "10000000000000000000000",
    ),
    *("99999999999999999999999999", "1.5", "[null]", '{"a": 1, "a": 2}', '"2026-13-45T99:99:99Z"'),
    *('"\\u0000"', '"\\ud800"', '"' + "y" * 70_000 + '"', "[" * 5_000 + "]" * 5_000, "9" * 5_000, "57883000000000"),
)
HEADERS: Mapping[str, tuple[str, ...]] = {
    "X-RateLimit-Reset": ("1764460800000", "-1", "NaN", "9" * 400),
    "X-RateLimit-Remaining": ("0", "-5", "many"),
    "Retry-After": ("9" * 400, "-1", "Mon, 99 Foo 99999 99:99:99 GMT", "Mon, 01 Jan 0001 00:00:00 +9999"),
    "Last-Modified": ("yesterday", "Mon, 01 Jan 99999 00:00:00 GMT"),
    "ETag": ('W/"', "\x7f", '"' * 500),
    "Link": ("<>; rel=next", ", ,", "<https://[::1>; rel=next", '<x>; rel="next"'),
    "Content-Range": ("bytes */*", "bytes 9-1/0"),
    "Content-Type": ("", "application/json; charset=martian"),
    "Content-Encoding": ("gzip", "br", "martian"),
}


class Nasty:
    """A fault of tests/faults.py: spoils about every third answer, the same ones for the same seed.

    Attributes:
        count: how many it has spoilt.
    """

    def __init__(self, seed: int) -> None:
        self.draw, self.count = random.Random(seed), 0

    def __call__(self, _good: Good, _request: Request, answer: Answer) -> Answer:
        if self.draw.random() < 0.6:
            return answer
        self.count += 1
        if self.draw.random() < 0.3:
            name = self.draw.choice(list(HEADERS))
            status = self.draw.choice((200, 200, 429, 403, 503))
            return replace(answer, status=status, headers={**answer.headers, name: self.draw.choice(HEADERS[name])})
        return replace(answer, body=self.spoilt(answer.payload))

    def spoilt(self, body: bytes) -> bytes:
        found = GUARDED_JSON.match(body)
        if not found:
            place = self.draw.randrange(max(1, len(body)))
            return body[:place] + bytes([self.draw.randrange(256)]) + body[place + 1 :]
        if self.draw.random() < 0.1:
            return b"[" * 200_000
        try:
            document = json.loads(found[2])
        except ValueError:
            return b"{"
        return found[1] + self.changed(document).encode()

    def changed(self, document: Any) -> str:
        """The document with one value, anywhere in it, or one key replaced."""
        places = list(_places(document))
        holder, key = self.draw.choice(places) if places else ([document], 0)
        if isinstance(holder, dict) and self.draw.random() < 0.2:
            holder[f"{key}_renamed"] = holder.pop(key)
            return json.dumps(document)
        holder[key] = "@@here@@"
        value = self.draw.choice(VALUES)
        return re.sub('"@@here@@"', lambda _: value, json.dumps(document if places else holder[0]))


def _places(value: Any) -> Any:
    """Every place in a document: what holds it, and its key."""
    for key, inner in (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from _places(inner)
