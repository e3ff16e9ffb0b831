"""Judges the small JSON answers of sources of counts before they count themselves."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ..errors import SourceError, module_of
from ..json_text import parsed_json


def cure_of(source: str) -> str:
    """What to do where an answer is not as the source's module expects."""
    return (
        f"Compare the answer with {module_of(source)}: the source has changed, or has trouble of its own. "
        "Until then the last landing is used."
    )


class Document:
    """A landed JSON document under examination.

    Args:
        address: where it came from.
        path: where its bytes are.
        source: name of the source's module, for the words of errors.
    """

    def __init__(self, address: str, path: Path, source: str) -> None:
        self.address = address
        self._cure = cure_of(source)
        try:
            self.body: Any = parsed_json(path.read_bytes())
        except ValueError as error:
            raise self.refusal("a JSON document", f"one that breaks off or is damaged ({error})") from error

    def refusal(self, expected: str, found: str) -> SourceError:
        """An error about this answer."""
        return SourceError(self.address, expected, found if len(found) <= 300 else f"{found[:300]}...", self._cure)

    def rows(self, key: str, columns: Sequence[str]) -> list[Mapping[str, Any]]:
        """The objects in the list `key` of the document; each must have all the columns, with plain values."""
        rows = self.body.get(key) if isinstance(self.body, dict) else None
        if not isinstance(rows, list):
            raise self.refusal(f"a list named {key}", f"none in {json.dumps(self.body)}")
        if not rows:
            raise self.refusal(f"rows in {key}", "an empty list")
        wanted = set(columns)
        for row in rows:
            if not isinstance(row, dict) or not row.keys() >= wanted:
                lost = [column for column in columns if not isinstance(row, dict) or column not in row]
                raise self.refusal(
                    f"the columns {', '.join(columns)} in {key}", f"none named {', '.join(lost)} in {json.dumps(row)}"
                )
            if any(isinstance(row[column], list | dict) for column in columns):
                raise self.refusal(f"a text or number for each of {', '.join(columns)} in {key}", json.dumps(row))
        return rows

    def count(self, value: object, of: str) -> int | None:
        """A whole number from 0 up, which may come as a text; None for null."""
        if value is None:
            return None
        text = str(value)
        if isinstance(value, bool) or not text.isdecimal():
            raise self.refusal(f"a whole number from 0 up for {of}", repr(value))
        return int(text)

    def past_day(self, value: object, now: datetime) -> date:
        """A day, written as 2026-10-31, that has begun by `now` in UTC."""
        try:
            day = date.fromisoformat(str(value)[:10])
        except ValueError as error:
            raise self.refusal("a day such as 2026-10-31", repr(value)) from error
        today = now.astimezone(UTC).date()
        if day > today:
            raise self.refusal(f"no day after today, {today} in UTC", f"{day}, which is still to come")
        return day

    def one_count_each(self, rows: Sequence[Mapping[str, Any]], key: Sequence[str], counted: str) -> None:
        """Refuse two different counts of one thing; the same row twice is harmless and counted once."""
        found: dict[tuple[str, ...], int | None] = {}
        for row in rows:
            thing = tuple(str(row[column]) for column in key)
            count = self.count(row[counted], " ".join(thing))
            if found.setdefault(thing, count) != count:
                raise self.refusal(f"one count for {' '.join(thing)}", f"{found[thing]} and {count}")
