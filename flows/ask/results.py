"""Shows the answer of a query to people, as a table or in Markdown; programs get theirs from the engine's writers."""

import math
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

# Rows that a person is shown unless asked otherwise.
SHOWN_ROWS = 500
NARROWEST = 8
GAP = "  "
FLOATS = frozenset(("float", "double"))
WIDE = 1e15  # numbers from here on are shown as the engine writes them
TINY = 1e-6  # and so are those below


@dataclass(frozen=True)
class Column:
    """A column of an answer."""

    name: str
    type: "DuckDBPyType"

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers, which stand to the right."""
        kind = self.type.id
        return kind in FLOATS or kind in ("decimal", "hugeint", "uhugeint") or kind.endswith(("int", "integer"))

    @property
    def is_plain(self) -> bool:
        """Whether it holds numbers, truths, days or times: nothing that may be cut, or taken for a formula."""
        kind = self.type.id
        return self.is_number or kind in ("boolean", "date", "uuid") or kind.startswith("time")


def terminal_width(stream: TextIO) -> int | None:
    """The width of the terminal that a stream writes to, if it does."""
    if not stream.isatty():
        return None
    told = os.environ.get("COLUMNS", "")
    try:
        return int(told) if told.isdigit() and int(told) else os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def write(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | None]],
    is_cut: bool,
    stream: TextIO,
    form: str,
    width: int | None = None,
) -> int:
    """Write rows, as the engine spells their values, in the form `table` or `markdown`; return how many there are."""
    cells = [[_shown(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]
    if form == "markdown":
        _write_markdown(columns, cells, is_cut, stream)
    else:
        _write_table(columns, cells, is_cut, stream, width)
    return len(cells)


def _write_table(
    columns: Sequence[Column], rows: list[list[str]], is_cut: bool, stream: TextIO, width: int | None
) -> None:
    names = [_printable(column.name) for column in columns]
    widths = [max(map(_width, cells)) for cells in zip(names, *rows, strict=True)]
    kept = _fitted(widths, [column.is_plain for column in columns], width) if width else list(range(len(columns)))
    for cells in [names, ["-" * width for width in widths], *rows]:
        line = GAP.join(_cell(cells[number], widths[number], columns[number].is_number) for number in kept)
        stream.write(line.rstrip() + "\n")
    stream.write(f"({_counted(rows, is_cut)}{_left_out(names, kept)})\n")


def _fitted(widths: list[int], whole: Sequence[bool], available: int) -> list[int]:
    """Narrow words until the columns fit, widest first; where that is not enough, leave columns out from the right.

    Numbers and days (`whole`) are never cut: half a number is a wrong number.
    """
    kept = list(range(len(widths)))
    while kept:
        excess = sum(widths[number] for number in kept) + len(GAP) * (len(kept) - 1) - available
        if excess <= 0:
            break
        words = [number for number in kept if not whole[number] and widths[number] > NARROWEST]
        if words:
            widest = max(words, key=lambda number: widths[number])
            second = max((widths[number] for number in words if number != widest), default=NARROWEST)
            widths[widest] = max(NARROWEST, widths[widest] - max(1, min(excess, widths[widest] - second)))
        elif len(kept) == 1:
            break
        else:
            kept.pop()
    return kept


def _left_out(names: list[str], kept: list[int]) -> str:
    if len(kept) == len(names):
        return ""
    left_out = ", ".join(name for number, name in enumerate(names) if number not in kept)
    return f"; too narrow for {left_out}: name fewer columns, or use --format csv"


def _counted(rows: list[list[str]], is_cut: bool) -> str:
    more = "; cut here, more rows follow: raise --limit, or use --format csv for all" if is_cut else ""
    return f"{len(rows):,} row{'' if len(rows) == 1 else 's'}{more}"


def _cell(text: str, width: int, is_number: bool) -> str:
    if _width(text) > width:
        text = _head(text, width - 1) + "…"
    pad = " " * (width - _width(text))
    return pad + text if is_number else text + pad


def _head(text: str, width: int) -> str:
    while _width(text) > width:
        text = text[:-1]
    return text


def _width(text: str) -> int:
    """Cells that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def _write_markdown(columns: Sequence[Column], rows: list[list[str]], is_cut: bool, stream: TextIO) -> None:
    names = [_printable(column.name) for column in columns]
    for cells in [names, ["---:" if column.is_number else "---" for column in columns], *rows]:
        stream.write("| " + " | ".join(cell.replace("\\", "\\\\").replace("|", "\\|") for cell in cells) + " |\n")
    if is_cut:
        stream.write(f"\n{_counted(rows, is_cut)}\n")


def _shown(cell: str | None, column: Column) -> str:
    if cell is None:
        return ""
    if column.type.id in FLOATS:
        return _rounded(cell)
    if column.type.id == "decimal":
        return f"{Decimal(cell):,f}"
    return _printable(cell)


def _rounded(text: str) -> str:
    """A float to four decimals, or four digits where it is below one; never to zero."""
    number = float(text)
    size = abs(number)
    if not (TINY <= size < WIDE):
        return "0" if size == 0 else text
    places = 4 if size >= 1 else 3 - math.floor(math.log10(size))
    shown = f"{number:,.{places}f}"
    return shown.rstrip("0").rstrip(".")


def _printable(text: str) -> str:
    """A control character in the data must not reach the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
