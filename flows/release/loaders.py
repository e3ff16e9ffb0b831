"""What fills the raw tables of a release: reference tables, sources, what refreshes and releases before say."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import duckdb

from ..errors import BadLanding, TrendsError, WarehouseError, bug, is_own, module_of
from ..landing import bundled
from ..landing.cards import digest
from ..reference import tables as reference
from ..sources import LANDED_COLUMNS, SOURCES, Source
from ..sql_text import Value, insert_rows, not_the_file, quoted
from ..warehouse.build import Loader
from . import history, revisions
from .inputs import Inputs

REFRESH_TABLES = {
    "refresh_landings": {
        "source_file": "VARCHAR",
        "source": "VARCHAR",
        "origin": "VARCHAR",
        "retrieved_at": "TIMESTAMP",
        "address": "VARCHAR",
        "sha256": "VARCHAR",
        "size_bytes": "BIGINT",
    },
    "refresh_source_checks": {
        "source": "VARCHAR",
        "was_asked": "BOOLEAN",
        "has_answered": "BOOLEAN",
        "is_held_back": "BOOLEAN",
        "checked_at": "TIMESTAMP",
        "last_success_at": "TIMESTAMP",
        "message": "VARCHAR",
    },
    "refresh_definitions": {
        "definitions": "VARCHAR",
        "release_before": "VARCHAR",
        "figure_count": "BIGINT",
        "changed_count": "BIGINT",
    },
}


def loaders(inputs: Inputs, *, alone: bool = False) -> list[Loader]:
    """What fills the raw tables; those of a source without landings stay empty.

    Args:
        inputs: what one build reads.
        alone: compare with no previous release.
    """
    tables = digest(*(f"{path.name} {path.read_text(encoding='utf-8')}" for path in _reference_files(inputs)))
    return [
        Loader(reference.TABLES, partial(reference.load, inputs.settings.reference), tables),
        *(_loader(inputs, source, tables) for source in SOURCES),
        Loader(
            bundled.TABLES,
            partial(bundled.load, inputs.bundled),
            digest(*(f"{file.source_file} {file.card}" for file in inputs.bundled)),
        ),
        Loader(REFRESH_TABLES, partial(_load_refresh, inputs)),
        Loader(
            history.TABLES, _nothing if alone else partial(history.load, inputs.settings, redefined=inputs.redefined)
        ),
        Loader(
            history.VERDICTS,
            _nothing if alone else partial(history.load_verdicts, inputs.settings, redefined=inputs.redefined),
        ),
        Loader(history.CHANGES, _nothing if alone else partial(history.load_changes, inputs.settings)),
        Loader(
            revisions.TABLES,
            _nothing if alone else partial(revisions.load, inputs.settings, redefined=inputs.redefined),
        ),
    ]


def _loader(inputs: Inputs, source: Source, tables: str) -> Loader:
    """Sources may read the reference tables when they load, so these are part of the key."""
    landed = (f"{file.source_file} {file.card}" for file in inputs.landed[source.NAME])
    columns = {table: columns | LANDED_COLUMNS for table, columns in source.TABLES.items()}
    if source.NAME in inputs.carried:
        return Loader(columns, partial(_carry_over, inputs, columns))
    return Loader(columns, partial(_load_source, inputs, source), digest(tables, *landed))


def _reference_files(inputs: Inputs) -> list[Path]:
    return sorted(inputs.settings.reference.glob("*.csv"))


def _load_source(inputs: Inputs, source: Source, con: duckdb.DuckDBPyConnection) -> None:
    """Fill a source's raw tables; say whose files could not be loaded, unless the disk or a limit is to blame."""
    if not inputs.landed[source.NAME]:
        return
    try:
        source.load(inputs.landed[source.NAME], con)
    except BaseException as error:  # whatever a module stumbles over, it is that source's files that are not used
        if not is_own(error):
            raise
        if reason := not_the_file(error):
            raise WarehouseError(
                f"{source.NAME} could not be loaded: {reason}. Check disk space and TRENDS_MEMORY_LIMIT; "
                "what was published stays as it is."
            ) from error
        files = ", ".join(file.source_file for file in inputs.landed[source.NAME])
        said = str(error) if isinstance(error, duckdb.Error | TrendsError) else bug(module_of(source.NAME), error)
        raise BadLanding(
            source.NAME,
            f"data/raw: expected files of {source.NAME} that {module_of(source.NAME)} can load, found that "
            f"{files} cannot be: {said} If the source has changed its format, update that module.",
        ) from error


def _carry_over(inputs: Inputs, tables: Mapping[str, Mapping[str, str]], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw tables from the current release, as far as it has them."""
    file = inputs.settings.current.resolve() / "warehouse.duckdb"
    if not file.exists():
        return
    con.execute(f"attach {quoted(str(file))} as carried (read_only)")
    try:
        for table, columns in tables.items():
            known = ", ".join(map(quoted, columns))
            with suppress(duckdb.CatalogException):  # a version that had no such table
                held = f"select columns(lambda one: one in ({known})) from carried.raw.{table}"
                con.execute(f"insert into raw.{table} by name {held}")  # a newer column stays empty
    finally:
        con.execute("detach carried")


def _load_refresh(inputs: Inputs, con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.refresh_landings and raw.refresh_source_checks."""
    landings = [
        (
            file.source_file,
            file.card.source,
            inputs.origin(file),
            file.card.fetched_at,
            file.card.address,
            file.card.sha256,
            file.card.size,
        )
        for file in inputs.files()
    ]
    landings += [
        (
            f"{bundled.NAME}/{one.source_file}",
            one.source,
            "imported",
            one.fetched_at,
            one.address,
            one.sha256,
            one.size,
        )
        for one in bundled.origins(inputs.bundled)
    ]
    insert_rows(con, "raw.refresh_source_checks", [_check_row(inputs, source) for source in SOURCES])
    insert_rows(con, "raw.refresh_landings", landings)
    was = inputs.redefined
    counts = (was.release_id, was.figure_count, was.changed_count) if was else (None, None, None)
    insert_rows(con, "raw.refresh_definitions", [(inputs.definitions()[:12], *counts)])


def _check_row(inputs: Inputs, source: Source) -> tuple[Value, ...]:
    """What is known of one source, asked or not."""
    check, held = inputs.status.sources.get(source.NAME), inputs.status.quarantined.get(source.NAME)
    words = [check.message if check else "", held.reason if held else ""]
    return (
        source.NAME,
        check is not None,
        check is not None and check.last_success_at is not None,
        held is not None,
        check.checked_at if check else None,
        inputs.status.confirmed_at(source.NAME),
        " ".join(filter(None, words)) or None,
    )


def _nothing(_: duckdb.DuckDBPyConnection) -> None:
    """Leave tables empty."""


def raw_tables() -> dict[str, dict[str, str]]:
    """Columns of every raw table by name."""
    tables = dict(reference.TABLES) | bundled.TABLES | REFRESH_TABLES | revisions.TABLES
    tables |= history.TABLES | history.VERDICTS | history.CHANGES
    for source in SOURCES:
        tables |= {table: columns | LANDED_COLUMNS for table, columns in source.TABLES.items()}
    return tables
