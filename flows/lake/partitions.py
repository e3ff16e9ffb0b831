"""Record-level models in parts: what one worker does, and how the parts become one table again.

A run has a schema of its own in the lake. Records are written there once for each column by which a later model counts,
parted by a hash of it, so that each paper or repository lies in one part and partial counts add up exactly. All that a
task is told is the run, the stage and the part; the rest stands in the lake, so no address travels with it.

A part may be made twice, where a worker died or was thought dead: each attempt writes its rows under its own name and
in one transaction with a line in `done`, and only the first finished attempt of a part counts.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import duckdb

from ..errors import LakeError, ModelError
from ..settings import Settings
from ..sql_text import insert_rows, quoted
from ..warehouse.keys import code_key
from ..warehouse.models import SCHEMAS, Model, read_dictionary, read_model
from .engine import connected

log = logging.getLogger(__name__)

ANY = "rows"
# Enough records to show that a model does not add up, few enough to cost nothing.
SAMPLE = 20_000
SAMPLE_PARTS = 4


@dataclass(frozen=True)
class Stage:
    """Models that one task makes of one part, one after the other.

    Attributes:
        key: column by whose hash the input is parted; rows for any way.
        models: each after those that it reads.
    """

    key: str
    models: tuple[Model, ...]

    @property
    def made(self) -> frozenset[str]:
        """Names of its tables."""
        return frozenset(model.table for model in self.models)

    @property
    def reads(self) -> frozenset[str]:
        """Names of the tables that it does not make itself."""
        return frozenset(table for model in self.models for table in model.reads) - self.made


@cache
def stages(folder: Path, wanted: tuple[str, ...] = ()) -> list[Stage]:
    """What is shared out, in the order of work: neighbours with the same key are one stage.

    Args:
        folder: the models.
        wanted: qualified names of tables; all that have @partition when none is given.
    """
    models = {model.table: model for model in partitioned(folder)}
    found: list[Stage] = []

    def add(table: str) -> None:
        model = models[table]
        if any(table in stage.made for stage in found):
            return
        above = sorted(model.reads & models.keys())
        for each in above:
            add(each)
        last = found[-1] if found else None
        # Counts of one key never join the stage of the records that they read: those are whole only when all parts are.
        if last and last.key == model.partition and (not above or set(above) <= last.made) and not model.sums:
            found[-1] = Stage(last.key, (*last.models, model))
        else:
            found.append(Stage(str(model.partition), (model,)))

    for name in wanted or models:
        if name not in models:
            raise ModelError(f"{name}: expected a model with @partition, found {', '.join(models)}.")
        add(name)
    return found


@cache
def _code_key(settings: Settings) -> str:
    """Checksum over the code of this process: it does not change while it runs."""
    return code_key(settings)


def partitioned(folder: Path) -> list[Model]:
    """The models with @partition."""
    meanings = read_dictionary(folder)
    paths = [path for layer in SCHEMAS for path in sorted((folder / layer).glob("*.sql"))]
    with duckdb.connect() as con:
        return [
            read_model(path, con, meanings) for path in paths if "\n-- @partition " in path.read_text(encoding="utf-8")
        ]


def model_at(folder: Path, table: str) -> Model:
    """The model of a table, read alone."""
    with duckdb.connect() as con:
        return read_model(folder / f"{table.replace('.', '/')}.sql", con)


class Run:
    """One run over the lake: its schema, and what is in it.

    Args:
        settings: where lake and models are.
        run_id: names the schema.
        wanted: tables to make; all that have @partition when none is given.
    """

    def __init__(self, settings: Settings, run_id: str, wanted: Sequence[str] = ()) -> None:
        self.settings, self.run_id, self.wanted = settings, run_id, tuple(wanted)
        self.schema = f"lake.work_{run_id}"
        self.stages, self.code = stages(settings.sql, self.wanted), _code_key(settings)

    def name(self, table: str, key: str = "") -> str:
        """Table of the lake that holds one of the warehouse, parted by a key where it is read by that key."""
        return f"{self.schema}.{table.replace('.', '__')}" + (f"__by_{key}" if key else "")

    def keys_of(self, model: Model) -> list[str]:
        """By which columns a model's rows are parted for later stages; one empty word where none reads them."""
        later = {stage.key for stage in self.stages if model.table in stage.reads and model.table not in stage.made}
        return sorted(later) or [""]

    def begin(self, con: duckdb.DuckDBPyConnection, inputs: Mapping[str, Sequence[str]], bucket_count: int) -> None:
        """Make the schema and its empty tables.

        Args:
            con: a connection with the lake; its staging tables of reference data are copied into the lake, and those
                that no file is given for, parted as their stage asks.
            inputs: files of a staging table, one part each, in the words of the worker's file system.
            bucket_count: parts of each key.
        """
        con.execute(f"create schema {self.schema}")
        con.execute(f"create table {self.schema}.done (stage integer, part integer, attempt varchar)")
        con.execute(f"create table {self.schema}.files (input varchar, part integer, path varchar)")
        con.execute(f"create table {self.schema}.plan as select {quoted(self.code)} as code")
        con.execute(f"alter table {self.schema}.plan add column bucket_count integer")
        con.execute(f"update {self.schema}.plan set bucket_count = {bucket_count}")
        rows = [(table, part, path) for table, paths in inputs.items() for part, path in enumerate(paths)]
        insert_rows(con, f"{self.schema}.files", rows)
        for stage in self.stages:
            for table in sorted(stage.reads):
                if table.startswith("staging.reference__"):
                    con.execute(f"create table if not exists {self.name(table)} as from {table}")
                elif table.startswith("staging.") and table not in inputs:
                    self._share_out(con, table, stage.key, bucket_count)
        with _pretended(con, self.stages, inputs) as columns:
            for model in (model for stage in self.stages for model in stage.models):
                for key in self.keys_of(model):
                    name, typed = self.name(model.table, key), columns[model.table]
                    con.execute(f"create table {name} (_bucket integer, _attempt varchar, {typed})")
                    if key:
                        con.execute(f"alter table {name} set partitioned by (_bucket)")

    def _share_out(self, con: duckdb.DuckDBPyConnection, table: str, key: str, bucket_count: int) -> None:
        """Copy a staging table into the lake, in parts of whole keys or of any rows."""
        part = f"hash({key}) % {bucket_count}" if key != ANY else f"row_number() over () % {bucket_count}"
        con.execute(f"create table {self.name(table)} as select 0::integer as _bucket, * from {table} limit 0")
        con.execute(f"alter table {self.name(table)} set partitioned by (_bucket)")
        con.execute(f"insert into {self.name(table)} select ({part})::integer, * from {table}")

    def parts(self, con: duckdb.DuckDBPyConnection, number: int) -> list[int]:
        """Parts of a stage that are not done."""
        stage = self.stages[number]
        listed = con.execute(
            f"select distinct part from {self.schema}.files where input in ({_list(stage.reads)})"
        ).fetchall()
        [(bucket_count,)] = con.execute(f"select bucket_count from {self.schema}.plan").fetchall()
        wanted = {part for (part,) in listed} or set(range(bucket_count))
        done = con.execute(f"select distinct part from {self.schema}.done where stage = {number}").fetchall()
        return sorted(wanted - {part for (part,) in done})

    def make(self, con: duckdb.DuckDBPyConnection, number: int, part: int) -> bool:
        """Make one part of a stage, unless it is done; say whether there was something to do."""
        [(code, bucket_count)] = con.execute(f"select code, bucket_count from {self.schema}.plan").fetchall()
        if code != self.code:
            raise LakeError(
                f"run {self.run_id}: expected a worker with the code that began it, found another version. "
                "Bring all hosts to the same version."
            )
        if part not in self.parts(con, number):
            return False
        stage, attempt = self.stages[number], uuid4().hex
        self._read_inputs(con, number, part)
        for model in stage.models:
            kind = "table" if any(model.table in other.reads for other in stage.models) else "view"
            con.execute(f"create {kind} {model.table} as\n{model.query}")
        con.execute("begin")
        for model in stage.models:
            for key in self.keys_of(model):
                bucket = f"(hash({key}) % {bucket_count})::integer" if key else str(part)
                rows = f"select {bucket}, {quoted(attempt)}, * from {model.table}"
                con.execute(f"insert into {self.name(model.table, key)} {rows}")
        con.execute(f"insert into {self.schema}.done values ({number}, {part}, {quoted(attempt)})")
        con.execute("commit")
        return True

    def _read_inputs(self, con: duckdb.DuckDBPyConnection, number: int, part: int) -> None:
        """Make views of all that a stage reads, of one part."""
        stage = self.stages[number]
        files = dict(
            con.execute(
                f"select input, path from {self.schema}.files where part = {part} and input in ({_list(stage.reads)})"
            ).fetchall()
        )
        for table in sorted(stage.reads):
            if table in files:
                rows = f"from read_parquet({quoted(files[table])})"
            elif table.startswith("staging.reference__"):
                rows = f"from {self.name(table)}"
            elif table.startswith("staging."):
                rows = f"select * exclude (_bucket) from {self.name(table)} where _bucket = {part}"
            else:
                rows = f"{self.rows_of(con, table, stage.key)} and _bucket = {part}"
            con.execute(f"create view {table} as {rows}")

    def rows_of(self, con: duckdb.DuckDBPyConnection, table: str, key: str = "") -> str:
        """A query of the rows of a table that count, those of the first finished attempt of each part."""
        number = next(n for n, stage in enumerate(self.stages) if table in stage.made)
        attempts = con.execute(
            f"select part, min(attempt) from {self.schema}.done where stage = {number} group by part"
        ).fetchall()
        named = _list(attempt for _, attempt in attempts)
        return f"select * exclude (_bucket, _attempt) from {self.name(table, key)} where _attempt in ({named})"

    def whole(self, con: duckdb.DuckDBPyConnection, table: str) -> str:
        """A query of a table put together from its parts: their rows, or the sums over them."""
        model = next(model for stage in self.stages for model in stage.models if model.table == table)
        rows = self.rows_of(con, table, self.keys_of(model)[0])
        return summed(model, rows) if model.sums else rows

    def prove(self, number: int) -> None:
        """Refuse a model that counts, unless the sums over the parts of a sample are the counts of the whole sample."""
        for model in self.stages[number].models:
            if model.sums:
                with connected(self.settings) as con:
                    _begin(con, self.stages)
                    above = {table: self.rows_of(con, table, str(model.partition)) for table in model.reads}
                    prove(con, model, {table: f"{rows} limit {SAMPLE}" for table, rows in above.items()})

    def end(self, con: duckdb.DuckDBPyConnection) -> None:
        """Drop the schema with all its tables."""
        con.execute(f"drop schema if exists {self.schema} cascade")


def prove(con: duckdb.DuckDBPyConnection, model: Model, inputs: Mapping[str, str]) -> None:
    """Compare a model of whole inputs with the sum over four parts of them.

    Args:
        con: an empty database with macros and schemas.
        model: with sums.
        inputs: a query for each table that it reads.

    Raises:
        ModelError: they differ.
    """

    def made(where: str) -> str:
        """A table of the model's rows from what `where` leaves of its input."""
        for table in inputs:
            con.execute(f"create or replace view {table} as from main.{table.replace('.', '__')} {where}")
        name = f"made_{len(con.execute('show tables').fetchall())}"
        con.execute(f"create table main.{name} as\n{model.query}")
        return f"from main.{name}"

    for table, rows in inputs.items():
        con.execute(f"create table main.{table.replace('.', '__')} as {rows}")
    parts = [made(f"where hash({model.partition}) % {SAMPLE_PARTS} = {part}") for part in range(SAMPLE_PARTS)]
    whole, added = summed(model, made("")), summed(model, " union all ".join(parts))
    found = con.execute(
        f"(({whole}) except all ({added})) union all (({added}) except all ({whole})) limit 1"
    ).fetchall()
    if found:
        raise ModelError(
            f"{model.path}: the model is not a sum over partitions by {model.partition}: {found[0]} differs."
        )


def summed(model: Model, rows: str) -> str:
    """A query that adds up the parts of a model that counts."""
    sums = ", ".join(f"sum({column})::bigint as {column}" for column in model.sums)
    grain = ", ".join(model.grain)
    return f"select {grain}, {sums} from (\n{rows}\n) group by {grain}"


@contextmanager
def _pretended(
    con: duckdb.DuckDBPyConnection, planned: Sequence[Stage], inputs: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, str]]:
    """Columns and types of every model, found by making them of nothing."""
    columns: dict[str, str] = {}
    with duckdb.connect() as empty:
        _begin(empty, planned)
        for stage in planned:
            for table in sorted(stage.reads - columns.keys()):
                if table in inputs:
                    rows = f"from read_parquet({quoted(inputs[table][0])}) limit 0"
                    empty.execute(f"create table if not exists {table} as {rows}")
                elif table.startswith("staging."):
                    typed = _typed(con, table)
                    empty.execute(f"create table if not exists {table} ({typed})")
            for model in stage.models:
                empty.execute(f"create table {model.table} as\n{model.query}")
                columns[model.table] = _typed(empty, model.table)
        yield columns


def _typed(con: duckdb.DuckDBPyConnection, table: str) -> str:
    return ", ".join(f'"{row[0]}" {row[1]}' for row in con.execute(f"describe {table}").fetchall())


def _begin(con: duckdb.DuckDBPyConnection, planned: Sequence[Stage]) -> None:
    """Schemas and macros of an empty database that models are made in."""
    folder = planned[0].models[0].path.parent.parent
    for layer in SCHEMAS:
        con.execute(f"create schema if not exists {layer}")
    for macros in sorted((folder / "macros").glob("*.sql")):
        con.execute(macros.read_text(encoding="utf-8"))


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
    with _worker(settings, run.stages) as con:
        return run.make(con, number, part)


# A worker's connection: loading the extensions and meeting the catalogue takes as long as a small part.
HELD: dict[Settings, tuple[ExitStack, duckdb.DuckDBPyConnection]] = {}


@contextmanager
def _worker(settings: Settings, planned: Sequence[Stage]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of this process, empty of tables, which the next part finds again unless this one fails."""
    if settings not in HELD:
        stack = ExitStack()
        con = stack.enter_context(connected(settings))
        con.execute("set threads = 1; set preserve_insertion_order = false")
        _begin(con, planned)
        HELD[settings] = stack, con
    stack, con = HELD.pop(settings)
    with stack:
        yield con
        for layer in SCHEMAS:
            con.execute(f"drop schema {layer} cascade; create schema {layer}")
        HELD[settings] = stack.pop_all(), con
