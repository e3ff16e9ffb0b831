"""Wide survey tables: finds their columns, reads the few that are needed, and says what is wrong with a damaged one.

Columns are named by position for DuckDB (c0, c1, ...), since forms repeat names and use characters of SQL in them.
Only the columns that a query names are kept; the others are split and forgotten.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, Self

from ...engine import duckdb
from ...errors import LandingError, SourceError
from ...landing.loading import looking, reading
from ...network.expect import CSV, HEAD_BYTES
from ...sql_text import first_line, not_the_file, paths, quoted
from .archive import kind_of

SHOWN_COLUMNS = 25
CLOSEST = 3
LONGEST_HEADER = 1 << 20
NO_NAME = re.compile(r"[^A-Za-z0-9_.]")
NOTE = re.compile(r'\s*|"?sep=."?\s*')
CUT_ROW = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
LINE = re.compile(r"CSV Error on Line: (\d+)")
# A cell may hold a page of free text, but not a file: an open quote would otherwise swallow the rest.
LONGEST_ROW = 4 << 20
# How programs write that a cell holds nothing: the publishers' own way, R, pandas, spreadsheets, databases. Blanks too,
# but those are looked at where a cell is read.
MISSING = (
    *("", "NA", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "<NA>", "na", "nan", "NaN", "NAN", "-nan", "-NaN", "None"),
    *("none", "NONE", "null", "NULL", "Null", "(null)", "NIL", "nil", "-", "--", ".", "\\N", "undefined", "missing"),
    *("Missing", "MISSING", "NaT", "NA_character_", "#NULL!", "#VALUE!", "[]"),
)


@dataclass(frozen=True)
class SurveyTable:
    """A CSV file with its header.

    Attributes:
        path: the file, plain or .gz.
        address: what to call it in errors.
        header: its column names.
        encoding: utf-8 or latin-1.
        answers: texts that are answers here, though they stand for nothing elsewhere.
        separator: between its cells; programs of some countries put semicolons.
        skipped: lines above the header, empty or a spreadsheet's own note.
    """

    path: Path
    address: str
    header: tuple[str, ...]
    encoding: str = "utf-8"
    answers: tuple[str, ...] = ()
    separator: str = ","
    skipped: int = 0

    @classmethod
    def open(cls, path: Path, address: str, *, encoding: str = "utf-8", answers: Sequence[str] = ()) -> Self:
        """Read the header, or say what stands in place of a CSV file."""
        try:
            with _bytes_of(path) as file:
                start = file.read(LONGEST_HEADER)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(address, CSV.words, f"a damaged gzip ({error})", "Fetch the file again.") from error
        size = len(start) if len(start) < LONGEST_HEADER else None
        if found := CSV.refuse_head(start[:HEAD_BYTES], size):
            raise SourceError(address, CSV.words, found, "Name the file as it was published.")
        lines = start.removeprefix(b"\xef\xbb\xbf").decode("latin-1").splitlines(keepends=True)
        skipped = next((number for number, line in enumerate(lines) if not NOTE.fullmatch(line)), 0)
        try:
            read = {sign: next(csv.reader(lines[skipped:], delimiter=sign), []) for sign in ",;\t|"}
            separator = max(read, key=lambda sign: len(read[sign]))
            header = read[separator]
            names = [name.encode("latin-1").decode(encoding) for name in header]
        except UnicodeDecodeError as error:
            raise _wrong_encoding(address, encoding, "the header") from error
        except csv.Error as error:
            cure = "Name the file as it was published."
            raise SourceError(address, "a header with names of columns", f"none ({error})", cure) from error
        return cls(path, address, tuple(names), encoding, tuple(answers), separator, skipped)

    def missing(self, columns: Iterable[str]) -> list[str]:
        """The columns that the header lacks."""
        return [column for column in columns if self._place(column) is None]

    def lost(self, columns: Sequence[str], found: str, cure: str) -> SourceError:
        """Make the error of a table without the columns it should have, naming those that it has."""
        missing = self.missing(columns)
        closest = [
            name for column in missing for name in difflib.get_close_matches(column, self.header, CLOSEST, cutoff=0.5)
        ]
        shown = list(dict.fromkeys([*closest, *self.header]))[:SHOWN_COLUMNS]
        more = f" and {len(self.header) - len(shown)} more" if len(self.header) > len(shown) else ""
        words = f"that {', '.join(missing)} are missing{found}; it has {', '.join(name[:60] for name in shown)}{more}"
        return SourceError(self.address, f"the columns {', '.join(columns)}", words, cure)

    def column(self, name: str) -> str:
        """The column of this name in a query; null where the form has none."""
        place = self._place(name) if name else None
        return "null::varchar" if place is None else f"c{place}"

    @cached_property
    def _bare_header(self) -> list[str]:
        return [_bare(name) for name in self.header]

    def _place(self, name: str) -> int | None:
        """Where a column stands, also under the name that R makes of it, or in other letters and with other signs."""
        for made in (str, lambda text: NO_NAME.sub(".", text), _bare):
            names = self._bare_header if made is _bare else self.header
            if names.count(made(name)) == 1 or (made is not _bare and made(name) in names):
                return names.index(made(name))
        return None

    def reader(self) -> str:
        """The table function that reads the file, strictly: a row with other than the header's cells is an error."""
        columns = ", ".join(f"c{number}: 'VARCHAR'" for number in range(len(self.header)))
        nulls = ", ".join(quoted(word) for word in MISSING if word not in self.answers)
        compression = "gzip" if kind_of(self.path) == "gzip" else "none"
        return (
            f"read_csv({paths(self.path)}, hive_partitioning = false, auto_detect = false, header = true, "
            f"skip = {self.skipped}, delim = {quoted(self.separator)}, quote = '\"', "
            f"escape = '\"', strict_mode = true, encoding = {quoted(self.encoding)}, nullstr = [{nulls}], "
            f"max_line_size = {LONGEST_ROW}, compression = {quoted(compression)}, columns = {{{columns}}})"
        )

    def run(self, con: duckdb.DuckDBPyConnection, query: str) -> None:
        """Run a query over `reader()`."""
        try:
            with reading():
                con.execute(query)
        except duckdb.Error as error:
            self.refuse(error)

    def counted(self, query: str, counts: str) -> tuple[Any, ...]:
        """Read the file as a build would and count over the rows: merely counting would pass over damaged cells."""
        with looking(threads=2) as con:
            self.run(con, f"create temp table found as {query}")
            return con.execute(f"select {counts} from found").fetchall()[0]

    def refuse(self, error: duckdb.Error) -> NoReturn:
        """Raise what DuckDB found wrong with the file in plain words."""
        if reason := not_the_file(error):
            raise LandingError(
                f"{self.address}: expected room to read it, found {reason}. Free some space and try again."
            ) from error
        text = " ".join(str(error).split())
        where = f" on line {line[1]}" if (line := LINE.search(text)) else ""
        cure = "Fetch the file again: it was cut or changed on its way."
        if cells := CUT_ROW.search(text):
            found = f"a row of {cells[2]} cells{where}"
            raise SourceError(self.address, f"rows of {cells[1]} cells", found, cure) from error
        if "nicode" in text or "utf-8 encoded" in text or "encoding" in text:
            raise _wrong_encoding(self.address, self.encoding, f"a row{where}") from error
        if "quote" in text or "Maximum line size" in text:
            found = f"a quoted cell that never ends{where}"
            raise SourceError(self.address, "rows of whole cells", found, cure) from error
        found = first_line(error)
        raise SourceError(self.address, "a CSV file that DuckDB can read", found, cure) from error


def _bare(name: str) -> str:
    """A name without case and signs, as programs that tidy up make it."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _bytes_of(path: Path) -> Any:
    return gzip.open(path) if kind_of(path) == "gzip" else path.open("rb")


def _wrong_encoding(address: str, encoding: str, where: str) -> SourceError:
    cure = "Name the file as it was published; a spreadsheet program saves it in another encoding."
    return SourceError(address, f"text in {encoding}", f"bytes of another encoding in {where}", cure)
