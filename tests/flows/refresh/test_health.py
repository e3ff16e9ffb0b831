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
from flows.refresh import alerts, health
from flows.settings import Settings
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday


def checked(age: timedelta, outcome: str = "unchanged", source: str = "hn_hiring") -> Status:
    return Status({source: SourceCheck(NOW, NOW - age, outcome, "status 503." * (outcome == "failed"))})


def one(settings: Settings, name: str = "hn_hiring") -> health.SourceHealth:
    return next(found for found in health.health(settings, NOW) if found.source == name)


@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (7, False), (10.4, False), (10.6, True), (400, True)])
def test_stale_is_half_as_much_again_as_the_cadence(settings: Settings, days: float, is_stale: bool) -> None:
    write_status(settings, checked(timedelta(days=days)))
    assert one(settings).is_stale is is_stale
    assert not one(replace(settings, stale_factor=100)).is_stale


@pytest.mark.parametrize(
    ("source", "days", "is_late"),
    [("hn_hiring", 13, False), ("hn_hiring", 15, True), ("pypi_downloads", 1.9, False), ("pypi_downloads", 2.1, True)],
)
def test_a_source_that_never_answered_is_late_after_two_cadences_and_two_days(
    settings: Settings, source: str, days: float, is_late: bool
) -> None:
    check = SourceCheck(NOW, None, "failed", "status 503.", asked_since=NOW - timedelta(days=days))
    write_status(settings, Status({source: check}))
    found = one(settings, source)
    assert (found.state, found.is_stale, found.error) == ("never answered", is_late, "status 503.")
    assert (f"silent:{source}" in health.troubles(settings, [found])) is is_late


def test_what_is_held_back_confirms_nothing(settings: Settings) -> None:
    """40 days of unchanged answers about a file that is not used do not make what is used fresh."""
    check = SourceCheck(NOW, NOW, "unchanged")
    held = Quarantine(("f",), "Half its rows.", NOW - timedelta(days=40), NOW - timedelta(days=41))
    write_status(settings, Status({"hn_hiring": check}, quarantined={"hn_hiring": held}))
    found = one(settings)
    assert (found.state, found.is_stale) == ("held back", True)
    assert found.confirmed_at == NOW - timedelta(days=41)


def test_sources_that_are_never_asked_have_no_next_run(settings: Settings) -> None:
    for name in ("kaggle_survey", "conference_papers", "python_developers_survey"):
        assert one(settings, name).next_run_at is None
    assert one(settings).next_run_at is not None


def test_an_ended_source_is_never_late(settings: Settings) -> None:
    write_status(settings, checked(timedelta(days=400), source="papers_with_code"))
    assert not one(settings, "papers_with_code").is_stale


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
    held = Quarantine(("f",), "Half its rows.", now, now - age)
    write_status(settings, Status({"hn_hiring": check}, quarantined={"hn_hiring": held}))
    monkeypatch.setenv("TRENDS_DATA", str(settings.data))
    assert main(["status", "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    found = next(source for source in said["sources"] if source["source"] == "hn_hiring")
    assert said["is_stale"] is found["is_stale"] is bool(code)
    assert (found["error"], found["held_back"], found["outcome"]) == ("status 503.", "Half its rows.", "failed")
    assert datetime.fromisoformat(found["next_run_at"]) > now
    assert main(["status"]) == code
    words = capsys.readouterr().out
    assert ("STALE" in words) is bool(code)
    for expected in ("hn_hiring: status 503.", "hn_hiring: Half its rows.", "next run"):
        assert expected in words


@pytest.mark.parametrize("words", [("status",), ("status", "--json")])
def test_status_judges_the_last_refresh_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    settings.data.mkdir()
    monkeypatch.setenv("TRENDS_DATA", str(settings.data))
    now = datetime.now(UTC)
    write_status(settings, Status({"hn_hiring": SourceCheck(now, now, "unchanged")}))
    assert main(words) == 0
    alerts.tell(settings, now, "no space left")
    assert main(words) == 1
    assert "no space left" in capsys.readouterr().out
    alerts.tell(settings, now)
    assert main(words) == 0


def test_a_full_disk_and_a_damaged_release_are_troubles(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.data.mkdir()
    settings.current.symlink_to("releases/gone")
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**80)
    assert health.troubles(settings, []).keys() == {"disk:data", "release:current"}


def test_a_release_that_cannot_say_what_it_is_and_one_that_is_no_link(embedded: Settings, tmp_path: Path) -> None:
    here = replace(embedded, data=tmp_path)
    (folder := tmp_path / "releases" / "1").mkdir(parents=True)
    (folder / "warehouse.duckdb").symlink_to(embedded.current.resolve() / "warehouse.duckdb")
    here.current.symlink_to(folder)
    assert "no readable release.json" in health.troubles(here, [])["release:current"]
    here.current.unlink()
    folder.rename(here.current)
    assert "expected a symbolic link" in health.troubles(here, [])["release:current"]


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
    assert found.startswith("127.0.0.1:")
    assert " did not answer within " in found
    assert "TRENDS_MIRROR" in cure


def test_hosts_that_others_lead_to_are_knocked_at_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a wall that lets the first host through and not the one that files come from, all is not well."""
    walled = ("cas-bridge.xethub.hf.co", "survey.stackoverflow.co")
    monkeypatch.setattr(doctor, "unreachable", lambda hosts, _: "no network: no answer" if hosts[0] in walled else None)
    found = {one.what: one for one in doctor.examine(settings, {}, NOW) if one.what.startswith("network: ")}
    assert not found["network: cas-bridge.xethub.hf.co"].is_fine
    assert found["network: media.githubusercontent.com"].is_fine
    assert found["network: survey.stackoverflow.co"].is_fine, "it is asked only where others fail"
    assert found["network: survey.stackoverflow.co"].found == "no answer (optional)"
    assert "a pattern" in found["network: *.aws.cdn.hf.co"].found


@pytest.mark.parametrize("address", ["ftp://proxy:1", "http://", "::"])
def test_a_proxy_that_is_none(settings: Settings, address: str) -> None:
    assert "http://HOST:PORT" in bad(settings, HTTPS_PROXY=address)["proxy"][1]


def test_the_password_of_a_proxy_is_not_shown(settings: Settings) -> None:
    found = doctor.examine(settings, {"https_proxy": "http://me:hunter2@proxy.example:3128"}, NOW)
    assert "HTTPS_PROXY is http://proxy.example:3128" in {finding.found for finding in found}
    assert "hunter2" not in str(found)


def test_looking_changes_nothing(settings: Settings) -> None:
    bad(settings)
    assert not settings.data.exists()
    settings.data.mkdir()
    bad(settings)
    assert list(settings.data.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_left_in_the_folder_of_the_service(settings: Settings) -> None:
    settings.data.mkdir()
    os.chown(settings.data, 65534, 65534)
    (settings.data / ".lock").write_text("")
    found, cure = bad(settings)["owner"]
    assert ".lock" in found
    assert "chown -R 65534" in cure


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
    settings.data.chmod(0o555)
    os.chown(settings.data, 65534, 65534)
    found, _ = bad(settings)["data folder"]
    assert "cannot be written by its owner, user 65534, as whom this is judged" in found


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


def test_what_is_said_in_the_same_words_is_said_once_with_all_names() -> None:
    said = [("a", "no network"), ("b", "status 503"), ("c", "no network")]
    assert health.together(said) == [("a, c", "no network"), ("b", "status 503")]


def test_a_folder_that_takes_nothing_is_a_trouble(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot keep that a refresh failed, so `trends status` has to see it by itself."""
    settings.data.mkdir(exist_ok=True)
    assert not [key for key in health.troubles(settings, []) if key.startswith("folder")]
    monkeypatch.setattr(os, "access", lambda *_: False)
    words = health.troubles(settings, [])["folder:data"]
    assert "mount it writable" in words


@pytest.mark.parametrize(("ahead", "is_told"), [(timedelta(minutes=1), False), (timedelta(days=3650), True)])
def test_a_confirmation_at_a_time_that_has_not_come_is_told(
    settings: Settings, ahead: timedelta, *, is_told: bool
) -> None:
    """After one run with a clock in 2036 its sources would be live for ten years."""
    write_status(settings, checked(-ahead))
    found = health.troubles(settings, [one(settings)])
    assert ("clock:data" in found) is is_told
    assert all("timedatectl" in words for words in found.values())
