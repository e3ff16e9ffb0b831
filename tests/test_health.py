"""Status and doctor: what is stale, when a source is asked next, and the usual trouble with its cure."""

import json
import os
import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.command import doctor
from flows.command.cli import main
from flows.landing.status import Quarantine, SourceCheck, Status, write_status
from flows.refresh import health
from flows.settings import Settings
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday


def checked(age: timedelta, outcome: str = "unchanged") -> Status:
    return Status({"papers_with_code": SourceCheck(NOW, NOW - age, outcome, "status 503." * (outcome == "failed"))})


def one(settings: Settings, name: str = "papers_with_code") -> health.SourceHealth:
    return next(found for found in health.health(settings, NOW) if found.source == name)


@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (30, False), (44.9, False), (45.1, True), (400, True)])
def test_stale_is_half_as_much_again_as_the_cadence(settings: Settings, days: float, is_stale: bool) -> None:
    write_status(settings, checked(timedelta(days=days)))
    assert one(settings).is_stale is is_stale
    assert not one(replace(settings, stale_factor=100)).is_stale


def test_a_source_that_never_answered_has_failed_but_is_not_stale(settings: Settings) -> None:
    assert not one(settings).is_stale
    write_status(settings, Status({"papers_with_code": SourceCheck(NOW, None, "failed", "status 503.")}))
    assert not one(settings).is_stale
    assert one(settings).error == "status 503."
    assert not one(settings, "python_developers_survey").is_stale


def test_the_next_run_is_the_next_step_of_the_cadence(settings: Settings) -> None:
    found = health.next_run(settings, "papers_with_code", NOW)
    assert timedelta() < found - NOW <= timedelta(days=30)
    assert (found - health.ANCHOR) % timedelta(days=30) == timedelta()
    assert health.next_run(settings, "papers_with_code", found) == found + timedelta(days=30)
    trial = replace(settings, schedule_seconds=40)
    assert health.next_run(trial, "papers_with_code", NOW) - NOW <= timedelta(seconds=40)


def test_due_since_a_scheduled_time_has_gone_by(settings: Settings) -> None:
    assert health.is_due(settings, "papers_with_code", NOW), "never asked"
    last = health.next_run(settings, "papers_with_code", NOW) - timedelta(days=30)
    for success, is_due in ((last - timedelta(seconds=1), True), (last + timedelta(seconds=1), False)):
        write_status(settings, Status({"papers_with_code": SourceCheck(NOW, success, "unchanged")}))
        assert health.is_due(settings, "papers_with_code", NOW) is is_due


@pytest.mark.parametrize(("age", "code"), [(timedelta(days=1), 0), (timedelta(days=1000), 1)])
def test_status_for_machines(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    age: timedelta,
    code: int,
) -> None:
    now = datetime.now(UTC)
    check = SourceCheck(now, now - age, "failed", "status 503.")
    held = Quarantine(("f",), "Half its rows.", now)
    write_status(settings, Status({"papers_with_code": check}, quarantined={"papers_with_code": held}))
    monkeypatch.setenv("TRENDS_DATA", str(settings.data))
    assert main(["status", "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    found = next(source for source in said["sources"] if source["source"] == "papers_with_code")
    assert said["is_stale"] is found["is_stale"] is bool(code)
    assert (found["error"], found["held_back"], found["outcome"]) == ("status 503.", "Half its rows.", "failed")
    assert datetime.fromisoformat(found["next_run_at"]) > now
    assert main(["status"]) == code
    words = capsys.readouterr().out
    assert ("STALE" in words) is bool(code)
    for expected in ("papers_with_code: status 503.", "papers_with_code: Half its rows.", "next run"):
        assert expected in words


def bad(settings: Settings, now: datetime | None = None, **environ: str) -> dict[str, tuple[str, str]]:
    """What the doctor finds wrong: what was found, and the cure."""
    found = doctor.examine(settings, environ, now or datetime.now(UTC))
    assert all(finding.cure for finding in found if not finding.is_fine)
    return {finding.what: (finding.found, finding.cure) for finding in found if not finding.is_fine}


@pytest.mark.slow
def test_a_fresh_folder_lacks_only_a_release(settings: Settings, server: Loopback) -> None:
    server.answer("huggingface.co", "/", Answer())
    found = bad(replace(settings, reachable_seconds=10))  # a loaded machine answers late
    assert found.keys() == {"release"}
    assert "trends refresh" in found["release"][1]


def test_no_network(settings: Settings) -> None:
    with closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        away = replace(settings, mirror=f"http://127.0.0.1:{closed.getsockname()[1]}")
        found, cure = bad(away)["network: huggingface.co"]
    assert "no network" in found
    assert "TRENDS_MIRROR" in cure


@pytest.mark.parametrize("address", ["ftp://proxy:1", "http://", "::"])
def test_a_proxy_that_is_none(settings: Settings, address: str) -> None:
    assert "http://HOST:PORT" in bad(settings, HTTPS_PROXY=address)["proxy"][1]


def test_the_password_of_a_proxy_is_not_shown(settings: Settings) -> None:
    found = doctor.examine(settings, {"https_proxy": "http://me:hunter2@proxy.example:3128"}, NOW)
    assert "HTTPS_PROXY is http://proxy.example:3128" in {finding.found for finding in found}
    assert "hunter2" not in str(found)


def test_a_clock_that_is_wrong(settings: Settings) -> None:
    patient = replace(settings, reachable_seconds=10)  # a busy machine may answer late
    found, cure = bad(patient, datetime.now(UTC) + timedelta(hours=3))["clock"]
    assert "s from that of huggingface.co" in found
    assert "timedatectl" in cure


def test_half_made_landings_and_quarantine(settings: Settings) -> None:
    folder = settings.raw / "papers_with_code" / "2026-01-01T000000Z"
    partial = settings.raw / "papers_with_code" / ".partial" / "x.part"
    for path in (folder / "links.parquet", partial):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    os.utime(partial, (0, 0))
    write_status(settings, Status(quarantined={"papers_with_code": Quarantine(("f",), "Half.", NOW)}))
    found = bad(settings)
    assert "2026-01-01T000000Z/links.parquet" in found["landings"][0]
    assert "x.part" in found["landings"][0]
    assert found["quarantine"] == (
        "papers_with_code",
        "Read the reason in `trends status`; `trends accept SOURCE` lets a landing pass.",
    )


def test_a_link_to_nothing(settings: Settings) -> None:
    settings.data.mkdir()
    settings.current.symlink_to("releases/gone")
    assert "points at nothing" in bad(settings)["release"][0]


@pytest.mark.slow
def test_a_folder_that_everybody_may_write_and_one_that_nobody_can(settings: Settings, tmp_path: Path) -> None:
    settings.data.mkdir()
    settings.data.chmod(0o777)
    assert "chmod o-w" in bad(settings)["permissions"][1]
    (tmp_path / "file").write_text("")
    assert "cannot be written" in bad(replace(settings, data=tmp_path / "file" / "data"))["data folder"][0]


def test_full_disk_and_wrong_versions(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 2**80)
    monkeypatch.setattr(doctor, "VERSIONS", {"duckdb": "0.1.", "no-such-package": "1."})
    found = bad(settings)
    assert "in place of 0.1.*, no-such-package none in place of 1.*" in found["packages"][0]
    assert "TRENDS_DATA" in found["disk"][1]


def test_the_command_says_the_cures(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRENDS_DATA", str(settings.data))
    monkeypatch.setenv("TRENDS_MIRROR", settings.mirror or "")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "BAD  release" in said
    assert "release: Run `trends refresh`" in said
