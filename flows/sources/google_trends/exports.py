"""Reads the CSV exports of the Google Trends page, in any of its languages, untouched or after a spreadsheet.

An export states neither language, region, time frame nor day, so everything is read off the cells: the separator, the
preamble, and what the first column holds. Dates are never guessed: of the orders of day, month and year only the one
that gives evenly spaced rows counts, and where two do, the file is refused.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product
from pathlib import Path

from ...errors import SourceError

MOST_COLUMNS = 5
# The header's word helps where the dates alone would not do; an unknown one is no fault.
GRAINS = {
    "month": "month monat mes mês mois mese maand miesiąc месяц місяць ay 月 월 tháng bulan เดือน",
    "week": "week woche semana semaine settimana tydzień неделя тиждень hafta 週 周 주 tuần minggu สัปดาห์",
    "day": "day tag día dia jour giorno dag dzień день gün 日 일 ngày hari วัน",
    "hour": "time uhrzeit zeit hora heure ora tijd godzina время час saat 時間 时间 시간",
}
WORLD = {
    *("worldwide", "weltweit", "todo el mundo", "todo o mundo", "dans tous les pays", "tutto il mondo", "wereldwijd"),
    *("по всему миру", "по всьому світу", "cały świat", "dünya geneli", "すべての国", "全球", "전 세계"),
}
NUMBER_DATE = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})")
RANGE = re.compile(r"(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})\s*[-\u2013]\s*(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})")
ORDERS = {"year, month, day": (0, 1, 2), "month, day, year": (2, 0, 1), "day, month, year": (2, 1, 0)}
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
    """

    grain: str
    columns: tuple[Column, ...]
    times: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]

    @property
    def window(self) -> str:
        """First and last day of a table of places, as ISO days; empty where the header's dates are ambiguous."""
        return next((window for column in self.columns if (window := _window(column.place))), "")

    def points(self) -> Iterator[tuple[str, int, str]]:
        """Yield time or place, position and cell."""
        for time, row in zip(self.times, self.cells, strict=True):
            for position, cell in enumerate(row, start=1):
                yield time, position, cell


def read_export(path: Path) -> Export:
    """Read an export, or raise SourceError for what is none."""
    header, rows = _table(path)
    columns = tuple(_column(cell) for cell in header[1:])
    keywords = [column.keyword.casefold() for column in columns]
    if doubled := sorted({word for word in keywords if keywords.count(word) > 1}):
        raise _refusal(path, "different terms in its columns", f"{', '.join(doubled)} twice", "Export them again.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            found = f"{len(row)} in row {number} of {len(rows)} ({', '.join(row)[:60]})"
            cure = "The file breaks off or was edited: download it again."
            raise _refusal(path, f"{len(header)} cells in each row", found, cure)
    grain, times = _times(path, header[0], [row[0].strip() for row in rows])
    if grain == "region" and not any(RANGE.search(column.place) for column in columns):
        cure = "Download the CSV of a chart of trends.google.com: `multiTimeline.csv` or `geoMap.csv`."
        expected = "dates in the first column, or places and columns named `term: (first - last day)`"
        raise _refusal(path, expected, f"{header[0]} ({times[0]}) and {', '.join(header[1:])[:60]}", cure)
    if repeated := [time for time, count in Counter(times).items() if count > 1]:
        raise _refusal(path, "each time or place once", f"{repeated[0]} twice", "Export it again.")
    cells = tuple(tuple(_cell(path, number, cell) for cell in row[1:]) for number, row in enumerate(rows, start=1))
    if grain != "region":
        _refuse_pasted(path, header, columns, cells)
    return Export(
        grain, columns, tuple(times), cells, tuple(_warnings(cells, len(columns) if grain == "region" else 1))
    )


def number(cell: str) -> float | None:
    """The figure of a cell: half a point for "<1", None for no data."""
    if not cell:
        return None
    return 0.5 if cell.startswith("<") else float(cell)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows behind it, without the preamble."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x} at position {error.start}"
        raise _refusal(path, "text in UTF-8", found, "Save it as CSV in UTF-8, or download it again.") from error
    lines = [line.rstrip() for line in lines]
    if len(lines) > 1 and ":" in lines[0] and not lines[1].strip(" ,;\t"):
        lines = lines[2:]  # the category, then an empty line
    lines = [line for line in lines if line.strip(" ,;\t")]
    for separator in (",", ";", "\t"):
        try:
            rows = list(csv.reader(lines, delimiter=separator, strict=True))
        except csv.Error as error:
            cure = "The file breaks off or was edited: download it again."
            raise _refusal(path, "a whole CSV file", f"that it breaks off inside quotes ({error})", cure) from error
        if len(rows) > 1 and len(rows[0]) > 1 and len(rows[1]) > 1:
            return rows[0], rows[1:]
    found = f"{len(lines)} lines that start with {' | '.join(lines[:2])[:80]!r}" if lines else "no rows"
    cure = "Download the CSV of a chart of trends.google.com: `multiTimeline.csv` or `geoMap.csv`."
    raise _refusal(path, "a header with a column of dates or places, and rows behind it", found, cure)


def _column(cell: str) -> Column:
    """Split `term: (Place)` at the last `: (`; the place may have been cut off by hand."""
    keyword, found, place = cell.strip().rpartition(": (")
    return Column(keyword.strip(), place.removesuffix(")")) if found else Column(cell.strip(), "")


def _cell(path: Path, row: int, cell: str) -> str:
    """A whole number, `<1` or nothing; percent signs of tables of places are dropped."""
    text = cell.strip().removesuffix("%").strip().replace(" ", "").replace("\u00a0", "")
    if re.fullmatch(r"(<1|\d+)?", text):
        return text
    cure = "Name the export as it was downloaded; another file of the same name may hold something else."
    raise _refusal(path, "whole numbers, <1 or empty cells", f"{cell!r} in row {row}", cure)


def _times(path: Path, head: str, texts: list[str]) -> tuple[str, list[str]]:
    """The grain, and the first column as ISO days or hours or names of places."""
    named = next((grain for grain, words in GRAINS.items() if head.strip().casefold() in words.split()), None)
    looks = {_look(text) for text in texts}
    if looks == {"hour"}:
        return "hour", texts
    if looks == {"month"}:
        return "month", [f"{text}-01" for text in _even(path, "month", texts, [f"{text}-01" for text in texts])]
    if looks <= {"name"} and named is None:
        return "region", texts
    if looks != {"date"}:
        odd = next(text for text in texts if _look(text) != _look(texts[0]) or _look(text) == "name")
        cure = "Export again and do not open the file in a spreadsheet."
        raise _refusal(path, "dates of one form in the first column", f"{odd!r} beside {texts[0]!r}", cure)
    readings = {
        (grain, tuple(days))
        for days, grain in product([_days(texts, order) or [] for order in ORDERS.values()], ("month", "week", "day"))
        if days and named in (None, grain, "hour") and _is_even(days, grain)
    }
    if len(readings) != 1:
        cure = "Export again and do not open the file in a spreadsheet, or write the dates as 2020-02-23."
        if readings:
            raise _refusal(path, "dates that can be read in one way", f"{texts[0]}, which can be read in two", cure)
        cure = "A row is missing, windows were pasted together or a spreadsheet changed the dates: export again."
        raise _refusal(path, "evenly spaced dates", f"{texts[0]}, {texts[min(1, len(texts) - 1)]} and so on", cure)
    grain, found = readings.pop()
    return grain, [day.isoformat() for day in found]


def _look(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d", text):
        return "month"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d(:\d\d)?", text):
        return "hour"
    return "date" if NUMBER_DATE.fullmatch(text) else "name"


def _even(path: Path, grain: str, texts: list[str], days: list[str]) -> list[str]:
    try:
        whole = _is_even([date.fromisoformat(day) for day in days], grain)
    except ValueError:
        whole = False
    if not whole:
        cure = "A row is missing or windows were pasted together: import each export by itself."
        raise _refusal(path, f"one row a {grain}, in order", f"{len(texts)} from {texts[0]} to {texts[-1]}", cure)
    return texts


def _days(texts: list[str], order: tuple[int, int, int]) -> list[date] | None:
    """Read all dates in one order of year, month and day; None if one of them does not exist."""
    found: list[date] = []
    for text in texts:
        match = NUMBER_DATE.fullmatch(text)
        parts = (match[1], match[3], match[4]) if match else ("", "", "")
        year, month, day = (parts[place] for place in order)
        # Two digits of a year stand last; a year that stands first has four.
        if len(year) not in ((4,) if order[0] == 0 else (2, 4)) or len(month) > 2 or len(day) > 2:
            return None
        try:
            found.append(date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)))
        except ValueError:
            return None
    return found


def _is_even(days: list[date], grain: str) -> bool:
    """Whether the days are the starts of consecutive periods."""
    if grain == "month":
        months = [day.year * 12 + day.month for day in days]
        return all(day.day == 1 for day in days) and all(b - a == 1 for a, b in pairwise(months))
    step = timedelta(days=7 if grain == "week" else 1)
    return all(b - a == step for a, b in pairwise(days))


def _window(place: str) -> str:
    """The range in the header of a table of places, if its dates can be read in one way only."""
    found = RANGE.search(place)
    if not found:
        return ""
    readings = [days for order in ORDERS.values() if (days := _days([found[1], found[2]], order)) and days[0] < days[1]]
    return f"{readings[0][0]} {readings[0][1]}" if len({tuple(days) for days in readings}) == 1 else ""


def _refuse_pasted(
    path: Path, header: list[str], columns: tuple[Column, ...], cells: tuple[tuple[str, ...], ...]
) -> None:
    """Raise for several exports in one file: each has a scale of its own, and they do not compare."""
    cure = (
        "Import each export by itself: their scales are brought together by what they share. "
        "If this is one export, download it again with another time frame."
    )
    if len(columns) > MOST_COLUMNS:
        shown = ", ".join(header[1:4])
        raise _refusal(path, "at most five terms, as one export has", f"{len(columns)} columns ({shown}, ...)", cure)
    figures = [[number(cell) or 0.0 for cell in row] for row in cells]
    peaks = [columns[place].keyword for place in range(len(columns)) if any(row[place] == 100 for row in figures)]
    if len(peaks) > 1:
        found = f"one of its own in each of {', '.join(peaks)}: exports that were pasted side by side"
        raise _refusal(path, "one maximum of 100", found, cure)
    tops = [max(row) for row in figures]
    at = [place for place, top in enumerate(tops) if top == 100]
    dips = [min(tops[a : b + 1]) for a, b in pairwise(at)]
    separate = 1 + sum(dip < DIP for dip in dips)
    if separate > 2 or min(dips, default=100) < DEEP_DIP:
        found = f"{separate} separate maxima of 100: windows that were pasted one behind the other"
        raise _refusal(path, "one maximum of 100", found, cure)


def _warnings(cells: tuple[tuple[str, ...], ...], places_compared: int) -> Iterator[str]:
    """Say what is odd about the figures; terms compared within places add up to 100 and need not reach it."""
    figures = [value for row in cells for cell in row if (value := number(cell)) is not None]
    if outside := [value for value in figures if value > 100]:
        yield f"{len(outside)} values above 100, such as {outside[0]:g}"
    if 100 not in figures and places_compared == 1:
        yield "no value of 100: the peak was cut off, or the file is not a whole export"


def _refusal(path: Path, expected: str, found: str, cure: str) -> SourceError:
    return SourceError(str(path), expected, found, cure)
