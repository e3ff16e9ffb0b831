"""How each source stands: its origin, its age, its last error and when it is asked next."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..ask.query import opened, warehouse_path
from ..errors import QueryError
from ..landing.status import read_status
from ..release.inputs import source_row
from ..settings import Settings
from ..sources import SOURCES

# Schedules count from a Monday at night; sources of one cadence follow each other at this distance.
ANCHOR = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
APART = timedelta(minutes=5)


@dataclass(frozen=True)
class SourceHealth:
    """One source.

    Attributes:
        source: name in every table.
        origin: best origin in use at the current release; None before the first one, or without figures.
        row_count: its figures in the current release.
        latest_period: newest period, ISO date.
        checked_at: when it was last asked, UTC.
        confirmed_at: when it last confirmed what we hold or gave something new, UTC.
        age_seconds: time since then.
        limit_seconds: age from which it is stale; None for sources that are not asked.
        is_stale: whether it answered once and has been unconfirmed for longer than its limit.
        outcome: of the last check: downloaded, unchanged or failed.
        error: what went wrong last; empty when nothing did.
        held_back: why its new landing is not used; empty when it is.
        next_run_at: when `trends schedule` asks it next, UTC; None for sources that are not asked.
    """

    source: str
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

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        words = asdict(self)
        times = {name: value.isoformat() for name, value in words.items() if isinstance(value, datetime)}
        return words | times


Said = dict[str, tuple[str | None, int, str | None]]


def health(settings: Settings, now: datetime, said: Said | None = None) -> list[SourceHealth]:
    """Every source of sources.csv, in its order.

    Args:
        settings: say where status and release are.
        now: the time.
        said: origin, figures and newest period by source, for a caller that needs none; else the release is asked.
    """
    status, said = read_status(settings), _said(settings) if said is None else said
    asked = {source.NAME for source in SOURCES}
    found = []
    for name in _names(settings):
        check, held = status.sources.get(name), status.quarantined.get(name)
        origin, row_count, latest = said.get(name, (None, 0, None))
        confirmed_at = check.last_success_at if check else None
        limit = stale_after(settings, name) if name in asked else None
        age = now - confirmed_at if confirmed_at else None
        found.append(
            SourceHealth(
                source=name,
                origin=origin,
                row_count=row_count,
                latest_period=latest,
                checked_at=check.checked_at if check else None,
                confirmed_at=confirmed_at,
                age_seconds=age.total_seconds() if age else None,
                limit_seconds=limit.total_seconds() if limit else None,
                is_stale=limit is not None and age is not None and age > limit,
                outcome=check.outcome if check else None,
                error=check.message if check else "",
                held_back=held.reason if held else "",
                next_run_at=next_run(settings, name, now) if name in asked else None,
            )
        )
    return found


def every(settings: Settings, source: str) -> timedelta:
    """How often a source is asked: its cadence in sources.csv, unless a trial sets one rhythm for all."""
    if settings.schedule_seconds:
        return timedelta(seconds=settings.schedule_seconds)
    return source_row(settings, source).cadence


def anchor(settings: Settings, source: str) -> datetime:
    """A time at which a source is asked; the others follow at its cadence."""
    if settings.schedule_seconds:
        return ANCHOR
    return ANCHOR + APART * [other.NAME for other in SOURCES].index(source)


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


def _names(settings: Settings) -> Iterator[str]:
    with (settings.reference / "sources.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["source"]


def _said(settings: Settings) -> Said:
    """Origin, number of figures and newest period of each source at the current release."""
    with suppress(QueryError), opened(warehouse_path(settings)) as con:
        query = "select source, origin, row_count, latest_period::varchar from marts.source_status"
        return {source: (origin, rows, latest) for source, origin, rows, latest in con.execute(query).fetchall()}
    return {}
