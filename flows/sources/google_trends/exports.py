"""Reads the CSV exports of the Google Trends page, in any language and layout, untouched or after a spreadsheet.

An export states neither region, time frame nor day, so everything is read off the cells: the separator, the preamble,
and what the first column holds. A frame that pytrends has saved is read too. Dates are never guessed (dates.py).
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from .cells import CURE, own_columns, refusal, table
from .dates import hour, look, plain, readings, window
from .words import GRAINS, PLACES, WORLD

MOST_COLUMNS = 8
MISSING = frozenset(("", "na", "nan", "n/a", "#n/a", "<na>", "null", "none", "-", "\u2013"))
PASTED = (
    "Import each export by itself: their scales are brought together by what they share. "
    "If this is one export, download it again with another time frame."
)
# Two buckets of one export may both round to 100. With a fall below DIP between them they are two peaks: twice may be
# chance (the digitised months do it), three times is a pattern; with a fall below DEEP_DIP twice is enough.
DIP, DEEP_DIP = 80, 50


@dataclass(frozen=True)
class Column:
    """One column of figures: what was searched for, and the place or range behind it."""

    keyword: str
    place: str


@dataclass(frozen=True)
class Export:
    """An export as read.

    Attributes:
        grain: month, week, day or hour; region for a table of places.
        columns: of figures.
        times: ISO days or hours, or the names of places.
        cells: figures as printed, a row each; an empty one is no data.
        warnings: what to tell the operator.
        head: what stands over the first column.
        window: first and last day of a table of places; empty where it does not say or its dates are ambiguous.
        category: as the preamble names it, `all` for all of them; empty where there is none.
        partial: whether each bucket had not ended, where the file says so; empty where it does not.
    """

    grain: str
    columns: tuple[Column, ...]
    times: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]
    head: str = ""
    window: str = ""
    category: str = ""
    partial: tuple[bool, ...] = ()

    def points(self) -> Iterator[tuple[str, int, str]]:
        """Yield time or place, position and cell."""
        for time, row in zip(self.times, self.cells, strict=True):
            for position, cell in enumerate(row, start=1):
                yield time, position, cell


def read_export(path: Path) -> Export:
    """Read an export, or raise SourceError for what is none."""
    category, header, rows = table(path)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            found = f"{len(row)} in row {number} of {len(rows)} ({', '.join(row)[:60]})"
            cure = "The file breaks off or was edited: download it again."
            raise refusal(path, f"{len(header)} cells in each row", found, cure)
    if any(row == header for row in rows):
        cure = "Two files were put together, or the header was written twice: import each export by itself."
        raise refusal(path, "one header", f"another one in row {rows.index(header) + 1}", cure)
    if not readings(_first(rows), None) and readings(_first(rows)[::-1], None):  # newest first, as people sort it
        rows = rows[::-1]
    header, rows, partial = own_columns(header, rows)
    if not rows or len(header) < 2:
        raise refusal(path, "a column of dates or places, and columns of figures", ", ".join(header)[:60], CURE)
    columns = tuple(_column(cell) for cell in header[1:])
    _refuse_doubled(path, columns)
    grain, times = _times(path, header[0], [plain(row[0]) for row in rows])
    ranges = {read for column in columns if (read := window(column.place))[0]}
    if grain == "region" and not ranges and plain(header[0]).casefold() not in PLACES:
        expected = "dates in the first column, or places and columns named `term: (first - last day)`"
        raise refusal(path, expected, f"{header[0]} ({times[0]}) and {', '.join(header[1:])[:60]}", CURE)
    if repeated := [time for time, count in Counter(times).items() if count > 1]:
        raise refusal(path, "each time or place once", f"{repeated[0]} twice", "Export it again.")
    cells = tuple(tuple(_cell(path, number, cell) for cell in row[1:]) for number, row in enumerate(rows, start=1))
    if len(columns) > MOST_COLUMNS:
        found = f"{len(columns)} columns ({', '.join(header[1:4])}, ...)"
        raise refusal(path, "at most eight terms, as one export has", found, PASTED)
    if grain != "region":
        _refuse_pasted(path, columns, cells)
    return Export(
        grain=grain,
        columns=columns,
        times=tuple(times),
        cells=cells,
        warnings=(*_warnings(cells, len(columns) if grain == "region" else 1), *_unended(path)),
        head=plain(header[0]).casefold(),
        window=ranges.pop()[1] if len(ranges) == 1 else "",
        category=category,
        partial=partial,
    )


def _first(rows: list[list[str]]) -> list[str]:
    return [plain(row[0]) for row in rows]


def number(cell: str) -> float | None:
    """The figure of a cell: half a point for "<1", None for no data."""
    if not cell:
        return None
    return 0.5 if cell.startswith("<") else float(cell)


def _column(cell: str) -> Column:
    """Split `term: (Place)` at the last colon before a bracket; the place may have been cut off by hand."""
    if made := re.fullmatch(r"([^.]+)\.\.\.(.+)\.", cell.strip()):  # R's form of `term: (Place)`
        return Column(made[1], made[2].replace(".", " "))
    found = re.fullmatch(r"(.*\S)\s*[:\uff1a]\s*[(\uff08](.*?)[)\uff09]?\s*", cell.strip(), re.DOTALL)
    if not found and (bare := re.fullmatch(r"(.*\S)\s*\((.*)\)", cell.strip())) and plain(bare[2]).casefold() in WORLD:
        found = bare
    return Column(found[1].strip(), found[2].strip()) if found else Column(cell.strip(), "")


def _refuse_doubled(path: Path, columns: tuple[Column, ...]) -> None:
    """Raise where a term stands twice, or where the columns speak of several places."""
    keywords = [column.keyword.casefold() for column in columns]
    doubled = sorted({word for word in keywords if keywords.count(word) > 1})
    places = sorted({column.place for column in columns if column.place and not window(column.place)[0]})
    if len(places) > 1:
        cure = "Export the terms for one place, and import each place by itself."
        raise refusal(path, "columns of one place", f"those of {', '.join(places)}", cure)
    if doubled:
        raise refusal(path, "different terms in its columns", f"{', '.join(doubled)} twice", "Export them again.")
    known = {column.keyword.casefold() for column in columns}
    if {"hits", "keyword"} <= known:
        cure = "Spread it into one column per keyword, as the page exports it."
        raise refusal(path, "one column per term", "a long table with a column of keywords, as gtrendsR makes", cure)


def _cell(path: Path, row: int, cell: str) -> str:
    """A whole number, `<1` or nothing; percent signs of tables of places are dropped."""
    text = plain(html.unescape(cell)).removesuffix("%").replace(" ", "").removeprefix("'").replace("\u2039", "<")
    if text.casefold() in MISSING:
        return ""
    if whole := re.fullmatch(r"(\d+)[.,]0+", text):  # as programs write that know no whole numbers
        text = whole[1]
    if re.fullmatch(r"<1|\d+", text):
        return text
    cure = "Name the export as it was downloaded; another file of the same name may hold something else."
    raise refusal(path, "whole numbers, <1 or empty cells", f"{cell!r} in row {row}", cure)


def _times(path: Path, head: str, texts: list[str]) -> tuple[str, list[str]]:
    """The grain, and the first column as ISO days or hours or names of places."""
    named = GRAINS.get(plain(head).casefold())
    looks = {look(text) for text in texts}
    days = readings(texts, named)
    if looks == {"hour"} and not days:
        return "hour", [hour(text) for text in texts]
    if looks == {"month"} and not days:
        cure = "A row is missing or windows were pasted together: import each export by itself."
        found = f"{len(texts)} from {texts[0]} to {texts[-1]}"
        raise refusal(path, "one row per month, in order", found, cure)
    if looks <= {"name"} and named is None:
        return "region", texts
    if len(days) == 1:
        grain, found_days = days.pop()
        return grain, [day.isoformat() for day in found_days]
    cure = "Export again and do not open the file in a spreadsheet, or write the dates as 2020-02-23."
    if days:
        raise refusal(path, "dates that can be read in one way", f"{texts[0]}, which can be read in two", cure)
    if "name" in looks or len(looks) > 1:
        odd = next(text for text in texts if look(text) != look(texts[0]) or look(text) == "name")
        beside = f" beside {texts[0]!r}" if odd != texts[0] else ""
        raise refusal(path, "dates of one form in the first column", f"{odd!r}{beside}", cure)
    cure = "A row is missing, windows were pasted together or a spreadsheet changed the dates: export again."
    raise refusal(path, "evenly spaced dates", f"{texts[0]}, {texts[min(1, len(texts) - 1)]} and so on", cure)


def _refuse_pasted(path: Path, columns: tuple[Column, ...], cells: tuple[tuple[str, ...], ...]) -> None:
    """Raise for several exports in one file: each has a scale of its own, and they do not compare."""
    figures = [[number(cell) or 0.0 for cell in row] for row in cells]
    peaks = [columns[place].keyword for place in range(len(columns)) if any(row[place] == 100 for row in figures)]
    if len(peaks) > 1:
        found = f"one of its own in each of {', '.join(peaks)}: exports that were pasted side by side"
        raise refusal(path, "one maximum of 100", found, PASTED)
    tops = [max(row) for row in figures]
    at = [place for place, top in enumerate(tops) if top == 100]
    dips = [min(tops[a : b + 1]) for a, b in pairwise(at)]
    separate = 1 + sum(dip < DIP for dip in dips)
    if separate > 2 or min(dips, default=100) < DEEP_DIP:
        found = f"{separate} separate maxima of 100: windows that were pasted one behind the other"
        raise refusal(path, "one maximum of 100", found, PASTED)


def _unended(path: Path) -> Iterator[str]:
    """Say where a file may break off within a figure: 12 would be read as 1. More than 100 there is none."""
    if re.search(rb"[,;\t|]\"?([1-9]|10)\Z", path.read_bytes()[-16:].replace(b"\0", b"")):
        yield "the last line has no end: if the file was cut off, its last figure is too small"


def _warnings(cells: tuple[tuple[str, ...], ...], places_compared: int) -> Iterator[str]:
    """Say what is odd about the figures; terms compared within places add up to 100 and need not reach it."""
    figures = [value for row in cells for cell in row if (value := number(cell)) is not None]
    if outside := [value for value in figures if value > 100]:
        yield f"{len(outside)} values above 100, such as {outside[0]:g}"
    if 100 not in figures and places_compared == 1:
        yield "no value of 100: the peak was cut off, or the file is not a whole export"
