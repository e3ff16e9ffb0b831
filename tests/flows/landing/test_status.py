"""What was known of a source is known again after it was written down."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.landing.status import SourceCheck, Status, read_status, write_status
from flows.settings import Settings

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("may_pass", [True, False])
def test_whether_a_failure_may_pass_is_written_down(settings: Settings, may_pass: bool) -> None:
    check = SourceCheck(NOW, None, "failed", "no network", may_pass=may_pass)
    write_status(settings, Status().with_check("a", check))
    assert read_status(settings).sources["a"] == check


HELD = Status(
    sources={"hn_hiring": SourceCheck(NOW, NOW, "unchanged")}, rolled_back=("a",), accepted=("b",)
).with_quarantine("hn_hiring", ("hn_hiring/x/thread.json",), "Rolled back.", NOW, by_hand=True)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{", '{"sources": {"hn_hiring": {"checked_at": "2026-11-21T12:00:00"}}}', '{"sources": 5}'),
        *("\x00" * 50, "[" * 100_000),
    ],
    ids=lambda text: text[:40].strip("\x00"),
)
def test_of_a_damaged_status_the_copy_is_used(settings: Settings, caplog: pytest.LogCaptureFixture, text: str) -> None:
    """What was rolled back by hand would be published again, if it were forgotten."""
    write_status(settings, HELD)
    (settings.data / "status.json").write_text(text)
    assert read_status(settings) == HELD
    assert "its copy is used" in caplog.text
    write_status(settings, read_status(settings))
    caplog.clear()
    assert (read_status(settings), caplog.text) == (HELD, "")


def test_the_copy_waits_for_the_disk_only_where_no_source_tells_it_again(settings: Settings) -> None:
    copy = settings.data / "status.copy.json"
    write_status(settings, HELD)
    before = copy.stat().st_ino
    write_status(settings, HELD.with_check("hn_hiring", SourceCheck(NOW, None, "failed")))
    assert copy.stat().st_ino == before, "another time of asking"
    for status in (HELD.with_accepted("hn_hiring"), replace(HELD, rolled_back=())):
        write_status(settings, status)
        (settings.data / "status.json").unlink()
        assert read_status(settings) == status
    copy.write_text('{"sources": 5}')
    write_status(settings, replace(HELD, rolled_back=()))
    (settings.data / "status.json").unlink()
    assert read_status(settings) == replace(HELD, rolled_back=()), "a damaged copy is made anew"


def test_of_a_status_that_is_lost_the_copy_is_used_too(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """As after a check of the file system, which moves what it cannot read to lost+found."""
    write_status(settings, HELD)
    (settings.data / "status.json").unlink()
    assert read_status(settings) == HELD
    assert "status.json is gone; its copy is used" in caplog.text
    (settings.data / "status.json").mkdir()
    assert read_status(settings) == HELD
    (settings.data / "status.json").rmdir()
    (settings.data / "status.copy.json").write_text("")
    assert read_status(settings) == Status()


def test_where_the_copy_is_damaged_too_nothing_is_known(settings: Settings) -> None:
    write_status(settings, HELD)
    for path in settings.data.glob("status*.json"):
        path.write_text("{")
    assert read_status(settings) == Status()
    assert (settings.data / "status.damaged.json").read_text() == "{"


def test_a_time_without_a_zone_is_damage(settings: Settings) -> None:
    """It could not be compared with any other, and `trends status` would end with a bug."""
    write_status(settings, HELD)
    text = (settings.data / "status.json").read_text().replace("+00:00", "")
    for path in settings.data.glob("status*.json"):
        path.write_text(text)
    assert read_status(settings) == Status()
