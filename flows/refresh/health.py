"""How each source stands: its origin, its age, its last error and when it is asked next."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..ask.query import opened, warehouse_path
from ..errors import QueryError, TrendsError
from ..json_text import parsed_json
from ..lake import shared
from ..landing.cards import digest
from ..landing.loading import looking
from ..landing.status import Status, read_status
from ..reference.sources import source_names, source_row
from ..release import releases, told
from ..replacing import put
from ..settings import Settings
from ..sources import NAMES, TAKEN
from ..sources.first_fills import first_fills
from ..sql_text import Value, literal

# Schedules count from a Monday at night; sources of one cadence follow each other at this distance.
ANCHOR = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
APART = timedelta(minutes=5)
DAY = timedelta(days=1)
CLOCK_SECONDS = 300.0  # clocks of two computers differ, and a run takes its time
LEAST_FREE_BYTES = 64_000_000  # below this no release can be made


@dataclass(frozen=True)
class SourceHealth:
    """One source.

    Attributes:
        source: name in every table.
        state: as in marts.source_status, judged now.
        origin: best origin in use at the current release; None before the first one, or without figures.
        row_count: its figures in the current release.
        latest_period: newest period, ISO date.
        checked_at: when it was last asked, UTC.
        confirmed_at: when it last confirmed what is in use of it, UTC.
        age_seconds: time since then.
        limit_seconds: age from which it is stale; None for sources that are not asked.
        is_stale: whether it has been unconfirmed for longer than its limit, or was asked for long without any answer.
        outcome: of the last check: downloaded, unchanged or failed.
        error: what went wrong last; empty when nothing did.
        held_back: why its new landing is not used; empty when it is.
        next_run_at: when `trends schedule` asks it next, UTC; None for sources that are not asked.
        first_fill: what its history takes, while it was never asked; empty where one refresh is enough.
    """

    source: str
    state: str
    origin: str | None
    row_count: int
    latest_period: str | None
    checked_at: datetime | None
    confirmed_at: datetime | None
    age_seconds: float | None
    limit_seconds: float | None
    is_stale: bool
    outcome: str | None
    error: str
    held_back: str
    next_run_at: datetime | None
    first_fill: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        words = asdict(self)
        times = {name: value.isoformat() for name, value in words.items() if isinstance(value, datetime)}
        return words | times


Said = dict[str, tuple[str | None, int, str | None]]


def health(settings: Settings, now: datetime, *, is_of_a_run: bool = False) -> list[SourceHealth]:
    """Every source of sources.csv, in its order.

    Args:
        settings: say where the data folder is.
        now: time of the look.
        is_of_a_run: whether a run looks: what it asks the engine is kept for the next one, and first fills are not
            told. Where a person looks, looking changes nothing.
    """
    status, said = read_status(settings), _said(settings)
    judged = _judged(settings, status, said, now, is_kept=is_of_a_run)
    asked = set(NAMES) - TAKEN
    fills = {} if is_of_a_run else first_fills(settings, now)
    found = []
    for name in source_names(settings):
        check, held = status.sources.get(name), status.quarantined.get(name)
        state, is_late = judged[name]
        origin, row_count, latest = said.get(name, (None, 0, None))
        confirmed_at = status.confirmed_at(name)
        limit = stale_after(settings, name) if name in asked else None
        found.append(
            SourceHealth(
                source=name,
                state=state,
                origin=origin,
                row_count=row_count,
                latest_period=latest,
                checked_at=check.checked_at if check else None,
                confirmed_at=confirmed_at,
                age_seconds=(now - confirmed_at).total_seconds() if confirmed_at else None,
                limit_seconds=limit.total_seconds() if limit else None,
                is_stale=is_late,
                outcome=check.outcome if check else None,
                error=check.message if check else "",
                held_back=held.reason if held else "",
                next_run_at=next_run(settings, name, now) if name in asked else None,
                first_fill=str(fills[name]) if name in fills and check is None else "",
            )
        )
    return found


def _judged(
    settings: Settings, status: Status, said: Said, now: datetime, *, is_kept: bool
) -> dict[str, tuple[str, bool]]:
    """State of each source now and whether it is late, by the definitions of sql/macros/source_state.sql."""
    rows, ages = [], {}
    for name in source_names(settings):
        row, check, held = source_row(settings, name), status.sources.get(name), status.quarantined.get(name)
        origin, confirmed_at = said.get(name, (None, 0, None))[0], status.confirmed_at(name)
        if origin in ("live", "cached"):
            origin = "live" if status.is_live(name, row.cadence, now) else "cached"
        began = (check.asked_since or check.checked_at) if check else None
        has_answered = check is not None and check.last_success_at is not None
        # What is held back without being confirmed before counts from then.
        confirmed_at = confirmed_at or (held.since if held else None)
        ages[name] = [(now - time) / DAY if time else None for time in (confirmed_at, began)]
        standing = (row.is_ended, held is not None, check is not None, has_answered)
        rows.append((name, origin, *standing, row.cadence / DAY, settings.stale_factor))
    return {
        name: (state, any(age is not None and limit is not None and age > limit for age, limit in pairs))
        for name, state, *limits in _defined(settings, rows, is_kept=is_kept)
        for pairs in [list(zip(ages[name], limits, strict=True))]
    }


def _defined(settings: Settings, rows: Sequence[tuple[Value, ...]], *, is_kept: bool) -> list[list[Any]]:
    """State of each source, and from which age and which time of asking on it is late.

    The same rows give the same answer, which is kept: no engine has to be started for what was asked before.
    """
    definitions = (settings.sql / "macros" / "source_state.sql").read_text(encoding="utf-8")
    values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
    query = (
        "select source, state, limits.age_days, limits.asked_days from (select *, source_limits(state, cadence, "
        "factor) as limits from (select *, source_state(origin, is_ended, is_held_back, was_asked, has_answered) "
        f"as state from (values {values}) as said (source, origin, is_ended, is_held_back, was_asked, "
        "has_answered, cadence, factor)))"
    )
    key, path = digest(definitions, query), settings.data / "cache" / "judged.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = parsed_json(path.read_bytes())
        said = [[source, state, age, asked] for source, state, age, asked in kept["said"]]
        if kept["key"] == key and {source for source, *_ in said} == {source for source, *_ in rows}:
            return said
    with looking() as con:
        con.execute(definitions)
        found = con.execute(query).fetchall()
    answer = [[source, state, *(limit and float(limit) for limit in limits)] for source, state, *limits in found]
    if is_kept:
        with suppress(OSError):  # a full disk is told of by what needs the space
            put(path, json.dumps({"key": key, "said": answer}))
    return answer


def troubles(settings: Settings, found: list[SourceHealth]) -> dict[str, str]:
    """What needs a person, by kind and subject: the one list for status, doctor and alerts."""
    wrong = {}
    if early := [one.source for one in found if (one.age_seconds or 0) < -CLOCK_SECONDS]:
        wrong["clock:data"] = (
            f"{', '.join(early)}: expected to have been confirmed in the past, found a time that has not come. The "
            "clock of this computer was put back, or is wrong: `timedatectl set-ntp true`, then `trends refresh`."
        )
    for source in found:
        name, days = source.source, (source.limit_seconds or 0) / 86400
        if source.is_stale and source.state == "never answered":
            wrong[f"silent:{name}"] = f"It was asked and never gave anything. {source.error}"
        elif source.is_stale:
            since = f"{source.confirmed_at:%Y-%m-%d %H:%M} UTC" if source.confirmed_at else "before it was held back"
            wrong[f"stale:{name}"] = f"Unconfirmed since {since}, more than {days:g} days. `trends status` tells why."
        if source.outcome == "failed":
            wrong[f"failed:{name}"] = source.error
        if source.held_back:
            wrong[f"held_back:{name}"] = source.held_back
    return wrong | dict(_of_the_folder(settings))


def _of_the_folder(settings: Settings) -> Iterator[tuple[str, str]]:
    """A folder or disk that takes nothing, a current release that cannot be read, a lake that has not taken it."""
    with suppress(OSError):  # others than its owner may look at what they cannot write
        is_ours = os.geteuid() in (0, settings.data.stat().st_uid)
        if is_ours and not os.access(settings.data, os.W_OK | os.X_OK):
            yield (
                "folder:data",
                f"{settings.data}: expected a folder that can be written, found that it cannot. "
                "Correct its permissions, mount it writable, or name another folder in TRENDS_DATA.",
            )
    if words := shared.trouble(settings):
        yield "lake:release", words
    with suppress(OSError):
        free = shutil.disk_usage(settings.data).free
        if free < LEAST_FREE_BYTES:
            yield (
                "disk:data",
                f"{settings.data}: {free / 1e6:.0f} MB are free, a release takes up to "
                f"{LEAST_FREE_BYTES / 1e6:.0f}. Free some, or name another folder in TRENDS_DATA.",
            )
    if settings.current.is_symlink() or settings.current.exists():
        try:
            releases.current(settings)
            if not releases.is_untouched(settings, settings.current.resolve()):
                with opened(warehouse_path(settings)):
                    pass
        except TrendsError as error:
            yield "release:current", str(error)


def together(said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is said of several things in the same words, once: the names joined, in the order of the first of them."""
    names: dict[str, list[str]] = {}
    for name, words in said:
        names.setdefault(words, []).append(name)
    return [(", ".join(of), words) for words, of in names.items()]


def every(settings: Settings, source: str) -> timedelta:
    """How often a source is asked: its cadence in sources.csv, unless a trial sets one rhythm for all."""
    if settings.schedule_seconds:
        return timedelta(seconds=settings.schedule_seconds)
    return source_row(settings, source).cadence


def anchor(settings: Settings, source: str) -> datetime:
    """A time at which a source is asked; the others follow at its cadence."""
    if settings.schedule_seconds:
        return ANCHOR
    return ANCHOR + APART * NAMES.index(source)


def next_run(settings: Settings, source: str, now: datetime) -> datetime:
    """The first time after `now` at which a source's schedule asks it."""
    start, interval = anchor(settings, source), every(settings, source)
    return start + interval * ((now - start) // interval + 1)


def stale_after(settings: Settings, source: str) -> timedelta:
    """The age from which a source is stale."""
    return source_row(settings, source).cadence * settings.stale_factor


def is_due(settings: Settings, source: str, now: datetime) -> bool:
    """Whether a time of a source's schedule has gone by since it was last asked with success."""
    check = read_status(settings).sources.get(source)
    last = check.last_success_at if check else None
    return last is None or next_run(settings, source, last) <= now


def _said(settings: Settings) -> Said:
    """Origin, number of figures and newest period of each source at the current release."""
    with suppress(QueryError):
        return {source: (origin, rows, latest) for source, origin, rows, latest in told.of(settings, told.figures)}
    return {}
