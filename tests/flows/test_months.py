"""Calendar months, for every day there is."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flows.months import closed_month, month_after, month_before, month_of, newest_first

DAYS = st.dates(date(1980, 1, 1), date(2100, 1, 1))


@given(DAYS)
def test_months_follow_each_other(day: date) -> None:
    assert month_of(day) <= day < month_after(day)
    assert month_before(month_after(day)) == month_of(day) == month_after(month_before(day))
    assert (month_of(day).day, month_after(day).day) == (1, 1)


@given(DAYS, st.integers(0, 60))
def test_the_closed_month_has_ended_so_many_days_ago_and_the_next_has_not(day: date, settled: int) -> None:
    closed = closed_month(datetime.combine(day, time(12), UTC), settled)
    assert month_after(closed) + timedelta(days=settled) <= day
    assert month_after(month_after(closed)) + timedelta(days=settled) > day


@given(DAYS, DAYS)
def test_newest_first_leaves_no_month_out(one: date, other: date) -> None:
    last, first = month_of(max(one, other)), month_of(min(one, other))
    found = list(newest_first(last, first))
    assert (found[0], found[-1]) == (last, first)
    assert all(month_before(later) == earlier for later, earlier in pairwise(found))
