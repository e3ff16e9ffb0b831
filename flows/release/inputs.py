"""What a release is made from: landings with their origin, the reference tables and the code."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

import duckdb

from ..errors import BadLanding, TrendsError, WarehouseError, bug, is_own, module_of
from ..landing import bundled
from ..landing.cards import all_landed, digest
from ..landing.landing import LandedFile, landed_files
from ..landing.status import Quarantine, SourceCheck, Status, read_status
from ..landing.verified import verified
from ..reference import tables as reference
from ..reference.sources import source_row
from ..settings import Settings
from ..sources import LANDED_COLUMNS, SOURCES, Source
from ..sql_text import Value, insert_rows, not_the_file, quoted
from ..warehouse.build import Loader
from . import history, revisions

log = logging.getLogger(__name__)

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
# A change in any of these can change what a release says: its figures, or how they are drawn.
DEFINITIONS = (("data/reference", "*.csv"), ("sql", "**/*.sql"), ("flows", "**/*.py"))
DRAWING = (("dashboards", "**/*"),)


@dataclass(frozen=True)
class Inputs:
    """Everything that one build reads, at one time.

    Attributes:
        settings: folders and limits.
        landed: the landed files in use, by source.
        status: what is known of each source.
        now: time of the build; decides which landings still count as live.
        bundled: files of figures that other machines made.
        carried: sources whose files cannot be loaded any more, though the current release was made from them: its rows
            of them are carried over.
        redefined: after an upgrade, the current release as this version would have made it.
        lapsed: what was held back, of sources that have landed something else since.
    """

    settings: Settings
    landed: dict[str, list[LandedFile]]
    status: Status
    now: datetime
    bundled: Sequence[LandedFile] = ()
    carried: frozenset[str] = frozenset()
    redefined: history.Redefined | None = None
    lapsed: Mapping[str, Quarantine] = field(default_factory=dict)

    def origin(self, file: LandedFile) -> str:
        """Origin of a landed file's figures: imported, live (confirmed within the source's cadence) or cached."""
        if file.card.kind == "import":
            return "imported"
        check = self.status.sources.get(file.card.source)
        known = check.files.get(file.card.name) if check else None
        if file.card.kind == bundled.NAME and (known is None or known.sha256 != file.card.sha256):
            return "imported"  # until the source itself has said that we hold it
        if known and known.outcome == "unconfirmed":
            return "cached"
        cadence = source_row(self.settings, file.card.source).cadence
        return "live" if self.status.is_live(file.card.source, cadence, self.now) else "cached"

    def fingerprint(self) -> str:
        """Checksum over landings and their origin, reference tables and code: the same input, the same release."""
        landings = sorted(f"{file.source_file} {file.card.sha256} {self.origin(file)}" for file in self.files())
        landings += sorted(f"{file.source_file} {file.card.sha256}" for file in self.bundled)
        return digest(*landings, self.definitions(), self._checksum(DRAWING))

    def definitions(self) -> str:
        """Checksum over what decides how a figure is made from what is landed: reference tables and code."""
        return self._checksum(DEFINITIONS)

    def _checksum(self, folders: Sequence[tuple[str, str]]) -> str:
        total = hashlib.sha256()
        above = len(str(self.settings.project)) + 1
        for folder, pattern in folders:
            for path in sorted((self.settings.project / folder).glob(pattern)):
                if "__pycache__" not in path.parts and path.is_file():
                    total.update(str(path)[above:].encode())
                    total.update(path.read_bytes())
        return total.hexdigest()

    def carrying(self, error: BadLanding) -> Self:
        """The same, with one source more whose rows are carried over; its check says why."""
        if error.source in self.carried:
            raise error
        log.warning("%s", error)
        known = self.status.sources.get(error.source)
        check = replace(known or SourceCheck(self.now, None, "failed"), outcome="failed", message=str(error))
        return replace(self, status=self.status.with_check(error.source, check), carried=self.carried | {error.source})

    def files(self) -> Iterator[LandedFile]:
        """The landed files of all sources."""
        for files in self.landed.values():
            yield from files

    def loaders(self, *, alone: bool = False) -> list[Loader]:
        """What fills the raw tables; those of a source without landings stay empty.

        Args:
            alone: compare with no previous release.
        """
        tables = digest(*(f"{path.name} {path.read_text(encoding='utf-8')}" for path in self._reference_files()))
        return [
            Loader(reference.TABLES, partial(reference.load, self.settings.reference), tables),
            *(self._loader(source, tables) for source in SOURCES),
            Loader(
                bundled.TABLES,
                partial(bundled.load, self.bundled),
                digest(*(f"{file.source_file} {file.card}" for file in self.bundled)),
            ),
            Loader(REFRESH_TABLES, self._load_refresh),
            Loader(
                history.TABLES, _nothing if alone else partial(history.load, self.settings, redefined=self.redefined)
            ),
            Loader(
                history.VERDICTS,
                _nothing if alone else partial(history.load_verdicts, self.settings, redefined=self.redefined),
            ),
            Loader(history.CHANGES, _nothing if alone else partial(history.load_changes, self.settings)),
            Loader(
                revisions.TABLES,
                _nothing if alone else partial(revisions.load, self.settings, redefined=self.redefined),
            ),
        ]

    def _loader(self, source: Source, tables: str) -> Loader:
        """Sources may read the reference tables when they load, so these are part of the key."""
        landed = (f"{file.source_file} {file.card}" for file in self.landed[source.NAME])
        columns = {table: columns | LANDED_COLUMNS for table, columns in source.TABLES.items()}
        if source.NAME in self.carried:
            return Loader(columns, partial(self._carry_over, columns))
        return Loader(columns, partial(self._load_source, source), digest(tables, *landed))

    def _reference_files(self) -> list[Path]:
        return sorted(self.settings.reference.glob("*.csv"))

    def _load_source(self, source: Source, con: duckdb.DuckDBPyConnection) -> None:
        """Fill a source's raw tables; say whose files could not be loaded, unless the disk or a limit is to blame."""
        if not self.landed[source.NAME]:
            return
        try:
            source.load(self.landed[source.NAME], con)
        except BaseException as error:  # whatever a module stumbles over, it is that source's files that are not used
            if not is_own(error):
                raise
            if reason := not_the_file(error):
                raise WarehouseError(
                    f"{source.NAME} could not be loaded: {reason}. Check disk space and TRENDS_MEMORY_LIMIT; "
                    "what was published stays as it is."
                ) from error
            files = ", ".join(file.source_file for file in self.landed[source.NAME])
            said = str(error) if isinstance(error, duckdb.Error | TrendsError) else bug(module_of(source.NAME), error)
            raise BadLanding(
                source.NAME,
                f"data/raw: expected files of {source.NAME} that {module_of(source.NAME)} can load, found that "
                f"{files} cannot be: {said} If the source has changed its format, update that module.",
            ) from error

    def _carry_over(self, tables: Mapping[str, Mapping[str, str]], con: duckdb.DuckDBPyConnection) -> None:
        """Fill raw tables from the current release, as far as it has them."""
        file = self.settings.current.resolve() / "warehouse.duckdb"
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

    def _load_refresh(self, con: duckdb.DuckDBPyConnection) -> None:
        """Fill raw.refresh_landings and raw.refresh_source_checks."""
        landings = [
            (
                file.source_file,
                file.card.source,
                self.origin(file),
                file.card.fetched_at,
                file.card.address,
                file.card.sha256,
                file.card.size,
            )
            for file in self.files()
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
            for one in bundled.origins(self.bundled)
        ]
        insert_rows(con, "raw.refresh_source_checks", [self._check_row(source) for source in SOURCES])
        insert_rows(con, "raw.refresh_landings", landings)
        was = self.redefined
        counts = (was.release_id, was.figure_count, was.changed_count) if was else (None, None, None)
        insert_rows(con, "raw.refresh_definitions", [(self.definitions()[:12], *counts)])

    def _check_row(self, source: Source) -> tuple[Value, ...]:
        """What is known of one source, asked or not."""
        check, held = self.status.sources.get(source.NAME), self.status.quarantined.get(source.NAME)
        words = [check.message if check else "", held.reason if held else ""]
        return (
            source.NAME,
            check is not None,
            check is not None and check.last_success_at is not None,
            held is not None,
            check.checked_at if check else None,
            self.status.confirmed_at(source.NAME),
            " ".join(filter(None, words)) or None,
        )


def _nothing(_: duckdb.DuckDBPyConnection) -> None:
    """Leave tables empty."""


def read_inputs(settings: Settings, now: datetime, status: Status | None = None) -> Inputs:
    """What a build would read now: landings that are in quarantine are passed over for those before them."""
    status = status or read_status(settings)
    newest = {source.NAME: landed_files(settings, source.NAME) for source in SOURCES}
    held = {name: _rolled_back_since(settings, name, held) for name, held in status.quarantined.items()}
    in_force = {
        name: one for name, one in held.items() if {file.source_file for file in newest.get(name, ())} & set(one.files)
    }
    lapsed = {name: one for name, one in held.items() if name not in in_force}  # a newer landing has taken its place
    status = replace(status, quarantined=in_force)
    held_back = {file for held in status.quarantined.values() for file in held.files}
    passed_over = {name: landed_files(settings, name, held_back) for name in status.quarantined if name in newest}
    landed = newest | passed_over
    figures = landed_files(settings, bundled.NAME)
    verified(settings.data).keep()
    return Inputs(settings, landed, status, now, figures, lapsed=lapsed)


def _rolled_back_since(settings: Settings, source: str, held: Quarantine) -> Quarantine:
    """The same with the newer files of the same names, where the operator rolled them back."""
    if not held.by_hand:
        return held
    names = {file.rpartition("/")[2] for file in held.files}
    newer = {
        file.source_file
        for file in all_landed(settings, source)
        if file.card.name in names and file.card.fetched_at >= held.since
    }
    return replace(held, files=tuple(sorted({*held.files, *newer})))


def raw_tables() -> dict[str, dict[str, str]]:
    """Columns of every raw table by name."""
    tables = dict(reference.TABLES) | bundled.TABLES | REFRESH_TABLES | revisions.TABLES
    tables |= history.TABLES | history.VERDICTS | history.CHANGES
    for source in SOURCES:
        tables |= {table: columns | LANDED_COLUMNS for table, columns in source.TABLES.items()}
    return tables
