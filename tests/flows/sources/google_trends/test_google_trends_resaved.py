"""Exports that passed through other hands: the same figures, or a refusal that says why."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.errors import SourceError
from flows.sources.google_trends.exports import read_export

FIRST = date(2023, 10, 1)
WEEKS = [FIRST + timedelta(days=7 * number) for number in range(4)]
PLAIN = "Category: All categories\n\nWeek,PyTorch: (Worldwide),TensorFlow: (Worldwide)\n" + "".join(
    f"{day},{a},{b}\n" for day, a, b in zip(WEEKS, ("40", "100", "<1", "7"), ("3", "<1", "", "1"), strict=True)
)
CELLS = (("40", "3"), ("100", "<1"), ("<1", ""), ("7", "1"))


def saved(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def redated(write) -> str:
    text = PLAIN
    for day in WEEKS:
        text = text.replace(day.isoformat(), write(day))
    return text


def since(year: int, first: int):
    return lambda day: str((day - date(year, 1, 1)).days + first)


TAKEN = {
    "tabs, with an empty last cell": PLAIN.replace(",", "\t"),
    "UTF-16 without its mark, little end first": PLAIN.replace(",", "\t").encode("utf-16-le"),
    "UTF-16 without its mark, big end first": PLAIN.encode("utf-16-be"),
    "UTF-32": PLAIN.encode("utf-32"),
    "a mark of UTF-8 within": PLAIN.replace("Week", "\ufeffWeek"),
    "a mark of UTF-8 twice": "\ufeff\ufeff" + PLAIN,
    "old line ends": PLAIN.replace("\n", "\r"),
    "<1 as HTML": PLAIN.replace("<1", "&lt;1"),
    "<1 after an apostrophe": PLAIN.replace("<1", "'<1"),
    "<1 with another sign": PLAIN.replace("<1", "\u2039 1"),
    "<1 wide": PLAIN.replace("<1", "\uff1c1"),
    "days since 1900": redated(since(1900, 2)),
    "days since 1904": redated(since(1904, 0)),
    "newest first": "\n".join([*PLAIN.split("\n")[:3], *PLAIN.split("\n")[6:2:-1], ""]),
    "a blank line above": "\n\n" + PLAIN,
    "a title above": "multiTimeline\n\n" + PLAIN,
    "another line above": "Geo: Worldwide\n" + PLAIN,
    "the preamble as a header of pandas": PLAIN.replace("categories\n\n", "categories,Unnamed: 1,Unnamed: 2\n"),
    "names of R": PLAIN.partition("\n\n")[2].replace(": (Worldwide)", "...Worldwide."),
}
REFUSED = {
    "one header, found another one in row 1": PLAIN.replace("Week,", PLAIN.split("\n")[2] + "\nWeek,"),
    "one header, found another one in row 3": PLAIN.replace("2023-10-15", PLAIN.split("\n")[2] + "\n2023-10-15"),
    "a workbook of an older spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "a packed file": b"\x1f\x8b\x08\x00",
    "found '1696118400'. Export again": redated(lambda day: str(1696118400 + (day - FIRST).days * 86400)),
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_same_figures(tmp_path, name):
    export = read_export(saved(tmp_path / "x.csv", TAKEN[name]))
    assert (export.grain, export.times) == ("week", tuple(map(str, WEEKS)))
    assert export.cells == CELLS
    assert [(column.keyword, column.place) for column in export.columns] == [
        ("PyTorch", "Worldwide"),
        ("TensorFlow", "Worldwide"),
    ]
    assert export.category == ("" if name == "names of R" else "all")
    assert export.warnings == ()


@pytest.mark.parametrize("words", REFUSED)
def test_a_refusal_says_why(tmp_path, words):
    with pytest.raises(SourceError, match=re.escape(words)):
        read_export(saved(tmp_path / "x.csv", REFUSED[words]))


def test_weeks_begin_on_sunday_where_only_numbers_of_days_are_left(tmp_path):
    text = redated(lambda day: since(1900, 2)(day + timedelta(days=2)))
    with pytest.raises(SourceError, match="evenly spaced dates"):
        read_export(saved(tmp_path / "x.csv", text))


def test_a_file_that_may_break_off_within_a_figure_is_told(tmp_path):
    export = read_export(saved(tmp_path / "x.csv", PLAIN.rstrip("\n")))
    assert export.warnings == ("the last line has no end: if the file was cut off, its last figure is too small",)
