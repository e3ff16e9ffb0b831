"""Writes the answer of a query: for people (table, markdown) or for programs (csv, json, jsonl)."""

import csv
import io
import json
import logging
import math
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, TextIO

log = logging.getLogger(__name__)

# Rows that a person is shown unless asked otherwise.
SHOWN_ROWS = 500
EXPLAINED = ["explain_key", "explain_value"]
NARROWEST = 8
GAP = "  "
DAY = re.compile(r"^\d{4}-\d\d-\d\d")
NUMBER = re.compile(r"^-?[\d,]+(\.\d+)?(e[+-]?\d+)?$")


@dataclass(frozen=True)
class Result:
    """Column names and an iterator over rows."""

    columns: list[str]
    rows: Iterator[Sequence[Any]]


def write(result: Result, stream: TextIO, form: str, limit: int | None = None) -> int:
    """Write a result; return the number of rows."""
    if form in ("table", "markdown"):
        if result.columns == EXPLAINED:
            return sum(_write_plan(row[1], stream) for row in result.rows)
        shown = list(islice(result.rows, limit or SHOWN_ROWS))
        is_cut = next(result.rows, None) is not None
        cells = [[_shown(cell) for cell in row] for row in shown]
        if form == "table":
            _write_table(result.columns, cells, is_cut, stream)
        else:
            _write_markdown(result.columns, cells, is_cut, stream)
        return len(cells)
    rows = islice(result.rows, limit) if limit else result.rows
    writers = {"csv": _write_csv, "json": _write_json, "jsonl": _write_json_lines}
    count = writers[form](result.columns, rows, stream)
    if limit and next(result.rows, None) is not None:
        log.warning("Cut after %s rows, more follow: raise --limit.", f"{limit:,}")
    return count


def _write_plan(plan: str, stream: TextIO) -> int:
    stream.write(f"{plan}\n")
    return 1


def _write_csv(columns: list[str], rows: Iterator[Sequence[Any]], stream: TextIO) -> int:
    # A return within a cell is quoted only where lines end with one: they do in a text of their own.
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")

    def write_row(cells: Sequence[Any]) -> None:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        stream.write(line.getvalue().removesuffix("\r\n") + "\n")

    write_row(columns)
    count = 0
    for row in rows:
        write_row([str(cell).lower() if isinstance(cell, bool) else _plain(cell) for cell in row])
        count += 1
    return count


def _write_json(columns: list[str], rows: Iterator[Sequence[Any]], stream: TextIO) -> int:
    count = 0
    stream.write("[")
    for row in rows:
        stream.write((",\n " if count else "\n ") + _record(columns, row))
        count += 1
    stream.write("\n]\n")
    return count


def _write_json_lines(columns: list[str], rows: Iterator[Sequence[Any]], stream: TextIO) -> int:
    count = 0
    for row in rows:
        stream.write(_record(columns, row) + "\n")
        count += 1
    return count


def _record(columns: list[str], row: Sequence[Any]) -> str:
    record = {name: _plain(cell) for name, cell in zip(columns, row, strict=True)}
    return json.dumps(record, ensure_ascii=False, default=str)


def _write_table(columns: list[str], rows: list[list[str]], is_cut: bool, stream: TextIO) -> None:
    numeric = [all(_is_number(row[number]) for row in rows) for number in range(len(columns))]
    widths = [max(map(_width, column)) for column in zip(columns, *rows, strict=True)]
    available = shutil.get_terminal_size((10_000, 24)).columns if stream.isatty() else 10_000
    whole = [all(_is_number(row[number]) or DAY.match(row[number]) for row in rows) for number in range(len(columns))]
    kept = _fitted(widths, whole, available)
    for cells in [columns, ["-" * width for width in widths], *rows]:
        line = GAP.join(_cell(cells[number], widths[number], numeric[number]) for number in kept)
        stream.write(line.rstrip() + "\n")
    stream.write(f"({_counted(rows, is_cut)}{_left_out(columns, kept)})\n")


def _fitted(widths: list[int], whole: list[bool], available: int) -> list[int]:
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


def _left_out(columns: list[str], kept: list[int]) -> str:
    if len(kept) == len(columns):
        return ""
    names = ", ".join(columns[number] for number in range(len(columns)) if number not in kept)
    return f"; too narrow for {names}: name fewer columns, or use --format csv"


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
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)


def _write_markdown(columns: list[str], rows: list[list[str]], is_cut: bool, stream: TextIO) -> None:
    numeric = [all(_is_number(row[number]) for row in rows) for number in range(len(columns))]
    lines = [columns, ["---:" if right else "---" for right in numeric], *rows]
    for cells in lines:
        stream.write("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    if is_cut:
        stream.write(f"\n{_counted(rows, is_cut)}\n")


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | Decimal):
        return f"{cell:,.4f}".rstrip("0").rstrip(".") if -1e15 < cell < 1e15 else repr(cell)
    # A control character in the data must not reach the terminal.
    return "".join(char if char.isprintable() else " " for char in str(_plain(cell)))


def _is_number(text: str) -> bool:
    return not text or bool(NUMBER.match(text))


def _plain(cell: Any) -> Any:
    """A cell as JSON and CSV hold it."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return None if math.isnan(cell) else str(cell)
    if isinstance(cell, dict):
        return {str(_plain(key)): _plain(value) for key, value in cell.items()}
    if isinstance(cell, list | tuple):
        return [_plain(value) for value in cell]
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date | datetime | time) else cell
