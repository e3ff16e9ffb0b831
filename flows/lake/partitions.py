"""Record-level models in parts: what one worker does, and how the parts become one table again.

A run has a catalogue of its own beside the lake's, in the same server, and its files below the lake's: its many small
transactions are none of the lake's readers' business, and all of it goes when the run ends. Records are written once
for each column by which a later model counts, parted by a hash of it and without the columns that no later model reads,
so that each paper or repository lies in one part and partial counts add up exactly. All that a task is told is the run,
the stage and the part; the rest stands in the catalogue, so no address travels with it.

A part may be made twice, where a worker died or was thought dead: each attempt writes its rows under its own name and
in one transaction with a line in `done`, and only the first finished attempt of a part counts.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from uuid import uuid4

import duckdb

from ..errors import LakeError
from ..settings import Settings
from ..sql_text import insert_rows, quoted
from ..warehouse.keys import code_key
from ..warehouse.models import SCHEMAS, Model
from .engine import connected, end_work, work_path
from .planning import ANY, REFERENCE, prepare, stages, summed, tried

# Records that a worker holds at a time, where the run does not say otherwise: some hundred MB.
RECORDS_A_PART = 4_000_000
LEAST_PARTS = 4


@cache
def _code_key(settings: Settings) -> str:
    """Checksum over the code of this process: it does not change while it runs."""
    return code_key(settings)


class Run:
    """One run: its catalogue `work`, and what is in it.

    Args:
        settings: where lake and models are.
        run_id: names the catalogue.
        wanted: tables to make; all that have @partition when none is given.
    """

    def __init__(self, settings: Settings, run_id: str, wanted: Sequence[str] = ()) -> None:
        self.settings, self.run_id, self.wanted = settings, run_id, tuple(wanted)
        self.stages, self.code = stages(settings.sql, self.wanted), _code_key(settings)

    def name(self, table: str, key: str = "") -> str:
        """Table of the catalogue that holds one of the warehouse, parted by a key where it is read by that key."""
        return f"work.{table.replace('.', '__')}" + (f"__by_{key}" if key else "")

    def keys_of(self, model: Model) -> list[str]:
        """By which columns a model's rows are parted for later stages; one empty word where none reads them."""
        later = {stage.key for stage in self.stages if model.table in stage.reads and model.table not in stage.made}
        return sorted(later) or [""]

    def begin(
        self, con: duckdb.DuckDBPyConnection, inputs: Mapping[str, Sequence[str]], bucket_count: int | None = None
    ) -> None:
        """Try the models of a sample, and make the empty tables of the run.

        Args:
            con: a connection with `work`; its staging tables of reference data are copied there, and those that no
                file is given for, parted as their stage asks.
            inputs: files of a staging table, one part each, in the words of the worker's file system.
            bucket_count: parts of each key; by the number of records without.

        Raises:
            ModelError: a model is not a sum over partitions.
        """
        learnt = tried(con, self.stages, inputs)
        count = bucket_count or self._bucket_count(con, inputs)
        con.execute("create table work.done (stage integer, part integer, attempt varchar)")
        con.execute("create table work.files (input varchar, part integer, path varchar)")
        con.execute("create table work.plan (code varchar, bucket_count integer)")
        insert_rows(con, "work.plan", [(self.code, count)])
        rows = [(table, part, path) for table, paths in inputs.items() for part, path in enumerate(paths)]
        insert_rows(con, "work.files", rows)
        for stage in self.stages:
            for table in sorted(stage.reads):
                if table.startswith(REFERENCE):
                    con.execute(f"create table if not exists {self.name(table)} as from {table}")
                elif table.startswith("staging.") and table not in inputs:
                    self._share_out(con, table, stage.key, count)
        for model in (model for stage in self.stages for model in stage.models):
            for key in self.keys_of(model):
                # Readers of the whole get it from the first; the others carry what their stages need.
                is_whole = not key or (key == self.keys_of(model)[0] and self._is_wanted(model))
                typed = [
                    f'"{column}" {kind}'
                    for column, kind in learnt.columns[model.table].items()
                    if is_whole or column in learnt.needed[model.table, key]
                ]
                name = self.name(model.table, key)
                con.execute(f"create table {name} ({', '.join(['_bucket integer', '_attempt varchar', *typed])})")
                if key:
                    con.execute(f"alter table {name} set partitioned by (_bucket)")

    def _is_wanted(self, model: Model) -> bool:
        return not self.wanted or model.table in self.wanted

    def _bucket_count(self, con: duckdb.DuckDBPyConnection, inputs: Mapping[str, Sequence[str]]) -> int:
        """Parts of each key, so that a worker holds what it can."""
        tables = {table for stage in self.stages for table in stage.reads if table.startswith("staging.")}
        sources = [f"read_parquet({list(inputs[table])})" if table in inputs else table for table in tables]
        counts = [con.execute(f"select count(*) from {source}").fetchall()[0][0] for source in sources]
        return max(LEAST_PARTS, -(-max(counts, default=0) // RECORDS_A_PART))

    def _share_out(self, con: duckdb.DuckDBPyConnection, table: str, key: str, bucket_count: int) -> None:
        """Copy a staging table into the catalogue, in parts of whole keys or of any rows."""
        part = f"hash({key}) % {bucket_count}" if key != ANY else f"row_number() over () % {bucket_count}"
        con.execute(f"create table {self.name(table)} as select 0::integer as _bucket, * from {table} limit 0")
        con.execute(f"alter table {self.name(table)} set partitioned by (_bucket)")
        con.execute(f"insert into {self.name(table)} select ({part})::integer, * from {table}")

    def parts(self, con: duckdb.DuckDBPyConnection, number: int) -> list[int]:
        """Parts of a stage that are not done."""
        listed = con.execute(
            f"select distinct part from work.files where input in ({_list(self.stages[number].reads)})"
        ).fetchall()
        [(bucket_count,)] = con.execute("select bucket_count from work.plan").fetchall()
        wanted = {part for (part,) in listed} or set(range(bucket_count))
        done = con.execute(f"select distinct part from work.done where stage = {number}").fetchall()
        return sorted(wanted - {part for (part,) in done})

    def make(self, con: duckdb.DuckDBPyConnection, number: int, part: int) -> bool:
        """Make one part of a stage, unless it is done; say whether there was something to do."""
        if part not in self.parts(con, number):
            return False
        stage, attempt = self.stages[number], uuid4().hex
        bucket_count = self._read_inputs(con, number, part)
        targets = {model.table: self._targets(con, model) for model in stage.models}
        for model in stage.models:
            is_read = any(model.table in other.reads for other in stage.models)
            written = dict.fromkeys(column for _, _, columns in targets[model.table] for column in columns)
            # What is written once is written as it is made.
            kind = "table" if is_read or len(targets[model.table]) > 1 else "view"
            carried = "*" if is_read else ", ".join(written)
            con.execute(f"create {kind} {model.table} as select {carried} from (\n{model.query}\n)")
        con.execute("begin")
        for model in stage.models:
            for key, name, columns in targets[model.table]:
                bucket = f"(hash({key}) % {bucket_count})::integer" if key else str(part)
                con.execute(
                    f"insert into {name} select {bucket}, {quoted(attempt)}, {', '.join(columns)} from {model.table}"
                )
        con.execute(f"insert into work.done values ({number}, {part}, {quoted(attempt)})")
        con.execute("commit")
        return True

    def _targets(self, con: duckdb.DuckDBPyConnection, model: Model) -> list[tuple[str, str, list[str]]]:
        """Key, name and columns of the tables that a model's rows go to."""
        names = [(key, self.name(model.table, key)) for key in self.keys_of(model)]
        return [
            (key, name, [f'"{row[0]}"' for row in con.execute(f"describe {name}").fetchall()[2:]])
            for key, name in names
        ]

    def _read_inputs(self, con: duckdb.DuckDBPyConnection, number: int, part: int) -> int:
        """Make views of all that a stage reads, of one part; return the number of parts of each key."""
        [(code, bucket_count)] = con.execute("select code, bucket_count from work.plan").fetchall()
        if code != self.code:
            raise LakeError(
                f"run {self.run_id}: expected a worker with the code that began it, found another version. "
                "Bring all hosts to the same version."
            )
        stage = self.stages[number]
        files = dict(
            con.execute(
                f"select input, path from work.files where part = {part} and input in ({_list(stage.reads)})"
            ).fetchall()
        )
        for table in sorted(stage.reads):
            if table in files:
                rows = f"from read_parquet({quoted(files[table])})"
            elif table.startswith(REFERENCE):
                rows = f"from {self.name(table)}"
            elif table.startswith("staging."):
                rows = f"select * exclude (_bucket) from {self.name(table)} where _bucket = {part}"
            else:
                rows = f"{self.rows_of(con, table, stage.key)} and _bucket = {part}"
            con.execute(f"create view {table} as {rows}")
        return int(bucket_count)

    def rows_of(self, con: duckdb.DuckDBPyConnection, table: str, key: str = "") -> str:
        """A query of the rows of a table that count, those of the first finished attempt of each part."""
        number = next(n for n, stage in enumerate(self.stages) if table in stage.made)
        attempts = con.execute(
            f"select part, min(attempt) from work.done where stage = {number} group by part"
        ).fetchall()
        named = _list(attempt for _, attempt in attempts)
        return f"select * exclude (_bucket, _attempt) from {self.name(table, key)} where _attempt in ({named})"

    def whole(self, con: duckdb.DuckDBPyConnection, table: str) -> str:
        """A query of a table put together from its parts: their rows, or the sums over them."""
        model = next(model for stage in self.stages for model in stage.models if model.table == table)
        rows = self.rows_of(con, table, self.keys_of(model)[0])
        return summed(model, rows) if model.sums else rows

    def end(self, con: duckdb.DuckDBPyConnection) -> None:
        """Remove the catalogue and its files."""
        end_work(con, self.settings, self.run_id)
        if "://" not in (path := work_path(self.settings, self.run_id)):
            shutil.rmtree(path, ignore_errors=True)  # what an attempt left that never finished


def _list(words: Iterable[str]) -> str:
    return ", ".join(quoted(word) for word in sorted(words)) or "''"


def run_part(settings: Settings, run_id: str, wanted: Sequence[str], number: int, part: int) -> bool:
    """Make one part of one stage in this process: what a task of the cluster does.

    Args:
        settings: of this host.
        run_id: of the run.
        wanted: tables that it makes.
        number: of the stage.
        part: of the stage.

    Returns:
        Whether there was something to do.
    """
    run = Run(settings, run_id, tuple(wanted))
    with _worker(run) as con:
        return run.make(con, number, part)


# Free connections of this process, one for each thread of a worker: loading the extensions and meeting the catalogue
# takes as long as a small part.
HELD: dict[tuple[Settings, str], list[tuple[ExitStack, duckdb.DuckDBPyConnection]]] = {}


@contextmanager
def _worker(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of this process, empty of tables, which the next part finds again unless this one fails."""
    asked = run.settings, run.run_id
    for other in HELD.keys() - {asked}:
        for stack, _ in HELD.pop(other, []):
            stack.close()
    try:
        stack, con = HELD.setdefault(asked, []).pop()
    except IndexError:
        stack, con = _opened(run)
    with stack:
        yield con
        for layer in SCHEMAS:
            con.execute(f"drop schema {layer} cascade; create schema {layer}")
        HELD.setdefault(asked, []).append((stack.pop_all(), con))


def _opened(run: Run) -> tuple[ExitStack, duckdb.DuckDBPyConnection]:
    """A new connection, which its stack closes."""
    with ExitStack() as stack:
        con = stack.enter_context(connected(run.settings, run_id=run.run_id))
        con.execute("set threads = 1; set preserve_insertion_order = false")
        prepare(con, run.stages)
        return stack.pop_all(), con
