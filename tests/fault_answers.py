"""How a source answers when it is well, and how its answers look when their content has gone wrong.

tests/faults.py breaks these answers in every way; tests/fault_sources.py has one entry for every source that asks the
network. An entry is

    Good(answer)                  answer(request) -> Answer for any request of the source, all of them good
    Good(book(build))             where build(server) gives its answers to a server, as the tests of many sources do
    Good(answer, broken={...})    where the ways to spoil a body below do not fit: by fault, a function of request, body
    Good(answer, expects={...})   where a fault says other words to this source, or does less harm to it

`answer` gives 404 for what another source asks of the same host. Answers carry no ETag, so that a second refresh asks
for the body again. Bodies should hold at least twelve rows, so that half of them are missed.
"""

import csv
import gzip
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from tests import parquet
from tests.flows.sources.surveys.survey_files import MEMBER, zip_bytes
from tests.loopback import Answer, Given, Request

Spoil = Callable[[Request, bytes], bytes]
Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
# JSON, also behind the few signs that keep a browser from running it.
GUARDED_JSON = re.compile(rb"(\)\]\}',?\s*|\s*)([\[{].*)", re.DOTALL)


@dataclass(frozen=True)
class Good:
    """How a source answers when it is well.

    Attributes:
        answer: to any of its requests.
        broken: own ways to spoil a body, by fault: "renamed column", "wrong types", "half the rows".
        expects: own outcome and words, by fault, in place of those in tests/faults.py.
        days_later: after so many days the source is asked again for everything.
    """

    answer: Callable[[Request], Answer]
    broken: Mapping[str, Spoil] = field(default_factory=dict)
    expects: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    days_later: int = 40

    def spoil(self, fault: str, request: Request, body: bytes) -> bytes:
        """A body of the right container with the wrong content."""
        return self.broken.get(fault, SPOILS[fault])(request, body)


class Book:
    """Takes the answers that a Loopback would take, and looks them up for one request at a time."""

    def __init__(self) -> None:
        self.given: dict[tuple[str, str], list[Given]] = {}

    def answer(self, host: str, path: str, *answers: Given) -> None:
        self.given[host, path] = list(answers)

    def find(self, request: Request) -> Answer:
        asked = f"{request.path}?{request.query}"
        given = self.given.get((request.host, asked)) or self.given.get((request.host, request.path))
        if not given:
            return Answer(b"not here", status=404)
        answer = given[-1] if isinstance(given[-1], Answer) else given[-1](request)
        return replace(answer, etag=None)


def book(build: Callable[[Any], object]) -> Callable[[Request], Answer]:
    """The answers that `build` gives to a server; of several in turn the last one counts."""
    made = Book()
    build(made)
    return made.find


def renamed(_: Request, body: bytes) -> bytes:
    """Every column, field or key gets another name."""
    return changed(body, lambda rows: [{f"{name}_renamed": value for name, value in row.items()} for row in rows])


def wrong_types(_: Request, body: bytes) -> bytes:
    """Every value becomes a word, whatever it was."""
    return changed(body, lambda rows: [dict.fromkeys(row, "perhaps") for row in rows])


def halved(_: Request, body: bytes) -> bytes:
    """Every second row is gone."""
    return changed(body, lambda rows: rows[::2])


SPOILS: dict[str, Spoil] = {"renamed column": renamed, "wrong types": wrong_types, "half the rows": halved}


def changed(body: bytes, change: Change) -> bytes:
    """Change the rows of a Parquet, gzip, zip, JSON or CSV file."""
    if body[:4] == b"PAR1":
        return as_parquet(change(parquet_rows(body)))
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        return zip_bytes({name: changed(text, change) if name == MEMBER else text for name, text in members.items()})
    if body[:2] == b"\x1f\x8b":
        return gzip.compress(changed(gzip.decompress(body), change))
    if found := GUARDED_JSON.match(body):
        return found[1] + json.dumps(_changed_json(json.loads(found[2]), change)).encode()
    rows = change(list(csv.DictReader(io.StringIO(body.decode()))))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _changed_json(value: Any, change: Change) -> Any:
    """Change every list of objects, from the outside in; an object without any counts as a list of one."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return change(value)
    if isinstance(value, dict):
        inner = {key: _changed_json(one, change) for key, one in value.items()}
        return inner if inner != value else (change([value]) or [{}])[0]
    return value


def parquet_rows(body: bytes) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        (Path(folder) / "rows.parquet").write_bytes(body)
        found = con.execute(f"select * from '{folder}/rows.parquet'")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    """Rows as a Parquet file."""
    with tempfile.TemporaryDirectory() as folder:
        return parquet.as_parquet(Path(folder), rows)
