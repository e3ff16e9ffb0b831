"""What was landed while the clock was ahead: it stays in use, and what is landed later takes its place."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from flows.landing import ledger, rota
from flows.landing.ahead import date_anew
from flows.landing.landing import Landing, landed_files
from flows.landing.ledger import Entry, Ledger
from flows.network.web import Web
from flows.settings import Settings

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def landing(settings: Settings, now: datetime = NOW) -> Landing:
    return Landing(settings, "s", Web(settings), licence="CC0", citation="S", checks={}, now=now)


def entry(body: str, now: datetime) -> Entry:
    return Entry("month", "one", "2026-11", "https://a/b", "https://a/b", "", now, body)


def keep(settings: Settings, name: str, now: datetime) -> None:
    landing(settings, now).keep_answer(b"{}", name=name, address="https://a", details={"a": "b"})


def test_a_file_of_a_time_that_has_not_come_is_dated_by_the_run_that_finds_it(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    keep(settings, "old.json", NOW - timedelta(days=3))
    keep(settings, "new.json", NOW + timedelta(days=3650))
    place = landing(settings)
    date_anew(place)
    [new, old] = landed_files(settings, "s")
    assert (old.card.fetched_at, new.card.fetched_at) == (NOW - timedelta(days=3), NOW)
    assert new.card.details == {"a": "b"}, "or the same answer would be landed once more"
    assert new.source_file == "s/2036-11-18T030000Z/new.json", "releases and quarantine know it by this"
    assert caplog.text.count("while the clock was ahead (2036-11-18 03:00 UTC)") == 1
    assert place.seen_at("new.json") == NOW
    later = NOW + rota.TURN
    assert "new.json" in rota.due(["new.json"], landing(settings, later).seen_at, later), "its turn comes in ten years"


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=400)], ids=["same month", "later month"])
def test_answers_of_a_time_that_has_not_come_are_older_than_those_that_follow(
    settings: Settings, ahead: timedelta
) -> None:
    for hours in (0, 1):
        wrong = NOW + ahead + timedelta(hours=hours)
        with Ledger(landing(settings, wrong), "x") as answers:
            answers.add(entry(f"ahead {hours}", wrong))
    place = landing(settings)
    date_anew(place)
    assert max(one.asked_at for one in ledger.read(place)) < NOW, "asked again when its time is due"
    for hours in (0, 5):  # from the second on, the file holds both kinds
        now = NOW + timedelta(hours=hours)
        date_anew(landing(settings, now))
        with Ledger(landing(settings, now), "x") as answers:
            answers.add(entry(f"right {hours}", now))
        assert told(settings) == ["ahead 0", "ahead 1", "right 0", "right 5"][: 3 + (hours > 0)]


def told(settings: Settings) -> list[str]:
    """Bodies in the order in which they were asked for, as the tables have them."""
    with duckdb.connect() as con:
        columns = ", ".join(f"{name} {kind}" for name, kind in ledger.COLUMNS.items())
        con.execute(f"create schema raw; create table raw.t ({columns}, _landed_at timestamp, _source_file varchar)")
        ledger.load(landed_files(settings, "s"), con, "t")
        found = con.execute("select body, asked_at from raw.t order by asked_at").fetchall()
    of_files = {one.body: one.asked_at for file in landed_files(settings, "s") for one in ledger.entries_of(file)}
    assert of_files == {body: asked_at.replace(tzinfo=UTC) for body, asked_at in found}
    return [body for body, _ in found]


def test_answers_that_a_killed_run_left_while_the_clock_was_ahead(settings: Settings) -> None:
    wrong = NOW + timedelta(days=400)
    Ledger(landing(settings, wrong), "x").add(entry("ahead", wrong))  # its end never came
    with Ledger(landing(settings), "x") as answers:
        assert [one.asked_at for one in answers.entries] == [NOW]
