"""Runs the models of sql/: each is created once all that it reads is there, commented and checked.

Several run at a time, each in a transaction of its own: most of them are small and keep one core busy, not all.
"""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb

from ..errors import CheckFailed, ModelError
from ..sql_text import insert_rows, quoted
from .analysis import Computed, Rows, of_lines
from .keys import BEFORE, Keys
from .keys import write as write_keys
from .models import SCHEMAS, Model, read_models
from .parallel import WORKERS, Connections, Graph, run_graph, transaction, way_to
from .takeover import Nodes, Result, Takeover

log = logging.getLogger(__name__)

SHOWN_ROWS = 3
# Grains of so few rows, or of so scattered numbers, are counted as they are.
FEW_ROWS, BITS_A_ROW, MOST_BITS = 10_000, 64, 1_000_000_000
# What rows that Python computed are called for a moment, on their own connection.
ROWS = "computed_rows"
# Texts of records that are long and mostly differ: DuckDB by itself tries ZSTD on texts of 4,096 letters and more.
# Links take 14 in place of 32 MB, in the same time.
PACKED = frozenset({"paper_url", "paper_arxiv_id", "repo_url", "wanted", "worked_with"})
Elsewhere = Callable[[duckdb.DuckDBPyConnection, Mapping[str, Model]], frozenset[str]]


@dataclass(frozen=True)
class BuiltTable:
    """One table of the warehouse: its qualified name and number of rows."""

    table: str
    row_count: int


class Progress:
    """Tells how far a build is, a line for each table.

    Args:
        total: number of tables.
    """

    def __init__(self, total: int) -> None:
        self._total, self._numbers = total, count(1)

    def leave_out(self) -> None:
        """Expect one table less."""
        self._total -= 1

    def tell(self, name: str, row_count: int, seconds: float) -> None:
        """Say that a table is made."""
        log.info(
            "[%*d/%d] %-52s %11s rows %6.2fs", 3, next(self._numbers), self._total, name, f"{row_count:,}", seconds
        )


def prepared(con: duckdb.DuckDBPyConnection, folder: Path, computed: Sequence[Computed]) -> list[Model]:
    """Make the macros and schemas of a database whose raw tables are there or come; return the models in order."""
    for macros in sorted((folder / "macros").glob("*.sql")):
        con.execute(macros.read_text(encoding="utf-8"))
    for layer in SCHEMAS:
        con.execute(f"create schema if not exists {layer}")
    return read_models(folder, con, {table.qualified: table.reads for table in computed})


def run_models(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    computed: Sequence[Computed] = (),
    keys: Keys | None = None,
    interrupted: list[duckdb.DuckDBPyConnection] | None = None,
    elsewhere: Elsewhere | None = None,
) -> list[BuiltTable]:
    """Create and check every model below `folder`, then write what the reader should know to marts.data_notes.

    Args:
        con: the warehouse, outside a transaction.
        folder: the models and macros.
        computed: tables that Python fills once all that they read is built.
        keys: of the raw tables that were loaded and of what is held; tables that are right already are kept.
        interrupted: gets the connections that are made here, for a time limit to interrupt.
        elsewhere: makes tables in another way before any model runs; it is told which models are to be made, by
            qualified name, and says which it has made.

    Returns:
        Every model's table with its number of rows, each after those that it reads.
    """
    models = prepared(con, folder, computed)
    nodes = {table.qualified: table for table in computed} | {model.table: model for model in models}
    graph = {name: sorted(nodes.keys() & {*node.reads, *getattr(node, "after", ())}) for name, node in nodes.items()}
    takeover = Takeover(con, nodes, graph, keys) if keys else None
    kept = takeover.sure() if takeover else {}
    waiting = {name: node for name, node in nodes.items() if isinstance(node, Model) and name not in kept}
    given = elsewhere(con, waiting) if elsewhere else frozenset()
    made = kept | _made(con, nodes, graph, kept, interrupted, given, takeover)
    for macros in sorted((folder / "readers").glob("*.sql")):  # they ask tables, which have to be there
        con.execute(macros.read_text(encoding="utf-8"))
    _write_data_notes(con, [note for model in models for note in made[model.table][1]])
    if keys:
        write_keys(con, keys, {name: row_count for name, (row_count, _) in made.items()})
    return [BuiltTable(model.table, made[model.table][0]) for model in models if model.layer != "checks"]


def _made(
    con: duckdb.DuckDBPyConnection,
    nodes: Nodes,
    graph: Graph,
    kept: Collection[str],
    interrupted: list[duckdb.DuckDBPyConnection] | None,
    given: frozenset[str],
    takeover: Takeover | None,
) -> dict[str, Result]:
    """Make the nodes that are not kept; one whose inputs come out as they were is kept after all."""
    connections = Connections(con, WORKERS)
    if interrupted is not None:
        interrupted += connections.all
    waiting = {name: [each for each in reads if each not in kept] for name, reads in graph.items() if name not in kept}
    progress = Progress(len(waiting))

    def make(name: str) -> Result:
        started = time.perf_counter()
        held = takeover.now(name) if takeover else None
        if held and name not in given:
            progress.leave_out()
            return held
        node, rows, lines = nodes[name], None, None
        with connections.lent() as own:
            if isinstance(node, Computed):
                lines = takeover.changed_lines(own, name) if takeover else None
                # Before its transaction begins: one that is open holds up every checkpoint, and this may take long.
                rows = node.rows(own, lines)
            with transaction(own):
                found: Result = (
                    (fill_computed(own, node, rows, lines), [])
                    if isinstance(node, Computed)
                    else make_model(own, node, is_there=name in given)
                )
                if takeover:
                    takeover.compare(own, name)
        progress.tell(name, found[0], time.perf_counter() - started)
        return found

    try:
        # What all counts of records wait for is made on all cores. Then one core per model: less work than two that
        # share each, also where tables are large.
        records = [name for name, node in nodes.items() if isinstance(node, Model) and node.partition == "rows"]
        first = {name: make(name) for name in way_to(waiting, records)}
        con.execute("set threads = 1")
        rest = {name: [each for each in reads if each not in first] for name, reads in waiting.items()}
        return first | run_graph({name: reads for name, reads in rest.items() if name not in first}, make)
    finally:
        connections.close()


def make_model(con: duckdb.DuckDBPyConnection, model: Model, *, is_there: bool = False) -> Result:
    """Make and check one model; return its number of rows, and what the reader should know."""
    if model.layer == "checks":
        return run_check(con, model), []
    create_model(con, model, is_there=is_there)
    return check_rules(con, model)


def fill_computed(
    con: duckdb.DuckDBPyConnection, computed: Computed, rows: Rows | None = None, lines: Collection[int] | None = None
) -> int:
    """Create a raw table that Python computes, and fill it; return its number of rows.

    Args:
        con: the warehouse.
        computed: the table.
        rows: its rows, or those of `lines`; None to compute them all.
        lines: whose rows they are, where the rest is right in the warehouse before; None for all.
    """
    rows = computed.rows(con) if rows is None else rows
    create_table(con, computed.table, computed.columns)
    if rows:
        _insert(con, computed, rows)
    if lines is not None:
        name = computed.qualified
        kept = f"from {BEFORE}.{name} where not {of_lines(lines)}"
        con.execute(f"create or replace table {name} as from (from {name} union all {kept}) order by all")
        return int(con.execute(f"select count(*) from {name}").fetchall()[0][0])
    return len(rows)


def _insert(con: duckdb.DuckDBPyConnection, computed: Computed, rows: Rows) -> None:
    """Insert thousands of rows as arrays, which the engine reads where they lie."""
    from .analysis.arrays import arrays  # numpy

    con.register(ROWS, arrays(computed.columns, rows))
    values = ", ".join(
        f"{column}" if kind == "DOUBLE" else f"nullif({column}, '')::{kind}"
        for column, kind in computed.columns.items()
    )
    con.execute(f"insert into {computed.qualified} select {values} from {ROWS}")
    con.unregister(ROWS)


def create_model(con: duckdb.DuckDBPyConnection, model: Model, *, is_there: bool = False) -> None:
    """Create one model's table or view with its comments, or comment on one that is there already."""
    kind = "view" if model.is_view else "table"
    try:
        if not is_there:
            con.execute(f"create or replace {kind} {model.table} as\n{model.query}")
        columns = con.sql(f"from {model.table}").columns  # bound, not run
    except duckdb.Error as error:
        raise ModelError(f"{model.path}: {error}") from error
    if columns != list(model.columns):
        raise ModelError(
            f"{model.path}: the header names the columns {list(model.columns)}, the query returns {columns}. "
            "Make them the same, in the same order."
        )
    comments = [f"comment on {kind} {model.table} is {quoted(model.description)}"]
    comments += [
        f"comment on column {model.table}.{column} is {quoted(meaning)}" for column, meaning in model.columns.items()
    ]
    con.execute("; ".join(comments))


def check_rules(con: duckdb.DuckDBPyConnection, model: Model) -> Result:
    """Check grain and rules of one model; return its number of rows, and what the reader should know."""
    grain = ", ".join(model.grain)
    rules = [*model.fails, *(warn.rule for warn in model.warns)]
    # One statement and one scan for all, since there are some hundred models, and each look at a view computes it anew.
    # A rule must be true: a null breaks it. A row of nulls is a value too, which a lone column would not count.
    counted = [f"count(*) - {_distinct(con, model)}", "count(*)"]
    counted += [f"count(*) filter (where ({rule}) is not true)" for rule in rules]
    try:
        doubled_count, row_count, *broken = con.execute(f"select {', '.join(counted)} from {model.table}").fetchall()[0]
    except duckdb.Error as error:
        raise ModelError(f"{model.path}: a @grain, @fail or @warn line cannot be run: {error}") from error
    if doubled_count:
        doubled = f"select {grain}, count(*) as row_count from {model.table} group by {grain} having count(*) > 1"
        raise _failure(con, model, f"@grain {grain}", doubled)
    for rule, broken_count in zip(model.fails, broken, strict=False):
        if broken_count:
            raise _failure(con, model, rule, f"select * from {model.table} where ({rule}) is not true")
    warned = zip(model.warns, broken[len(model.fails) :], strict=True)
    noted = [(model.table, warn.meaning, broken_count, row_count) for warn, broken_count in warned if broken_count]
    for column in model.notes:
        told = con.execute(
            f"select {column}, count(*) from {model.table} group by {column} order by {column}"
        ).fetchall()
        noted += [(model.table, note, noted_count, row_count) for note, noted_count in told]
    return row_count, noted


def _distinct(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    """SQL that counts how many values a grain has; an error if the grain is not there."""
    grain = ", ".join(model.grain)
    # Numbers of records lie close together, and a bit for each takes a quarter of the time and none of the memory of a
    # table of all that were met.
    if len(model.grain) == 1 and str(con.sql(f"select {grain} from {model.table}").types[0]) == "BIGINT":
        told = f"select count(*), count({grain}), min({grain}), max({grain}) from {model.table}"
        row_count, filled_count, least, most = con.execute(told).fetchall()[0]
        if row_count == filled_count > FEW_ROWS and most - least < min(BITS_A_ROW * row_count, MOST_BITS):
            return f"bit_count(bitstring_agg({grain}, {least}::bigint, {most}::bigint))"
    return f"count(distinct row({grain}))"


def run_check(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Run a check of sql/checks: its query returns the rows that break a promise between tables."""
    try:
        broken_count = int(con.execute(f"select count(*) from (\n{model.query}\n)").fetchall()[0][0])
    except duckdb.Error as error:
        raise ModelError(f"{model.path}: {error}") from error
    if broken_count:
        raise _failure(con, model, model.description, model.query)
    return broken_count


def create_table(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    """Create an empty table `raw.<table>`, in place of the one that may be there."""
    packed = {column: " using compression zstd" if column in PACKED else "" for column in columns}
    typed = ", ".join(f'"{column}" {kind}{packed[column]}' for column, kind in columns.items())
    con.execute(f"create or replace table raw.{table} ({typed})")


def _failure(con: duckdb.DuckDBPyConnection, model: Model, rule: str, query: str) -> CheckFailed:
    found = con.execute(f"select * from (\n{query}\n) limit {SHOWN_ROWS}")
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    shown = "; ".join(str({name: str(value) for name, value in row.items()}) for row in rows)
    return CheckFailed(
        f"{model.table} breaks '{rule}'. First rows: {shown}. "
        f"The release was not published. See {model.path.name}; the rows come from: {' '.join(query.split())}"
    )


def _write_data_notes(con: duckdb.DuckDBPyConnection, notes: list[tuple[str, str, int, int]]) -> None:
    con.execute(
        "create or replace table marts.data_notes "
        "(model varchar, note varchar, row_count bigint, model_row_count bigint)"
    )
    insert_rows(con, "marts.data_notes", notes)
    comments = {
        "model": "table whose rows the note speaks of",
        "note": "what the reader should know",
        "row_count": "rows of the table that the note concerns",
        "model_row_count": "rows of the table",
    }
    told = "What the @warn rules of the models found in this build, and what their @note columns say."
    con.execute(f"comment on table marts.data_notes is {quoted(told)}")
    for column, meaning in comments.items():
        con.execute(f"comment on column marts.data_notes.{column} is {quoted(meaning)}")
