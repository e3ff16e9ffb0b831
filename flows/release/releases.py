"""Releases: a warehouse and its pages, published together in one atomic step.

data/releases/<id>/     warehouse.duckdb, site/, history/, release.json
data/releases/.new-*    a release in the making, or the rest of one that was interrupted
data/current            symbolic link to the published release
data/history/<table>/<id>.parquet   what each release said otherwise than those before it, never pruned
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Collection
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ..engine import duckdb
from ..errors import ReleaseError
from ..json_text import parsed_json
from ..landing.cards import all_landed, card_path, landed_files
from ..landing.verified import state_of, verified
from ..replacing import move, put, replaced, settle_tree
from ..settings import Settings
from ..sql_text import first_line
from .keeping import keep

log = logging.getLogger(__name__)

WAREHOUSE = "warehouse.duckdb"
# What the list of verified files (flows/landing/verified.py) has of a warehouse in place of a checksum.
WHOLE = "opened"
HISTORY_TABLES = ("framework_shares", "head_to_head_latest", "source_status", "claims", "changes")
# What a release would have said that was followed by one of another version (flows/release/upgrade.py).
REDEFINED, REDEFINED_CLAIMS = "redefined_shares", "redefined_claims"


@dataclass(frozen=True)
class Release:
    """A published release, as its release.json tells it.

    Attributes:
        release_id: UTC time of the build; releases sort by it.
        fingerprint: checksum over everything it was built from.
        built_at: ISO time, UTC.
        definitions: checksum over reference tables and code: what differs under the same is news of the sources.
        row_counts: rows of each mart.
        told: what it says of itself in short (flows/release/told.py), by what is told.
    """

    release_id: str
    fingerprint: str
    built_at: str
    definitions: str = ""
    row_counts: dict[str, int] = field(default_factory=dict)
    told: dict[str, list[list[Any]]] = field(default_factory=dict)


def current(settings: Settings) -> Release | None:
    """The published release, or None before the first one."""
    _refuse_other_than_link(settings)
    return read_release(settings.current) if settings.current.exists() else None


def read_release(folder: Path) -> Release:
    """Read a release's release.json."""
    try:
        words = parsed_json((folder / "release.json").read_text(encoding="utf-8"))
        release = Release(**{name: words[name] for name in Release.__dataclass_fields__ if name in words})
        for name, value in vars(release).items():
            expected = dict if name in ("row_counts", "told") else str
            if not isinstance(value, expected):
                raise TypeError(f"{name} is {value!r}")
        return release
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(
            f"{folder}: this release has no readable release.json ({error}). "
            "Run `trends build` to make a new one, or `trends rollback` for the one before."
        ) from error


def all_releases(settings: Settings) -> list[Path]:
    """Folders of the finished releases, oldest first."""
    folder = settings.data / "releases"
    return sorted(path for path in folder.glob("[0-9]*") if path.is_dir()) if folder.is_dir() else []


def new_folder(settings: Settings, now: datetime) -> Path:
    """Make the folder of a release in the making; its name tells the release's id."""
    folder = settings.data / "releases" / f".new-{_new_id(settings, now)}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "site").mkdir(parents=True)
    return folder


def id_of(folder: Path) -> str:
    """Id of the release in this folder, finished or in the making."""
    return folder.name.removeprefix(".new-")


def ids_ever_given(settings: Settings) -> set[str]:
    """Ids of the releases of this data folder, those among them that were pruned."""
    kept = (settings.data / "history" / HISTORY_TABLES[0]).glob("*.parquet")
    return {path.name for path in all_releases(settings)} | {path.stem for path in kept}


def _new_id(settings: Settings, now: datetime) -> str:
    """The time, or what sorts right after the newest id ever given where that is not older (a clock put back)."""
    newest = max(ids_ever_given(settings), default="")
    wanted = now.strftime("%Y-%m-%dT%H%M%SZ")
    if wanted > newest:
        return wanted
    time, _, number = newest.partition(".")
    return f"{time}.{int(number or 1) + 1:03d}"


def publish(settings: Settings, folder: Path, release: Release) -> Path:
    """Make a finished `.new-*` folder the current release.

    Every step is one rename of what has reached the disk, so a kill or a power cut between any two leaves the old
    release or the new one, whole.
    """
    for needed in ("warehouse.duckdb", "site/index.html"):
        if not (folder / needed).is_file():
            raise ReleaseError(f"{folder}: the new release lacks {needed}; nothing was published.")
    put(folder / "release.json", json.dumps(asdict(release), indent=2, sort_keys=True) + "\n")
    settle_tree(folder)
    final = folder.with_name(release.release_id)
    move(folder, final)
    verified(settings.data).seal(final / WAREHOUSE, WHOLE)  # it was read back just now
    _point_current_at(settings, final)
    keep_history(settings)
    prune(settings)
    return final


def rollback(settings: Settings) -> tuple[Path, Release]:
    """Publish the newest whole release that is older than the current one again.

    Returns:
        The folder that was left, and the release that is current now.
    """
    if not settings.current.is_symlink():
        raise ReleaseError(f"{settings.current}: there is no release yet. Run `trends refresh` first.")
    left = settings.current.resolve()
    older = [path for path in all_releases(settings) if path.name < left.name and is_whole(settings, path)]
    if not older:
        raise ReleaseError(
            f"{settings.current}: {left.name} is the oldest release that is kept, there is none before it. "
            "Raise TRENDS_RELEASES_KEPT to keep more."
        )
    _point_current_at(settings, older[-1])
    return left, read_release(older[-1])


def is_whole(settings: Settings, folder: Path) -> bool:
    """Whether a release can be read: after a power cut its files may be empty or gone."""
    try:
        if read_release(folder).release_id != folder.name or not (folder / "site" / "index.html").stat().st_size:
            return False
        if is_untouched(settings, folder):
            return True
        warehouse, state = folder / WAREHOUSE, state_of(folder / WAREHOUSE)
        with closing(duckdb.connect(str(warehouse), read_only=True)):
            verified(settings.data).note(warehouse, WHOLE, state)
            return True
    except (ReleaseError, OSError, duckdb.Error):
        return False


def is_untouched(settings: Settings, folder: Path) -> bool:
    """Whether a release's warehouse has not been written to since it could be opened."""
    with suppress(OSError):
        file = folder / WAREHOUSE
        return verified(settings.data).is_untouched(file, WHOLE, state_of(file))
    return False


def sweep(settings: Settings) -> None:
    """Clear away what an interrupted run left behind, and complete the history of what was published."""
    releases = settings.data / "releases"
    _pass_over_damaged(settings)
    keep_history(settings)
    for left_over in [*settings.data.glob("tmp"), *_never_published(settings), *releases.glob(".new-*")]:
        log.info("Clearing away %s, left by an interrupted run", left_over.name)
        _delete(left_over)
    files = [
        *settings.data.glob(".current*"),
        *settings.data.glob(".*.json.[0-9]*"),
        *settings.data.glob("cache/.*.[0-9]*"),
    ]
    for file in [*files, *settings.data.glob("history/*/.*.parquet*")]:
        file.unlink(missing_ok=True)


def _pass_over_damaged(settings: Settings) -> None:
    """Make the newest whole release the current one where that is damaged: the next build makes what is lost anew."""
    damaged = Path(os.path.realpath(settings.current))  # Path.resolve refuses a link to itself
    if not settings.current.is_symlink() or is_whole(settings, damaged):
        return
    whole = [folder for folder in all_releases(settings) if folder != damaged and is_whole(settings, folder)]
    if whole:
        _point_current_at(settings, whole[-1])
        log.warning("%s: this release is damaged; %s is current in its place.", damaged, whole[-1].name)
    else:
        settings.current.unlink()
        log.warning("%s: this release is damaged and the only one; the next build makes a new one.", damaged)
    if damaged.is_dir():
        _delete(damaged)


def _never_published(settings: Settings) -> list[Path]:
    """Whole releases whose run ended before it could make them current: newer than the current one, and no history."""
    newest = settings.current.resolve().name if settings.current.exists() else ""
    history = settings.data / "history" / HISTORY_TABLES[0]
    return [
        folder
        for folder in all_releases(settings)
        if folder.name > newest and not (history / f"{folder.name}.parquet").exists()
    ]


def keep_history(settings: Settings) -> None:
    """Put what the current release said into data/history, once."""
    if not settings.current.exists():
        return
    release = settings.current.resolve()
    for table in (*HISTORY_TABLES, REDEFINED, REDEFINED_CLAIMS):
        kept = settings.data / "history" / table / f"{release.name}.parquet"
        said = release / "history" / f"{table}.parquet"
        if said.exists() and not kept.exists():
            keep(said, kept)


def prune(settings: Settings) -> None:
    """Delete the oldest releases beyond the number to keep, never the current one."""
    current_folder = settings.current.resolve()
    for folder in all_releases(settings)[: -settings.releases_kept]:
        if folder.resolve() != current_folder:
            _delete(folder)


def prune_landings(settings: Settings, held_back: Collection[str]) -> None:
    """Delete landed files that a newer one of their name has replaced, unless a kept release is made from them."""
    if not settings.prune_landings:
        return
    used = set(held_back)
    for folder in all_releases(settings):
        try:
            with closing(duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)) as con:
                used |= {row[0] for row in con.execute("select source_file from raw.refresh_landings").fetchall()}
        except duckdb.Error as error:
            log.warning("%s: cannot be read, so no landing is deleted: %s", folder, first_line(error))
            return
    for folder in settings.raw.iterdir() if settings.raw.is_dir() else ():
        newest = {file.source_file for file in landed_files(settings, folder.name, held_back)}
        for file in all_landed(settings, folder.name):
            if file.source_file not in used | newest and file.card.kind != "import":
                card_path(file.path).unlink()
                file.path.unlink()
                with suppress(OSError):  # others are in it
                    file.path.parent.rmdir()


def _delete(folder: Path) -> None:
    """Delete a folder; renamed first, so that an interrupted deletion leaves no half release that looks whole."""
    if folder.name[0].isdigit():
        folder = folder.rename(folder.with_name(f".new-pruned-{folder.name}"))
    shutil.rmtree(folder, ignore_errors=True)


def link_tree(source: Path, target: Path) -> None:
    """Carry a file or folder of a release over into another one, without a second copy of its bytes."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=os.link)
    elif source.exists():
        os.link(source, target)


def _point_current_at(settings: Settings, folder: Path) -> None:
    _refuse_other_than_link(settings)
    with replaced(settings.current) as link:
        link.symlink_to(Path("releases") / folder.name, target_is_directory=True)


def _refuse_other_than_link(settings: Settings) -> None:
    if settings.current.exists() and not settings.current.is_symlink():
        raise ReleaseError(
            f"{settings.current}: expected a symbolic link to a release, found a file or folder. "
            "Move it away; the next refresh makes the link."
        )
