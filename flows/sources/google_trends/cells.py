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
WORKBOOKS = {
    b"PK\x03\x04": "a spreadsheet's workbook or another zip",
    b"\xd0\xcf\x11\xe0": "a workbook of an older spreadsheet",
    b"\x1f\x8b": "a packed file",
}
MOST_PREAMBLE = 5  # lines above the header
LONGEST_HEAD = 4096
NAMED = re.compile(r"[^,;\t\"]+[:\uff1a] ?[^(\uff08]")  # as in `Category: All categories`
FILLED = re.compile(r"|Unnamed: \d+|X(\.\d+)?")  # how programs name columns without a name
SEPARATORS = ",;\t|"


def _encoding(head: bytes) -> str:
    """The encoding: what the first bytes say, or where the zero bytes of letters stand; else UTF-8."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if head.startswith(UTF_16):
        return "utf-16"
    zeros = [head[start:64:2].count(0) for start in (0, 1)]
    if max(zeros) > 8:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    return "utf-8-sig"


# Text in UTF-16 is full of zero bytes, as no other text is.
EXPORT = replace(CSV, head_ok=lambda head: _encoding(head) != "utf-8-sig" or CSV.head_ok(head))
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
    lines = [line.rstrip(" \r\n") for line in _text(path).splitlines()]
    separators = SEPARATORS
    while lines and _is_blank(lines[0]):
        del lines[0]
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
    """The file as text."""
    body = path.read_bytes()
    if found := WORKBOOKS.get(body[:4]) or WORKBOOKS.get(body[:2]):
        cure = "Open it and save the sheet as CSV in UTF-8, or download the CSV again."
        raise refusal(path, "a CSV file", found, cure)
    try:
        return body.decode(_encoding(body))
    except UnicodeDecodeError as error:
        found = f"byte {body[error.start]:#04x} at position {error.start}"
        cure = "Save it as CSV in UTF-8, or download it again."
        raise refusal(path, "text in UTF-8", found, cure) from error


def _preamble(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part what stands above the header from the table: a title, and a line that names the category."""
    kept: list[str] = []
    while len(lines) > 1 and len(kept) < MOST_PREAMBLE and _is_above(lines):
        kept.append(lines[0])
        lines = lines[1:]
        while lines and _is_blank(lines[0]):
            lines = lines[1:]
    return kept, [line for line in lines if not _is_blank(line)]


def _is_above(lines: list[str]) -> bool:
    """Whether the first line stands above the header: before an empty one, or naming one thing alone."""
    if _is_blank(lines[1]):
        return True
    told = [cell for cell in re.split(r"[,;\t|]", lines[0]) if not FILLED.fullmatch(cell.strip(' "'))]
    is_alone = len(told) == 1 and bool(NAMED.match(told[0].strip(' "')))
    return is_alone or (bool(NAMED.match(lines[0])) and _width(lines[0]) < _width(lines[1]))


def _is_blank(line: str) -> bool:
    return not line.strip(' ,;\t"|')


def _width(line: str) -> int:
    return max(line.count(separator) for separator in SEPARATORS)


def _category(preamble: list[str]) -> str:
    """The category, `all` for all of them in any language."""
    cells = [re.sub(r"[,;\t|]+(Unnamed: \d+[,;\t|]*)*$", "", line).strip(' ,;\t"|') for line in preamble]
    found = [re.split(r"[:\uff1a]", cell, maxsplit=1) for cell in cells]
    named = [parts[1].strip() for parts in found if len(parts) == 2]
    if any(plain(name).casefold() in ALL_CATEGORIES for name in named):
        return "all"
    return named[-1] if named else ""  # it stands right above the header


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
