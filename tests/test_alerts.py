"""An event is told once when it begins and once when it is over, and a secret address is never told at all."""

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.errors import SourceError, WarehouseError
from flows.landing.status import Quarantine, SourceCheck, Status, write_status
from flows.refresh import alerts
from flows.settings import Settings
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "T000/B000/planted-secret"


@pytest.fixture
def here(settings: Settings, server: Loopback) -> Settings:
    """A data folder with a release, and a webhook."""
    server.answer("hooks.example", f"/{SECRET}", Answer("ok"))
    publish(settings, "pytorch", "confirmed")
    return replace(settings, alert_webhook=f"{server.address}/hooks.example/{SECRET}")


def publish(settings: Settings, leader: str | None, verdict: str | None) -> None:
    """Make a release that says who leads, and what holds."""
    folder = settings.data / "releases" / f"{len(list((settings.data / 'releases').glob('*')))}"
    folder.mkdir(parents=True)
    with closing(duckdb.connect(str(folder / "warehouse.duckdb"))) as con:
        con.execute("create schema marts")
        con.execute("create table marts.headlines (headline_id varchar, leader varchar, sentence varchar)")
        con.execute(f"insert into marts.headlines values ('pypi', {repr(leader) if leader else 'null'}, 'So it is.')")
        if verdict:
            con.execute(
                "create table marts.claims (claim_id varchar, verdict varchar, statement varchar, reason varchar)"
            )
            con.execute(f"insert into marts.claims values ('c1', '{verdict}', 'It leads.', '40 is less than 50.')")
    settings.current.unlink(missing_ok=True)
    settings.current.symlink_to(folder)


def status_of(outcome: str, age: timedelta = timedelta(), message: str = "", **held: Quarantine) -> Status:
    check = SourceCheck(checked_at=NOW, last_success_at=NOW - age, outcome=outcome, message=message)
    return Status(sources={"papers_with_code": check}, quarantined=held)


def told(settings: Settings, status: Status, now: datetime = NOW, failure: str = "") -> list[tuple[str, str, bool]]:
    write_status(settings, status)
    return [(event.kind, event.subject, event.is_recovery) for event in alerts.note(settings, now, failure)]


def test_a_failure_is_told_once_and_its_end_once(here: Settings) -> None:
    assert told(here, status_of("downloaded")) == []
    bad = status_of("failed", message="status 503. Refresh again later.")
    assert told(here, bad) == [("failed", "papers_with_code", False)]
    assert told(here, bad) == []
    assert alerts.open_troubles(here) == {"failed:papers_with_code": "status 503. Refresh again later."}
    assert told(here, status_of("unchanged")) == [("failed", "papers_with_code", True)]
    assert told(here, status_of("unchanged")) == []
    assert told(here, bad) == [("failed", "papers_with_code", False)], "a second time is told again"


def test_a_stale_source_is_told_beyond_its_limit_only(here: Settings) -> None:
    assert told(here, status_of("unchanged", age=timedelta(days=44))) == []
    assert told(here, status_of("unchanged", age=timedelta(days=46))) == [("stale", "papers_with_code", False)]
    assert "more than 45 days" in alerts.open_troubles(here)["stale:papers_with_code"]
    assert told(here, status_of("unchanged")) == [("stale", "papers_with_code", True)]


def test_a_landing_that_is_held_back(here: Settings) -> None:
    held = Quarantine(("papers_with_code/x/links.parquet",), "Half its rows. `trends accept papers_with_code`.", NOW)
    assert told(here, status_of("downloaded", papers_with_code=held)) == [("held_back", "papers_with_code", False)]
    assert told(here, status_of("downloaded")) == [("held_back", "papers_with_code", True)]


def test_a_new_leader(here: Settings, caplog: pytest.LogCaptureFixture) -> None:
    assert told(here, status_of("downloaded")) == []
    publish(here, "jax", "confirmed")
    assert told(here, status_of("downloaded")) == [("leader", "pypi", False)]
    assert "the leader of pypi has changed. From pytorch to jax: So it is." in caplog.text
    assert told(here, status_of("downloaded")) == []
    publish(here, None, "confirmed")
    assert told(here, status_of("downloaded")) == [("leader", "pypi", False)]


def test_a_claim_that_breaks_and_one_that_never_held(here: Settings) -> None:
    assert told(here, status_of("downloaded")) == []
    publish(here, "pytorch", "inconsistent")
    assert told(here, status_of("downloaded")) == [("claim", "c1", False)]
    assert "It was confirmed and is now inconsistent: It leads. 40 is less than 50." in str(alerts.open_troubles(here))
    assert told(here, status_of("downloaded")) == [], "it is still broken"
    publish(here, "pytorch", "consistent")
    assert told(here, status_of("downloaded")) == [("claim", "c1", True)]


def test_a_release_that_was_looked_at_is_not_asked_again(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told(here, status_of("downloaded"))
    publish(here, "pytorch", "inconsistent")
    assert told(here, status_of("downloaded")) == [("claim", "c1", False)]
    state = json.loads((here.data / "alerts.json").read_text())
    monkeypatch.setattr(alerts, "opened", None)
    assert told(here, status_of("downloaded")) == []
    assert json.loads((here.data / "alerts.json").read_text()) == state
    monkeypatch.undo()
    publish(here, "jax", "confirmed")
    assert told(here, status_of("downloaded")) == [("claim", "c1", True), ("leader", "pypi", False)]


def test_a_claim_that_was_never_true_is_no_news(settings: Settings) -> None:
    publish(settings, "pytorch", "inconsistent")
    assert told(settings, status_of("downloaded")) == []
    assert told(settings, status_of("downloaded")) == []


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
    posted = [json.loads(request.body) for request in server.asked(f"/{SECRET}")]
    assert [(one["kind"], one["subject"], one["is_recovery"]) for one in posted] == [
        ("failed", "refresh", False),
        ("failed", "refresh", True),
    ]
    assert posted[0]["message"] == "no space"
    assert posted[0]["text"] == "framework-trends: refresh failed\nno space"


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


def test_what_waits_is_bounded(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "MOST_UNSENT", 3)
    write_status(here, status_of("downloaded"))
    for number in range(2 * alerts.MOST_UNSENT):
        alerts.note(here, NOW, "full" if number % 2 == 0 else "")
    assert len(json.loads((here.data / "alerts.json").read_text())["unsent"]) == alerts.MOST_UNSENT


@pytest.mark.parametrize("text", ["", "{", "[]", '{"open": []}'])
def test_a_damaged_memory_is_begun_anew(here: Settings, text: str) -> None:
    (here.data / "alerts.json").write_text(text)
    assert told(here, status_of("failed", message="status 503.")) == [("failed", "papers_with_code", False)]


def test_each_channel_gets_its_own(here: Settings) -> None:
    both = replace(here, alert_block="slack-webhook/ops")
    told(both, status_of("failed", message="status 503."))
    sent: list[str] = []

    def fails(_: alerts.Event) -> None:
        raise SourceError("x", "y", "z", "w")

    assert alerts.deliver(both, alerts.BLOCK, fails) == 0
    assert alerts.deliver(both, alerts.WEBHOOK, lambda event: sent.append(event.title)) == 1
    assert alerts.deliver(both, alerts.BLOCK, lambda event: sent.append(event.title)) == 1
    assert alerts.deliver(both, alerts.BLOCK, lambda event: sent.append(event.title)) == 0
    assert sent == ["framework-trends: papers_with_code failed"] * 2


@pytest.fixture(autouse=True)
def no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list((tmp_path / "data").glob(".*.json.*"))
