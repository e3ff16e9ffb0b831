"""Many small answers of one source, kept as one landed file per month.

A source that gives one number an answer would fill data/raw with thousands of files. Here every answer is one line of
`answers-YYYY-MM.jsonl.gz`: what was asked, when, and the body as received. Lines are only ever added: a new landing
begins with the bytes of the one before, which goes once no release is made from it. Where a landing is held back, the
next one begins with the one before that: only what was new in it is not used. Answers of a run that was killed are in
the next one.
An answer that says the same as the one before it in its month is not written again: nothing new makes no new landing.
With each month that begins, all is written once, so that what was open at the end of a month is seen to be closed.

Answers that mean something only together, such as the pages of a list, are a file of their own (`land_together`).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import orjson

from ..engine import duckdb
from ..errors import LandingError, SourceError
from ..json_text import parsed_json
from ..network.web import Answer
from .ahead import AHEAD, NAME
from .cards import landed_files
from .landing import LandedFile, Landing
from .loading import insert_from, json_reader

FORM = "JSON lines, one answer each, its body as received"

# Of every raw table of answers; `body` is what the source sent, byte for byte.
COLUMNS = {
    "kind": "VARCHAR",
    "subject": "VARCHAR",
    "part": "VARCHAR",
    "address": "VARCHAR",
    "final_address": "VARCHAR",
    "next_address": "VARCHAR",
    "asked_at": "TIMESTAMP",
    "body": "VARCHAR",
}


@dataclass(frozen=True)
class Entry:
    """One answer.

    Attributes:
        kind: what was asked for.
        subject: of what: a repository, a tag, a list.
        part: which of several answers on the subject: a month, a page.
        address: what was asked, with its query and without any key.
        final_address: what answered, without its query.
        next_address: where the source says that the list goes on; empty at its end.
        asked_at: time of the run, UTC.
        body: as received.
    """

    kind: str
    subject: str
    part: str
    address: str
    final_address: str
    next_address: str
    asked_at: datetime
    body: str

    @property
    def question(self) -> tuple[str, str, str, str]:
        """What was asked, and in which month."""
        return (self.kind, self.subject, self.part, f"{self.asked_at:%Y-%m}")

    def as_line(self) -> str:
        """Make it a line of the file."""
        words = {**vars(self), "asked_at": f"{self.asked_at:%Y-%m-%d %H:%M:%S}", "body": ""}
        head = json.dumps(words, ensure_ascii=False).removesuffix('""}')
        return f"{head}{orjson.dumps(self.body).decode()}}}\n"

    @classmethod
    def from_line(cls, line: str, bodies: Collection[str] | None = None) -> Self:
        """Undo as_line; of kinds other than `bodies` without the body, which stands last and may be large."""
        head, mark, _ = line.partition(', "body": ')
        words = parsed_json(f'{head}{mark}""}}')
        if bodies is None or words["kind"] in bodies:
            words = parsed_json(line)
        return cls(**{**words, "asked_at": datetime.fromisoformat(words["asked_at"]).replace(tzinfo=UTC)})


class Ledger:
    """The answers of a source, old and new; lands the new ones at the end of `with`, whatever ends it.

    Args:
        landing: of the source.
        address: what all the answers have in common, for the card.
        bodies: kinds of answers whose bodies are read back; those of others are left on the disk.
    """

    def __init__(self, landing: Landing, address: str, bodies: Collection[str] = ()) -> None:
        self._landing, self._address = landing, address
        self._name = f"answers-{landing.now:%Y-%m}.jsonl.gz"
        self._pending = landing.folder / ".partial" / "answers.new"
        rescued = [replace(one, asked_at=min(one.asked_at, landing.now)) for one in _rescued(self._pending)]
        self.entries: list[Entry] = []
        self._said: dict[tuple[str, str, str, str], str] = {}
        for entry, line in (*_lines(landing, bodies), *((entry, entry.as_line()) for entry in rescued)):
            self.entries.append(entry)
            self._said[entry.question] = _saying(line)
        with _keeping(self._pending):
            self._pending.parent.mkdir(parents=True, exist_ok=True)
            self._new = [entry.as_line() for entry in rescued]
            self._pending.write_bytes("".join(self._new).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with _keeping(self._pending):
            self._land()

    def add(self, *entries: Entry) -> None:
        """Keep answers, safe from a run that is killed."""
        new = []
        for entry, line in ((entry, entry.as_line()) for entry in entries):
            said, self._said[entry.question] = self._said.get(entry.question), _saying(line)
            new += [line] if said != self._said[entry.question] else []
        with _keeping(self._pending), self._pending.open("ab") as file:
            file.write("".join(new).encode())
        self._new += new
        self.entries += entries

    def _land(self) -> None:
        """Land what is new behind what is held of this month."""
        if self._new:
            held = self._landing.in_use(self._name)
            body = (held.path.read_bytes() if held else b"") + _packed(self._new)
            count = len(self._new) + int(held.card.details["answers"] if held else 0)
            ahead = {AHEAD: held.card.details[AHEAD]} if held and AHEAD in held.card.details else {}
            details = {"answers": str(count), "form": FORM, **ahead}
            self._landing.keep_answer(body, name=self._name, address=self._address, details=details)
        self._pending.unlink(missing_ok=True)


def land_together(landing: Landing, name: str, address: str, entries: Sequence[Entry]) -> None:
    """Land answers as a file of their own, which takes the place of the one before unless that says the same."""
    body = _packed(entry.as_line() for entry in entries)
    details = {"answers": str(len(entries)), "form": FORM}
    landing.keep_answer(
        body, name=name, address=address, details=details, says=lambda path: [_saying(line) for line in _text(path)]
    )


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Fill a raw table of answers from landed files."""
    files = [file for file in landed if NAME.fullmatch(file.card.name)]
    reader = json_reader(COLUMNS, "format = 'newline_delimited', compression = 'gzip'")
    asked_at = "if(asked_at > landed_at::timestamp, asked_at - to_seconds(ahead), asked_at)"
    facts = {"ahead": [int(file.card.details.get(AHEAD, 0)) for file in files]}
    insert_from(con, table, files, {name: name for name in COLUMNS} | {"asked_at": asked_at}, reader, facts)


def text_of(answer: Answer, address: str) -> str:
    """The body as text; what is not UTF-8 is no JSON either."""
    try:
        return answer.body.decode("utf-8")
    except UnicodeDecodeError as error:
        cure = "Open the address in a browser; if it asks for a login, refresh again later."
        raise SourceError(address, "a JSON document", f"bytes that are not UTF-8 ({error})", cure) from error


def whole(value: Any) -> int | None:
    """A whole number from 0 on, also one that is written as text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    return value if type(value) is int and value >= 0 else None


def read(landing: Landing, bodies: Collection[str] = ()) -> Iterator[Entry]:
    """Entries of the landed files; only those of the kinds `bodies` come with their body."""
    return (entry for entry, _ in _lines(landing, bodies))


def entries_of(file: LandedFile) -> Iterator[Entry]:
    """Entries of one landed file, with their bodies."""
    return (_in_time(Entry.from_line(line), file) for line in _text(file.path))


def _lines(landing: Landing, bodies: Collection[str]) -> Iterator[tuple[Entry, str]]:
    for file in landed_files(landing.settings, landing.source, landing.passed_over):
        if NAME.fullmatch(file.card.name):
            for line in _text(file.path):
                yield _in_time(Entry.from_line(line, bodies), file), line


def _in_time(entry: Entry, file: LandedFile) -> Entry:
    """No answer is younger than its file: one of a clock that was ahead is set back by as much as that was."""
    if AHEAD not in file.card.details or entry.asked_at <= file.card.fetched_at:
        return entry
    return replace(entry, asked_at=entry.asked_at - timedelta(seconds=int(file.card.details[AHEAD])))


def _text(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        yield from lines


def _packed(lines: Iterable[str]) -> bytes:
    """Lines as they are landed; higher levels take up to six times as long, to save at most a fifth."""
    return gzip.compress("".join(lines).encode(), compresslevel=1, mtime=0)


def _saying(line: str) -> str:
    """Checksum of what an answer says, whenever it was asked."""
    head, mark, rest = line.partition(', "asked_at": ')
    return hashlib.sha256(f"{head}{mark}{rest.partition(', ')[2]}".encode()).hexdigest()


@contextmanager
def _keeping(path: Path) -> Iterator[None]:
    """Put a full or read-only disk into words."""
    try:
        yield
    except OSError as error:
        cure = "Free some space, or set TRENDS_DATA to a folder that can be written; then refresh again."
        found = error.strerror or str(error)
        raise LandingError(f"{path}: expected to keep answers here, found {found}. {cure}") from error


def _rescued(path: Path) -> Iterator[Entry]:
    """Entries that no landing has yet; a line that breaks off was being written when the run was killed."""
    if path.exists():
        for line in path.read_bytes().split(b"\n"):
            try:
                yield Entry.from_line(line.decode("utf-8"))
            except (ValueError, TypeError, KeyError):
                continue
