"""Which models are shared out, in what order, by which columns; and the proof that their parts add up.

A model says in its header by what it is parted (`@partition`) and what adds up (`@sums`). Before anything is shared
out, every model is made of a sample on this host: a model that does not add up is refused, and what a later model does
not read is not carried to it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ..errors import ModelError
from ..sql_text import quoted
from ..warehouse.models import SCHEMAS, Model, read_dictionary, read_model

ANY = "rows"
# Enough records to show that a model does not add up, few enough to cost nothing.
SAMPLE = 20_000
SAMPLE_PARTS = 4
REFERENCE = "staging.reference__"


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


def waves(planned: Sequence[Stage]) -> list[list[int]]:
    """Numbers of the stages that may be made at the same time, in the order of work."""
    level: dict[int, int] = {}
    for number, stage in enumerate(planned):
        above = [level[other] for other in level if planned[other].made & stage.reads]
        level[number] = max(above, default=-1) + 1
    return [
        [number for number in level if level[number] == each] for each in range(max(level.values(), default=-1) + 1)
    ]


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


def prepare(con: duckdb.DuckDBPyConnection, planned: Sequence[Stage]) -> None:
    """Give an empty database the schemas and macros that models need."""
    folder = planned[0].models[0].path.parent.parent
    for layer in SCHEMAS:
        con.execute(f"create schema if not exists {layer}")
    for macros in sorted((folder / "macros").glob("*.sql")):
        con.execute(macros.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Tried:
    """What was learnt of the models from a sample.

    Attributes:
        columns: of each model's table, with their types in SQL.
        needed: columns of a table that the stages parted by a key cannot do without, by table and key.
    """

    columns: Mapping[str, Mapping[str, str]]
    needed: Mapping[tuple[str, str], frozenset[str]]


def tried(con: duckdb.DuckDBPyConnection, planned: Sequence[Stage], inputs: Mapping[str, Sequence[str]]) -> Tried:
    """Make every model of a sample, in a database apart.

    Args:
        con: holds the staging tables that no file is given for.
        planned: the stages.
        inputs: Parquet files of a staging table.

    Raises:
        ModelError: the sums over parts of the sample are not the counts of the whole sample.
    """
    columns: dict[str, dict[str, str]] = {}
    needed: dict[tuple[str, str], frozenset[str]] = {}
    with TemporaryDirectory() as folder, duckdb.connect() as own:
        prepare(own, planned)
        for table in sorted({table for stage in planned for table in stage.reads if table.startswith("staging.")}):
            limit = "" if table.startswith(REFERENCE) else f"limit {SAMPLE}"
            file = next(iter(inputs.get(table, ())), f"{folder}/{table}.parquet")
            if table not in inputs:
                con.execute(f"copy (from {table} {limit}) to {quoted(file)} (format parquet)")
            hold(own, table, f"from read_parquet({quoted(file)}) {limit}")
        for stage in planned:
            for model in stage.models:
                for table in model.reads & columns.keys():
                    needed[table, stage.key] = needed.get((table, stage.key), frozenset()) | read_of(own, model, table)
                if model.sums:
                    prove(own, model)
                hold(own, model.table, model.query)
                columns[model.table] = {row[0]: row[1] for row in own.execute(f"describe {model.table}").fetchall()}
    return Tried(columns, needed)


def hold(con: duckdb.DuckDBPyConnection, table: str, rows: str) -> None:
    """Put rows into a table of `main`, below a view of the name that models read."""
    con.execute(f"create or replace table {_held(table)} as\n{rows}")
    con.execute(f"create or replace view {table} as from {_held(table)}")


def _held(table: str) -> str:
    return f"main.{table.replace('.', '__')}"


def prove(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Compare a model of whole inputs with the sum over four parts of them.

    Args:
        con: a database that holds what the model reads.
        model: with sums.

    Raises:
        ModelError: they differ.
    """

    def made(name: str, where: str) -> str:
        """A table of the model's rows from what `where` leaves of its input."""
        for table in model.reads:
            left = "" if table.startswith(REFERENCE) else where
            con.execute(f"create or replace view {table} as from {_held(table)} {left}")
        con.execute(f"create or replace table main.made_{name} as\n{model.query}")
        return f"from main.made_{name}"

    parts = [
        made(f"{part}", f"where hash({model.partition}) % {SAMPLE_PARTS} = {part}") for part in range(SAMPLE_PARTS)
    ]
    added, whole = summed(model, " union all ".join(parts)), summed(model, made("whole", ""))
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


def read_of(con: duckdb.DuckDBPyConnection, model: Model, table: str) -> frozenset[str]:
    """Columns of a table that a model reads, as the engine plans it when it does nothing but leave out columns."""
    others = con.execute(
        "select string_agg(name, ',') from duckdb_optimizers() where name <> 'unused_columns'"
    ).fetchall()
    con.execute(f"set disabled_optimizers = {quoted(others[0][0])}")
    [(_, plan)] = con.execute(f"explain (format json) {model.query}").fetchall()
    con.execute("reset disabled_optimizers")
    names = {row[0] for row in con.execute(f"describe {table}").fetchall()}
    scans = [said for said in _said(json.loads(plan)) if str(said.get("Table", "")).endswith(_held(table))]
    listed = [said.get("Projections", []) for said in scans]
    found = {name for each in listed for name in ([each] if isinstance(each, str) else each)}
    # What is not told as a column's name, such as a field of a struct, is not guessed at.
    return frozenset(found if scans and found <= names else names)


def _said(plan: Any) -> Iterator[dict[str, Any]]:
    """What is told of each step of a plan."""
    for step in plan if isinstance(plan, list) else [plan]:
        yield step.get("extra_info", {})
        yield from _said(step.get("children", []))
