"""One source asked through the server, then loaded and modelled without the rest of the warehouse."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb

from flows.landing.landing import FileCheck, LandedFile, Landing, landed_files
from flows.network.pace import Pace
from flows.network.web import Web
from flows.reference import tables as reference
from flows.settings import Settings
from flows.sources import LANDED_COLUMNS, Source
from flows.warehouse.runner import create_table
from tests.sql.support import created, database

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)


@dataclass
class Pulled:
    """What a refresh of one source left behind."""

    note: str | None
    landed: list[LandedFile]
    checks: dict[str, FileCheck] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [file.card.name for file in self.landed]


def pull(
    settings: Settings,
    source: Source,
    now: datetime = NOW,
    *,
    checks: dict[str, FileCheck] | None = None,
    paces: dict[str, Pace] | None = None,
) -> Pulled:
    """Ask the source, without waiting for turns unless paces are given."""
    checks = dict(checks or {})
    with Web(settings, source=source.NAME, paces=paces) as web:
        landing = Landing(settings, source.NAME, web, licence="CC0", citation=source.NAME, checks=checks, now=now)
        note = source.fetch(landing, settings)
    return Pulled(note, landed_files(settings, source.NAME), checks)


@contextmanager
def loaded(settings: Settings, source: Source, landed: Sequence[LandedFile]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The raw tables of the references and of this source."""
    with database() as con:
        for table in ("frameworks", "framework_names"):  # the references that the models of counts read
            create_table(con, f"reference_{table}", reference.TABLES[f"reference_{table}"])
            path = settings.reference / f"{table}.csv"
            con.execute(f"insert into raw.reference_{table} select *, row_number() over () from read_csv('{path}')")
        for table, columns in source.TABLES.items():
            create_table(con, table, columns | LANDED_COLUMNS)
        source.load(list(landed), con)
        con.execute("create table staging.refresh__landings (source_file varchar, retrieved_at timestamp)")
        for file in landed:
            at = file.card.fetched_at.replace(tzinfo=None)
            con.execute(f"insert into staging.refresh__landings values ('{file.source_file}', '{at}')")
        for model in ("frameworks", "framework_names"):
            created(con, f"staging/reference__{model}")
        yield con


def modelled(settings: Settings, source: Source, landed: Sequence[LandedFile], *models: str) -> list[dict[str, Any]]:
    """Rows of the last of these models."""
    with loaded(settings, source, landed) as con:
        return [created(con, model) for model in models][-1]
