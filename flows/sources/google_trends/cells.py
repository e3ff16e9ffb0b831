"""Reads a file of Google Trends as cells: its encoding, separator and preamble, and which columns hold figures."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

from ...errors import SourceError
from ...landing.landing import CSV
from .dates import plain
from .words import ALL_CATEGORIES, GRAINS

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LONGEST_HEAD = 4096
NAMED = re.compile(r"[^,;\t\"]+[:\uff1a] ?[^(\uff08]")
SEPARATORS = ",;\t|"
# Text in UTF-16 is full of zero bytes, as no other text is; the spreadsheet program that writes it marks it.
EXPORT = replace(CSV, head_ok=lambda head: head.startswith(UTF_16) or CSV.head_ok(head))
CURE = "Download the CSV of a chart of trends.google.com: `multiTimeline.csv` or `geoMap.csv`."


def looks_like_export(path: Path) -> bool:
    """Whether a file that cannot be read was an export all the same: then what is wrong with it is worth telling."""
    try:
        lines = _text(path)[:LONGEST_HEAD].splitlines()[:4]
    except (SourceError, OSError):
        return False
    cells = [plain(cell) for line in lines for cell in re.split(r'[,;\t"]', line) if cell.strip()]
    first = plain(re.split(r"[,;\t]", lines[0])[0]).strip('" ').casefold() if lines else ""
    has_category = any(ALL_CATEGORIES & {plain(cell.rpartition(":")[2]).casefold()} for cell in cells)
    is_frame = {"ispartial", "hits"} & {cell.casefold() for cell in cells}
    has_terms = any(re.search(r"\S: ?\(.+\)?", cell) for cell in cells)
    return bool(has_category or is_frame or has_terms or (first in GRAINS and len(cells) > 1))


def table(path: Path) -> tuple[str, list[str], list[list[str]]]:
    """The category that the preamble names, the header and the rows behind it."""
    lines = [line.rstrip() for line in _text(path).splitlines()]
    separators = SEPARATORS
    if lines and (told := re.fullmatch(r'"?sep=(.)"?', lines[0].strip())):  # a spreadsheet's own note
        separators, lines = told[1], lines[1:]
    preamble, lines = _preamble(lines)
    for separator in separators:
        try:
            rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, strict=True))
        except csv.Error as error:
            cure = "The file breaks off or was edited: download it again."
            raise refusal(path, "a whole CSV file", f"that it breaks off inside quotes ({error})", cure) from error
        if len(rows) > 1 and len(rows[0]) > 1 and len(rows[1]) > 1:
            if any(line.strip().casefold() in ("top", "rising") for line in preamble):
                break
            return _category(preamble), rows[0], rows[1:]
    found = f"{len(lines)} lines that start with {' | '.join(lines[:2])[:80]!r}" if lines else "no rows"
    if any(re.match(r"\w.* interest: ", line) for line in (*preamble, *lines[:1])):
        found += ", several tables of the page as it was until 2016"
    elif len(lines) > 2 and not any(separator in lines[0] for separator in separators):
        found += ", such as a list of related searches"
    raise refusal(path, "a header with a column of dates or places, and rows behind it", found, CURE)


def _text(path: Path) -> str:
    """The file as text: UTF-8, or UTF-16 where its first bytes say so."""
    body = path.read_bytes()
    if body.startswith(b"PK\x03\x04"):
        cure = "Open it and save the sheet as CSV in UTF-8, or download the CSV again."
        raise refusal(path, "a CSV file", "a spreadsheet's workbook or another zip", cure)
    try:
        return body.decode("utf-16" if body.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {body[error.start]:#04x} at position {error.start}"
        cure = "Save it as CSV in UTF-8, or download it again."
        raise refusal(path, "text in UTF-8", found, cure) from error


def _preamble(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the lines above the first empty one, or a first line that names a category, from the table."""
    blank = [not line.strip(' ,;\t"') for line in lines]
    if len(lines) > 1 and not blank[0] and blank[1]:
        kept, lines = lines[:1], lines[2:]
    elif (
        len(lines) > 1
        and re.match(r"[^,;\t\"]+[:\uff1a] ?[^(\uff08]", lines[0])
        and _width(lines[0]) < _width(lines[1])
    ):
        kept, lines = lines[:1], lines[1:]
    else:
        kept = []
    return kept, [line for line in lines if line.strip(' ,;\t"')]


def _width(line: str) -> int:
    return max(line.count(separator) for separator in SEPARATORS)


def _category(preamble: list[str]) -> str:
    """The category, `all` for all of them in any language."""
    found = [re.split(r"[:\uff1a]", line.strip(' ,;\t"'), maxsplit=1) for line in preamble]
    named = next((parts[1].strip() for parts in found if len(parts) == 2), "")
    return "all" if plain(named).casefold() in ALL_CATEGORIES else named


def own_columns(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]], tuple[bool, ...]]:
    """Leave out what is no figure: empty columns, row numbers, codes of places, and the mark of partial rows."""
    names = [plain(cell).casefold() for cell in header]
    empty = {at for at, name in enumerate(names) if not name and all(not row[at].strip() for row in rows)}
    if (
        names[0] in ("", "unnamed: 0")
        and 0 not in empty
        and [row[0].strip() for row in rows]
        in (
            [str(number) for number in range(len(rows))],
            [str(number) for number in range(1, len(rows) + 1)],
        )
    ):
        empty.add(0)
    marks = {at for at, name in enumerate(names) if name == "ispartial"}
    codes = {at for at, name in enumerate(names) if name == "geocode"}
    kept = [at for at in range(len(header)) if at not in empty | marks | codes]
    partial = tuple(row[at].strip().casefold() == "true" for row in rows for at in list(marks)[:1])
    return [header[at] for at in kept], [[row[at] for at in kept] for row in rows], partial


def refusal(path: Path, expected: str, found: str, cure: str) -> SourceError:
    """The error of a file that is not what it should be."""
    return SourceError(str(path), expected, found, cure)
