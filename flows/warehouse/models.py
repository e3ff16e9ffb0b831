"""The models of sql/: one file is one table, and its header is its contract.

A header says what the table is, its grain, its columns in order and the rules that its rows keep:

    -- One row per thing.
    -- @grain thing_id
    -- @columns thing_id, thing_count
    -- @column source: who made the thing
    -- @fail thing_count > 0
    -- @warn thing_count >= 30: few things
    -- @note words

A table of staging is a view, as is one with the tag `@view`, which says whose rows it holds; no export repeats those.

A model of records, which a cluster may share out, says by which column (`rows` where any part of its input will do);
one that counts says what adds up over the parts, and nothing else may stand beside its grain:

    -- @partition thing_id
    -- @sums thing_count

What a column means is said once, in sql/columns.csv; `@column` stands where it means something else in this table.
`@columns` names the others of a mart, which is a contract; elsewhere they are those that the query names.
`@fail` stops a build. `@warn` lets it go on and is told to the reader; the words after ": " say what it means to them.
`@note` names a column whose words are told to the reader as they stand.
What a model reads is taken from its query, never typed, and each layer may only read the layers in LAYER_READS.
"""

import csv
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from ..errors import ModelError
from .queries import PARSED, parse

LAYER_READS: dict[str, tuple[str, ...]] = {
    "staging": ("raw",),
    "intermediate": ("staging", "intermediate"),
    "marts": ("staging", "intermediate", "marts"),
    # What only pages need. Nothing but dashboards/ reads it, and no export holds it.
    "pages": ("staging.reference__", "marts", "pages"),
    "checks": ("raw", "staging", "intermediate", "marts"),
}
# Layers whose models are tables or views; a check makes none.
SCHEMAS = tuple(layer for layer in LAYER_READS if layer != "checks")
# Layers whose headers name every column: people read their tables. The columns of the others are those of the query.
CONTRACT = ("marts",)
# What columns mean wherever a header adds nothing: a table of name and meaning beside the layers.
DICTIONARY = "columns.csv"
TAG = re.compile(r"^-- @(\w+) +(.+)$")
COLUMN = re.compile(r"^(\w+): (.+)$")


@dataclass(frozen=True)
class Warn:
    """A rule whose breach is told to the reader: `rule` in SQL, `meaning` in words."""

    rule: str
    meaning: str


@dataclass(frozen=True)
class Model:
    """One file of sql/.

    Attributes:
        path: the file.
        layer: staging, intermediate, marts, pages or checks; also the DuckDB schema.
        name: table name, the file's stem.
        description: what it is.
        grain: columns that identify a row; empty for checks.
        columns: meaning by column, in the order of the query.
        fails: rules that stop a build.
        warns: rules that are told to the reader.
        notes: columns whose words are told to the reader.
        query: the select statement.
        reads: qualified names of the tables it reads.
        partition: column by which its input may be shared out (flows/lake), rows for any way, None for no way.
        sums: columns that add up over the parts; none where each row belongs to one part.
    """

    path: Path
    layer: str
    name: str
    description: str
    grain: tuple[str, ...]
    columns: dict[str, str]
    fails: tuple[str, ...]
    warns: tuple[Warn, ...]
    notes: tuple[str, ...]
    query: str
    reads: frozenset[str]
    is_view: bool
    partition: str | None = None
    sums: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """Qualified name."""
        return f"{self.layer}.{self.name}"


def read_models(
    folder: Path, con: duckdb.DuckDBPyConnection, computed: Mapping[str, Collection[str]] | None = None
) -> list[Model]:
    """Read every model below `folder`, in an order in which each comes after what it reads.

    Args:
        folder: the models.
        con: any connection; it parses the queries.
        computed: what each raw table that Python computes is computed from (flows/analysis), by qualified name.

    Raises:
        ModelError: a header is wrong, a layer rule is broken, a table is unknown or models read each other in a ring.
    """
    computed = computed or {}
    meanings = read_dictionary(folder)
    paths = [path for layer in LAYER_READS for path in sorted((folder / layer).glob("*.sql"))]
    parts = {path: _parts(path) for path in paths}
    parse({path: query for path, (_, query) in parts.items()}, con)
    models = [_model(path, *own, meanings) for path, own in parts.items()]
    by_table = {model.table: model for model in models}
    for model in models:
        _check_reads(model, by_table)
        _check_partition(model, by_table)
    for table, reads in computed.items():
        if unknown := sorted(set(reads) - by_table.keys()):
            raise ModelError(f"{table}: is computed from {', '.join(unknown)}, which no file in sql/ makes.")
    known = by_table.keys() | computed.keys()
    graph = {model.table: sorted(model.reads & known) for model in models}
    graph |= {table: sorted(reads) for table, reads in computed.items()}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ModelError(f"{folder}: models read each other in a ring: {' -> '.join(error.args[1])}.") from error
    rank = {table: number for number, table in enumerate(order)}
    return sorted(models, key=lambda model: (model.layer == "checks", rank[model.table]))


def read_dictionary(folder: Path) -> dict[str, str]:
    """Meaning by name of column; empty where the folder has no dictionary."""
    path = folder / DICTIONARY
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or rows[0] != ["name", "meaning"] or any(len(row) != 2 or not all(row) for row in rows):
        raise ModelError(f"{path}: expected the columns name and meaning, both filled in every row.")
    meanings = dict(rows[1:])
    if len(meanings) < len(rows) - 1:
        doubled = sorted({name for name, _ in rows if [row[0] for row in rows].count(name) > 1})
        raise ModelError(f"{path}: more than one meaning of {', '.join(doubled)}.")
    return meanings


def read_model(path: Path, con: duckdb.DuckDBPyConnection, meanings: Mapping[str, str] | None = None) -> Model:
    """Parse one file.

    Args:
        path: the file.
        con: any connection; it parses the query.
        meanings: what columns mean where the header does not say it; by default the dictionary beside the layers.
    """
    meanings = read_dictionary(path.parent.parent) if meanings is None else meanings
    header, query = _parts(path)
    parse({path: query}, con)
    return _model(path, header, query, meanings)


def _parts(path: Path) -> tuple[list[str], str]:
    """Lines of the header, and the query."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header_length = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return lines[:header_length], "\n".join(lines[header_length:]).strip()


def _model(path: Path, header: list[str], query: str, meanings: Mapping[str, str]) -> Model:
    words, tags = _read_header(path, header)
    return Model(
        path=path,
        layer=path.parent.name,
        name=path.stem,
        description=" ".join(words),
        grain=tuple(column.strip() for line in tags["grain"] for column in line.split(",")),
        columns=_columns(path, tags["column"], PARSED[query].names, meanings),
        fails=tuple(tags["fail"]),
        warns=tuple(Warn(*line.rsplit(": ", 1)) if ": " in line else Warn(line, line) for line in tags["warn"]),
        notes=tuple(tags["note"]),
        query=query,
        reads=PARSED[query].reads,
        is_view=path.parent.name == "staging" or bool(tags["view"]),
        partition=next(iter(tags["partition"]), None),
        sums=tuple(column.strip() for line in tags["sums"] for column in line.split(",")),
    )


def _read_header(path: Path, lines: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    words: list[str] = []
    names = ("view", "partition", "grain", "sums", "column", "fail", "warn", "note")
    tags: dict[str, list[str]] = {name: [] for name in names}
    for line in lines:
        if found := TAG.match(line):
            if found[1] not in (*tags, "columns"):
                raise ModelError(f"{path}: unknown tag @{found[1]}; expected one of {', '.join((*tags, 'columns'))}.")
            # Both ways to name columns stand in one list: their order is that of the query.
            tags["column" if found[1] == "columns" else found[1]].append(found[2].strip())
        elif line.startswith("-- @"):
            raise ModelError(f"{path}: the tag in {line!r} has no value.")
        else:
            words.append(line.removeprefix("--").strip())
    if not words:
        raise ModelError(f"{path}: the header does not say what the table is. Start the file with a comment.")
    if path.parent.name != "checks" and not tags["grain"]:
        raise ModelError(f"{path}: the header lacks @grain, which says what one row is.")
    return words, tags


def _columns(path: Path, lines: Sequence[str], names: Sequence[str], meanings: Mapping[str, str]) -> dict[str, str]:
    """Meanings of a model's columns, by name.

    Args:
        path: the file.
        lines: of the header.
        names: as the query names them; none where it does not.
        meanings: of the dictionary.
    """
    own = dict(each for line in lines for each in _named(path, line, meanings))
    if path.parent.name == "checks":
        return {}
    if path.parent.name in CONTRACT or not names:
        if not own:
            raise ModelError(f"{path}: expected the columns in @columns lines of the header, found none.")
        return own
    if listed := [line for line in lines if not COLUMN.match(line)]:
        raise ModelError(
            f"{path}: the query names its columns, so '@columns {listed[0]}' says it twice. Delete that line."
        )
    if unknown := sorted(own.keys() - set(names)):
        raise ModelError(f"{path}: the header explains {', '.join(unknown)}, the query returns {', '.join(names)}.")
    if unknown := sorted(set(names) - own.keys() - meanings.keys()):
        raise ModelError(f"{path}: expected a row of {DICTIONARY} or '@column name: meaning' for {', '.join(unknown)}.")
    return {name: own.get(name) or meanings[name] for name in names}


def _named(path: Path, line: str, meanings: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Names and meanings of one line: `name: meaning`, or names of the dictionary."""
    if found := COLUMN.match(line):
        return [(found[1], found[2])]
    names = [name.strip() for name in line.split(",")]
    if unknown := [name for name in names if name not in meanings]:
        raise ModelError(
            f"{path}: expected '@column name: meaning', or names that {DICTIONARY} explains, found "
            f"{', '.join(map(repr, unknown))}."
        )
    return [(name, meanings[name]) for name in names]


def _check_reads(model: Model, by_table: dict[str, Model]) -> None:
    for table in sorted(model.reads):
        layer = table.partition(".")[0]
        allowed = LAYER_READS[model.layer]
        if layer not in allowed and not any("." in each and table.startswith(each) for each in allowed):
            raise ModelError(f"{model.path}: reads {table}, but {model.layer} may only read {', '.join(allowed)}.")
        if layer != "raw" and table not in by_table:
            raise ModelError(f"{model.path}: reads {table}, which no file in sql/ makes.")
    if model.layer == "staging" and len(model.reads) != 1:
        found = ", ".join(sorted(model.reads)) or "none"
        raise ModelError(f"{model.path}: a staging model reads exactly one raw table, this one reads {found}.")


def _check_partition(model: Model, by_table: Mapping[str, Model]) -> None:
    """Refuse a model of records whose parts could not be put together: neither rows of their own, nor sums."""
    if model.partition is None and not model.sums:
        return
    beside = set(model.columns) - set(model.grain) - set(model.sums)
    if not model.partition or (model.sums and (model.partition == "rows" or beside)):
        raise ModelError(
            f"{model.path}: expected @partition with a column, and nothing but @grain and @sums in the columns, found "
            f"{model.partition or 'no @partition'} and {', '.join(sorted(beside)) or 'none beside them'}: the model is "
            "not a sum over partitions."
        )
    if not model.sums and model.partition != "rows" and model.partition not in model.grain:
        raise ModelError(
            f"{model.path}: expected @sums, or {model.partition} in its @grain, found neither: rows of two parts could "
            "be the same, so the model is not a sum over partitions."
        )
    if whole := sorted(table for table in model.reads if not _is_shared_out(table, by_table)):
        raise ModelError(f"{model.path}: has @partition, but reads {', '.join(whole)}, which is not shared out.")


def _is_shared_out(table: str, by_table: Mapping[str, Model]) -> bool:
    """Whether a cluster has a table: records in parts, or a reference table as a whole."""
    return table.startswith("staging.") or by_table[table].partition is not None
