"""Our runner without the rest of the program, as processes: `python -m benchmarks.lineage three | all | one ARGUMENTS`.

three makes the marts that the alternatives make, and all that they are made from: of the figures only the links of
Papers With Code, since the embedded observations are left out. all makes every model from what is landed in
TRENDS_DATA. one makes one model of a warehouse anew.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from flows.landing.cards import Card, LandedFile
from flows.reference import tables as reference
from flows.release.inputs import read_inputs
from flows.release.loaders import loaders, raw_tables
from flows.settings import Settings
from flows.sources import papers_with_code
from flows.sql_text import insert_rows, quoted
from flows.warehouse import build as warehouse
from flows.warehouse.analysis import Computed, all_computed
from flows.warehouse.models import DICTIONARY, Model, read_model, read_models
from flows.warehouse.runner import check_rules, create_model, create_table, run_models

MARTS = ("marts.framework_shares", "marts.head_to_head", "marts.crossovers")
LANDED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def upstream(models: Iterable[Model], computed: Iterable[Computed], wanted: Sequence[str]) -> set[str]:
    """Qualified names of tables and of everything that they are made from."""
    reads = {model.table: model.reads for model in models} | {table.qualified: table.reads for table in computed}
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        if (table := waiting.pop()) not in found:
            found.add(table)
            waiting += reads.get(table, ())
    return found


def landed(path: Path, name: str = "links.parquet") -> LandedFile:
    """A file of links as if it had been downloaded."""
    texts = dict.fromkeys(("final_address", "sha256", "licence", "citation"), "")
    address, size = papers_with_code.URL[name], path.stat().st_size
    card = Card(
        papers_with_code.NAME, name, address, fetched_at=LANDED_AT, size=size, etag=None, last_modified=None,
        kind="download", **texts,
    )  # fmt: skip
    return LandedFile(path, card)


def load(
    con: duckdb.DuckDBPyConnection, settings: Settings, files: Sequence[LandedFile], *, whole: bool = True
) -> None:
    """Make the raw tables and fill them from these files and the reference tables, those of observations excepted.

    Args:
        con: the warehouse.
        settings: say where the reference tables are.
        files: of links.
        whole: false to leave the links themselves out.
    """
    create_raw_tables(con)
    reference.load(settings.reference, con)
    con.execute("delete from raw.reference_observations")
    row = (papers_with_code.NAME, "live", LANDED_AT, "", "", 0)
    insert_rows(con, "raw.refresh_landings", [(file.source_file, *row) for file in files])
    if whole:
        papers_with_code.load(list(files), con)


def load_everything(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the raw tables and fill them from all that is landed."""
    con.execute("create schema raw")
    for loader in loaders(read_inputs(settings, datetime.now(UTC))):
        loader.load(con)


def create_raw_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the raw tables, empty."""
    con.execute("create schema raw")
    for table, columns in raw_tables().items():
        create_table(con, table, columns)


def three(links: str, target: str) -> None:
    """Make a warehouse of the three marts."""
    with opened(target) as con, TemporaryDirectory() as name:
        # As a build does it: loading is the engine's work and parsing Python's.
        with closing(con.cursor()) as own, ThreadPoolExecutor(max_workers=1) as pool:
            chosen = pool.submit(selected, Settings().sql, Path(name), own)
            load(con, Settings(), [landed(Path(links))])
        run_models(con, *chosen.result())
        con.execute("checkpoint warehouse")


def everything(target: str) -> None:
    """Make a warehouse of every model, as a release has it."""
    settings = Settings.from_env(os.environ)
    Path(target).unlink(missing_ok=True)
    warehouse.build(settings, Path(target), loaders(read_inputs(settings, datetime.now(UTC))))


def one(target: str, table: str) -> None:
    """Make one model anew, and check it."""
    layer, _, name = table.partition(".")
    with opened(target) as con:
        model = read_model(Settings().sql / layer / f"{name}.sql", con)
        create_model(con, model)
        check_rules(con, model)
        con.execute("checkpoint warehouse")


@contextmanager
def opened(path: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse to write in, with the limits of the program."""
    with closing(duckdb.connect(config={"memory_limit": Settings().memory_limit})) as con:
        con.execute(f"attach {quoted(path)} as warehouse ({warehouse.STORAGE})")
        con.execute(f"use warehouse; {warehouse.SESSION}")
        yield con


def chosen(
    sql: Path, con: duckdb.DuckDBPyConnection, wanted: Sequence[str] | None = None
) -> tuple[list[Model], list[Computed]]:
    """Models and computed tables that the wanted tables need; all if none are named."""
    computed = all_computed()
    models = read_models(sql, con, {table.qualified: table.reads for table in computed})
    if wanted is None:
        return models, list(computed)
    needed = upstream(models, computed, wanted)
    return [m for m in models if m.table in needed], [c for c in computed if c.qualified in needed]


def selected(sql: Path, folder: Path, con: duckdb.DuckDBPyConnection) -> tuple[Path, list[Computed]]:
    """A folder like sql/ with what the three marts need, and the computed tables among that."""
    models, computed = chosen(sql, con, MARTS)
    for held in ("macros", DICTIONARY):
        (folder / held).symlink_to(sql / held)
    for model in models:
        (folder / model.layer).mkdir(exist_ok=True)
        (folder / model.layer / model.path.name).symlink_to(model.path)
    return folder, computed


if __name__ == "__main__":
    {"three": three, "all": everything, "one": one}[sys.argv[1]](*sys.argv[2:])
