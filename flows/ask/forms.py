"""How each type of an answer is written for programs, by the engine's own writers.

What is not the engine's: lists, structs and maps in CSV are JSON, which everything reads back; a number that JSON
cannot hold (NaN, Infinity) is its word there; sums of whole numbers stay whole in Parquet; and texts can be made safe
for spreadsheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

from ..engine import duckdb
from ..sql_text import quoted
from .results import Column

WRITTEN = {
    "csv": "format csv, header",
    "json": "format json, array true",
    "jsonl": "format json",
    "parquet": "format parquet",
}
NESTED = frozenset(("list", "array", "struct", "map", "union", "variant"))
FLOATS = frozenset(("float", "double"))
HUGE = frozenset(("hugeint", "uhugeint"))  # what sums of whole numbers are; Parquet would hold them as floats
# A cell that begins with one of these is run by spreadsheets.
FORMULA = r"^[=+@\t\r\n-]"


def projected(columns: Sequence[Column], form: str, for_spreadsheet: bool = False) -> str:
    """The select list that writes the columns in a form of WRITTEN without loss."""
    found = []
    for column in columns:
        name = value = named(column.name)
        if form == "csv":
            if column.type.id in NESTED:
                value = json_of(name, column.type)
            if for_spreadsheet and not column.is_plain:
                value = _defused(value)
            if len(columns) == 1:
                # A lone missing cell would be an empty line, which readers pass over.
                value = f"coalesce({value}::varchar, '')"
        elif form in ("json", "jsonl") and has_floats(column.type):
            value = json_of(name, column.type)
        elif form == "parquet" and column.type.id in HUGE:
            value = f"{name}::decimal(38, 0)"
        found.append(name if value == name else f"{value} as {name}")
    return ", ".join(found)


def as_text(columns: Sequence[Column]) -> str:
    """The select list that shows the columns to people."""
    return ", ".join(f"{named(column.name)}::varchar" for column in columns)


def named(name: str) -> str:
    """A column as SQL names it."""
    return '"' + name.replace('"', '""') + '"'


def has_floats(kind: DuckDBPyType) -> bool:
    """Whether a value of the type may hold a number that JSON has no word for."""
    return kind.id in FLOATS or any(has_floats(part) for part in _parts(kind).values())


def json_of(value: str, kind: DuckDBPyType, depth: int = 0) -> str:
    """SQL for a value as JSON; NaN and the infinities, which JSON has no numbers for, are texts."""
    if not has_floats(kind):
        return f"to_json({value})"
    one, parts = f"one_{depth}", _parts(kind)
    if kind.id in FLOATS:
        word = f"case when isnan({value}) then 'NaN' when {value} > 0 then 'Infinity' else '-Infinity' end"
        return f"case when not isfinite({value}) then to_json({word}) else to_json({value}) end"
    if kind.id in ("list", "array"):
        return f"to_json(list_transform({value}, lambda {one}: {json_of(one, parts['child'], depth + 1)}))"
    if kind.id == "map":
        values = f"list_transform(map_values({value}), lambda {one}: {json_of(one, parts['value'], depth + 1)})"
        return f"to_json(map(map_keys({value}), {values}))"
    inner = ", ".join(
        f"{named(name)} := {json_of(f'{value}[{quoted(name)}]', part, depth)}" for name, part in parts.items()
    )
    return f"case when {value} is not null then to_json(struct_pack({inner})) end"


def _parts(kind: DuckDBPyType) -> dict[str, DuckDBPyType]:
    if kind.id not in ("list", "array", "struct", "map"):
        return {}
    return {name: part for name, part in kind.children if isinstance(part, duckdb.sqltypes.DuckDBPyType)}


def _defused(value: str) -> str:
    text = f"{value}::varchar"
    return f"case when regexp_matches({text}, {quoted(FORMULA)}) then chr(39) || {text} else {text} end"
