"""Our runner over the models that a few marts need, and no others: `python -m benchmarks.lineage LINKS WAREHOUSE`.

The links of Papers With Code are the only figures: the embedded observations are left out, so that the marts hold what
the alternatives compute from the same file.
"""

import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from flows import warehouse
from flows.analysis import Computed, all_computed
from flows.cards import Card, LandedFile
from flows.inputs import raw_tables
from flows.literals import insert_rows, quoted
from flows.models import Model, read_models
from flows.settings import Settings
from flows.sources import papers_with_code, reference

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


def load(con: duckdb.DuckDBPyConnection, settings: Settings, files: Sequence[LandedFile]) -> None:
    """Make the raw tables; without files they are empty but for the reference tables that are no observations."""
    con.execute("create schema raw")
    for table, columns in raw_tables().items():
        warehouse.create_table(con, table, columns)
    reference.load(settings.reference, con)
    con.execute("delete from raw.reference_observations")
    row = ("live", LANDED_AT, "", "", 0)
    insert_rows(con, "raw.refresh_landings", [(file.source_file, papers_with_code.NAME, *row) for file in files])
    if files:
        papers_with_code.load(list(files), con)


def build(links: Path, target: Path, wanted: Sequence[str] = MARTS) -> None:
    """Make a warehouse of the wanted marts and all that they are made from."""
    settings = Settings()
    with closing(duckdb.connect(config={"memory_limit": settings.memory_limit})) as con, TemporaryDirectory() as name:
        con.execute(f"attach {quoted(str(target))} as warehouse (storage_version '{warehouse.STORAGE_VERSION}')")
        con.execute("use warehouse; set timezone = 'UTC'; begin")
        load(con, settings, [landed(links)])
        folder, computed = selected(settings.sql, Path(name), con, wanted)
        warehouse.run_models(con, folder, computed)
        con.execute("commit; checkpoint warehouse")


def selected(
    sql: Path, folder: Path, con: duckdb.DuckDBPyConnection, wanted: Sequence[str]
) -> tuple[Path, list[Computed]]:
    """A folder like sql/ with what the wanted tables need, and the computed tables among that."""
    computed = all_computed()
    models = read_models(sql, con, {table.qualified: table.reads for table in computed})
    needed = upstream(models, computed, wanted)
    (folder / "macros").symlink_to(sql / "macros")
    for model in models:
        if model.table in needed:
            (folder / model.layer).mkdir(exist_ok=True)
            (folder / model.layer / model.path.name).symlink_to(model.path)
    return folder, [table for table in computed if table.qualified in needed]


if __name__ == "__main__":
    build(*map(Path, sys.argv[1:]))
