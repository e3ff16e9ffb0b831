"""The refresh as plain functions: pull every source, build, render, publish.

flows/schedule wraps them for Prefect, flows/command for the command line; neither adds logic. The time is an argument.
"""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..errors import (
    ReleaseError,
    SettingsError,
    SourceError,
    TrendsError,
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
from ..release import damaged, lock, quarantine, releases
from ..release.inputs import read_inputs
from ..release.releases import Release
from ..settings import Settings
from ..sources import NAMES, Source, source_of
from ..sources.first_fills import fill_of
from ..sources.hosts import paces_of
from . import alerts
from .unchanged import Built, as_before

log = logging.getLogger(__name__)


def chosen(names: Sequence[str]) -> list[Source]:
    """The sources of these names; all when no name is given."""
    if unknown := [name for name in names if name not in NAMES]:
        raise SettingsError(
            f"--source {', '.join(unknown)}: expected one of {', '.join(NAMES)}. "
            "Sources that are not in this list come from the embedded reference tables."
        )
    return [source_of(name) for name in dict.fromkeys(names or NAMES)]


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
    with lock.noting(settings):
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
    with Web(settings, source=source.NAME, paces=paces_of(source), is_noted=True) as web:
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
    if not hasattr(source, "WANTED"):
        return []
    from . import making  # as in `build`

    return making.rows_of(settings, now, source.WANTED)


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
    inputs = damaged.carried_over(read_inputs(settings, now))
    if not force and (held := as_before(inputs)):
        return held
    from . import making  # the engine, and all that draws: a refresh that finds nothing new does without them

    return making.made(inputs, force=force, full=full)


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
