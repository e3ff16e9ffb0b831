"""Reads the days of Google Trends exports as its languages, spreadsheets and other programs write them.

Dates are never guessed: of all ways to read a column, only one that gives evenly spaced rows counts, and where two do,
there is none. Text is compared in one form: ASCII digits, no marks of direction, plain blanks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

ISO_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d)(?::?(\d\d))?(?::?(\d\d))?(?:\.\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
THREE_NUMBERS = re.compile(
    r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(\s*\.)?(?:\s*г\.?)?(?:\s+0?0:00(?::00)?)?"
)
TWO_NUMBERS = re.compile(r"(\d{1,4})\s*[./-]\s*(\d{1,4})\.?")
WORDS = re.compile(r"\d+|[^\W\d_]+")
SUNDAY = 7
ORDERS = {"ymd": (0, 1, 2), "mdy": (2, 0, 1), "dmy": (2, 1, 0)}
RANGE_SIGNS = (" - ", "\u2013", "\u2014", "~", "\u301c", " to ", "-")
# Names of months in the languages of the page; a word is taken for one if all that it may begin are the same month.
MONTHS = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
januari februari maart april mei juni juli augustus september oktober november december
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
januari februari mars april maj juni juli augusti september oktober november december
tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu
leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
január február március április május június július augusztus szeptember október november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
"""


def plain(text: str) -> str:
    """Bring a text into the form that is compared."""
    text = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return " ".join("".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text).split())


def look(text: str) -> str:
    """What a cell of the first column looks like: month, hour, date or name."""
    if re.fullmatch(r"\d{4}-\d\d", text):
        return "month"
    if (time := ISO_TIME.fullmatch(text)) and time[2]:
        return "hour"
    return "date" if any(scheme(text) for _, scheme in _schemes()) else "name"


def hour(text: str) -> str:
    """An ISO time to the hour, or to the minute where there is one."""
    time = ISO_TIME.fullmatch(text)
    assert time
    return f"{time[1]}T{time[2]}" + (f":{time[3]}" if (time[3] or "00") != "00" else "")


def readings(texts: Sequence[str], named: str | None) -> set[tuple[str, tuple[date, ...]]]:
    """All ways to read a column as evenly spaced days: the grain and the first day of each period.

    Args:
        texts: of the column.
        named: the grain that the header names, if it does.
    """
    found = set()
    for kind, scheme in _schemes():
        days = [scheme(text) for text in texts]
        # One line such as Jan-24 may also be a day whose year was dropped.
        if not all(days) or (kind == "short month" and len(days) < 2):
            continue
        for grain in ("month",) if "month" in kind else ("month", "week", "day"):
            whole = tuple(day for day in days if day)
            # Weeks begin on Sunday: that tells a spreadsheet's numbers of days since 1900 from those since 1904.
            if "number" in kind and grain == "week" and any(day.isoweekday() != SUNDAY for day in whole):
                continue
            if kind == "number since 1904" and grain == "day":
                continue
            if named in (None, grain, "hour") and is_even(whole, grain):
                found.add((grain, whole))
    return found


def is_even(days: Sequence[date], grain: str) -> bool:
    """Whether the days are the starts of consecutive periods."""
    if grain == "month":
        months = [day.year * 12 + day.month for day in days]
        return all(day.day == 1 for day in days) and all(b - a == 1 for a, b in pairwise(months))
    step = timedelta(days=7 if grain == "week" else 1)
    return all(b - a == step for a, b in pairwise(days))


def window(text: str) -> tuple[bool, str]:
    """Whether a text is a range of days, and the first and last of them if they can be read in one way only."""
    for sign in RANGE_SIGNS:
        parts = [part.strip() for part in plain(text).split(sign)]
        if len(parts) != 2:
            continue
        # Where years stand first with two digits (Korean, Japanese), ranges are written with a tilde.
        schemes = [("days", _ymd_short)] if sign == "~" else []
        found = set()
        for kind, scheme in (*schemes, *_schemes()):
            first, last = scheme(parts[0]), scheme(parts[1])
            if "month" not in kind and first and last and first < last:
                found.add((first, last))
                if scheme is _ymd_short:
                    break
        if found:
            return True, " ".join(day.isoformat() for day in found.pop()) if len(found) == 1 else ""
        if all(look(part) == "date" for part in parts):
            return True, ""
    return False, ""


def _schemes() -> Iterator[tuple[str, Callable[[str], date | None]]]:
    """Ways to read one cell, each for a whole column: what it gives, and the reading."""
    yield "days", _iso
    yield "days", _ymd
    yield "days", _mdy
    yield "days", _dmy
    yield "days", _named_day
    yield "month", _numbered_month
    yield "month", _named_month
    yield "short month", _named_short_month
    yield "days", _week_range
    yield "number since 1900", _serial
    yield "number since 1904", _serial_1904
    yield "days", _asian
    yield "month", _asian_month


def _iso(text: str) -> date | None:
    time = ISO_TIME.fullmatch(text)
    midnight = time and (time[2] or "00") == (time[3] or "00") == (time[4] or "00") == "00"
    return _date(*map(int, time[1].split("-"))) if time and midnight else None


def _ymd(text: str) -> date | None:
    return _numbers(text, "ymd")


def _mdy(text: str) -> date | None:
    return _numbers(text, "mdy")


def _dmy(text: str) -> date | None:
    return _numbers(text, "dmy")


def _ymd_short(text: str) -> date | None:
    found = THREE_NUMBERS.fullmatch(text)
    return _date(2000 + int(found[1]), int(found[3]), int(found[4])) if found and len(found[1]) == 2 else None


def _numbers(text: str, order: str) -> date | None:
    found = THREE_NUMBERS.fullmatch(text)
    if not found or (found[2] == "." and order == "mdy"):  # no language writes the month first between dots
        return None
    parts = (found[1], found[3], found[4])
    year, month, day = (parts[place] for place in ORDERS[order])
    # Two digits of a year stand last; a year that stands first has four.
    if len(year) not in ((4,) if order == "ymd" else (2, 4)) or len(month) > 2 or len(day) > 2:
        return None
    return _date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))


def _numbered_month(text: str) -> date | None:
    found = TWO_NUMBERS.fullmatch(text)
    if not found or sorted(len(part) for part in found.groups()) not in ([1, 4], [2, 4]):
        return None
    year, month = sorted(found.groups(), key=len, reverse=True)
    return _date(int(year), int(month), 1)


def _named_day(text: str) -> date | None:
    month, numbers = _words(text)
    if not month or len(numbers) != 2:
        return None
    year, day = sorted(numbers, key=len, reverse=True) if 4 in map(len, numbers) else reversed(numbers)
    return _date(int(year) + (2000 if len(year) == 2 else 0), month, int(day)) if len(year) in (2, 4) else None


def _named_month(text: str) -> date | None:
    month, numbers = _words(text)
    return _date(int(numbers[0]), month, 1) if month and [len(number) for number in numbers] == [4] else None


def _named_short_month(text: str) -> date | None:
    month, numbers = _words(text)
    is_short = month and [len(number) for number in numbers] == [2]
    return _date(2000 + int(numbers[0]), month, 1) if month and is_short else None


def _week_range(text: str) -> date | None:
    """The first day of a week that is written with its last one, as the page did until 2016."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d) - (\d{4}-\d\d-\d\d)", text)
    days = [_iso(day) for day in found.groups()] if found else []
    return days[0] if days and days[0] and days[1] and (days[1] - days[0]).days == 6 else None


def _serial(text: str) -> date | None:
    """A spreadsheet's number of a day since 1900, from 2004 to 2049."""
    found = re.fullmatch(r"(3[89]\d{3}|4\d{4}|5[0-4]\d{3})(\.0)?", text)
    return date(1899, 12, 30) + timedelta(days=int(found[1])) if found else None


def _serial_1904(text: str) -> date | None:
    """The same, as spreadsheets on a Mac once counted."""
    day = _serial(str(int(text[:5]) + 1462)) if re.fullmatch(r"\d{5}(\.0)?", text) else None
    return day if day and day.year <= 2049 else None


def _asian(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]", text)
    return _date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _asian_month(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]", text)
    return _date(int(found[1]), int(found[2]), 1) if found else None


def _words(text: str) -> tuple[int | None, list[str]]:
    """The month that is named, and the numbers around it; no month where there are other words."""
    parts = WORDS.findall(text.casefold())
    numbers = [part for part in parts if part.isdecimal()]
    names = [part for part in parts if not part.isdecimal() and part not in ("de", "г", "del", "of")]
    return (_month(names[0]) if len(names) == 1 else None), numbers


def _month(word: str) -> int | None:
    word = plain(word)
    if len(word) < 3:
        return None
    exact = {number for name, number in _NAMES if name == word}
    found = exact or {number for name, number in _NAMES if name.startswith(word)}
    return found.pop() if len(found) == 1 else None


def _names() -> Iterator[tuple[str, int]]:
    odd = {"jänner": 1, "feber": 2, "maerz": 3, "mrz": 3, "mar": 3, "sept": 9}
    for line in MONTHS.split("\n"):
        names = [plain(name.casefold()) for name in line.split()]
        yield from ((name, number) for number, name in enumerate(names, start=1) if len(names) == 12)
    yield from odd.items()


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_NAMES = tuple(_names())
