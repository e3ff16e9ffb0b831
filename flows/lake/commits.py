"""Releases in the lake: one snapshot each, named by the release's id, whole or not at all.

A commit replaces the tables of `marts`, and the records that readers ask for, in one transaction. Earlier releases are
read by their snapshot until they expire, which they do when their host prunes them.
"""

import json
import logging
import platform
import random
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from ..errors import QueryError
from ..landing.cards import digest
from ..release import releases
from ..release.releases import Release
from ..replacing import put
from ..settings import Settings
from ..sql_text import quoted
from ..warehouse.models import read_models
from .engine import CAME_BETWEEN, connected, reason, shown

log = logging.getLogger(__name__)

# Of 200 commits by four hosts at once every second one was tried again, and some eight times.
ATTEMPTS, LONGEST_WAIT = 40, 2.0
# A reader that opened a snapshot before it expired has this long to end.
CLEANED_AFTER = "interval 1 day"


@dataclass(frozen=True)
class Commit:
    """A release in the lake.

    Attributes:
        snapshot: number of the lake's snapshot.
        release_id: the release's id.
        fingerprint: checksum over what it was built from; ids are times, so two hosts may have given the same.
        host: that committed it.
        folder: checksum that tells one data folder from another.
        committed_at: when, UTC.
    """

    snapshot: int
    release_id: str
    fingerprint: str
    host: str
    folder: str
    committed_at: datetime


def keep_up(settings: Settings) -> Commit | None:
    """Bring the lake to where this data folder is: its current release committed, its pruned ones expired.

    Nothing is done where that is so already; a commit that failed is made up for by the next call.

    Returns:
        The commit that was made; None where none was needed.
    """
    release = releases.current(settings)
    if release is None:
        return None
    with connected(settings) as con:
        held = commits(con)
        made = None
        if not _stands(release, _ours(settings, held), held):
            made = commit(con, settings, release)
            held = commits(con)
        expire(con, settings, release, _ours(settings, held), held[-1].snapshot)
    return made


def _ours(settings: Settings, held: Sequence[Commit]) -> list[Commit]:
    """Those of this data folder; under the key that it had before it had a word, those that it made itself."""
    key, former, made = folder_key(settings), _former_key(settings), releases.ids_ever_given(settings)
    return [one for one in held if one.folder == key or (one.folder == former and one.release_id in made)]


def _stands(release: Release, ours: Sequence[Commit], held: Sequence[Commit]) -> bool:
    """Whether the release is in the lake, and what we rolled back is not what readers get."""
    mine = [one for one in ours if (one.release_id, one.fingerprint) == (release.release_id, release.fingerprint)]
    is_left_on_top = bool(held) and held[-1] in ours and held[-1] not in mine
    return bool(mine) and not is_left_on_top


def commit(con: duckdb.DuckDBPyConnection, settings: Settings, release: Release) -> Commit:
    """Put a release's tables in place of the lake's in one transaction, again where another host came first."""
    warehouse = settings.data / "releases" / release.release_id / "warehouse.duckdb"
    con.execute(f"attach {quoted(str(warehouse))} as release (read_only)")
    told = {"fingerprint": release.fingerprint, "folder": folder_key(settings), "built_at": release.built_at}
    try:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                _commit_once(con, settings, release.release_id, told)
                break
            except duckdb.Error as error:
                with suppress(duckdb.Error):  # the engine has done it already, or its server has gone
                    con.execute("rollback")
                if _is_in(con, release, told["folder"]):  # it was, and only the answer was lost
                    break
                if attempt == ATTEMPTS or not CAME_BETWEEN.search(str(error)):
                    raise
                log.info("The lake changed meanwhile (%s); attempt %d of %d", reason(error), attempt + 1, ATTEMPTS)
                time.sleep(random.uniform(0, min(LONGEST_WAIT, 0.1 * 2**attempt)))
    finally:
        with suppress(duckdb.Error):
            con.execute("detach release")
    made = next(one for one in reversed(commits(con)) if one.fingerprint == release.fingerprint)
    log.info("%s: release %s is snapshot %d", shown(settings), release.release_id, made.snapshot)
    return made


def _is_in(con: duckdb.DuckDBPyConnection, release: Release, folder: str) -> bool:
    with suppress(duckdb.Error):
        held = commits(con)
        return bool(held) and (held[-1].fingerprint, held[-1].folder) == (release.fingerprint, folder)
    return False


def _commit_once(con: duckdb.DuckDBPyConnection, settings: Settings, release_id: str, told: Mapping[str, str]) -> None:
    con.execute("begin")
    for schema, table in (wanted := _tables(con, settings)):
        con.execute(f"create schema if not exists lake.{schema}")
        con.execute(f"create or replace table lake.{schema}.{table} as from release.{schema}.{table}")
        comment_as(con, "release", "lake", schema, table)
    for schema, table in _held(con):
        if (schema, table) not in wanted:
            con.execute(f"drop table lake.{schema}.{table}")
    words = f"{quoted(platform.node())}, {quoted(release_id)}, extra_info => {quoted(json.dumps(told))}"
    con.execute(f"call lake.set_commit_message({words})")
    con.execute("commit")


def _tables(con: duckdb.DuckDBPyConnection, settings: Settings) -> list[tuple[str, str]]:
    """Schema and name of what a release shows to readers here: marts, and the records below them."""
    with duckdb.connect() as parser:
        records = {model.table for model in read_models(settings.sql, parser) if model.partition}
    rows = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'release' and "
        "schema_name in ('marts', 'intermediate') union all select schema_name, view_name from duckdb_views() "
        "where database_name = 'release' and schema_name = 'marts' order by all"
    ).fetchall()
    return [(schema, table) for schema, table in rows if schema == "marts" or f"{schema}.{table}" in records]


def _held(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'lake' "
        "and schema_name in ('marts', 'intermediate')"
    ).fetchall()


def comment_as(con: duckdb.DuckDBPyConnection, source: str, target: str, schema: str, table: str) -> None:
    """Say of a table and its columns in one database what another says of them."""
    where = f"database_name = {quoted(source)} and schema_name = {quoted(schema)}"
    said = con.execute(
        f"select comment from duckdb_tables() where {where} and table_name = {quoted(table)} union all "
        f"select comment from duckdb_views() where {where} and view_name = {quoted(table)}"
    ).fetchall()
    columns = con.execute(
        f"select column_name, comment from duckdb_columns() where {where} and table_name = {quoted(table)}"
    ).fetchall()
    name = f"{target}.{schema}.{table}"
    words = [f"comment on table {name} is {quoted(comment)}" for (comment,) in said if comment]
    words += [f"comment on column {name}.{column} is {quoted(comment)}" for column, comment in columns if comment]
    for each in words:
        con.execute(each)


def commits(con: duckdb.DuckDBPyConnection) -> list[Commit]:
    """The releases that the lake holds, oldest snapshot first."""
    rows: list[tuple[Any, ...]] = con.execute(
        "select snapshot_id, commit_message, author, commit_extra_info, snapshot_time from lake.snapshots() "
        "where commit_extra_info is not null order by snapshot_id"
    ).fetchall()
    found = []
    for snapshot, message, author, extra, at in rows:
        told = json.loads(extra)
        found.append(Commit(snapshot, message, told["fingerprint"], author or "", told["folder"], at))
    return found


def expire(
    con: duckdb.DuckDBPyConnection, settings: Settings, release: Release, ours: Sequence[Commit], newest: int
) -> None:
    """Let snapshots go whose release this data folder has pruned, rolled back or committed again."""
    kept = {folder.name for folder in releases.all_releases(settings) if folder.name <= release.release_id}
    last = {one.release_id: one.snapshot for one in ours}
    gone = [
        one.snapshot
        for one in ours
        if one.snapshot != newest and (one.release_id not in kept or one.snapshot != last[one.release_id])
    ]
    if gone:
        con.execute(f"call ducklake_expire_snapshots('lake', versions => {gone})")
        con.execute(f"call ducklake_cleanup_old_files('lake', older_than => now() - {CLEANED_AFTER})")


def found(settings: Settings, release_id: str | None) -> Commit:
    """The commit of a release, by its id or its snapshot's number; the newest one without.

    Raises:
        QueryError: the lake holds no such release, or two hosts' releases of that id.
    """
    with connected(settings, read_only=True) as con:
        held = commits(con)
    if release_id is None and held:
        return held[-1]
    named = {one.fingerprint: one for one in held if release_id in (one.release_id, str(one.snapshot))}
    if len(named) == 1:
        return next(iter(named.values()))
    if named:
        numbers = ", ".join(f"{one.snapshot} of {one.host}" for one in named.values())
        raise QueryError(f"--release {release_id}: {len(named)} hosts committed one. Name its snapshot: {numbers}.")
    shown_ = ", ".join(one.release_id for one in held[-5:]) or "none"
    what = f"--release {release_id}: expected a release of the lake" if release_id else "the lake: expected a release"
    raise QueryError(f"{what}, found none. It holds {shown_}. `trends build` commits one.")


def folder_key(settings: Settings) -> str:
    """What tells this data folder from every other in the lake, on each host that shares it.

    A copy of the folder is another one: it has the same word, in another file.
    """
    path = settings.data / "lake_id"
    if not path.exists():
        put(path, secrets.token_hex(16))
    return digest(path.read_text(encoding="utf-8", errors="replace"), str(path.stat().st_ino))[:16]


def _former_key(settings: Settings) -> str:
    """What told the folder until 2026-11-30: releases of versions before stand in lakes under it."""
    return digest(platform.node(), str(settings.data.absolute()))[:16]
