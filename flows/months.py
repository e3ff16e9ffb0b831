"""Calendar months as the sources of counts need them: which ones have ended, and which are still to come."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta


def closed_month(now: datetime, settled_days: int = 0) -> date:
    """First day of the newest month that ended at least `settled_days` before `now` (UTC)."""
    return month_before((now - timedelta(days=settled_days)).date())


def month_of(day: date) -> date:
    """First day of the month of `day`."""
    return day.replace(day=1)


def month_before(day: date) -> date:
    """First day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_after(day: date) -> date:
    """First day of the month after that of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def newest_first(last: date, first: date) -> Iterator[date]:
    """Months from `last` back to `first`."""
    while last >= first:
        yield last
        last = month_before(last)
