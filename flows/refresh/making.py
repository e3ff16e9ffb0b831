"""Makes releases: builds a warehouse, holds back what must not be in it, draws the pages, publishes."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from ..errors import BadLanding, ReleaseError, TrendsError, WarehouseError
from ..lake import shared
from ..landing.status import write_status
from ..landing.verified import verified
from ..release import api, damaged, exports, packed, quarantine, releases, told, upgrade
from ..release.inputs import Inputs, read_inputs
from ..release.loaders import loaders
from ..release.releases import Release
from ..settings import Settings
from ..sql_text import quoted
from ..warehouse import build as warehouse
from ..warehouse.analysis import all_computed
from .unchanged import Built, as_before

log = logging.getLogger(__name__)


def made(inputs: Inputs, *, force: bool, full: bool) -> Built:
    """Make a release of these inputs; what turns out bad on the way is carried over or held back."""
    with upgrade.compared(inputs) as inputs:
        while True:
            folder = releases.new_folder(inputs.settings, inputs.now)
            try:
                held_back = _make(inputs, folder, full=full)
            except BadLanding as error:
                inputs = inputs.carrying(error)
            else:
                if not held_back:
                    return _publish(inputs, folder)
                inputs = _without(inputs, held_back)
            if not force and (held := as_before(inputs)):
                return held


def rows_of(settings: Settings, now: datetime, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table, made of what is landed and in use now."""
    return warehouse.rows_of(settings, loaders(read_inputs(settings, now)), table)


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
        warehouse.build(inputs.settings, path, loaders(inputs), None if full else before, elsewhere)
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
    left = damaged.carried_over(read_inputs(inputs.settings, inputs.now, status))
    return replace(left, carried=left.carried | inputs.carried, redefined=inputs.redefined, lapsed=inputs.lapsed)


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
        said = pool.submit(_told_by, inputs, folder)
        render(settings, folder, release)
        exported.result()
    place_downloads(settings, folder)
    release = replace(release, **said.result())
    releases.publish(settings, folder, release)
    verified(settings.data).keep()
    kept = tuple(other for other in status.rolled_back if other != release.fingerprint)
    write_status(settings, replace(status, rolled_back=kept))
    releases.prune_landings(settings, {file for held in status.quarantined.values() for file in held.files})
    return Built(release, is_new=True)


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
            "told": told.by(con),
        }
