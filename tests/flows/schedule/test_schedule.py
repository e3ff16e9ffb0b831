"""`trends schedule` with a real Prefect server: runs that fire by themselves, a kill in mid-run, and a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from flows.command.cli import main
from flows.errors import ScheduleError, SettingsError
from flows.schedule import processes as scheduling
from flows.settings import PROJECT, Settings
from tests.flows.refresh.test_kill import HOST, LINKS, Archive, World
from tests.loopback import Answer, Loopback

RHYTHM = 30
SECRET = "planted-secret-in-the-webhook"
SAVE_BLOCK = """
from prefect.blocks.notifications import CustomWebhookNotificationBlock
CustomWebhookNotificationBlock(name="ops", url="{url}", json_data={{"text": "{{{{subject}}}}"}}).save("ops")
"""


class Scheduled:
    """A `trends schedule` of our own, and what its server tells.

    Args:
        world: source and data folder.
        port: of the server.
    """

    def __init__(self, world: World, port: int) -> None:
        self.world, self.port = world, port
        self.api = f"http://127.0.0.1:{port}/api"
        self.environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("TRENDS_", "PREFECT_"))
        }
        self.environ |= {
            "TRENDS_DATA": str(world.data),
            "TRENDS_SCHEDULE_SOURCES": "papers_with_code",
            "TRENDS_MIRROR": world.server.address,
            "TRENDS_EXPECT_SIZES": "0",
            "TRENDS_SCHEDULE_PORT": str(port),
            "TRENDS_SCHEDULE_SECONDS": str(RHYTHM),
            "TRENDS_RETRY_SECONDS": "0.1",
            "TRENDS_ATTEMPTS": "1",
            "TRENDS_ALERT_WEBHOOK": f"{world.server.address}/hooks.example/{SECRET}",
            "TRENDS_ALERT_BLOCK": "custom-webhook/ops",
        }

    @contextmanager
    def started(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.command.cli", "schedule"], cwd=PROJECT, env=self.environ
        )
        try:
            yield process
        finally:
            self.kill(process)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill it with all that it has started, as a power cut does."""
        for pid in [process.pid, *descendants(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def ask(self, what: str) -> list[dict[str, Any]]:
        """All runs, artifacts or deployments that the server knows; none while it does not answer."""
        try:
            found = requests.post(f"{self.api}/{what}/filter", json={}, timeout=5)
        except requests.RequestException:
            return []
        return found.json() if found.ok else []  # type: ignore[no-any-return]

    def runs(self, *states: str, **fields: Any) -> list[dict[str, Any]]:
        return [
            run
            for run in self.ask("flow_runs")
            if run["state_type"] in states and all(run[name] == value for name, value in fields.items())
        ]


def descendants(pid: int) -> list[int]:
    """Processes below one, children first."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    below = [child for child, parent in parents if parent == pid]
    return below + [deeper for child in below for deeper in descendants(child)]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be collected does not."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(listed.strip()) and not listed.startswith("Z")


def until(what: str, found: Callable[[], Any], seconds: float = 150) -> Any:
    """Wait for something to be there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.5)
    raise AssertionError(f"after {seconds} s there is still not: {what}")


def released(world: World) -> list[str]:
    """Every release that was ever published."""
    return sorted(path.stem for path in (world.data / "history" / "framework_shares").glob("*.parquet"))


@pytest.fixture
def scheduled(tmp_path: Path, server: Loopback) -> Scheduled:
    (tmp_path / "archive").mkdir()
    world = World(tmp_path / "data", server, Archive(tmp_path / "archive"))
    world.archive.turn()
    server.answer(HOST, LINKS, world.archive.answer)
    for path in (f"/{SECRET}", "/block"):
        server.answer("hooks.example", path, Answer("ok"))
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return Scheduled(world, probe.getsockname()[1])


@pytest.mark.slow
def test_schedules_fire_survive_a_kill_and_end_cleanly(scheduled: Scheduled) -> None:
    world, server = scheduled.world, scheduled.world.server
    with scheduled.started() as process:
        until("the first run at the start", lambda: scheduled.runs("COMPLETED", auto_scheduled=False))
        assert world.version_published() == 1
        run = until("a scheduled run", lambda: scheduled.runs("COMPLETED", auto_scheduled=True))[0]
        assert run["name"] == "nothing new: papers_with_code unchanged"
        assert {deployment["name"] for deployment in scheduled.ask("deployments")} == {"scheduled", "by-hand"}
        artifacts = {artifact["key"]: artifact for artifact in scheduled.ask("artifacts") if artifact["key"]}
        assert artifacts.keys() >= {"sources", "row-counts", "pages", "refresh"}
        assert "papers_with_code" in artifacts["sources"]["data"]
        assert "site/index.html" in artifacts["pages"]["data"]
        assert released(world) == [(world.data / "current").resolve().name]

        world.archive.turn()
        slow = world.archive.answer(None)  # type: ignore[arg-type]  # it looks at no request
        server.answer(HOST, LINKS, Answer(slow.body, etag=slow.etag, drip_seconds=2, drip_bytes=len(slow.body) // 30))
        asked = len(server.asked(LINKS))
        until("a run at work", lambda: len(server.asked(LINKS)) > asked)
        scheduled.kill(process)
    assert world.version_published() == 1
    server.answer(HOST, LINKS, world.archive.answer)
    time.sleep(RHYTHM)  # a scheduled time goes by while nothing is served

    with scheduled.started() as process:
        until("the new release", lambda: world.version_published() == 2)
        until("the end of the run that made up", lambda: len(scheduled.runs("COMPLETED", auto_scheduled=False)) == 2)
        assert len(scheduled.runs("CRASHED")) == 1, "the run that was killed"
        made_up = [run for run in scheduled.ask("flow_runs") if not run["auto_scheduled"]]
        assert len(made_up) == 2, "one at each start"
        done = len(scheduled.runs("COMPLETED", auto_scheduled=True))
        until("the next scheduled run", lambda: len(scheduled.runs("COMPLETED", auto_scheduled=True)) > done)
        assert len(released(world)) == 2, "one release for each run that changed data"

        url = f"{server.address}/hooks.example/block"
        code = [sys.executable, "-c", SAVE_BLOCK.format(url=url)]
        subprocess.run(code, env=scheduled.environ | {"PREFECT_API_URL": scheduled.api}, check=True)
        server.answer(HOST, LINKS, Answer(status=404))
        failed = until("a run that fails", lambda: scheduled.runs("FAILED"))[0]
        assert failed["name"].endswith(": papers_with_code failed")
        until("the alert", lambda: server.asked("/block"))
        server.answer(HOST, LINKS, world.archive.answer)
        until("the note that it is well", lambda: len(server.asked("/block")) > 1)

        server.answer(HOST, LINKS, Answer(drip_seconds=60, body=b"PAR1" * 99))
        asked = len(server.asked(LINKS))
        until("a run at work", lambda: len(server.asked(LINKS)) > asked)
        below = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        until("the end of all that it started", lambda: not any(map(is_alive, below)), 20)
    # Which run was killed, which source failed, and that a run was at work when all was stopped; what came before the
    # block was there waited for it.
    broken, stopped = "framework-trends: papers_with_code failed", "framework-trends: refresh failed"
    over = "framework-trends: well again: papers_with_code failed"
    for path, expected in (
        ("/block", ["framework-trends: 2 to look at, 1 well again", over, stopped]),
        (f"/{SECRET}", [stopped, "framework-trends: well again: refresh failed", broken, over, stopped]),
    ):
        assert [json.loads(request.body)["text"].splitlines()[0] for request in server.asked(path)] == expected
    told = [path for path in world.data.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert told == []


@pytest.mark.slow
def test_two_schedules_on_one_folder_and_a_taken_port(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRENDS_DATA", str(settings.data))
    with scheduling.alone(settings):
        assert main(["schedule"]) == 1
        assert "expected no other `trends schedule` at work on this folder, found one" in capsys.readouterr().err


def test_one_schedule_a_folder(settings: Settings) -> None:
    with (
        scheduling.alone(settings),
        pytest.raises(ScheduleError, match="no other `trends schedule` at work"),
        scheduling.alone(settings),
    ):
        pass
    with scheduling.alone(settings):
        assert (settings.data / "prefect").stat().st_mode & 0o777 == 0o700


def test_a_taken_port_says_what_to_do(settings: Settings) -> None:
    import threading

    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = replace(settings, schedule_port=taken.getsockname()[1])
        with pytest.raises(SettingsError, match=r"TRENDS_SCHEDULE_PORT: expected port \d+ to be free.*PREFECT_API_URL"):
            scheduling._start_server(busy, {}, threading.Event())


def test_a_source_that_nobody_knows_is_named_before_anything_is_started(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"TRENDS_SCHEDULE_SOURCES: .*found nobody"):
        scheduling.run(replace(settings, schedule_sources="hn_hiring, nobody"), {})


def test_what_the_children_are_given(settings: Settings) -> None:
    given = scheduling.environment(settings, {"HOME": "/home/me", "PYTHONPATH": "mine", "TMPDIR": "/tmp"})
    assert given["TMPDIR"] == str(settings.data / "prefect" / "tmp"), "Prefect's folder in /tmp is one user's"
    assert given["PREFECT_HOME"] == str(settings.data / "prefect")
    assert given["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert (given["PREFECT_SERVER_ANALYTICS_ENABLED"], given["DO_NOT_TRACK"]) == ("false", "1")
    assert given["PYTHONPATH"] == f"{settings.project}{os.pathsep}mine"
    assert given["HOME"] == "/home/me"
    assert (
        scheduling.environment(settings, {"PREFECT_API_URL": "http://other/api"})["PREFECT_API_URL"]
        == "http://other/api"
    )


def test_a_log_keeps_the_reason_of_the_last_end_and_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LONGEST_LOG", 100)
    log = tmp_path / "server.log"
    with log.open("ab") as child:
        for number in range(6):
            child.write(f"{number} {'x' * 120}\n".encode())
            child.flush()
            scheduling.rotate(log)
    assert log.read_bytes() == b""
    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept] == ["server.log", "server.log.1", "server.log.2", "server.log.3"]
    assert kept[1].read_text().startswith("5 ")
