"""The refresh as plain functions: pull every source, build, render, publish.

flows/refresh.py wraps them for Prefect, flows/cli.py for the command line; neither adds logic. The time is an argument.
"""

import csv
import hashlib
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb

from flows import releases, warehouse
from flows.errors import ReleaseError, SettingsError, SourceError, TrendsError
from flows.landing import LandedFile, Landing, landed_files, sweep
from flows.literals import insert_rows, quoted
from flows.releases import Release
from flows.settings import Settings
from flows.sources import LANDED_COLUMNS, SOURCES, Source, reference
from flows.status import SourceCheck, Status, read_status, write_status
from flows.web import Web, unreachable

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
        "checked_at": "TIMESTAMP",
        "last_success_at": "TIMESTAMP",
        "message": "VARCHAR",
    },
}


@dataclass(frozen=True)
class Built:
    """What a build did: the release that is current now, and whether it is new."""

    release: Release
    is_new: bool
    reason: str = ""


def chosen(names: Sequence[str], sources: Sequence[Source] = SOURCES) -> list[Source]:
    """The sources of these names; all when no name is given."""
    known = {source.NAME: source for source in sources}
    if unknown := [name for name in names if name not in known]:
        raise SettingsError(
            f"--source {', '.join(unknown)}: expected one of {', '.join(known)}. "
            "Sources that are not in this list come from the embedded reference tables."
        )
    return [known[name] for name in dict.fromkeys(names)] or list(sources)


def pull(settings: Settings, sources: Sequence[Source], now: datetime) -> dict[str, SourceCheck]:
    """Ask every source in parallel, each within its own time; write down at once what each one answered.

    A source that fails does not stop the others, and what we hold of it stays in use.
    """
    hosts = sorted({host for source in sources for host in source.HOSTS})
    reason = unreachable(hosts, settings)
    writing = threading.Lock()
    checks: dict[str, SourceCheck] = {}

    def ask(source: Source) -> None:
        check = failed(settings, source, now, reason) if reason else pull_one(settings, source, now)
        with writing:
            checks[source.NAME] = check
            write_status(settings, read_status(settings).with_check(source.NAME, check))

    with ThreadPoolExecutor(max_workers=max(1, len(sources))) as pool:
        for done in as_completed([pool.submit(ask, source) for source in sources]):
            done.result()
    return {source.NAME: checks[source.NAME] for source in sources}


def pull_one(settings: Settings, source: Source, now: datetime) -> SourceCheck:
    """Ask one source; an error of ours becomes its message, any other exception is a bug and goes on."""
    known = read_status(settings).sources.get(source.NAME)
    licence, citation = licence_of(settings, source.NAME)
    landing = Landing(
        settings,
        source.NAME,
        Web(settings),
        licence=licence,
        citation=citation,
        checks=dict(known.files) if known else {},
        now=now,
    )
    sweep(settings, source.NAME)
    try:
        source.fetch(landing, settings)
    except TrendsError as error:
        return replace(failed(settings, source, now, str(error)), files=landing.checks)
    outcomes = {check.outcome for check in landing.checks.values() if check.checked_at == now}
    outcome = "downloaded" if "downloaded" in outcomes else "unchanged"
    return SourceCheck(checked_at=now, last_success_at=now, outcome=outcome, files=landing.checks)


def failed(settings: Settings, source: Source, now: datetime, message: str) -> SourceCheck:
    """The check of a source that could not be asked: what was known of it stays."""
    known = read_status(settings).sources.get(source.NAME)
    return SourceCheck(
        checked_at=now,
        last_success_at=known.last_success_at if known else None,
        outcome="failed",
        message=message,
        files=known.files if known else {},
    )


def build(settings: Settings, now: datetime, *, force: bool = False) -> Built:
    """Make a release from what is landed, unless the current one was made from the very same.

    Args:
        settings: folders and limits.
        now: time of the build; decides which landings still count as live.
        force: build even if nothing changed, or if the release made from this input was rolled back.
    """
    status = read_status(settings)
    landed = {source.NAME: landed_files(settings, source.NAME) for source in SOURCES}
    fingerprint = fingerprint_of(settings, landed, status, now)
    held = releases.current(settings)
    if held and not force:
        if held.fingerprint == fingerprint:
            return Built(held, is_new=False, reason="nothing changed")
        if fingerprint in status.rolled_back:
            return Built(
                held,
                is_new=False,
                reason="the release made from this input was rolled back; `trends build` publishes it all the same",
            )
    folder = releases.new_folder(settings, now)
    release = Release(release_id=folder.name.removeprefix(".new-"), fingerprint=fingerprint, built_at=now.isoformat())
    # Importing the chart library takes as long as the models do: let them overlap.
    renderer = threading.Thread(target=_import_dashboards)
    renderer.start()
    warehouse.build(settings, folder / "warehouse.duckdb", raw_tables(), loaders(settings, landed, status, now))
    renderer.join()
    release = replace(release, **_told_by(folder))  # type: ignore[arg-type]
    render(settings, folder, release)
    releases.publish(settings, folder, release)
    return Built(release, is_new=True)


def render(settings: Settings, folder: Path, release: Release) -> None:
    """Draw the pages of a release from its warehouse."""
    from dashboards import site

    site.render(folder / "warehouse.duckdb", folder / "site", release, cache=settings.data / "cache")


def render_again(settings: Settings, now: datetime) -> Built:
    """Publish the current warehouse with pages drawn anew."""
    held = releases.current(settings)
    if held is None:
        raise ReleaseError(f"{settings.current}: there is no release to draw. Run `trends refresh` first.")
    folder = releases.new_folder(settings, now)
    source = settings.current.resolve()
    for name in ("warehouse.duckdb", "history"):
        releases.link_tree(source / name, folder / name)
    release = replace(held, release_id=folder.name.removeprefix(".new-"), built_at=now.isoformat())
    render(settings, folder, release)
    releases.publish(settings, folder, release)
    return Built(release, is_new=True)


def rollback(settings: Settings) -> tuple[Release, Release]:
    """Return to the release before, and remember not to publish the same input again by itself."""
    left, now_current = releases.rollback(settings)
    status = read_status(settings)
    write_status(settings, replace(status, rolled_back=tuple(dict.fromkeys([*status.rolled_back, left.fingerprint]))))
    return left, now_current


def raw_tables() -> dict[str, dict[str, str]]:
    """Columns of every raw table by name."""
    tables = dict(reference.TABLES) | REFRESH_TABLES
    for source in SOURCES:
        tables |= {table: columns | LANDED_COLUMNS for table, columns in source.TABLES.items()}
    return tables


def loaders(
    settings: Settings, landed: dict[str, list[LandedFile]], status: Status, now: datetime
) -> list[warehouse.Loader]:
    """What fills the raw tables: the reference tables, the landings, and what is known about both."""
    return [
        partial(reference.load, settings.reference),
        *(partial(source.load, landed[source.NAME]) for source in SOURCES if landed[source.NAME]),
        partial(_load_refresh, settings, landed, status, now),
    ]


def origin_of(settings: Settings, file: LandedFile, status: Status, now: datetime) -> str:
    """Origin of a landed file's figures: imported, live (confirmed within the source's cadence) or cached."""
    if file.card.kind == "import":
        return "imported"
    check = status.sources.get(file.card.source)
    if check is None or check.outcome == "failed" or check.last_success_at is None:
        return "cached"
    cadence = timedelta(days=_source_row(settings, file.card.source).cadence_days)
    return "live" if now - check.last_success_at <= cadence else "cached"


def fingerprint_of(settings: Settings, landed: dict[str, list[LandedFile]], status: Status, now: datetime) -> str:
    """Checksum over everything that a release is made from: landings and their origin, reference tables, code."""
    parts = [
        f"{file.source_file} {file.card.sha256} {origin_of(settings, file, status, now)}"
        for files in landed.values()
        for file in files
    ]
    digest = hashlib.sha256("\n".join(parts).encode())
    for folder, pattern in (
        ("data/reference", "*.csv"),
        ("sql", "**/*.sql"),
        ("flows", "**/*.py"),
        ("dashboards", "**/*"),
    ):
        for path in sorted((settings.project / folder).glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(settings.project)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def licence_of(settings: Settings, source: str) -> tuple[str, str]:
    """Licence and attribution of a source."""
    row = _source_row(settings, source)
    return row.licence, row.attribution


@dataclass(frozen=True)
class _SourceRow:
    cadence_days: int
    licence: str
    attribution: str


def _source_row(settings: Settings, source: str) -> _SourceRow:
    path = settings.reference / "sources.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("source") == source:
                return _SourceRow(int(row["cadence_days"]), row["licence"], row["attribution"])
    raise SourceError(str(path), f"a row for the source {source}", "none", "Add the row; see CONTRIBUTING.")


def _load_refresh(
    settings: Settings,
    landed: dict[str, list[LandedFile]],
    status: Status,
    now: datetime,
    con: duckdb.DuckDBPyConnection,
) -> None:
    insert_rows(
        con,
        "raw.refresh_landings",
        [
            (
                file.source_file,
                file.card.source,
                origin_of(settings, file, status, now),
                file.card.fetched_at,
                file.card.address,
                file.card.sha256,
                file.card.size,
            )
            for files in landed.values()
            for file in files
        ],
    )
    insert_rows(
        con,
        "raw.refresh_source_checks",
        [
            (name, check.checked_at, check.last_success_at, check.message or None)
            for name, check in sorted(status.sources.items())
        ],
    )


def _told_by(folder: Path) -> dict[str, dict[str, object]]:
    """Check that a new warehouse can be read, keep what it says for the history, and count its rows."""
    (folder / "history").mkdir()
    with closing(duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)) as con:
        for table in releases.HISTORY_TABLES:
            target = quoted(str(folder / "history" / f"{table}.parquet"))
            con.execute(
                f"copy (select {quoted(folder.name.removeprefix('.new-'))} as release_id, * from marts.{table}) "
                f"to {target} (format parquet)"
            )
        names = [
            row[0]
            for row in con.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
            ).fetchall()
        ]
        counted = " union all ".join(f"select {quoted(name)}, count(*) from marts.{name}" for name in names)
        return {
            "row_counts": dict(con.execute(counted).fetchall()),
            "origins": dict(con.execute("select source, origin from marts.source_status").fetchall()),
        }


def _import_dashboards() -> None:
    import dashboards.site  # noqa: F401
