"""An event is told once when it begins and once when it is over, and a secret address is never told at all."""

import errno
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.errors import SourceError, Stopped, WarehouseError
from flows.landing.status import Quarantine, SourceCheck, Status, write_status
from flows.refresh import alerts, channels
from flows.release import lock
from flows.settings import Settings
from tests.loopback import Answer, Loopback
from tests.sql.support import stored

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "T000/B000/planted-secret"


@pytest.fixture
def here(settings: Settings, server: Loopback) -> Settings:
    """A data folder with a release, and a webhook."""
    server.answer("hooks.example", f"/{SECRET}", Answer("ok"))
    publish(settings, "pytorch", "met")
    return replace(settings, alert_webhook=f"{server.address}/hooks.example/{SECRET}")


def publish(settings: Settings, leader: str | None, verdict: str | None) -> None:
    """Make a release that says who leads, and what holds."""
    folder = settings.data / "releases" / f"{len(list((settings.data / 'releases').glob('*')))}"
    folder.mkdir(parents=True)
    (folder / "release.json").write_text(json.dumps({"release_id": folder.name, "fingerprint": "", "built_at": ""}))
    with stored(folder / "warehouse.duckdb") as con:
        con.execute("create schema marts")
        con.execute("create table marts.source_status (source text, origin text, row_count bigint, latest_period date)")
        con.execute("create table marts.headlines (headline_id varchar, leader varchar, sentence varchar)")
        con.execute(f"insert into marts.headlines values ('pypi', {repr(leader) if leader else 'null'}, 'So it is.')")
        if verdict:
            con.execute("create table marts.broken_claims (claim_id varchar, statement varchar, reason varchar)")
        if verdict == "broken":
            con.execute("insert into marts.broken_claims values ('c1', 'It leads.', '40 is less than 50.')")
    settings.current.unlink(missing_ok=True)
    settings.current.symlink_to(folder)


def status_of(outcome: str, age: timedelta = timedelta(), message: str = "", **held: Quarantine) -> Status:
    check = SourceCheck(checked_at=NOW, last_success_at=NOW - age, outcome=outcome, message=message)
    return Status(sources={"hn_hiring": check}, quarantined=held)


def told(settings: Settings, status: Status, now: datetime = NOW, failure: str = "") -> list[tuple[str, str, bool]]:
    write_status(settings, status)
    return [(event.kind, event.subject, event.is_recovery) for event in alerts.tell(settings, now, failure)]


def test_a_failure_is_told_once_and_its_end_once(here: Settings) -> None:
    assert told(here, status_of("downloaded")) == []
    bad = status_of("failed", message="status 503. Refresh again later.")
    assert told(here, bad) == [("failed", "hn_hiring", False)]
    assert told(here, bad) == []
    assert alerts.open_troubles(here) == {"failed:hn_hiring": "status 503. Refresh again later."}
    assert told(here, status_of("unchanged")) == [("failed", "hn_hiring", True)]
    assert told(here, status_of("unchanged")) == []
    assert told(here, bad) == [("failed", "hn_hiring", False)], "a second time is told again"


def test_a_stale_source_is_told_beyond_its_limit_only(here: Settings) -> None:
    assert told(here, status_of("unchanged", age=timedelta(days=10))) == []
    assert told(here, status_of("unchanged", age=timedelta(days=11))) == [("stale", "hn_hiring", False)]
    assert "more than 10.5 days" in alerts.open_troubles(here)["stale:hn_hiring"]
    assert told(here, status_of("unchanged")) == [("stale", "hn_hiring", True)]


def test_a_landing_that_is_held_back(here: Settings) -> None:
    held = Quarantine(
        ("papers_with_code/x/links.parquet",), "Half its rows. `trends accept papers_with_code`.", NOW, NOW
    )
    assert told(here, status_of("downloaded", hn_hiring=held)) == [("held_back", "hn_hiring", False)]
    assert told(here, status_of("downloaded")) == [("held_back", "hn_hiring", True)]


def test_a_new_leader(here: Settings, caplog: pytest.LogCaptureFixture) -> None:
    assert told(here, status_of("downloaded")) == []
    publish(here, "jax", "met")
    assert told(here, status_of("downloaded")) == [("leader", "pypi", False)]
    assert "the leader of pypi has changed. From pytorch to jax: So it is." in caplog.text
    assert told(here, status_of("downloaded")) == []
    publish(here, None, "met")
    assert told(here, status_of("downloaded")) == [("leader", "pypi", False)]


def test_a_claim_that_breaks(here: Settings) -> None:
    assert told(here, status_of("downloaded")) == []
    publish(here, "pytorch", "broken")
    assert told(here, status_of("downloaded")) == [("claim", "c1", False)]
    assert "It was met, and is not now: It leads. 40 is less than 50." in str(alerts.open_troubles(here))
    assert told(here, status_of("downloaded")) == [], "it is still broken"
    publish(here, "pytorch", "met")
    assert told(here, status_of("downloaded")) == [("claim", "c1", True)]


def test_leaders_that_an_older_version_noted_are_no_measure(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told(here, status_of("downloaded"))
    state = json.loads((here.data / "alerts.json").read_text())
    del state["definitions"]
    (here.data / "alerts.json").write_text(json.dumps(state))
    monkeypatch.setattr(alerts, "_definitions", lambda _: "new")
    publish(here, "jax", "met")
    assert told(here, status_of("downloaded")) == []


def test_leaders_that_differ_by_definition_are_no_news(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told(here, status_of("downloaded"))
    monkeypatch.setattr(alerts, "_definitions", lambda _: "others")
    publish(here, "jax", "met")
    assert told(here, status_of("downloaded")) == []
    publish(here, "pytorch", "met")
    assert told(here, status_of("downloaded")) == [("leader", "pypi", False)]


def test_a_release_that_was_looked_at_is_not_asked_again(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told(here, status_of("downloaded"))
    publish(here, "pytorch", "broken")
    assert told(here, status_of("downloaded")) == [("claim", "c1", False)]
    state = json.loads((here.data / "alerts.json").read_text())
    monkeypatch.setattr(alerts, "opened", None)
    assert told(here, status_of("downloaded")) == []
    assert json.loads((here.data / "alerts.json").read_text()) == state
    monkeypatch.undo()
    publish(here, "jax", "met")
    assert told(here, status_of("downloaded")) == [("claim", "c1", True), ("leader", "pypi", False)]


def test_a_release_without_claims_says_nothing_of_them(settings: Settings) -> None:
    publish(settings, "pytorch", None)
    assert told(settings, status_of("downloaded")) == []


def test_a_refresh_that_fails_as_a_whole(here: Settings, server: Loopback) -> None:
    write_status(here, status_of("downloaded"))
    for _ in range(2):
        with pytest.raises(WarehouseError, match="no space"), alerts.watching(here, NOW):
            raise WarehouseError("no space")
    with alerts.watching(here, NOW):
        pass
    assert [(one["kind"], one["subject"], one["is_recovery"]) for one in events_posted(server)] == [
        ("failed", "refresh", False),
        ("failed", "refresh", True),
    ]
    posted = json.loads(server.asked(f"/{SECRET}")[0].body)
    assert posted["events"][0]["message"] == "no space"
    assert posted["text"] == "framework-trends: refresh failed\nno space"


def events_posted(server: Loopback) -> list[dict[str, Any]]:
    return [one for request in server.asked(f"/{SECRET}") for one in json.loads(request.body)["events"]]


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (KeyError("sources"), "KeyError"),
        (RecursionError("too deep"), "RecursionError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_a_crash_is_told_and_is_not_well_again(
    here: Settings, server: Loopback, raised: BaseException, words: str
) -> None:
    write_status(here, status_of("downloaded"))
    with pytest.raises(WarehouseError), alerts.watching(here, NOW):
        raise WarehouseError("no space")
    with pytest.raises(type(raised)), alerts.watching(here, NOW):
        raise raised
    assert [one["is_recovery"] for one in events_posted(server)] == [False], "the failure goes on"
    with alerts.watching(here, NOW):
        pass
    with pytest.raises(type(raised)), alerts.watching(here, NOW):
        raise raised
    assert [one["is_recovery"] for one in events_posted(server)] == [False, True, False]
    assert words in events_posted(server)[-1]["message"]


def raised_in_the_engine(stop: BaseException) -> RuntimeError:
    """What DuckDB makes of a signal that comes while it is at work."""
    error = RuntimeError("Query interrupted")
    error.__cause__ = stop
    return error


def test_a_package_that_is_missing_is_told_with_its_cure_and_without_a_traceback(
    here: Settings, server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    write_status(here, status_of("downloaded"))
    with pytest.raises(ModuleNotFoundError), alerts.watching(here, NOW):
        raise ModuleNotFoundError("No module named 'brotli'", name="brotli")
    assert "`make setup`" in events_posted(server)[-1]["message"]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), raised_in_the_engine(KeyboardInterrupt())])
def test_ctrl_c_is_no_news_and_no_success(here: Settings, server: Loopback, raised: BaseException) -> None:
    """Whoever types it knows: neither a failure, nor the end of one, nor a heartbeat."""
    here = replace(here, heartbeat_url=f"{server.address}/beat")
    write_status(here, status_of("downloaded"))
    with pytest.raises(KeyboardInterrupt), alerts.watching(here, NOW):
        raise raised
    assert events_posted(server) == []
    with pytest.raises(WarehouseError), alerts.watching(here, NOW):
        raise WarehouseError("no space")
    with pytest.raises(KeyboardInterrupt), alerts.watching(here, NOW):
        raise raised
    assert [one["is_recovery"] for one in events_posted(server)] == [False], "the failure goes on"
    assert "failed:refresh" in alerts.open_troubles(here)
    assert not server.asked("/beat")


@pytest.mark.parametrize("raised", [Stopped("SIGTERM"), SystemExit(143), raised_in_the_engine(Stopped("SIGTERM"))])
def test_a_stop_from_outside_is_told_and_the_next_good_refresh_ends_it(
    here: Settings, server: Loopback, raised: BaseException
) -> None:
    here = replace(here, heartbeat_url=f"{server.address}/beat")
    write_status(here, status_of("downloaded"))
    with pytest.raises((Stopped, SystemExit)), alerts.watching(here, NOW):
        raise raised
    [event] = events_posted(server)
    assert "stopped from outside" in event["message"]
    assert "failed:refresh" in alerts.open_troubles(here)
    assert not server.asked("/beat")
    with alerts.watching(here, NOW):
        pass
    assert [one["is_recovery"] for one in events_posted(server)] == [False, True]


def fail(words: str) -> None:
    if words:
        raise WarehouseError(words)


@pytest.mark.parametrize("failure", ["", "no space"])
@pytest.mark.parametrize("place", ["health", "_read"])
def test_a_stop_while_it_looks_around_ends_it_and_what_it_saw_is_told_next_time(
    here: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch, place: str, failure: str
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise raised_in_the_engine(Stopped("SIGTERM"))

    here = replace(here, heartbeat_url=f"{server.address}/beat")
    write_status(here, status_of("failed"))
    with monkeypatch.context() as patched:
        patched.setattr(alerts, place, stopped)
        with pytest.raises(Stopped), alerts.watching(here, NOW):
            fail(failure)
    assert (events_posted(server), server.asked("/beat")) == ([], [])
    with alerts.watching(here, NOW):
        pass
    assert len(events_posted(server)) == 1


def test_a_run_that_was_killed_is_told_at_the_start_of_the_next_one(here: Settings, server: Loopback) -> None:
    write_status(here, status_of("downloaded"))
    (here.data / ".lock").write_text("process 12, since 2026-11-21 03:00 UTC")
    assert "process 12" in alerts.open_troubles(here)["failed:refresh"], "before anybody was told"
    with alerts.watching(here, NOW), lock.locked(here):
        alerts.tell_ended(here, NOW)
        [event] = events_posted(server)
        assert event["message"].startswith("process 12, since 2026-11-21 03:00 UTC was ended from outside")
    assert [one["is_recovery"] for one in events_posted(server)] == [False, True]
    assert "failed:refresh" not in alerts.open_troubles(here)


def test_a_full_disk_keeps_nobody_from_hearing_of_it(
    here: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(alerts, "_write", full)
    with pytest.raises(WarehouseError), alerts.watching(here, NOW):
        raise WarehouseError("no space")
    assert [one["message"] for one in events_posted(server)] == ["no space"]


def test_a_folder_in_which_nothing_can_be_read_keeps_nobody_from_hearing_of_it(
    here: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object, **__: object) -> None:
        raise ValueError("not a status")

    monkeypatch.setattr(alerts, "health", damaged)
    with pytest.raises(WarehouseError), alerts.watching(here, NOW):
        raise WarehouseError("no space")
    assert [one["message"] for one in events_posted(server)] == ["no space"]


def test_many_troubles_are_one_post(here: Settings, server: Loopback) -> None:
    checks = {
        name: SourceCheck(NOW, NOW, "failed", "status 503.")
        for name in ("papers_with_code", "hn_hiring", "google_trends")
    }
    write_status(here, Status(checks))
    with alerts.watching(here, NOW):
        pass
    (request,) = server.asked(f"/{SECRET}")
    said = json.loads(request.body)
    assert said["title"] == "framework-trends: 3 to look at"
    assert said["text"].splitlines()[1:] == [
        "papers_with_code failed, google_trends failed, hn_hiring failed: status 503."
    ], "what is the same is said once"
    assert len(said["events"]) == 3


def test_the_heart_beats_after_good_refreshes_only(here: Settings, server: Loopback) -> None:
    server.answer("beat.example", "/planted-secret", Answer("ok"))
    beating = replace(here, heartbeat_url=f"{server.address}/beat.example/planted-secret")
    with alerts.watching(beating, NOW):
        pass
    with pytest.raises(WarehouseError), alerts.watching(beating, NOW):
        raise WarehouseError("no space")
    assert len(server.asked("/planted-secret")) == 1
    assert "planted-secret" not in repr(beating)


def test_a_heartbeat_that_nobody_takes_costs_a_warning(
    here: Settings, server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    with alerts.watching(replace(here, heartbeat_url=f"{server.address}/beat.example/planted-secret"), NOW):
        pass
    assert "TRENDS_HEARTBEAT_URL: expected that it takes a call, found status 404" in caplog.text
    assert "planted-secret" not in caplog.text


@pytest.mark.parametrize("trouble", [Answer(status=500), Answer(status=404), Answer(no_answer=True)])
def test_an_alert_waits_for_a_webhook_that_fails_and_the_address_stays_secret(
    here: Settings, server: Loopback, caplog: pytest.LogCaptureFixture, trouble: Answer
) -> None:
    caplog.set_level(logging.DEBUG, "flows")
    server.answer("hooks.example", f"/{SECRET}", trouble)
    write_status(here, status_of("failed", message="status 503."))
    with alerts.watching(here, NOW):
        pass
    assert "An alert waits for the next run" in caplog.text
    server.answer("hooks.example", f"/{SECRET}", Answer("ok"))
    before = len(server.asked(f"/{SECRET}"))
    for _ in range(2):
        with alerts.watching(here, NOW):
            pass
    assert len(server.asked(f"/{SECRET}")) == before + 1, "sent once it works, and not again"
    assert "planted-secret" not in caplog.text
    assert not [path for path in here.data.rglob("*.json") if "planted-secret" in path.read_text()]
    assert "planted-secret" not in repr(here)


def test_what_waits_is_bounded(here: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer("hooks.example", f"/{SECRET}", Answer(status=500))
    monkeypatch.setattr(alerts, "MOST_UNSENT", 3)
    write_status(here, status_of("downloaded"))
    for number in range(2 * alerts.MOST_UNSENT):
        alerts.tell(here, NOW, "full" if number % 2 == 0 else "")
    assert len(json.loads((here.data / "alerts.json").read_text())["unsent"]) == alerts.MOST_UNSENT


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"open": []}', '{"open": {"failed:refresh": 3}, "leaders": {}, "unsent": []}'),
        *('{"open": {}, "leaders": {}, "unsent": [1]}', '{"open": {}, "leaders": {}, "unsent": [{"to": 5}]}'),
        "[" * 100_000,
    ],
    ids=lambda text: text[:60],
)
def test_a_damaged_memory_is_begun_anew(here: Settings, text: str) -> None:
    (here.data / "alerts.json").write_text(text)
    assert told(here, status_of("failed", message="status 503.")) == [("failed", "hn_hiring", False)]


def test_a_trouble_that_another_version_knew_ends_too(here: Settings, server: Loopback) -> None:
    """Or every later refresh would stumble over it, and nobody be told of anything."""
    event = {"kind": "moon", "subject": "x", "message": "full", "is_recovery": False, "at": "", "to": ["webhook"]}
    memory = {"open": {"tide:x": "high"}, "leaders": {}, "unsent": [event]}
    (here.data / "alerts.json").write_text(json.dumps(memory))
    assert told(here, status_of("failed", message="status 503.")) == [
        ("failed", "hn_hiring", False),
        ("tide", "x", True),
    ]
    [request] = server.asked(f"/{SECRET}")
    titles = [one["title"].partition(": ")[2] for one in json.loads(request.body)["events"]]
    assert titles == ["moon of x", "hn_hiring failed", "well again: tide of x"]


def test_each_channel_gets_its_own(here: Settings, server: Loopback) -> None:
    both = replace(here, alert_block="slack-webhook/ops")
    write_status(both, status_of("failed", message="status 503."))
    sent: list[str] = []

    def fails(_: Sequence[channels.Event]) -> None:
        raise SourceError("x", "y", "z", "w")

    alerts.tell(both, NOW, notify=fails)
    assert len(events_posted(server)) == 1
    for _ in range(2):
        alerts.tell(both, NOW, notify=lambda events: sent.append(channels.digest(events)[0]))
    assert sent == ["framework-trends: hn_hiring failed"]
    assert len(events_posted(server)) == 1


@pytest.fixture(autouse=True)
def no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list((tmp_path / "data").glob(".*.json.*"))
