"""Each settled thing has its turn, and no refresh has them all."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.landing import rota

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def refreshed(count: int, every: timedelta, days: int) -> tuple[int, timedelta]:
    """How many things one refresh asked for at most, and how long one of them waited at most."""
    seen = dict.fromkeys(range(count), NOW)
    most, longest, now = 0, timedelta(), NOW
    while now < NOW + timedelta(days=days):
        now += every
        asked = rota.due(seen, seen.__getitem__, now)
        longest = max(longest, *(now - at for at in seen.values()))
        most = max(most, len(asked))
        seen |= dict.fromkeys(asked, now)
    return most, longest


@pytest.mark.parametrize("count", [1, 7, 118])
@pytest.mark.parametrize("hours", [6, 24, 72, 168])
def test_each_thing_is_seen_within_sixty_days_and_never_all_at_once(count: int, hours: int) -> None:
    every = timedelta(hours=hours)
    most, longest = refreshed(count, every, days=200)
    assert longest <= timedelta(days=60)
    assert most <= count * (every / rota.TURN) + 1


def test_after_a_long_pause_the_rota_takes_several_refreshes() -> None:
    seen = {number: NOW - timedelta(days=400 + number) for number in range(70)}
    asked = rota.due(seen, seen.__getitem__, NOW)
    assert asked == list(range(69, 59, -1)), "those seen longest ago first"


def test_what_nobody_knows_of_comes_first_and_what_was_seen_today_rests() -> None:
    seen = {"old": NOW - timedelta(days=49), "unknown": None, "today": NOW}
    assert rota.due(seen, seen.__getitem__, NOW)[0] == "unknown"
    assert rota.due(["today"], seen.__getitem__, NOW) == []
    assert rota.due([], seen.__getitem__, NOW) == []
