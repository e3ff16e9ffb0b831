"""The refresh as plain functions: pull every source, build, render, publish.

flows/schedule wraps them for Prefect, flows/command for the command line; neither adds logic. The time is an argument.
"""

import logging
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from ..errors import (
    BadLanding,
    ReleaseError,
    SettingsError,
    SourceError,
    TrendsError,
    WarehouseError,
    bug,
    is_own,
    module_of,
    stop_behind,
)
from ..lake import shared
from ..landing.ahead import date_anew
from ..landing.landing import Landing
from ..landing.status import SourceCheck, read_status, write_status
from ..network.environment import trouble
from ..network.reach import NO_NETWORK, unreachable
from ..network.web import Web
from ..reference.sources import source_row
from ..release import api, exports, lock, packed, quarantine, releases, upgrade
from ..release.inputs import Inputs, read_inputs
from ..release.releases import Release
from ..settings import Settings
from ..sources import SOURCES, Source
from ..sources.first_fills import fill_of
from ..sql_text import quoted
from ..warehouse import build as warehouse
from ..warehouse.analysis import all_computed
from . import alerts

log = logging.getLogger(__name__)

# Sources are asked in threads of one process, and status.json is read and written as a whole.
NOTING = threading.Lock()
ROLLED_BACK = "the release made from this input was rolled back; `trends build` publishes it all the same"


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

    A source that fails does not stop the others, and what we hold of it stays in use. One without hosts only takes
    files: it is not asked and has no check.
    """
    sources = [source for source in sources if source.HOSTS]
    reason = no_network(settings, sources)
    asked: dict[str, Future[SourceCheck]] = {}

    def pull_in_turn(source: Source) -> SourceCheck:
        wait([asked[name] for name in getattr(source, "AFTER", ()) if name in asked])
        return pull_and_note(settings, source, now, reason)

    def is_asking() -> bool:
        return not all(future.done() for future in asked.values())

    pool = ThreadPoolExecutor(max_workers=max(1, len(sources)))
    with lock.outlasting(settings, is_asking):
        try:
            for source in sorted(sources, key=lambda source: len(getattr(source, "AFTER", ()))):
                asked[source.NAME] = pool.submit(pull_in_turn, source)
            return {source.NAME: asked[source.NAME].result() for source in sources}
        except BaseException as error:
            # A stop does not wait for a source that may take minutes: the process ends, and until then it has the lock.
            pool.shutdown(wait=stop_behind(error) is None, cancel_futures=True)
            raise
        finally:
            pool.shutdown(wait=False)


def no_network(settings: Settings, sources: Sequence[Source]) -> str | None:
    """Why none of the sources' hosts can be reached, the environment first; None when one can."""
    return trouble(os.environ, settings) or unreachable(
        tuple(sorted({host for source in sources for host in source.HOSTS})), settings
    )


def pull_and_note(settings: Settings, source: Source, now: datetime, reason: str | None) -> SourceCheck:
    """Ask one source unless there is no network, and write down at once what came of it."""
    check = pull_one(settings, source, now) if reason is None else failed(settings, source, now, reason, may_pass=True)
    with NOTING:
        known = read_status(settings).sources.get(source.NAME)
        if known and check.last_success_at == now:
            check = replace(check, confirmed_before=known.last_success_at)
        check = replace(check, asked_since=(known.asked_since or known.checked_at) if known else now)
        write_status(settings, read_status(settings).with_check(source.NAME, check))
    return check


def pull_one(settings: Settings, source: Source, now: datetime) -> SourceCheck:
    """Ask one source; whatever it raises becomes its failed check, so that no source stops the others."""
    status = read_status(settings)
    known, held = status.sources.get(source.NAME), status.quarantined.get(source.NAME)
    # What was checked at a time that has not come, before the clock was put back, would be held for new until then.
    checks = {name: check for name, check in known.files.items() if check.checked_at <= now} if known else {}
    if known is None and (fill := fill_of(source, settings, now)):
        log.info("%s: %s", source.NAME, fill)
    with Web(settings, source=source.NAME, paces=getattr(source, "PACES", None)) as web:
        try:
            row = source_row(settings, source.NAME)
            landing = Landing(
                settings,
                source.NAME,
                web,
                licence=row.licence,
                citation=row.attribution,
                checks=checks,
                now=now,
                passed_over=held.files if held else (),
            )
            landing.sweep()
            date_anew(landing)
            landing.wanted = wanted_rows(settings, source, now)
            note = source.fetch(landing, settings)
        except TrendsError as error:
            may_pass = isinstance(error, SourceError) and error.may_pass
            return replace(failed(settings, source, now, str(error), may_pass=may_pass), files=checks)
        except BaseException as error:
            if not is_own(error) or (isinstance(error, OSError) and error.errno in lock.DISK_TROUBLE):
                raise  # a stop, or the disk, is no source's fault
            message = bug(module_of(source.NAME), error, web.without_secrets)
            return replace(failed(settings, source, now, message, may_pass=False), files=checks)
    outcomes = {check.outcome for check in checks.values() if check.checked_at == now}
    outcome = "downloaded" if "downloaded" in outcomes else "unchanged"
    return SourceCheck(checked_at=now, last_success_at=now, outcome=outcome, message=note or "", files=checks)


def wanted_rows(settings: Settings, source: Source, now: datetime) -> list[tuple[Any, ...]]:
    """The rows of the table that a source names as WANTED, made of what is landed and in use now."""
    table = getattr(source, "WANTED", None)
    return warehouse.rows_of(settings, read_inputs(settings, now).loaders(), table) if table else []


def failed(settings: Settings, source: Source, now: datetime, message: str, *, may_pass: bool) -> SourceCheck:
    """The check of a source that could not be asked: what was known of it stays."""
    known = read_status(settings).sources.get(source.NAME)
    return SourceCheck(
        checked_at=now,
        last_success_at=known.last_success_at if known else None,
        outcome="failed",
        message=message,
        files=known.files if known else {},
        may_pass=may_pass,
    )


def build(settings: Settings, now: datetime, *, force: bool = False, full: bool = False) -> Built:
    """Make a release from what is landed, unless the current one was made from the very same; bring the lake along.

    Args:
        settings: folders and limits.
        now: time of the build; decides which landings still count as live.
        force: build even if nothing changed, or if the release made from this input was rolled back.
        full: make every table anew instead of keeping those of the current release that are right still.
    """
    built = _build(settings, now, force=force, full=full)
    shared.keep_up(settings)
    return built


def _build(settings: Settings, now: datetime, *, force: bool, full: bool) -> Built:
    inputs = read_inputs(settings, now)
    if not force and (held := _as_before(inputs)):
        return held
    with upgrade.compared(inputs) as inputs:
        while True:
            folder = releases.new_folder(settings, now)
            try:
                held_back = _make(inputs, folder, full=full)
            except BadLanding as error:
                inputs = inputs.carrying(error)
            else:
                if not held_back:
                    return _publish(inputs, folder)
                inputs = _without(inputs, held_back)
            if not force and (held := _as_before(inputs)):
                return held


def _as_before(inputs: Inputs) -> Built | None:
    """The current release, where there is nothing to make a new one from; what is known of the sources is kept."""
    held, fingerprint = releases.current(inputs.settings), inputs.fingerprint()
    if held and held.fingerprint == fingerprint:
        if inputs.status != read_status(inputs.settings):
            write_status(inputs.settings, inputs.status)
        return Built(held, is_new=False, reason="nothing changed")
    if held and fingerprint in inputs.status.rolled_back:
        return Built(held, is_new=False, reason=ROLLED_BACK)
    return None


def _make(inputs: Inputs, folder: Path, *, full: bool) -> dict[str, str]:
    """Build a release's warehouse; return the sources whose new landing must not be in it, with the reason."""
    # Two threads that import numpy at the same time can see half of it: the computed tables get theirs first.
    all_computed()
    path = folder / "warehouse.duckdb"
    before = inputs.redefined.warehouse if inputs.redefined else inputs.settings.current / "warehouse.duckdb"
    try:
        elsewhere = None
        if inputs.settings.cluster:
            from ..lake import cluster  # an optional group of packages

            elsewhere = partial(cluster.given, inputs.settings)
        warehouse.build(inputs.settings, path, inputs.loaders(), None if full else before, elsewhere)
        return quarantine.doubtful(inputs, path)
    except TrendsError as error:
        if held_back := quarantine.to_blame(inputs, error):
            return held_back
        raise


def _without(inputs: Inputs, held_back: dict[str, str]) -> Inputs:
    """The inputs with the new landings of these sources in quarantine; written down once a build succeeds with them."""
    new = quarantine.new_files(inputs)
    # One landing after the other may be held back: what is in use was confirmed before the first of them.
    lapsed = {source: inputs.lapsed[source] for source in held_back if source in inputs.lapsed}
    status = replace(inputs.status, quarantined={**lapsed, **inputs.status.quarantined})
    for source, reason in held_back.items():
        log.warning("%s", reason)
        status = status.with_quarantine(source, new[source], reason, inputs.now)
    left = read_inputs(inputs.settings, inputs.now, status)
    return replace(left, carried=inputs.carried, redefined=inputs.redefined, lapsed=inputs.lapsed)


def _publish(inputs: Inputs, folder: Path) -> Built:
    """Draw the pages of a new warehouse and publish both."""
    settings, status = inputs.settings, inputs.status
    release = Release(
        releases.id_of(folder),
        inputs.fingerprint(),
        built_at=inputs.now.isoformat(),
        definitions=inputs.definitions(),
    )
    path, before = folder / "warehouse.duckdb", settings.current / "exports"
    # All only read the warehouse; history and exports are the engine's work and the pages Python's, so they overlap.
    with ThreadPoolExecutor(max_workers=2) as pool:
        exported = pool.submit(
            exports.write, settings, path, folder / "exports", release.fingerprint, before, release.release_id
        )
        told = pool.submit(_told_by, inputs, folder)
        render(settings, folder, release)
        exported.result()
    place_downloads(settings, folder)
    release = replace(release, **told.result())
    releases.publish(settings, folder, release)
    kept = tuple(other for other in status.rolled_back if other != release.fingerprint)
    write_status(settings, replace(status, rolled_back=kept))
    releases.prune_landings(settings, {file for held in status.quarantined.values() for file in held.files})
    return Built(release, is_new=True)


def accept(settings: Settings, source: str, now: datetime) -> Built:
    """Take a source's landing out of quarantine, and publish what is made with it."""
    status = read_status(settings)
    if source not in status.quarantined:
        waiting = ", ".join(sorted(status.quarantined)) or "none"
        raise SettingsError(
            f"{source}: expected a source with a landing in quarantine, found none; waiting: {waiting}."
        )
    write_status(settings, status.with_accepted(source))
    return build(settings, now)


def dashboards(module: str) -> Any:
    """A module of dashboards/, which lies beside flows/ in the repository, and in one package with it when packed."""
    return import_module(f"{__package__.removesuffix('flows.refresh')}dashboards.{module}")


def render(settings: Settings, folder: Path, release: Release) -> None:
    """Draw the pages of a release from its warehouse."""
    warehouse_file, cache = folder / "warehouse.duckdb", settings.data / "cache"
    dashboards("site").render(warehouse_file, folder / "site", release, cache, settings.site_url)
    if not dashboards("sql_page").render(warehouse_file, folder / "site", cache, settings.project, release.release_id):
        log.info("The site has no SQL page: its engine was not fetched. `make sql-page` does that.")
    api.write(settings, warehouse_file, folder / "site" / "api" / api.VERSION, release)


def render_again(settings: Settings, now: datetime) -> Built:
    """Publish the current warehouse with pages drawn anew."""
    held = releases.current(settings)
    if held is None:
        raise ReleaseError(f"{settings.current}: there is no release to draw. Run `trends refresh` first.")
    folder = releases.new_folder(settings, now)
    source = settings.current.resolve()
    for name in ("warehouse.duckdb", "history", "exports"):
        releases.link_tree(source / name, folder / name)
    release = replace(held, release_id=releases.id_of(folder), built_at=now.isoformat())
    render(settings, folder, release)
    place_downloads(settings, folder)
    releases.publish(settings, folder, release)
    shared.keep_up(settings)
    return Built(release, is_new=True)


def place_downloads(settings: Settings, folder: Path) -> None:
    """Put what may be passed on beside the pages that offer it, so that the site can be served by itself."""
    releases.link_tree(folder / "exports", folder / "site" / "data")
    packed.pack(folder / "site", settings.data / "cache")


def write_single_file(settings: Settings, target: Path) -> int:
    """Write the published pages into one file; return its size in bytes."""
    if releases.current(settings) is None:
        raise ReleaseError(f"{settings.current}: there is no release to write. Run `trends refresh` first.")
    release = settings.current.resolve()  # followed once: another may be published while its pages are read
    return int(dashboards("single_file").write(release / "site", target))


def rollback(settings: Settings, now: datetime) -> tuple[str, Release, tuple[str, ...]]:
    """Return to the previous release, and hold back what the one that is left had added, until it is accepted.

    Returns:
        Id of the release that was left, the one that is current now, and the sources that are held back.
    """
    left, current = releases.rollback(settings)
    status = read_status(settings)
    with suppress(ReleaseError):  # a damaged one tells nothing
        said = releases.read_release(left).fingerprint
        status = replace(status, rolled_back=tuple(dict.fromkeys([*status.rolled_back, said])))
    added = quarantine.added_by(left, settings.current.resolve())
    for source, files in added.items():
        reason = (
            f"{source}: what release {left.name} had added was rolled back, and newer files of the same names with it. "
            f"If they are right after all, run `trends accept {source}`."
        )
        status = status.with_quarantine(source, files, reason, now, by_hand=True)
    write_status(settings, status)
    shared.keep_up(settings)
    return left.name, current, tuple(added)


def _told_by(inputs: Inputs, folder: Path) -> dict[str, Any]:
    """Check that a new warehouse can be read, keep what it says for the history, and count its rows."""
    (folder / "history").mkdir()
    try:
        return _read_back(inputs, folder)
    except duckdb.Error as error:
        raise WarehouseError(
            f"{folder}: what the new warehouse says could not be kept: {error}. "
            "Free some space and refresh again; what was published stays as it is."
        ) from error


def _read_back(inputs: Inputs, folder: Path) -> dict[str, Any]:
    release_id, was = releases.id_of(folder), inputs.redefined
    with closing(duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)) as con:
        kept = [(table, release_id, f"marts.{table}") for table in releases.HISTORY_TABLES]
        if was:
            con.execute(f"attach {quoted(str(was.warehouse))} as redefined (read_only)")
            kept.append((releases.REDEFINED, was.release_id, "redefined.marts.framework_shares"))
            kept.append((releases.REDEFINED_CLAIMS, was.release_id, "redefined.marts.claims"))
        for name, told_by, table in kept:
            target = quoted(str(folder / "history" / f"{name}.parquet"))
            con.execute(
                f"copy (select {quoted(told_by)} as release_id, {quoted(inputs.definitions()[:12])} as definitions, * "
                f"from {table}) to {target} (format parquet)"
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


@dataclass(frozen=True)
class Report:
    """What a refresh did: each source's check, the release, and the one that was current before."""

    checks: dict[str, SourceCheck]
    built: Built
    before: Release | None

    @property
    def failed_sources(self) -> list[str]:
        """Names of the sources whose check failed."""
        return [name for name, check in self.checks.items() if check.outcome == "failed"]

    @property
    def unreached(self) -> str | None:
        """Why nothing could be reached at all, the same for every source; None when something could."""
        said = {check.message for check in self.checks.values()}
        if len(said) != 1 or len(self.failed_sources) < len(self.checks):
            return None
        [message] = said
        return message if len(self.checks) > 1 or message.startswith(NO_NETWORK) else None


def refresh(settings: Settings, sources: Sequence[Source], now: datetime, *, offline: bool = False) -> Report:
    """Pull, build, render and publish, alone in the data folder; tell what needs a person."""
    with alerts.watching(settings, now), lock.locked(settings):
        alerts.tell_ended(settings, now)
        releases.sweep(settings)
        before = releases.current(settings)
        checks = {} if offline else pull(settings, sources, now)
        return Report(checks, build(settings, now), before)
