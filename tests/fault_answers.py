"""What each live source answers when it is well, and how its answers look when their content has gone wrong.

tests/test_faults.py breaks these answers in every way. A source with HOSTS needs one entry in GOOD; an entry is

    Good(answer)                  answer(request) -> Answer for any request to the source's hosts, all of them good
    Good(answer, broken={...})    where the ways to spoil a body below do not fit: a function a fault, body -> body
    Good(book(build))             where build(server) gives its answers to a server, as the tests of many sources do

`answer` may look at request.host, request.path, request.query and request.body. Answers carry no ETag, so that a second
refresh asks for the body again. Bodies should hold at least twelve rows, so that half of them are missed.
"""

import csv
import gzip
import io
import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tests.loopback import Answer, Given, Request
from tests.sources.google_trends_site import TrendsSite

Spoil = Callable[[bytes], bytes]
Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
# JSON, also behind the few signs that keep a browser from running it.
GUARDED_JSON = re.compile(rb"(\)\]\}',?\s*|\s*)([\[{].*)", re.DOTALL)


@dataclass(frozen=True)
class Good:
    """How a source answers when it is well.

    Attributes:
        answer: to any request to its hosts.
        broken: own ways to spoil a body, by fault: "renamed column", "wrong types", "half the rows".
        days_later: after so many days the source is asked again for everything.
        settings: of the run, where the usual ones do not fit: a pace, for example.
    """

    answer: Callable[[Request], Answer]
    broken: Mapping[str, Spoil] = field(default_factory=dict)
    days_later: int = 40
    settings: Mapping[str, Any] = field(default_factory=dict)

    def spoil(self, fault: str, body: bytes) -> bytes:
        """A body of the right container with the wrong content."""
        return self.broken.get(fault, SPOILS[fault])(body)


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
        return given[-1] if isinstance(given[-1], Answer) else given[-1](request)


def book(build: Callable[[Any], object]) -> Callable[[Request], Answer]:
    """The answers that `build` gives to a server; of several in turn the last one counts."""
    made = Book()
    build(made)
    return made.find


def renamed(body: bytes) -> bytes:
    """Every column, field or key gets another name."""
    return _changed(body, lambda rows: [{f"{name}_renamed": value for name, value in row.items()} for row in rows])


def wrong_types(body: bytes) -> bytes:
    """Every value becomes a word, whatever it was."""
    return _changed(body, lambda rows: [dict.fromkeys(row, "perhaps") for row in rows])


def halved(body: bytes) -> bytes:
    """Every second row is gone."""
    return _changed(body, lambda rows: rows[::2])


SPOILS: dict[str, Spoil] = {"renamed column": renamed, "wrong types": wrong_types, "half the rows": halved}


def _changed(body: bytes, change: Change) -> bytes:
    """Change the rows of a Parquet, gzip, JSON or CSV file."""
    if body[:4] == b"PAR1":
        return as_parquet(change(parquet_rows(body)))
    if body[:2] == b"\x1f\x8b":
        return gzip.compress(_changed(gzip.decompress(body), change))
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
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        (Path(folder) / "rows.json").write_text(json.dumps(rows, default=str))
        con.execute(
            f"copy (select * from read_json('{folder}/rows.json', format = 'array')) "
            f"to '{folder}/rows.parquet' (format parquet)"
        )
        return (Path(folder) / "rows.parquet").read_bytes()


LINKS = [
    {
        "paper_url": f"https://paperswithcode.com/paper/paper-{number}",
        "paper_title": f"Title {number}",
        "paper_arxiv_id": f"2106.{number:05d}",
        "paper_url_abs": f"http://arxiv.org/abs/2106.{number:05d}",
        "paper_url_pdf": f"http://arxiv.org/pdf/2106.{number:05d}.pdf",
        "repo_url": f"https://github.com/owner/name-{number}",
        "is_official": number % 2 == 0,
        "mentioned_in_paper": True,
        "mentioned_in_github": False,
        "framework": ["pytorch", "tf", "none"][number % 3],
    }
    for number in range(1, 61)
]

GOOD: dict[str, Good] = {
    "papers_with_code": Good(lambda _: Answer(as_parquet(LINKS))),
    "google_trends": Good(
        book(TrendsSite),
        settings={
            "google_trends_pause_seconds": 0.001,
            "google_trends_seconds": 20.0,
            "google_trends_countries": "none",
            "google_trends_repeat_days": 1,
        },
    ),
}
# Sources whose answers are broken in their own tests only, until they have an entry above.
WAITING = {
    "conda_downloads",
    "github_stars",
    "hn_hiring",
    "huggingface_models",
    "openalex_citations",
    "papers_after_2025",
    "pypi_downloads",
    "stack_overflow_questions",
    "stack_overflow_survey",
}
